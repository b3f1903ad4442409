"""One listing in full, with its variants, stock, pictures and lowest earlier prices, read in one statement.

The row is read for every request; the value is made from it once: equal rows give the very same ListingView, which
pages may therefore use as a key of what they have drawn of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Text, Uuid, bindparam, cast, text

from core.catalogue.models import ListingRow
from core.catalogue.queries import Filters, fetch, narrowed, params_of, shape_of
from core.catalogue.visibility import Sight
from core.kernel import clock
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current_id

_LOWEST_OVER = timedelta(days=30)
_L = ListingRow.__table__.c
_COLUMNS = (
    _L.id, _L.slug, _L.title, _L.description, _L.brand, cast(_L.attributes, Text), cast(_L.option_names, Text), _L.category_id, _L.shop_id,
    _L.merchant_id, _L.currency, _L.price_from_minor, _L.price_to_minor, _L.was_minor, _L.is_available,
    _L.sold_count, _L.published_at, _L.tax_bps, _L.plugin, _L.version,
)  # fmt: skip
# Each variant: what it costs and has, and the lowest price in the 30 days before its present one began.
_VARIANTS = """(
  select coalesce(cast(json_agg(json_build_array(v.id, v.sku, v.options, v.price_minor, v.was_minor, v.picture_id,
           (select coalesce(sum(s.available), 0) from stock s
             where s.tenant_id = v.tenant_id and s.variant_id = v.id),
           case when v.was_minor is not null then (
             select min(h.price_minor) from price_history h
              where h.tenant_id = v.tenant_id and h.variant_id = v.id and h.until is not null
                and h.until > :lowest_since) end
         ) order by v.position, v.id) as text), '[]')
    from variants v
   where v.tenant_id = listings.tenant_id and v.listing_id = listings.id and v.is_active)"""
_PICTURES = """(
  select coalesce(cast(json_agg(json_build_array(p.media_id, p.alt) order by p.position) as text), '[]')
    from listing_pictures p where p.tenant_id = listings.tenant_id and p.listing_id = listings.id)"""


_NOBODY = UUID(int=0)
_NAMES = (
    "id", "slug", "title", "description", "brand", "attributes", "option_names", "category_id", "shop_id",
    "merchant_id", "currency", "price_from_minor", "price_to_minor", "was_minor", "is_available", "sold_count",
    "published_at", "tax_bps", "plugin", "version", "variants", "pictures",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VariantView:
    """One thing to buy. `lowest` is the least price of the 30 days before a reduction, where there is one."""

    id: UUID
    sku: str
    options: tuple[str, ...]
    price: Money
    was: Money | None
    picture_id: UUID | None
    available: int
    lowest: Money | None

    @property
    def is_available(self) -> bool:
        """Whether at least one can be bought now."""
        return self.available > 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the gallery."""

    media_id: UUID
    alt: str


@dataclass(frozen=True, slots=True, eq=False)
class ListingView:
    """A listing as its page shows it; `tax_bps` is the rate that is in or on its prices. It equals only itself."""

    id: UUID
    slug: str
    title: str
    description: str
    brand: str
    attributes: Mapping[str, str]
    option_names: tuple[str, ...]
    category_id: UUID
    shop_id: UUID
    merchant_id: UUID
    currency: str
    price_from: Money
    price_to: Money
    was: Money | None
    is_available: bool
    sold_count: int
    published_at: datetime
    tax_bps: int
    plugin: str | None
    version: int
    variants: tuple[VariantView, ...]
    pictures: tuple[Picture, ...]


def _statement(column: Any, name: str, kind: Any) -> Select[Any]:
    everything = (*_COLUMNS, text(_VARIANTS), text(_PICTURES))
    shape = shape_of(Filters(), Sight((), (_NOBODY,)))
    return narrowed(everything, shape).where(column == bindparam(name, type_=kind))


def by_slug(slug: str, sight: Sight) -> ListingView:
    """Return a visible listing by its name in addresses. Raise Missing if there is none."""
    return _found(_BY_SLUG, sight, slug=slug)


def by_id(listing_id: UUID, sight: Sight) -> ListingView:
    """Return a visible listing by its key. Raise Missing if there is none."""
    return _found(_BY_ID, sight, listing=listing_id)


def _found(query: Select[Any], sight: Sight, **key: object) -> ListingView:
    params = params_of(Filters(), sight) | key | {"lowest_since": clock.now() - _LOWEST_OVER}
    rows = fetch(query, sight, params)
    if not rows:
        raise Missing("catalogue.no_listing", _("This is not on sale any more"))
    return _view(current_id(), rows[0])


@lru_cache(maxsize=4096)
def _view(_tenant_id: UUID, row: tuple[Any, ...]) -> ListingView:
    """Return the value of a row; rows of two tenants are never one."""
    found = SimpleNamespace(**dict(zip(_NAMES, row, strict=True)))
    currency = found.currency
    return ListingView(
        id=found.id, slug=found.slug, title=found.title, description=found.description, brand=found.brand,
        attributes=json.loads(found.attributes), option_names=tuple(json.loads(found.option_names)),
        category_id=found.category_id, shop_id=found.shop_id, merchant_id=found.merchant_id, currency=currency,
        price_from=Money(found.price_from_minor, currency), price_to=Money(found.price_to_minor, currency),
        was=_money(found.was_minor, currency), is_available=found.is_available, sold_count=found.sold_count,
        published_at=found.published_at, tax_bps=found.tax_bps, plugin=found.plugin, version=found.version,
        variants=tuple(_variant(each, currency) for each in json.loads(found.variants)),
        pictures=tuple(Picture(UUID(media_id), alt) for media_id, alt in json.loads(found.pictures)),
    )  # fmt: skip


def _variant(found: list[Any], currency: str) -> VariantView:
    key, sku, options, price, was, picture, available, lowest = found
    return VariantView(
        UUID(key), sku, tuple(options), Money(price, currency), _money(was, currency),
        UUID(picture) if picture else None, int(available), _money(lowest, currency),
    )  # fmt: skip


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


_BY_SLUG = _statement(_L.slug, "slug", String())
_BY_ID = _statement(_L.id, "listing", Uuid())
