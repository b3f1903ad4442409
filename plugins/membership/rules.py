"""What points are worth, how many are earned and may be used, and which lots they come from. Pure.

Worth of an account = round(points above zero x value of a point). A redemption is a whole number of steps whose worth
stays within the cap on the goods after coupons. Lots are used in order of expiry, then age; a negative account has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from core.kernel.money import round_half_up
from plugins.membership.settings import Settings

REOPENED = timedelta(days=30)
"""How long points live that come back to a lot that has lapsed meanwhile."""
_LATEST = datetime.max.replace(tzinfo=UTC)
_MONTHS = {"6_months": 6, "12_months": 12, "24_months": 24}


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as the rules see it; `expires_at` (aware) is None for never."""

    id: UUID
    left: int
    expires_at: datetime | None
    at: datetime


def worth(points: int, settings: Settings) -> int:
    """Return what points are worth in minor units; nothing below zero."""
    return round_half_up(max(points, 0) * settings.point_value)


def most(balance: int, goods_minor: int, settings: Settings) -> int:
    """Return the most points that may be used for goods of this price; 0 if fewer than the least."""
    cap = Fraction(goods_minor * settings.cap_bps, 10_000)
    by_cap = int(cap / settings.point_value)
    points = min(balance, by_cap) // settings.step * settings.step
    return points if points >= settings.least else 0


def asked(answer: str | None, own: str | None, most_points: int, settings: Settings) -> int:
    """Return how many points an answer means, at most `most_points`: "most", a number, or "own" with a number."""
    text = (own if answer == "own" else answer) or ""
    if text == "most":
        return most_points
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        return 0
    points = min(int(text), most_points) // settings.step * settings.step
    return points if points >= settings.least else 0


def earned(paid_minor: int, unit: int, today: int, settings: Settings) -> int:
    """Return the points of an order: floor of whole units paid x rate, once, within the caps of order and day.

    `unit` is the minor units of one currency unit, `today` what the buyer has earned on the day so far.
    """
    points = max(paid_minor, 0) // unit * settings.per_unit
    if settings.cap_order:
        points = min(points, settings.cap_order)
    if settings.cap_day:
        points = min(points, max(settings.cap_day - today, 0))
    return points


def part(whole: int, so_far: int, base: int) -> int:
    """Return how many of so many points have gone back once `so_far` of `base` has (R4)."""
    return round_half_up(Fraction(whole * min(so_far, base), base)) if base > 0 else 0


def order_of(lots: Sequence[Lot]) -> list[Lot]:
    """Return lots in the order of use: the soonest to expire first, then the oldest."""
    return sorted(lots, key=lambda lot: (lot.expires_at is None, lot.expires_at or _LATEST, lot.at, lot.id))


def take(lots: Sequence[Lot], points: int, first: UUID | None = None) -> dict[UUID, int]:
    """Return how many of the points each lot gives, at most what they hold; `first` names one that gives before."""
    found: dict[UUID, int] = {}
    for lot in sorted(order_of(lots), key=lambda lot: lot.id != first):
        given = min(lot.left, points - sum(found.values()))
        if given:
            found[lot.id] = given
    return found


def expires_at(now: datetime, settings: Settings) -> datetime | None:
    """Return when points of today expire, in the zone of `now`; None for never."""
    if settings.expire == "never":
        return None
    if settings.expire == "end_of_next_year":
        return now.replace(year=now.year + 2, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    months = now.year * 12 + now.month - 1 + _MONTHS[settings.expire]
    year, month = divmod(months, 12)
    first = now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    last = (following - timedelta(days=1)).day
    return first.replace(day=min(now.day, last)) + timedelta(days=1)
