"""Which share of an order line has gone back, and what of each frozen amount follows (R4, R4a). Pure.

Units and amounts are two ways to state a share.
An amount goes back evenly for the units that are left, so a unit that comes back later brings only what is left of
its price. Shares are exact fractions; what is rounded is rounded once, from the share so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from core.kernel.money import round_half_up


@dataclass(frozen=True, slots=True)
class Step:
    """A part that went back earlier: so many units, or (0 units) so much of the discounted amount in minor units."""

    quantity: int
    discounted_minor: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a line has gone back: `units` of `quantity`, and the part `lessened` of the others' price.

    `discounted_minor` is the line's discounted amount, `given_minor` what has gone back of it.
    """

    quantity: int
    discounted_minor: int
    units: int = 0
    lessened: Fraction = Fraction(0)
    given_minor: int = 0

    @property
    def gone(self) -> Fraction:
        """The share of the whole line that has gone back, 0 to 1."""
        kept = Fraction(self.quantity - self.units, self.quantity) * (1 - self.lessened)
        return 1 - kept

    @property
    def left_minor(self) -> int:
        """What is left of the discounted amount."""
        return self.discounted_minor - self.given_minor

    def with_units(self, quantity: int, discounted_minor: int = 0) -> Share:
        """Return the share once so many further units are back, and so much of the discounted amount with them."""
        return replace(self, units=self.units + quantity, given_minor=self.given_minor + discounted_minor)

    def with_amount(self, discounted_minor: int) -> Share:
        """Return the share once so much more of the discounted amount is back. Raise ValueError if it is not left."""
        if not 0 <= discounted_minor <= self.left_minor:
            raise ValueError(f"{discounted_minor} of {self.left_minor}")
        given = self.given_minor + discounted_minor
        if discounted_minor == self.left_minor:
            return replace(self, lessened=Fraction(1), given_minor=given)
        kept_units = self.quantity - self.units
        step = Fraction(discounted_minor * self.quantity, self.discounted_minor * kept_units)
        return replace(self, lessened=self.lessened + step, given_minor=given)


def after(quantity: int, discounted_minor: int, steps: Iterable[Step]) -> Share:
    """Return what has gone back of a line after steps, given in the order in which they happened."""
    share = Share(quantity, discounted_minor)
    for step in steps:
        if step.quantity:
            share = share.with_units(step.quantity, step.discounted_minor)
        else:
            share = share.with_amount(step.discounted_minor)
    return share


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts of a line in minor units: frozen at placing, gone back so far, or going back in one step.

    `tax` is inside `discounted` where prices include tax, and comes on top of it where they do not.
    """

    discounted: int
    platform: int
    tax: int
    is_inclusive: bool

    @property
    def net(self) -> int:
        """Without tax."""
        return self.discounted - self.tax if self.is_inclusive else self.discounted

    @property
    def buyer(self) -> int:
        """The buyer's part: with tax, without what the platform paid."""
        return self.net + self.tax - self.platform


def due(frozen: Amounts, gone: Fraction, given: Amounts) -> Amounts:
    """Return what must go back of each frozen amount, by itself and cumulatively, once that share is gone."""
    return Amounts(
        round_half_up(frozen.discounted * gone) - given.discounted,
        round_half_up(frozen.platform * gone) - given.platform,
        round_half_up(frozen.tax * gone) - given.tax,
        frozen.is_inclusive,
    )


def most(frozen: Amounts, share: Share, given: Amounts) -> int:
    """Return what the buyer can still get back."""
    return due(frozen, share.with_amount(share.left_minor).gone, given).buyer


def discounted_for(frozen: Amounts, share: Share, given: Amounts, asked: int) -> int:
    """Return how much of the discounted amount goes back so that the buyer gets what is asked, or just below it."""
    low, high = 0, share.left_minor
    while low < high:
        middle = (low + high + 1) // 2
        if due(frozen, share.with_amount(middle).gone, given).buyer <= asked:
            low = middle
        else:
            high = middle - 1
    return low
