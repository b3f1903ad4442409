"""What may be listed, who may see it, how it is decorated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement

from core.hooks.markers import OnFailure, Phase, Scope, hook
from core.hooks.types import Viewer, Violation
from core.kernel.money import Money
from core.kernel.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class ListingDraft:
    """A listing that is about to be published."""

    id: UUID
    merchant_id: UUID
    category_id: UUID
    title: str
    price: Money
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Badge:
    """A short mark on a listing's card. `code` is "<plugin>.<badge>"; `label` is in the viewer's language."""

    listing_id: UUID
    code: str
    label: str


@hook(Phase.TX, Scope.ENABLED)
def check_listing(tenant: Tenant, listing: ListingDraft) -> Sequence[Violation]:
    """Return reasons against publishing the listing.

    Runs in the transaction that publishes; none from anyone publishes it, any is shown to the merchant.
    """
    raise NotImplementedError


@hook(Phase.READ, Scope.ENABLED)
def catalogue_filters(tenant: Tenant, viewer: Viewer) -> Sequence[ColumnElement[bool]]:
    """Return SQL conditions over core.catalogue.models.Listing; all are ANDed into every storefront query.

    Runs for each storefront query and for the cart. Caches are keyed on the conditions' text and
    parameters, so depend on the viewer's labels and country rather than on the customer. Failing shows
    nothing rather than all.
    """
    raise NotImplementedError


@hook(Phase.READ, Scope.ENABLED, on_failure=OnFailure.OMIT)
def listing_badges(tenant: Tenant, viewer: Viewer, listing_ids: Sequence[UUID]) -> Sequence[Badge]:
    """Return badges for a whole page of listings in one call; one query, never one per listing.

    Runs for each page of cards; badges are shown in plugin order.
    """
    raise NotImplementedError
