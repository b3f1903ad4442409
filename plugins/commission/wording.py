"""Says rates and explanations in the reader's language, amounts in the reader's way of writing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import format_currency, format_decimal, gettext

from core.hooks.money import OnRefund
from core.hooks.types import Json
from core.kernel.money import Money
from plugins.commission.rules import Base, Condition, Rate


def percent(bps: int) -> str:
    """Write basis points as per cent."""
    return f"{format_decimal((Decimal(bps) / 100).normalize())}%"


def money(minor: int, currency: str) -> str:
    """Write minor units of a currency."""
    return str(format_currency(Money(minor, currency).decimal, currency))


def _several(amounts: Mapping[str, int]) -> str:
    return " / ".join(money(minor, currency) for currency, minor in sorted(amounts.items()))


def formula(rate: Rate) -> str:
    """Say what a rate costs: "8% of the net price, at least €0.50"."""
    return gettext(", ").join(_formula_parts(rate))


def _formula_parts(rate: Rate) -> Iterator[str]:
    if rate.percent_bps or not (rate.per_unit or rate.per_line):
        share = percent(rate.percent_bps)
        yield (
            gettext("%(share)s of the net price", share=share)
            if rate.base is Base.NET
            else gettext("%(share)s of the price with tax", share=share)
        )
    if rate.per_unit:
        yield gettext("%(amount)s for each unit", amount=_several(rate.per_unit))
    if rate.per_line:
        yield gettext("%(amount)s for each order line", amount=_several(rate.per_line))
    if rate.floor:
        yield gettext("at least %(amount)s", amount=_several(rate.floor))
    if rate.cap:
        yield gettext("at most %(amount)s", amount=_several(rate.cap))


def policy(rate: Rate) -> str:
    """Say what a refund gives back of a rate's fee."""
    return {
        OnRefund.PROPORTIONAL: gettext("A refund gives it back in proportion."),
        OnRefund.KEEP: gettext("A refund does not give it back."),
        OnRefund.KEEP_FIXED: gettext("A refund gives the percentage back; the fixed part only with the last unit."),
    }[rate.on_refund]


def condition(kind: Condition, names: Sequence[str]) -> str:
    """Say one condition: "in Books or Music and below"."""
    listed = gettext(" or ").join(names)
    return {
        Condition.CATEGORY: gettext("in %(names)s and below", names=listed),
        Condition.SHOP: gettext("in the shop %(names)s", names=listed),
        Condition.MERCHANT: gettext("sold by %(names)s", names=listed),
    }[kind]


def explain(explanation: Mapping[str, Any]) -> str:
    """Say how a charge came about, from the explanation that is stored with it."""
    return " ".join(sentences(explanation))


def sentences(explanation: Mapping[str, Any]) -> list[str]:
    """Return the same, one sentence for each rate tried and each step."""
    if explanation.get("house"):
        return [gettext("The marketplace sells this itself: no commission.")]
    tried = [_trial(trial) for trial in explanation["tried"] if not trial["fits"]]
    if "rate" not in explanation:
        return [*tried, gettext("No rate fits: no commission.")]
    chosen = gettext(
        "“%(rate)s” of version %(version)s counts.", rate=explanation["rate"]["name"], version=explanation["version"]
    )
    currency = explanation["currency"]
    steps = [_step(step, explanation, currency) for step in explanation["steps"]]
    foreign = [_foreign(entry, currency) for entry in explanation.get("not_applied", ())]
    return [*tried, chosen, *steps, *foreign]


def _trial(trial: Mapping[str, Json]) -> str:
    failed = trial["failed"]
    kind = failed["condition"] if isinstance(failed, Mapping) else ""
    reason = {
        "category": gettext("the category is another"),
        "shop": gettext("the shop is another"),
        "merchant": gettext("the merchant is another"),
    }.get(str(kind), "")
    return gettext("“%(rate)s” does not fit: %(reason)s.", rate=trial["name"], reason=reason)


def _step(step: Mapping[str, Any], explanation: Mapping[str, Any], currency: str) -> str:
    result = money(step["result_minor"], currency)
    match step["step"]:
        case "percent":
            base = gettext("net price") if explanation["base"] == "net" else gettext("price with tax")
            return gettext(
                "%(share)s of the %(base)s %(basis)s is %(result)s%(rounded)s.",
                share=percent(step["bps"]), base=base, basis=money(step["of_minor"], currency), result=result,
                rounded=_rounded(step, currency),
            )  # fmt: skip
        case "per_unit":
            each = money(step["each_minor"], currency)
            return gettext(
                "Plus %(each)s for each of %(count)s: %(result)s.", each=each, count=step["times"], result=result
            )
        case "per_line":
            each = money(step["each_minor"], currency)
            return gettext("Plus %(each)s for the line: %(result)s.", each=each, result=result)
        case "floor":
            return gettext("That is less than the least, so it is %(result)s.", result=result)
        case "cap":
            return gettext("That is more than the most, so it is %(result)s.", result=result)
    return gettext(
        "Tax on it, %(share)s: %(result)s%(rounded)s.",
        share=percent(step["bps"]), result=result, rounded=_rounded(step, currency),
    )  # fmt: skip


def _rounded(step: Mapping[str, Any], currency: str) -> str:
    if Decimal(step["exact"]) == step["result_minor"]:
        return ""
    exact = Decimal(step["exact"]) * Money(1, currency).decimal
    return gettext(" (rounded from %(exact)s)", exact=f"{exact.normalize():f}")


def _foreign(entry: Mapping[str, Any], currency: str) -> str:
    part = {
        "per_unit": gettext("The amount for each unit"),
        "per_line": gettext("The amount for the line"),
        "floor": gettext("The least"),
        "cap": gettext("The most"),
    }[entry["part"]]
    return gettext("%(part)s has no value in %(currency)s and does not apply.", part=part, currency=currency)
