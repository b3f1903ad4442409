"""What a month comes to: the lines of each currency from plan, usage and grants. Pure; the same facts, the same lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from core.hooks.types import Json
from core.kernel.money import Money, total
from tenants.billing import rules
from tenants.billing.facts import Draft, Grant, Line, Span, Stretch, Usage
from tenants.billing.rules import Month
from tenants.billing.terms import UNITS

FIXED = ("plan", "plan_year", "plugin", "unit")
"""Codes of lines that a trial spares and a discount lowers."""
Charged = Mapping[tuple[str, str], int]
"""What was charged before, in minor units, by code and currency: no more of it can be given back."""


@dataclass(frozen=True, slots=True)
class Bill:
    """All that a month's lines depend on. `currency` is the customer's own, `fallback` the platform's."""

    month: Month
    spans: Sequence[Span]
    usage: Usage
    grant: Grant
    currency: str
    fallback: str
    carried: Mapping[str, int]
    charged: Charged

    def home(self, span: Span) -> str:
        """Return the currency in which a span's fixed prices are due."""
        priced = span.terms.currencies
        if self.currency in priced or not priced:
            return self.currency
        return self.fallback if self.fallback in priced else priced[0]

    def paid_days(self, span: Span) -> tuple[date, date] | None:
        """Return the days of the month with this span, those of a trial left out."""
        start = max(self.month.start, self.grant.trial_until or self.month.start)
        return span.days_of(start, self.month.end) if start < self.month.end else None


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those of the same version and cycle that follow each other as one."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda one: one.from_on):
        last = result[-1] if result else None
        if last and last.until_on == span.from_on and _same(last, span):
            result[-1] = replace(last, until_on=span.until_on)
        else:
            result.append(span)
    return result


def _same(one: Span, other: Span) -> bool:
    is_same = (one.plan, one.version, one.cycle) == (other.plan, other.version, other.cycle)
    return is_same and (one.cycle == "monthly" or one.anchor_on == other.anchor_on)


def drafts(bill: Bill) -> list[Draft]:
    """Return the month's lines by currency, each with its sum before tax."""
    lines = [*_plans(bill), *_plugins(bill), *_shares(bill), *_units(bill)]
    lines += _discounts(bill, lines)
    lines += [Line("carried", Money(minor, code), {"month": bill.month.before.start.isoformat()})
              for code, minor in sorted(bill.carried.items()) if minor]  # fmt: skip
    by_currency = sorted(lines, key=lambda line: line.amount.currency)
    found = []
    for code, some in groupby(by_currency, key=lambda line: line.amount.currency):
        mine = tuple(some)
        found.append(Draft(code, mine, total((line.amount for line in mine), code)))
    return found


def _plans(bill: Bill) -> Iterator[Line]:
    for span in bill.spans:
        yield from (_years(bill, span) if span.cycle == "yearly" else _months(bill, span))


def _months(bill: Bill, span: Span) -> Iterator[Line]:
    days, price = bill.paid_days(span), span.terms.price("monthly", bill.home(span))
    if days is None or not price:
        return
    month, (start, end) = bill.month, days
    amount = rules.part(price, month.place(start), month.place(end), month.days)
    yield Line("plan", amount, {**_about(span), **_range(start, end, month.days), "price_minor": price.minor})


def _about(span: Span) -> dict[str, Json]:
    return {"plan": span.plan, "version": span.version, "name_en": span.terms.name("en"),
            "name_zh": span.terms.name("zh")}  # fmt: skip


def _range(start: date, end: date, of: int) -> dict[str, Json]:
    return {"start": start.isoformat(), "end": end.isoformat(), "days": (end - start).days, "of": of}


def _years(bill: Bill, span: Span) -> Iterator[Line]:
    """Charge each year on the day it begins, and give back what is unused where the span ends before its year."""
    price, month = span.terms.price("yearly", bill.home(span)), bill.month
    if not price:
        return
    days = span.days_of(month.start, month.end)
    day = max(days[0], span.anchor_on) if days else month.end
    while days and day < days[1]:
        start, end = rules.year_of(span.anchor_on, day)
        if start == day:
            yield Line("plan_year", price, {**_about(span), "start": start.isoformat(), "end": end.isoformat()})
        day = end
    until = span.until_on
    if until and span.anchor_on < until and month.start < until <= month.end:
        start, end = rules.year_of(span.anchor_on, until - timedelta(days=1))
        if end != until:
            whole, used = (end - start).days, (until - start).days
            unused = rules.part(price, used, whole, whole)
            yield Line("plan_year", -unused, {**_about(span), **_range(until, end, whole), "price_minor": price.minor})


def _plugins(bill: Bill) -> Iterator[Line]:
    for plugin, days in sorted(bill.usage.plugin_days.items()):
        done: dict[Money, int] = {}
        for span in bill.spans:
            paid, prices = bill.paid_days(span), span.terms.plugin_fees.get(plugin, {})
            fee = Money(prices.get(bill.home(span), 0), bill.home(span))
            if paid is None or not fee or plugin in span.terms.plugins_included:
                continue
            count = sum(paid[0] <= bill.month.start + timedelta(days=day - 1) < paid[1] for day in days)
            before = done.get(fee, 0)
            done[fee] = before + count
            if count:
                amount = rules.part(fee, before, before + count, bill.month.days)
                facts: dict[str, Json] = {
                    "plugin": plugin,
                    "price_minor": fee.minor,
                    "days": count,
                    "of": bill.month.days,
                }
                yield Line("plugin", amount, facts)


def _shares(bill: Bill) -> Iterator[Line]:
    charged = dict(bill.charged)
    for span in bill.spans:
        for stretch in bill.usage.stretches:
            if span.days_of(stretch.start, stretch.end) != (stretch.start, stretch.end):
                continue
            for line in (*_volumes(bill, span, stretch, charged), *_items(span, stretch, charged)):
                key = (line.code, line.amount.currency)
                charged[key] = charged.get(key, 0) + line.amount.minor
                yield line


def _volumes(bill: Bill, span: Span, stretch: Stretch, charged: Charged) -> Iterator[Line]:
    terms, month = span.terms, bill.month
    start, end = month.place(stretch.start), month.place(stretch.end)
    for volume in stretch.volumes if terms.share_bps else ():
        code = volume.net.currency
        free = rules.part(Money(terms.free_volume.get(code, 0), code), start, end, month.days)
        most = terms.share_cap.get(code)
        cap = rules.part(Money(most, code), start, end, month.days) if most is not None else None
        before = Money(max(charged.get(("share", code), 0), 0), code)
        found = rules.share(volume.net, terms.share_bps, free, cap, before)
        facts: dict[str, Json] = {
            **_range(stretch.start, stretch.end, month.days), "sales_minor": volume.sales.minor,
            "refunds_minor": volume.refunds.minor, "free_minor": found.free.minor, "bps": terms.share_bps,
            "billable_minor": found.billable.minor, "raw_minor": found.raw.minor,
            "cap_minor": cap.minor if cap is not None else None,
        }  # fmt: skip
        yield Line("share", found.amount, facts)


def _items(span: Span, stretch: Stretch, charged: Charged) -> Iterator[Line]:
    for amount in stretch.items if span.terms.items_bps else ():
        zero, before = Money.zero(amount.currency), max(charged.get(("items", amount.currency), 0), 0)
        found = rules.share(amount, span.terms.items_bps, zero, None, Money(before, amount.currency))
        facts = {"items_minor": amount.minor, "bps": span.terms.items_bps, "raw_minor": found.raw.minor}
        yield Line("items", found.amount, facts)


def _units(bill: Bill) -> Iterator[Line]:
    """Charge what exceeds the included numbers at the month's end, by the plan of its last day."""
    last = next((s for s in reversed(bill.spans) if s.days_of(bill.month.start, bill.month.end)), None)
    paid = bill.paid_days(last) if last else None
    if last is None or paid is None or paid[1] != bill.month.end:
        return
    for name in UNITS:
        price = last.terms.unit_prices.get(name, {}).get(bill.home(last), 0)
        most, count = last.terms.included.get(name), bill.usage.counts.get(name, 0)
        if price and most is not None and count > most:
            extra = count - most
            facts: dict[str, Json] = {
                "name": name,
                "count": count,
                "included": most,
                "extra": extra,
                "price_minor": price,
            }
            yield Line("unit", Money(price, bill.home(last)) * extra, facts)


def _discounts(bill: Bill, lines: Sequence[Line]) -> Iterator[Line]:
    grant, month = bill.grant, bill.month
    days = month.place(grant.discount_until) if grant.discount_until else month.days
    for code in sorted({line.amount.currency for line in lines}):
        base = total((line.amount for line in lines if line.code in FIXED and line.amount.currency == code), code)
        fixed = grant.discount if grant.discount and grant.discount.currency == code else Money.zero(code)
        amount = rules.discount(base, grant.discount_bps, fixed, days, month.days)
        if amount:
            facts: dict[str, Json] = {"base_minor": base.minor, "bps": grant.discount_bps, "fixed_minor": fixed.minor, "days": days,
                     "of": month.days}  # fmt: skip
            yield Line("discount", -amount, facts)
