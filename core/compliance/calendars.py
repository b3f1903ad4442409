"""Counting days as laws do: working days with public holidays and make-up working days, periods, months."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.compliance import calendar_days


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. `workdays` are weekend days that are worked; `known_until` the last day of the data."""

    holidays: frozenset[date]
    workdays: frozenset[date] = frozenset()
    known_until: date = date.max

    def is_work(self, day: date) -> bool:
        """Whether the day is a working day."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def add(self, day: date, count: int) -> date:
        """Return the day that is so many working days later; the first day is not counted."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_work(day)
        return day

    def next_work(self, day: date) -> date:
        """Return the day itself if it is worked, else the next one that is."""
        while not self.is_work(day):
            day += timedelta(days=1)
        return day

    def period_end(self, day: date, count: int) -> date:
        """Return the last day of a period: the first day not counted, the last one moved to a working day."""
        return self.next_work(day + timedelta(days=count))


def make(holidays: Iterable[str], workdays: Iterable[str] = (), known_until: str = "9999-12-31") -> Calendar:
    """Return a calendar of days written in ISO 8601."""
    days = frozenset(map(date.fromisoformat, holidays)), frozenset(map(date.fromisoformat, workdays))
    return Calendar(*days, date.fromisoformat(known_until))


CALENDARS: Mapping[str, Calendar] = {
    name: make(known.holidays, known.workdays, known.known_until) for name, known in calendar_days.KNOWN.items()
}


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a month that is too short; months may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])
