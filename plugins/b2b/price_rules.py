"""The arithmetic of prices for companies, pure: which band counts, when more units cost less, which quantities are sold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Band:
    """A unit price from so many units on, of one list."""

    list_id: UUID
    list_name: str
    from_quantity: int
    unit: Money


@dataclass(frozen=True, slots=True)
class Pack:
    """The fewest units that are sold, and what they are multiples of."""

    minimum: int = 1
    step: int = 1

    def fault(self, quantity: int) -> str:
        """Return what is wrong with a quantity: "minimum", "step", or nothing."""
        if quantity < self.minimum:
            return "minimum"
        return "step" if quantity % self.step else ""

    def next(self, quantity: int) -> int:
        """Return the next quantity upwards that is sold."""
        wanted = max(quantity, self.minimum)
        return -(-wanted // self.step) * self.step


def band(bands: Iterable[Band], quantity: int, shop_price: Money) -> Band | None:
    """Return the band that counts: of each list the one of the quantity, of those the cheapest below the shop's price.

    A tie falls to the older list.
    """
    of_list: dict[UUID, Band] = {}
    for one in bands:
        held = of_list.get(one.list_id)
        if one.from_quantity <= quantity and (held is None or one.from_quantity > held.from_quantity):
            of_list[one.list_id] = one
    cheaper = [one for one in of_list.values() if one.unit < shop_price]
    return min(cheaper, key=lambda one: (one.unit.minor, one.list_id), default=None)


def unit(bands: Iterable[Band], quantity: int, shop_price: Money) -> Money:
    """Return what one unit of a quantity costs."""
    found = band(bands, quantity, shop_price)
    return found.unit if found else shop_price


def cheaper_more(bands: Sequence[Band], quantity: int, shop_price: Money) -> tuple[int, Money] | None:
    """Return the cheapest larger quantity whose total is below this one's, with that total; None if there is none."""
    total = unit(bands, quantity, shop_price) * quantity
    larger = sorted({one.from_quantity for one in bands if one.from_quantity > quantity})
    offers = [(count, unit(bands, count, shop_price) * count) for count in larger]
    return min((one for one in offers if one[1] < total), key=lambda one: (one[1].minor, one[0]), default=None)


def table(bands: Sequence[Band], shop_price: Money) -> list[tuple[int, Money]]:
    """Return the quantities from which a unit costs less, each with its price, from 1 on; empty without any."""
    steps: list[tuple[int, Money]] = [(1, unit(bands, 1, shop_price))]
    for count in sorted({one.from_quantity for one in bands}):
        price = unit(bands, count, shop_price)
        if price != steps[-1][1]:
            steps.append((count, price))
    return steps if len(steps) > 1 or steps[0][1] != shop_price else []
