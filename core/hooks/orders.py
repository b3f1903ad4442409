"""How a purchase becomes orders, where stock comes from, which steps an order may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.hooks.markers import Phase, Scope, hook
from core.hooks.types import Basket, Violation
from core.kernel.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class SplitKey:
    """Lines that differ in any key go into different orders. Core always splits by merchant.

    `key` is "<plugin>:<value>" ("o2o:pickup"); core stores it as the order's `labels["o2o"] = "pickup"`,
    where rates and rules can ask for it. At most one key of a plugin per line.
    """

    line_id: UUID
    key: str

    @property
    def label(self) -> tuple[str, str]:
        """The key as (plugin, value). Raise ValueError for a key of another form."""
        plugin, colon, value = self.key.partition(":")
        if not (plugin and colon and value):
            raise ValueError(f"a split key has the form <plugin>:<value>, not {self.key!r}")
        return plugin, value


class StockMove(StrEnum):
    """What happens to the units."""

    RESERVE = "reserve"
    SHIP = "ship"
    RELEASE = "release"
    RESTOCK = "restock"


@dataclass(frozen=True, slots=True)
class StockMovement:
    """So many units (positive) of an offer, for one line of an order."""

    move: StockMove
    order_id: UUID
    line_id: UUID
    offer_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of any state machine.

    Core's machines are "order", "payment", "refund", "merchant", "listing", "payout", "return", "parcel" and
    "complaint"; a plugin's are "<plugin>.<machine>". `actor_id` is None when a deadline or the system acts.
    """

    machine: str
    subject_id: UUID
    source: str
    target: str
    actor_id: UUID | None


@hook(Phase.READ, Scope.ENABLED)
def split_keys(tenant: Tenant, basket: Basket) -> Sequence[SplitKey]:
    """Return a key for each line that must not share an order with others: store, supplier, delivery mode.

    Runs when the cart is shown and again at placing; lines without a key share their merchant's order.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.SERVING, first=True)
def move_stock(tenant: Tenant, movements: Sequence[StockMovement]) -> bool | None:
    """Move stock and return True, or raise OutOfStock; None leaves it to core's one counter per offer.

    Runs once per order, at the end of the transaction, orders sorted by merchant and split key, movements
    by offer: lock in that order. It is all or nothing for the order; only the tenant's provider of `stock`
    answers.
    """


@hook(Phase.TX, Scope.SERVING)
def check_transition(tenant: Tenant, change: Transition) -> Sequence[Violation]:
    """Return reasons against a state change that the machine itself allows.

    Runs in the transaction of the change, after the machine's own guard; any reason refuses it.
    """
    raise NotImplementedError
