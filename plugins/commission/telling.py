"""Says how a charge came about, from the explanation that is stored with it, one sentence for each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import format_date, get_locale, gettext

from core.kernel.money import exponent
from plugins.commission.values import CONTRACTS, Band, Base, Window
from plugins.commission.wording import base, model, money, percent, period, price_band


def explain(explanation: Mapping[str, Any]) -> str:
    """Say how a charge came about in one text."""
    return " ".join(sentences(explanation))


def for_merchants(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """Return an explanation without the contracts of others that were tried before the rate that counts."""
    told = dict(explanation)
    if "tried" in told:
        told["tried"] = [trial for trial in told["tried"] if trial["fits"] or not _is_contract(trial)]
    return told


def _is_contract(trial: Mapping[str, Any]) -> bool:
    failed = trial.get("failed") or {}
    return bool(trial.get("contract")) or failed.get("condition") in {kind.value for kind in CONTRACTS}


def sentences(explanation: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each rate tried and each step."""
    if explanation.get("house"):
        return [gettext("The marketplace sells this itself: no commission.")]
    tried = [_trial(trial) for trial in explanation["tried"] if not trial["fits"]]
    if "rate" not in explanation:
        return [*tried, gettext("No rate fits: no commission.")]
    chosen = gettext(
        "“%(rate)s” of version %(version)s counts.", rate=explanation["rate"]["name"], version=explanation["version"]
    )
    currency = explanation["currency"]
    steps = [said for step in explanation["steps"] for said in _step(step, explanation, currency)]
    foreign = [_foreign(entry, currency) for entry in explanation.get("not_applied", ())]
    return [*tried, chosen, *steps, *foreign]


def _trial(trial: Mapping[str, Any]) -> str:
    failed = trial.get("failed") or {}
    return gettext("“%(rate)s” does not fit: %(reason)s.", rate=trial["name"], reason=_failed(failed))


def _failed(failed: Mapping[str, Any]) -> str:
    kind = failed.get("condition")
    if kind == "price":
        return _price(failed)
    if kind == "period":
        return _period(failed)
    if kind == "model":
        names = gettext(" or ").join(model(name) for name in failed["wanted"])
        return gettext("this is not sold as %(names)s", names=names)
    return {
        "category": gettext("the category is another"),
        "product": gettext("the product is another"),
        "shop": gettext("the shop is another"),
        "merchant": gettext("the merchant is another"),
    }.get(str(kind), "")


def _price(failed: Mapping[str, Any]) -> str:
    wanted, currency = failed["wanted"], failed["currency"]
    if wanted is None:
        return gettext("its price band has no value in %(currency)s", currency=currency)
    band = price_band(Band(wanted["from_minor"], wanted["to_minor"]), currency)
    if failed["value"] is None:
        return gettext("it is only for what is %(band)s", band=band)
    return gettext(
        "the price is %(price)s, and it is only for what is %(band)s", price=money(failed["value"], currency), band=band
    )


def _period(failed: Mapping[str, Any]) -> str:
    start, end = (_day(failed["wanted"][name]) for name in ("start", "end"))
    on = _day(failed["value"])
    if on is not None and end is not None and on >= end:
        return gettext("it ended before %(end)s", end=format_date(end))
    if on is not None and start is not None and on < start:
        return gettext("it begins on %(start)s", start=format_date(start))
    return gettext("it counts only %(period)s", period=period(Window(start, end)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _step(step: Mapping[str, Any], explanation: Mapping[str, Any], currency: str) -> Iterator[str]:
    result = money(step["result_minor"], currency)
    of = base(Base(explanation.get("base", "net")), bool(explanation.get("with_delivery")))
    match step["step"]:
        case "percent":
            yield gettext(
                "%(share)s of %(base)s, %(basis)s, is %(result)s%(rounded)s.", share=percent(step["bps"]), base=of,
                basis=money(step["of_minor"], currency), result=result, rounded=_rounded(step, currency),
            )  # fmt: skip
        case "tiers":
            yield from _tiers(step, of, currency)
        case "per_unit":
            each, times = money(step["each_minor"], currency), step["times"]
            yield gettext("Plus %(each)s for each of %(count)s: %(result)s.", each=each, count=times, result=result)
        case "per_line":
            each = money(step["each_minor"], currency)
            yield gettext("Plus %(each)s for the line: %(result)s.", each=each, result=result)
        case "floor":
            yield gettext("That is less than the least, so it is %(result)s.", result=result)
        case "cap":
            yield gettext("That is more than the most, so it is %(result)s.", result=result)
        case _:
            share, rounded = percent(step["bps"]), _rounded(step, currency)
            yield gettext("Tax on it, %(share)s: %(result)s%(rounded)s.", share=share, result=result, rounded=rounded)


def _tiers(step: Mapping[str, Any], of: str, currency: str) -> Iterator[str]:
    before, basis = money(step["before_minor"], currency), money(step["of_minor"], currency)
    result, rounded = money(step["result_minor"], currency), _rounded(step, currency)
    if step["mode"] == "whole":
        yield gettext(
            "With this line the month's sales reach %(volume)s, so it is %(share)s of %(base)s, %(basis)s: "
            "%(result)s%(rounded)s.",
            volume=money(step["after_minor"], currency), share=percent(step["bps"]), base=of, basis=basis,
            result=result, rounded=rounded,
        )  # fmt: skip
        return
    yield gettext("The month's sales before this line: %(before)s.", before=before)
    parts = [
        gettext("%(share)s of %(part)s", share=percent(part["bps"]), part=money(part["part_minor"], currency))
        for part in step["slices"]
    ]
    yield gettext(
        "Of %(base)s, %(basis)s, that makes %(parts)s: %(result)s%(rounded)s.", base=of, basis=basis,
        parts=gettext(" and ").join(parts), result=result, rounded=rounded,
    )  # fmt: skip


def _rounded(step: Mapping[str, Any], currency: str) -> str:
    exact = Decimal(step["exact"])
    if exact == step["result_minor"]:
        return ""
    major = exact.scaleb(-exponent(currency)).normalize()
    written = format_decimal(major, locale=get_locale() or "en", decimal_quantization=False)
    return gettext(" (rounded from %(exact)s)", exact=written)


def _foreign(entry: Mapping[str, Any], currency: str) -> str:
    part = {
        "per_unit": gettext("The amount for each unit"),
        "per_line": gettext("The amount for the line"),
        "floor": gettext("The least"),
        "cap": gettext("The most"),
        "tiers": gettext("The tiers"),
    }[entry["part"]]
    return gettext("%(part)s has no value in %(currency)s and does not apply.", part=part, currency=currency)
