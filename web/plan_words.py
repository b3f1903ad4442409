"""Says what plans offer and how each line of a bill came about, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l

from core.hooks.runtime import plugins
from core.kernel.money import Money
from tenants.billing.facts import Line
from tenants.billing.terms import Terms
from tenants.usage import LABELS
from web.languages import language
from web.rendering import money, number, percent, write_date
from web.statement_words import month as month_name


def gettext(text: str, /, **facts: object) -> str:
    """Say a text in the reader's language."""
    return str(flask_babel.gettext(text, **facts))


CYCLES = {"monthly": _l("Pay by the month"), "yearly": _l("Pay by the year")}
COLLECTIONS = {"charge": _l("Charge the saved card"), "send": _l("Send an invoice to be paid")}
WAYS = {"stripe": _l("Card"), "bank": _l("Bank transfer"), "credit": _l("Set off against credit"), "": ""}
_TITLES = {
    "share": _l("Share of sales"),
    "items": _l("Share of what plugins bill"),
    "discount": _l("Discount"),
    "carried": _l("Credit carried from the month before"),
}


def plan(terms: Terms) -> str:
    """Return what a plan is called."""
    return terms.name(language())


def unit(name: str) -> str:
    """Return what a limited thing is called."""
    return gettext(LABELS.get(name, name))


def title(line: Line) -> str:
    """Say what a line is for."""
    facts = line.facts
    if line.code in ("plan", "plan_year"):
        return str(facts.get(f"name_{language()}") or facts.get("plan", ""))
    if line.code == "plugin":
        return plugin(str(facts["plugin"]))
    if line.code == "unit":
        return gettext("More than included: %(what)s", what=unit(str(facts["name"])))
    return str(_TITLES.get(line.code, line.code))


def plugin(name: str) -> str:
    """Return what a plugin is called; its name if it is not installed any more."""
    manifest = plugins().manifests.get(name)
    return gettext(manifest.title) if manifest else name


def sentence(line: Line) -> str:
    """Say how a line's amount came about."""
    say: Callable[[Line, Mapping[str, Any]], str] | None = _SENTENCES.get(line.code)
    return say(line, line.facts) if say else ""


def _sum(line: Line, facts: Mapping[str, Any], name: str) -> str:
    return money(Money(int(facts[name]), line.amount.currency))


def _day(text: str) -> str:
    return write_date(date.fromisoformat(text))


def _plan(line: Line, facts: Mapping[str, Any]) -> str:
    price = _sum(line, facts, "price_minor")
    if facts["days"] == facts["of"]:
        return gettext("The whole month at %(price)s.", price=price)
    return gettext("%(days)s of %(of)s days at %(price)s a month, from %(start)s.", days=facts["days"], of=facts["of"],
                   price=price, start=_day(facts["start"]))  # fmt: skip


def _year(line: Line, facts: Mapping[str, Any]) -> str:
    if "days" in facts:
        return gettext("%(days)s of %(of)s days of the paid year are not used; their part of %(price)s comes back.",
                       days=facts["days"], of=facts["of"], price=_sum(line, facts, "price_minor"))  # fmt: skip
    return gettext("The year from %(start)s until %(end)s.", start=_day(facts["start"]), end=_day(facts["end"]))


def _plugin(line: Line, facts: Mapping[str, Any]) -> str:
    return gettext("Switched on for %(days)s of %(of)s days at %(price)s a month.", days=facts["days"],
                   of=facts["of"], price=_sum(line, facts, "price_minor"))  # fmt: skip


def _share(line: Line, facts: Mapping[str, Any]) -> str:
    said = [gettext("Completed orders of %(sales)s less refunds of %(refunds)s.",
                    sales=_sum(line, facts, "sales_minor"), refunds=_sum(line, facts, "refunds_minor"))]  # fmt: skip
    rate = percent(int(facts["bps"]))
    if facts["billable_minor"] < 0:
        said.append(gettext("More was refunded than sold: %(rate)s of it comes back, at most what was charged before.",
                            rate=rate))  # fmt: skip
        return " ".join(said)
    if facts["free_minor"]:
        said.append(gettext("%(free)s of it is free.", free=_sum(line, facts, "free_minor")))
    billable, raw = _sum(line, facts, "billable_minor"), _sum(line, facts, "raw_minor")
    said.append(gettext("%(rate)s of %(volume)s is %(raw)s.", rate=rate, volume=billable, raw=raw))
    if facts["cap_minor"] is not None and facts["raw_minor"] > line.amount.minor:
        said.append(gettext("No more than %(cap)s is charged.", cap=_sum(line, facts, "cap_minor")))
    return " ".join(said)


def _items(line: Line, facts: Mapping[str, Any]) -> str:
    return gettext("%(rate)s of %(volume)s that plugins billed to merchants.", rate=percent(int(facts["bps"])),
                   volume=_sum(line, facts, "items_minor"))  # fmt: skip


def _unit(line: Line, facts: Mapping[str, Any]) -> str:
    return gettext("%(count)s, of which %(included)s are included: %(extra)s at %(price)s each.",
                   count=number(int(facts["count"])), included=number(int(facts["included"])),
                   extra=number(int(facts["extra"])), price=_sum(line, facts, "price_minor"))  # fmt: skip


def _discount(line: Line, facts: Mapping[str, Any]) -> str:
    parts = [percent(int(facts["bps"]))] if facts["bps"] else []
    parts += [_sum(line, facts, "fixed_minor")] if facts["fixed_minor"] else []
    return gettext("%(discount)s off %(base)s of fixed charges, for %(days)s of %(of)s days.",
                   discount=" + ".join(parts), base=_sum(line, facts, "base_minor"), days=facts["days"],
                   of=facts["of"])  # fmt: skip


def _carried(_line: Line, facts: Mapping[str, Any]) -> str:
    return gettext("Credits of %(month)s that its charges did not use up.",
                   month=month_name(date.fromisoformat(str(facts["month"]))))  # fmt: skip


_SENTENCES: Mapping[str, Callable[[Line, Mapping[str, Any]], str]] = {
    "plan": _plan, "plan_year": _year, "plugin": _plugin, "share": _share, "items": _items, "unit": _unit,
    "discount": _discount, "carried": _carried,
}  # fmt: skip


def tax(kind: str, bps: int) -> str:
    """Say which tax an invoice carries."""
    if kind == "reverse_charge":
        return gettext("Tax (reverse charge)")
    return gettext("Tax %(rate)s", rate=percent(bps))


def price(minor: int, currency: str) -> str:
    """Write a price of a plan."""
    return money(Money(minor, currency))


def offers(terms: Terms) -> list[str]:
    """Say in a few sentences what a plan includes and what costs extra."""
    said = []
    for name, most in terms.included.items():
        prices = terms.unit_prices.get(name)
        text = f"{unit(name)}: {number(most)}"
        extra = ", ".join(money(Money(minor, code)) for code, minor in sorted((prices or {}).items()))
        said.append(gettext("%(limit)s, each more %(price)s", limit=text, price=extra) if extra else text)
    if not terms.included:
        said.append(gettext("No limits"))
    if terms.share_bps:
        free = ", ".join(money(Money(minor, code)) for code, minor in sorted(terms.free_volume.items()))
        rate = percent(terms.share_bps)
        said.append(gettext("%(rate)s of sales beyond %(free)s a month", rate=rate, free=free) if free
                    else gettext("%(rate)s of sales", rate=rate))  # fmt: skip
    return said
