"""How goods reach the buyer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.hooks.markers import OnFailure, Phase, Scope, hook
from core.hooks.types import Line, Viewer
from core.kernel.money import Money
from core.kernel.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class ParcelDraft:
    """Lines of one merchant that would travel together, to the viewer's country and `postcode`.

    `origin` is the ISO 3166 alpha-2 country that they leave from, None when unknown. Weights are on the
    lines.
    """

    merchant_id: UUID
    lines: tuple[Line, ...]
    viewer: Viewer
    postcode: str | None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class FulfilmentOption:
    """A way to deliver. `code` is "<plugin>.<method>"; the days are in the tenant's timezone."""

    code: str
    label: str
    price: Money
    earliest: date
    latest: date
    needs_address: bool = True


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A parcel to hand over; `key` makes a repeat harmless."""

    id: UUID
    order_id: UUID
    method: str
    key: str


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The outside world's answer: its reference, and where the buyer can follow the parcel."""

    reference: str
    tracking_url: str | None


@hook(Phase.READ, Scope.ENABLED, on_failure=OnFailure.OMIT)
def fulfilment_options(tenant: Tenant, parcel: ParcelDraft) -> Sequence[FulfilmentOption]:
    """Return ways to deliver a parcel, priced.

    Runs for each parcel of the checkout and again at placing. The buyer picks one; it is stored with the
    order.
    """
    raise NotImplementedError


@hook(Phase.AFTER, Scope.SERVING, first=True)
def dispatch_fulfilment(tenant: Tenant, fulfilment: Fulfilment) -> Dispatch | None:
    """Hand a parcel of an own method to the outside world; None for anyone else's.

    Runs in a worker, retried until it answers: the same key must not ship twice.
    """
