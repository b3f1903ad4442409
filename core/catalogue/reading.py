"""What the consoles and the API read of the catalogue: a listing in full, lists by state, the review queue.

The storefront's queries are in `queries` and `search`: they show what is on the shelf; these show everything to those
whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from core.catalogue.models import ListingRow, PictureRow, TagRow, VariantRow
from core.catalogue.stock_models import StockRow
from core.catalogue.tokens import fold
from core.catalogue.values import Listing, Picture, Variant
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.media.models import MediaRow

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Summary:
    """A listing as one line of a list; `available` is over its variants."""

    id: UUID
    merchant_id: UUID
    category_id: UUID
    title: str
    state: str
    blocked_reason: str
    price_from: Money
    price_to: Money
    picture_id: UUID | None
    available: int
    variants: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Summaries:
    """A page of a list, newest first; `next` continues it."""

    rows: tuple[Summary, ...]
    next: UUID | None


def listing(listing_id: UUID, merchant_id: UUID | None = None) -> Listing:
    """Return a listing in full; with `merchant_id`, of that merchant alone. Raise Missing if there is none."""
    query = select(ListingRow).where(ListingRow.id == listing_id)
    if merchant_id is not None:
        query = query.where(ListingRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("catalogue.no_listing", _("There is no such listing"))
    tags = session().scalars(select(TagRow.tag).where(TagRow.listing_id == listing_id).order_by(TagRow.tag))
    return Listing(
        row.id, row.merchant_id, row.shop_id, row.category_id, row.slug, row.title, row.description, row.brand,
        dict(row.attributes), tuple(tags), tuple(row.option_names), row.tax_bps, row.currency, row.state,
        row.blocked_reason, row.is_available, Money(row.price_from_minor, row.currency),
        Money(row.price_to_minor, row.currency), row.created_at, row.published_at, row.publish_at, row.unpublish_at,
        row.external_key, row.version, _variants(listing_id), _pictures(listing_id),
    )  # fmt: skip


def _variants(listing_id: UUID) -> tuple[Variant, ...]:
    query = select(VariantRow).where(VariantRow.listing_id == listing_id, VariantRow.is_active)
    rows = session().scalars(query.order_by(VariantRow.position, VariantRow.id)).all()
    stock = available([row.id for row in rows])
    return tuple(
        Variant(
            row.id, row.sku, tuple(row.options), Money(row.price_minor, row.currency),
            Money(row.was_minor, row.currency) if row.was_minor is not None else None, row.weight_g, row.barcode,
            row.position, row.is_active, stock.get(row.id, 0), row.picture_id,
        )
        for row in rows
    )  # fmt: skip


def _pictures(listing_id: UUID) -> tuple[Picture, ...]:
    of_media = (MediaRow.tenant_id == PictureRow.tenant_id) & (MediaRow.id == PictureRow.media_id)
    query = select(PictureRow.media_id, PictureRow.alt, MediaRow.state, MediaRow.note).join(MediaRow, of_media)
    query = query.where(PictureRow.listing_id == listing_id).order_by(PictureRow.position)
    return tuple(Picture(row.media_id, row.alt, row.state, row.note) for row in session().execute(query))


def available(variant_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return how many of each variant can be sold, over all places; none means 0."""
    query = select(StockRow.variant_id, func.sum(StockRow.available)).where(StockRow.variant_id.in_(variant_ids))
    return {key: int(units) for key, units in session().execute(query.group_by(StockRow.variant_id))}


SORTS = ("newest", "oldest", "title", "title_down", "cheapest", "dearest")
"""How a console's list of listings can be sorted; each order ends with the key."""
STOCKS = ("none", "some")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which listings a console's list shows: of one merchant or of all; without a state, all that are not archived.

    `stock` is "none" (nothing to sell), "some", or "" for either.
    """

    merchant_id: UUID | None = None
    state: str | None = None
    search: str = ""
    category_id: UUID | None = None
    stock: str = ""


def _filtered(query: Select[T], wanted: Narrowed) -> Select[T]:
    merchant_id, search = wanted.merchant_id, wanted.search
    if merchant_id is not None:
        query = query.where(ListingRow.merchant_id == merchant_id)
    query = query.where(ListingRow.state == wanted.state if wanted.state else ListingRow.state != "archived")
    if search.strip():
        pattern = f"%{fold(search)}%"
        with_sku = select(VariantRow.listing_id).where(func.lower(VariantRow.sku).like(pattern))
        if merchant_id is not None:
            with_sku = with_sku.where(VariantRow.merchant_id == merchant_id)
        query = query.where(ListingRow.title_key.like(pattern) | ListingRow.id.in_(with_sku))
    if wanted.category_id is not None:
        query = query.where(ListingRow.category_id == wanted.category_id)
    if wanted.stock in STOCKS:
        query = query.where(ListingRow.is_available.is_(wanted.stock == "some"))
    return query


def listings(
    *,
    merchant_id: UUID | None = None,
    state: str | None = None,
    search: str = "",
    category_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Summaries:
    """Return listings newest first, of one merchant or of all; without a state, all that are not archived."""
    return narrowed(Narrowed(merchant_id, state, search, category_id), after=after, limit=limit)


def narrowed(wanted: Narrowed, *, sort: str = "newest", after: UUID | None = None, limit: int = 50) -> Summaries:
    """Return a page of listings in one of `SORTS`; `after` is the key of the last one of the page before."""
    ids = session().scalars(_in_order(_filtered(select(ListingRow.id), wanted), sort, after).limit(limit + 1)).all()
    found = {row.id: row for row in _summaries(ids[:limit])}
    return Summaries(tuple(found[key] for key in ids[:limit]), ids[limit - 1] if len(ids) > limit else None)


def _in_order(query: Select[UUID], sort: str, after: UUID | None) -> Select[UUID]:
    by: InstrumentedAttribute[Any] = {
        "title": ListingRow.title_key, "title_down": ListingRow.title_key, "cheapest": ListingRow.price_from_minor,
        "dearest": ListingRow.price_from_minor,
    }.get(sort, ListingRow.id)  # fmt: skip
    is_up = sort in ("oldest", "title", "cheapest")
    if after is not None:
        last = session().execute(select(by, ListingRow.id).where(ListingRow.id == after)).one_or_none()
        if last is not None:
            here, place = tuple_(by, ListingRow.id), tuple_(literal(last[0], by.type), literal(last[1]))
            query = query.where(here > place if is_up else here < place)
    return query.order_by(*(key.asc() if is_up else key.desc() for key in (by, ListingRow.id)))


def count(wanted: Narrowed) -> int:
    """Return how many listings there are of what a list shows."""
    return session().scalar(_filtered(select(func.count(ListingRow.id)), wanted)) or 0


def keys(wanted: Narrowed, *, limit: int) -> Sequence[UUID]:
    """Return the keys of what a list shows, the oldest first, at most so many."""
    return session().scalars(_filtered(select(ListingRow.id), wanted).order_by(ListingRow.id).limit(limit)).all()


def review_queue(limit: int = 50) -> tuple[Summary, ...]:
    """Return listings that wait for the operator, the longest first."""
    query = select(ListingRow.id).where(ListingRow.state == "review").order_by(ListingRow.id).limit(limit)
    return tuple(reversed(_summaries(session().scalars(query).all())))


def _summaries(ids: Sequence[UUID]) -> tuple[Summary, ...]:
    of_listing = (VariantRow.tenant_id == ListingRow.tenant_id) & (VariantRow.listing_id == ListingRow.id)
    of_variant = (StockRow.tenant_id == VariantRow.tenant_id) & (StockRow.variant_id == VariantRow.id)
    query = (
        select(
            ListingRow, func.count(VariantRow.id.distinct()), func.coalesce(func.sum(StockRow.available), 0)
        )
        .outerjoin(VariantRow, of_listing & VariantRow.is_active)
        .outerjoin(StockRow, of_variant)
        .where(ListingRow.id.in_(ids))
        .group_by(ListingRow.tenant_id, ListingRow.id)
        .order_by(ListingRow.id.desc())
    )  # fmt: skip
    return tuple(
        Summary(
            row.id, row.merchant_id, row.category_id, row.title, row.state, row.blocked_reason,
            Money(row.price_from_minor, row.currency), Money(row.price_to_minor, row.currency), row.picture_id,
            int(units), count, row.created_at,
        )
        for row, count, units in session().execute(query)
    )  # fmt: skip


def counts(merchant_id: UUID | None = None) -> Mapping[str, int]:
    """Return how many listings are in each state, of one merchant or of all."""
    query = select(ListingRow.state, func.count()).group_by(ListingRow.state)
    if merchant_id is not None:
        query = query.where(ListingRow.merchant_id == merchant_id)
    return dict(session().execute(query).all())
