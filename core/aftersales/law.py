"""What statutes give a buyer at the least, by the country in which the buyer is; a shop may give more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Law:
    """Days after receipt: to send back without a reason, and to report faults.

    `returns_delivery` says that a buyer who sends everything back without a reason gets the delivery price too;
    `shop_pays_for_faults` that the way back of faulty goods costs the buyer nothing.
    """

    no_reason_days: int = 0
    fault_days: int = 0
    returns_delivery: bool = False
    shop_pays_for_faults: bool = False


_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
_AREA = [*_UNION, "IS", "LI", "NO"]
_LAWS = {
    **dict.fromkeys(_AREA, Law(14, 730, returns_delivery=True, shop_pays_for_faults=True)),
    "GB": Law(14, 180, returns_delivery=True, shop_pays_for_faults=True),
    "CN": Law(7, 180, shop_pays_for_faults=True),
}
_SATURDAY = 5


def of(country: str) -> Law:
    """Return the least that holds in a country; nothing where none is known."""
    return _LAWS.get(country.upper(), Law())


def last_day(received_on: date, days: int) -> date:
    """Return the last day of a period that begins the day after receipt; a weekend is passed over to Monday."""
    last = received_on + timedelta(days=days)
    return last + timedelta(days=7 - last.weekday()) if last.weekday() >= _SATURDAY else last


def end_of(received_at: datetime, days: int, timezone: str) -> datetime:
    """Return the moment at which a period of so many days after receipt is over, in a marketplace's own time."""
    zone = ZoneInfo(timezone)
    last = last_day(received_at.astimezone(zone).date(), days)
    return datetime.combine(last + timedelta(days=1), time(), zone)
