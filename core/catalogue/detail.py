"""One listing in full, with its variants, stock, pictures and lowest earlier prices, read in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Uuid, bindparam, text

from core.catalogue.models import ListingRow
from core.catalogue.queries import Filters, fetch, narrowed, params_of, shape_of
from core.catalogue.visibility import Sight
from core.kernel import clock
from core.kernel.errors import Missing, _
from core.kernel.money import Money

_LOWEST_OVER = timedelta(days=30)
_L = ListingRow.__table__.c
_COLUMNS = (
    _L.id, _L.slug, _L.title, _L.description, _L.brand, _L.attributes, _L.option_names, _L.category_id, _L.shop_id,
    _L.merchant_id, _L.currency, _L.price_from_minor, _L.price_to_minor, _L.was_minor, _L.is_available,
    _L.sold_count, _L.published_at, _L.tax_bps, _L.plugin, _L.version,
)  # fmt: skip
# Each variant: what it costs and has, and the lowest price in the 30 days before its present one began.
_VARIANTS = """(
  select coalesce(json_agg(json_build_array(v.id, v.sku, v.options, v.price_minor, v.was_minor, v.picture_id,
           (select coalesce(sum(s.available), 0) from stock s
             where s.tenant_id = v.tenant_id and s.variant_id = v.id),
           case when v.was_minor is not null then (
             select min(h.price_minor) from price_history h
              where h.tenant_id = v.tenant_id and h.variant_id = v.id and h.until is not null
                and h.until > :lowest_since) end
         ) order by v.position, v.id), cast('[]' as json))
    from variants v
   where v.tenant_id = listings.tenant_id and v.listing_id = listings.id and v.is_active)"""
_PICTURES = """(
  select coalesce(json_agg(json_build_array(p.media_id, p.alt) order by p.position), cast('[]' as json))
    from listing_pictures p where p.tenant_id = listings.tenant_id and p.listing_id = listings.id)"""


_NOBODY = UUID(int=0)
_NAMES = (*(column.name for column in _COLUMNS), "variants", "pictures")


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


@dataclass(frozen=True, slots=True)
class ListingView:
    """A listing as its page shows it; `tax_bps` is the rate that is in or on its prices."""

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
    return _view(SimpleNamespace(**dict(zip(_NAMES, rows[0], strict=True))))


def _view(row: SimpleNamespace) -> ListingView:
    currency = row.currency
    return ListingView(
        id=row.id, slug=row.slug, title=row.title, description=row.description, brand=row.brand,
        attributes=row.attributes, option_names=tuple(row.option_names), category_id=row.category_id,
        shop_id=row.shop_id, merchant_id=row.merchant_id, currency=currency,
        price_from=Money(row.price_from_minor, currency), price_to=Money(row.price_to_minor, currency),
        was=_money(row.was_minor, currency), is_available=row.is_available, sold_count=row.sold_count,
        published_at=row.published_at, tax_bps=row.tax_bps, plugin=row.plugin, version=row.version,
        variants=tuple(_variant(each, currency) for each in row.variants),
        pictures=tuple(Picture(UUID(media_id), alt) for media_id, alt in row.pictures),
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
