"""What has happened. Sent from the outbox after commit, to each plugin in its own job, at least once, in
order per subject.

An answer means nothing; an error has the job tried again, for that plugin alone. Remember `event.id` to
stay idempotent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.hooks.markers import Phase, Scope, hook
from core.hooks.types import Json, OrderSnapshot
from core.kernel.money import Money
from core.kernel.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class Event:
    """A fact with an id of its own; `at` is aware, UTC."""

    id: UUID
    at: datetime


class OrderChange(StrEnum):
    """What became of an order."""

    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OrderEvent(Event):
    """An order changed state."""

    change: OrderChange
    order: OrderSnapshot


class PaymentChange(StrEnum):
    """What became of a payment."""

    AUTHORISED = "authorised"
    CAPTURED = "captured"
    FAILED = "failed"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class PaymentEvent(Event):
    """A payment's share of one order changed state."""

    change: PaymentChange
    order_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundEvent(Event):
    """Money went back:

    `amount` in all, `line_amounts` of it for each line, for so many units (0: by amount only).
    """

    order: OrderSnapshot
    amount: Money
    line_quantities: Mapping[UUID, int]
    line_amounts: Mapping[UUID, Money]


@dataclass(frozen=True, slots=True)
class SubjectEvent(Event):
    """Anything else of core's changed.

    `kind` is "merchant" (applied, approved, suspended, closed), "customer" (registered, confirmed, erased),
    "listing", "offer", "return", "parcel", "complaint" or "finding"; `change` is the state or fact reached;
    `facts` are what a listener needs without reading again. Kinds and changes are open: ignore those that
    are not known.
    """

    kind: str
    change: str
    subject_id: UUID
    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class PluginEvent(Event):
    """A fact that a plugin announces: "<plugin>.<fact>", JSON payload, versioned.

    The only way plugins hear each other.
    """

    name: str
    version: int
    payload: Mapping[str, Json]


@hook(Phase.AFTER, Scope.SERVING)
def on_order_event(tenant: Tenant, event: OrderEvent) -> None:
    """Hear that an order changed state.

    Runs in a worker after the change was committed, in order per order.
    """


@hook(Phase.AFTER, Scope.SERVING)
def on_payment_event(tenant: Tenant, event: PaymentEvent) -> None:
    """Hear that money from the buyer was authorised, captured, refused or disputed. Runs in a worker."""


@hook(Phase.AFTER, Scope.SERVING)
def on_refund_event(tenant: Tenant, event: RefundEvent) -> None:
    """Hear that money went back to the buyer, wholly or in part.

    Runs in a worker after the refund settled.
    """


@hook(Phase.AFTER, Scope.SERVING)
def on_subject_event(tenant: Tenant, event: SubjectEvent) -> None:
    """Hear that a merchant, customer, listing, offer, return, parcel, complaint or finding changed.

    Runs in a worker.
    """


@hook(Phase.AFTER, Scope.SERVING)
def on_plugin_event(tenant: Tenant, event: PluginEvent) -> None:
    """Hear what another plugin announced. Runs in a worker. Ignore names and versions that are not known."""
