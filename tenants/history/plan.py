"""What a past order becomes here: its states, its moments, and its goods by seller and line. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.kernel.money import Money, total
from tenants.history.reader import CURRENCY, Item, PastOrder

_ORDER_STATES = {
    "created": "pending_payment",
    "approved": "paid",
    "processing": "accepted",
    "invoiced": "accepted",
    "shipped": "shipped",
    "canceled": "cancelled",
    "unavailable": "cancelled",
}
_PURCHASE_STATES: Mapping[str, str] = {"pending_payment": "pending", "cancelled": "cancelled"}
_PAYMENT_STATES: Mapping[str, str] = {"pending_payment": "created", "cancelled": "cancelled"}


@dataclass(frozen=True, slots=True)
class Life:
    """States and moments of an order. `paid_at` None: no money moved. `due_at`: when an open one completes."""

    state: str
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def purchase_state(self) -> str:
        """The purchase's state that goes with it."""
        return _PURCHASE_STATES.get(self.state, "paid")

    @property
    def payment_state(self) -> str:
        """The payment's state that goes with it."""
        return _PAYMENT_STATES.get(self.state, "captured")


def life(order: PastOrder, return_days: int, now: datetime) -> Life:
    """Return what has become of an order by now; a delivered one is complete once it can no longer be returned.

    A moment that the source lacks is that of the step before.
    """
    if order.status in ("created", "canceled", "unavailable"):
        return Life(_ORDER_STATES[order.status])
    paid = order.approved_at or order.placed_at
    if order.status not in ("shipped", "delivered"):
        return Life(_ORDER_STATES[order.status], paid)
    shipped = order.shipped_at or paid
    if order.status == "shipped":
        return Life("shipped", paid, shipped)
    delivered = order.delivered_at or shipped
    end = delivered + timedelta(days=return_days)
    if end > now:
        return Life("delivered", paid, shipped, delivered, due_at=end)
    return Life("completed", paid, shipped, delivered, end)


@dataclass(frozen=True, slots=True)
class LinePlan:
    """So many units of a product at one price."""

    product: str
    price: Money
    quantity: int


@dataclass(frozen=True, slots=True)
class Part:
    """One seller's part of a past order."""

    seller: str
    lines: tuple[LinePlan, ...]
    freight: Money

    @property
    def goods(self) -> Money:
        """The price of all units."""
        return total((line.price * line.quantity for line in self.lines), CURRENCY)


def parts(items: Sequence[Item]) -> tuple[Part, ...]:
    """Split items by seller, and put equal ones of a seller into one line; both in the order of the source."""
    counts = Counter((item.seller, item.product, item.price) for item in items)
    sellers = dict.fromkeys(item.seller for item in items)
    return tuple(
        Part(
            seller,
            tuple(LinePlan(product, price, n) for (whose, product, price), n in counts.items() if whose == seller),
            total((item.freight for item in items if item.seller == seller), CURRENCY),
        )
        for seller in sellers
    )
