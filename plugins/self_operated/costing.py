"""What own goods cost: landed cost, moving average, and what a returned share is worth. Pure; amounts in minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.kernel.money import Money, round_half_up, spread


@dataclass(frozen=True, slots=True)
class Stock:
    """Units that lie there and what they cost in all."""

    on_hand: int = 0
    value: int = 0

    @property
    def average(self) -> int:
        """What one unit cost, rounded half up; 0 without units."""
        return self.worth(1) if self.on_hand else 0

    def worth(self, units: int) -> int:
        """Return what so many of the units cost at the moving average; of all of them, all that is left."""
        return round_half_up(Fraction(self.value * units, self.on_hand))

    def add(self, units: int, value: int) -> Stock:
        """Return the stock with further units at their own cost."""
        return Stock(self.on_hand + units, self.value + value)

    def issue(self, units: int) -> tuple[Stock, int]:
        """Return the stock without some units, and what they cost. Raise ValueError if there are fewer."""
        if not 0 <= units <= self.on_hand:
            raise ValueError(f"{units} of {self.on_hand} cannot leave")
        taken = self.worth(units) if units else 0
        return Stock(self.on_hand - units, self.value - taken), taken

    def undo(self, units: int, landed: int) -> tuple[Stock, int]:
        """Return the stock without units that came in at a cost, and how much of it could be taken out again.

        Nothing is left of the value when nothing is left of the units, and it never falls below zero.
        """
        if not 0 < units <= self.on_hand:
            raise ValueError(f"{units} of {self.on_hand} cannot leave")
        taken = self.value if units == self.on_hand else min(landed, self.value)
        return Stock(self.on_hand - units, self.value - taken), taken


def landed(lines: Sequence[tuple[int, Money]], freight: Money) -> list[Money]:
    """Return the cost of each line (units, cost of one) with its share of freight, spread by value (R2)."""
    goods = [unit * units for units, unit in lines]
    return [
        cost + part for cost, part in zip(goods, spread(freight, [cost.minor for cost in goods]), strict=True)
    ] if lines else []  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of an order's units of one offer left, came back whole, came back broken, or were lost."""

    sold: int = 0
    sellable: int = 0
    scrapped: int = 0
    lost: int = 0

    @property
    def back(self) -> int:
        """Units whose sale is undone, at most those sold."""
        return min(self.sellable + self.scrapped + self.lost, self.sold)


def lost(refunded_sent: int, returned: int, sold: int, shipped: int) -> int:
    """Return how many units were paid back after they had left and have not come back.

    `sold` counts replacements as well; a unit that came back for one is not a returned sale.
    """
    return max(0, refunded_sent - max(0, returned - max(0, sold - shipped)))


def comes_back(cost: int, moved: Moved, already: int) -> int:
    """Return what a further undone unit takes of a frozen cost, cumulatively (R4)."""
    if not moved.sold:
        return 0
    return max(0, round_half_up(Fraction(cost * moved.back, moved.sold)) - already)


def is_beyond(expected: int, counted: int, tolerance_bps: int) -> bool:
    """Tell whether a count differs by more than the tolerance, in basis points of what was expected."""
    return abs(counted - expected) * 10_000 > tolerance_bps * expected


def days_of_cover(on_hand: int, sold: int, days: int) -> int | None:
    """Return for how many days the units last at the pace of so many sold in so many days; None without sales."""
    return on_hand * days // sold if sold > 0 else None


def reorder_at(sold: int, days: int, low_days: int) -> int:
    """Return the number of units at which to order again, so that they last for the days wanted; rounded up."""
    return -(-max(sold, 0) * low_days // days)


def margin_bps(net: int, cost: int) -> int | None:
    """Return the margin as basis points of net sales; None without sales."""
    return round_half_up(Fraction((net - cost) * 10_000, net)) if net > 0 else None
