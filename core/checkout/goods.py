"""What a cart's variants are right now: price, shop, stock, and whether they may be sold; one statement."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core.kernel.db import fetched
from core.kernel.money import Money
from core.kernel.tenancy import current


@dataclass(frozen=True, slots=True)
class Good:
    """A variant as it can be bought at this moment; `reason` says why it cannot, empty where it can."""

    variant_id: UUID
    listing_id: UUID
    merchant_id: UUID
    shop_id: UUID
    category_id: UUID
    title: str
    slug: str
    options: tuple[str, ...]
    sku: str
    picture_id: UUID | None
    price: Money
    was: Money | None
    tax_bps: int
    weight_g: int
    plugin: str | None
    available: int
    shop_name: str
    shop_slug: str
    is_house: bool
    reason: str


_GOODS = """
    select v.id as variant_id, v.listing_id, v.merchant_id, l.shop_id, l.category_id, l.title, l.slug, v.options, v.sku,
           coalesce(v.picture_id, l.picture_id) as picture_id, v.price_minor, v.was_minor, v.currency, l.tax_bps,
           v.weight_g, l.plugin, s.name as shop_name, s.slug as shop_slug, m.is_house,
           v.is_active, l.state as listing_state, s.state as shop_state, m.state as merchant_state,
           (select coalesce(sum(k.available), 0)::bigint from stock k
             where k.tenant_id = v.tenant_id and k.variant_id = v.id) as available
      from variants v
      join listings l on l.tenant_id = v.tenant_id and l.id = v.listing_id
      join shops s on s.tenant_id = v.tenant_id and s.id = l.shop_id
      join merchants m on m.tenant_id = v.tenant_id and m.id = v.merchant_id
     where v.tenant_id = %(tenant)s and v.id = any(%(variants)s)"""
_Row = namedtuple(
    "_Row",
    "variant_id listing_id merchant_id shop_id category_id title slug options sku picture_id price_minor was_minor "
    "currency tax_bps weight_g plugin shop_name shop_slug is_house is_active listing_state shop_state merchant_state "
    "available",
)


def find(variant_ids: Iterable[UUID]) -> Mapping[UUID, Good]:
    """Return the variants that exist, by key; whether they may be sold is in each one's reason."""
    wanted = sorted(set(variant_ids))
    if not wanted:
        return {}
    rows = map(_Row._make, fetched(_GOODS, {"tenant": current().id, "variants": wanted}))
    return {row.variant_id: _good(row) for row in rows}


def _good(row: _Row) -> Good:
    return Good(
        variant_id=row.variant_id,
        listing_id=row.listing_id,
        merchant_id=row.merchant_id,
        shop_id=row.shop_id,
        category_id=row.category_id,
        title=row.title,
        slug=row.slug,
        options=tuple(row.options),
        sku=row.sku,
        picture_id=row.picture_id,
        price=Money(row.price_minor, row.currency),
        was=Money(row.was_minor, row.currency) if row.was_minor else None,
        tax_bps=row.tax_bps,
        weight_g=row.weight_g,
        plugin=row.plugin,
        available=row.available,
        shop_name=row.shop_name,
        shop_slug=row.shop_slug,
        is_house=row.is_house,
        reason=_reason(row),
    )


def _reason(row: _Row) -> str:
    if row.listing_state != "live" or not row.is_active or row.merchant_state != "approved":
        return "not_sold"
    if row.plugin is not None and row.plugin not in current().enabled:
        return "not_sold"
    if row.shop_state != "open":
        return "shop_away"
    return "" if row.available > 0 else "sold_out"
