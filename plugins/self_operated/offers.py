"""Which offers are the house's own, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select

from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.stock_models import StockRow
from core.kernel.db import session
from core.kernel.money import Money
from core.merchants.models import MerchantRow


@dataclass(frozen=True, slots=True)
class Offer:
    """An own offer. `net` is its price before tax where prices include it."""

    id: UUID
    listing_id: UUID
    title: str
    sku: str
    state: str
    price: Money
    tax_bps: int

    def net(self, *, inclusive: bool) -> Money:
        """Return the price of one before tax."""
        return self.price.net_of(self.tax_bps) if inclusive else self.price


def own() -> Select[VariantRow, ListingRow]:
    """Return the query of the house's offers with their listings."""
    return (
        select(VariantRow, ListingRow)
        .join(ListingRow, (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id))
        .join(MerchantRow, (MerchantRow.tenant_id == VariantRow.tenant_id) & (MerchantRow.id == VariantRow.merchant_id))
        .where(MerchantRow.is_house)
    )


def _offer(variant: VariantRow, listing: ListingRow) -> Offer:
    title = " · ".join([listing.title, *variant.options])
    price = Money(variant.price_minor, variant.currency)
    return Offer(variant.id, listing.id, title, variant.sku, listing.state, price, listing.tax_bps)


def named(offer_ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """Return own offers by key; others are left out."""
    rows = session().execute(own().where(VariantRow.id.in_(set(offer_ids)))).all()
    return {variant.id: _offer(variant, listing) for variant, listing in rows}


def choices(most: int = 500) -> Sequence[Offer]:
    """Return own offers that are not archived, by title."""
    query = own().where(ListingRow.state != "archived", VariantRow.is_active)
    rows = session().execute(query.order_by(ListingRow.title, VariantRow.position, VariantRow.id).limit(most)).all()
    return [_offer(variant, listing) for variant, listing in rows]


def shelves(offer_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many units lie on the shelves by core's own count, promised ones included."""
    query = (
        select(StockRow.variant_id, func.sum(StockRow.available + StockRow.reserved))
        .where(StockRow.variant_id.in_(set(offer_ids)))
        .group_by(StockRow.variant_id)
    )
    return {key: int(units) for key, units in session().execute(query)}
