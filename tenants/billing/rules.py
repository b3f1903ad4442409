"""The arithmetic of billing, pure: parts of a price by days, the share of volume, discounts, tax, what can be paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.kernel.money import Money, round_half_up


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month; `start` is its first day, `end` the first of the next."""

    start: date

    @property
    def end(self) -> date:
        """The first day of the next month."""
        return (self.start.replace(day=28) + timedelta(days=4)).replace(day=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def before(self) -> Month:
        """The month before."""
        return Month((self.start - timedelta(days=1)).replace(day=1))

    def place(self, day: date) -> int:
        """Return how many days of the month lie before a day, within 0 and all of them."""
        return min(max((day - self.start).days, 0), self.days)


def part(price: Money, start: int, end: int, whole: int) -> Money:
    """Return what a price for `whole` days comes to from day `start` until before `end`, rounded half up.

    Parts that follow each other sum to the price, wherever it is cut: each is the difference of two rounded sums.
    """
    if not 0 <= start <= end <= whole or whole <= 0:
        raise ValueError(f"{start} to {end} of {whole} days is no part")
    return _upto(price, end, whole) - _upto(price, start, whole)


def _upto(price: Money, days: int, whole: int) -> Money:
    return Money(round_half_up(Fraction(price.minor * days, whole)), price.currency)


@dataclass(frozen=True, slots=True)
class Share:
    """The platform's share of a volume: `free` of it costs nothing, the rest is `billable` and comes to `raw`."""

    free: Money
    billable: Money
    raw: Money
    amount: Money


def share(volume: Money, bps: int, free: Money, cap: Money | None, charged: Money) -> Share:
    """Return the share of a volume net of refunds.

    A volume below zero (more refunds than sales) gives the share of it back, at most what was `charged` before.
    """
    zero = Money.zero(volume.currency)
    if volume.minor < 0:
        raw = -(-volume).share(bps)
        return Share(zero, volume, raw, max(raw, -charged))
    unused = min(free, volume)
    billable = volume - unused
    raw = billable.share(bps)
    return Share(unused, billable, raw, raw if cap is None else min(raw, cap))


def discount(base: Money, bps: int, fixed: Money, days: int, whole: int) -> Money:
    """Return what a discount takes off charges that last `days` of `whole`; never more than the charges."""
    if base.minor <= 0 or days <= 0:
        return Money.zero(base.currency)
    by_rate = Money(round_half_up(Fraction(base.minor * bps * days, 10_000 * whole)), base.currency)
    return min(base, by_rate + _upto(fixed, days, whole))


def anniversary(anchor: date, years: int) -> date:
    """Return a day so many years on; 28 February where the year has no 29th."""
    try:
        return anchor.replace(year=anchor.year + years)
    except ValueError:
        return anchor.replace(year=anchor.year + years, day=28)


def year_of(anchor: date, day: date) -> tuple[date, date]:
    """Return first day and end of the billing year that holds a day, which is not before the anchor."""
    years = day.year - anchor.year
    start = anniversary(anchor, years)
    if start > day:
        years -= 1
        start = anniversary(anchor, years)
    return start, anniversary(anchor, years + 1)


@dataclass(frozen=True, slots=True)
class Tax:
    """How an invoice is taxed: "standard" or "reverse_charge" (the customer owes the tax)."""

    kind: str
    bps: int


def tax(seller: str, buyer: str, tax_number: str, standard: int, rates: Mapping[str, int]) -> Tax:
    """Return the tax on what one country's company sells to another's: businesses abroad owe it themselves."""
    if buyer and buyer != seller and tax_number.strip():
        return Tax("reverse_charge", 0)
    return Tax("standard", rates.get(buyer, standard))


def rounding(gross: Money, step: Money) -> Money:
    """Return what makes an amount a multiple of the smallest one that can be paid, half up."""
    if step.minor <= 1:
        return Money.zero(gross.currency)
    whole = round_half_up(Fraction(gross.minor, step.minor)) * step.minor
    return Money(whole - gross.minor, gross.currency)
