"""Months of the tenant's calendar, named by their first day; periods are half-open."""

from __future__ import annotations

from datetime import date, timedelta

from core.kernel import clock
from core.kernel.errors import Invalid, _
from core.kernel.tenancy import current


def first(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def following(month: date) -> date:
    """Return the first day of the month after: the end of the month, which is not in it."""
    return first(first(month) + timedelta(days=32))


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return following(month) - timedelta(days=1)


def this() -> date:
    """Return the month that is under way at the tenant."""
    return first(clock.today(current().timezone))


def parse(text: str) -> date:
    """Read a month such as "2026-03". Raise Invalid for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("accounting.no_month", _("Write a month as year and number, such as 2026-03")) from None


def between(start: date, end: date) -> list[date]:
    """Return the months from one to another, both included; none if they are the wrong way round."""
    found, month = [], first(start)
    while month <= end:
        found.append(month)
        month = following(month)
    return found
