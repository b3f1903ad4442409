"""United States."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from core.compliance.calendars import add_months
from core.compliance.facts import Facts
from core.compliance.laws.us import LAWS
from core.compliance.outcomes import Outcome, bad, na, ok, wait
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)


@SHELF.rule("us.inform.1", sales=Parameter(200, cap=200), amount=Parameter(5000, cap=5000),
            days=Parameter(10, cap=10), months=Parameter(12, cap=12))  # fmt: skip
def high_volume_seller_known(s: Facts, at: At) -> Outcome:
    """A high-volume seller's data are collected, verified and certified in time, or it is suspended."""
    since = add_months(at.today, -24)
    lines = [(line.need_day("at"), line.need_number("n"), line.need_number("usd")) for line in s.need_rows("lines")]
    if not _is_high([line for line in lines if line[0] >= since], at):
        return na(_("No high-volume seller"))
    seller = s.need_part("sel")
    if seller.has("suspended_at"):
        return ok(_("Suspended"))
    due = seller.need_day("qualified_at") + timedelta(days=at["days"])
    received, verified = seller.day("data_received_at"), seller.day("verified_at")
    if not received and at.today <= due:
        return wait(due, _("Collect the seller's data by {due}"))
    if not received or received > due:
        return bad(_("The seller's data were not there by {due}: suspend it"), due=due)
    due = received + timedelta(days=at["days"])
    if not verified and at.today <= due:
        return wait(due, _("Verify the seller's data by {due}"))
    if not verified or verified > due:
        return bad(_("The seller's data were not verified by {due}"), due=due)
    return _certified(seller.day("certified_at"), at)


def _certified(day: date | None, at: At) -> Outcome:
    end = add_months(day, at["months"]) if day else None
    if end and at.today <= end:
        return ok(again=end + timedelta(days=1))
    return bad(_("The yearly certificate of the seller is missing"))


def _is_high(lines: list[tuple[date, Decimal, Decimal]], at: At) -> bool:
    """Whether any 12 months that begin with a sale hold enough sales and money."""
    lines.sort()
    start, count, total = 0, Decimal(0), Decimal(0)
    for day, number, price in lines:
        count, total = count + number, total + number * price
        while add_months(lines[start][0], 12) <= day:
            count, total = count - lines[start][1], total - lines[start][1] * lines[start][2]
            start += 1
        if count >= at["sales"] and total >= at["amount"]:
            return True
    return False


@SHELF.rule("us.inform.2", amount=Parameter(20_000, cap=20_000))
def high_volume_seller_shown(s: Facts, at: At) -> Outcome:
    """From USD 20,000 a year buyers see who the seller is, and can report it."""
    if s.need_number("gross") < at["amount"]:
        return na(_("Below {amount}"), amount=at["amount"])
    display = s.need_part("display")
    place = "region" if s.has("home_only") else "address"
    missing = [name for name in ("name", place, "contact") if not display.has(name)]
    if missing:
        return bad(_("Not shown to buyers: {fields}"), fields=missing)
    return ok() if s.has("report_link") else bad(_("Buyers have no way to report the seller"))
