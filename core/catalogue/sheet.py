"""Prices and stock of many variants as one sheet: read a page of it, change cells, all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from core.catalogue import prices, stock
from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.refreshing import refresh
from core.catalogue.stock_models import StockRow
from core.catalogue.tokens import fold
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.locks import lock
from core.kernel.money import Money

MOST = 100
"""Rows of one sheet."""
_DEAREST = 10**12


@dataclass(frozen=True, slots=True)
class Row:
    """A variant's line: `on_hand` lies at the sheet's place, `reserved` of it is promised to orders."""

    variant_id: UUID
    listing_id: UUID
    title: str
    options: tuple[str, ...]
    sku: str
    price: Money
    was: Money | None
    on_hand: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the sheet; `next` continues it. There is no place before the first stock is booked."""

    rows: tuple[Row, ...]
    place_id: UUID | None
    next: UUID | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a line is to say now. `seen` is the line as it was when somebody began to type."""

    seen: Row
    price: Money
    was: Money | None
    on_hand: int


def sheet(
    merchant_id: UUID,
    *,
    search: str = "",
    place_id: UUID | None = None,
    after: UUID | None = None,
    variant_ids: Sequence[UUID] | None = None,
) -> Sheet:
    """Return a page of a merchant's active variants, newest first, with the stock of one place, else the first."""
    places = [one.id for one in stock.locations(merchant_id)]
    place = place_id if place_id in places else next(iter(places), None)
    query = select(VariantRow.id).join(
        ListingRow, (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id)
    )
    query = query.where(VariantRow.merchant_id == merchant_id, VariantRow.is_active, ListingRow.state != "archived")
    if search.strip():
        pattern = f"%{fold(search)}%"
        query = query.where(ListingRow.title_key.like(pattern) | func.lower(VariantRow.sku).like(pattern))
    if variant_ids is not None:
        query = query.where(VariantRow.id.in_(variant_ids))
    if after is not None:
        query = query.where(VariantRow.id < after)
    ids = session().scalars(query.order_by(VariantRow.id.desc()).limit(MOST + 1)).all()
    return Sheet(_rows(ids[:MOST], place), place, ids[MOST - 1] if len(ids) > MOST else None)


def _rows(ids: Sequence[UUID], place_id: UUID | None) -> tuple[Row, ...]:
    of_listing = (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id)
    at_place = (StockRow.tenant_id == VariantRow.tenant_id) & (StockRow.variant_id == VariantRow.id)
    query = (
        select(VariantRow, ListingRow.title, StockRow.available, StockRow.reserved)
        .join(ListingRow, of_listing)
        .outerjoin(StockRow, at_place & (StockRow.location_id == place_id))
        .where(VariantRow.id.in_(ids))
        .order_by(VariantRow.id.desc())
    )
    return tuple(
        Row(
            v.id, v.listing_id, title, tuple(v.options), v.sku, Money(v.price_minor, v.currency),
            Money(v.was_minor, v.currency) if v.was_minor is not None else None,
            (available or 0) + (reserved or 0), reserved or 0,
        )
        for v, title, available, reserved in session().execute(query)
    )  # fmt: skip


def change(merchant_id: UUID, place_id: UUID | None, changes: Sequence[Change], reason: str) -> int:
    """Change lines of a merchant's own variants, all or none; return how many lines changed. Locks the variants.

    Raise Invalid with a field "<variant>.price", ".was" or ".on_hand" for what is wrong, Conflict if a line is not
    what was seen any more.
    """
    wanted = {one.seen.variant_id: one for one in changes if _differs(one)}
    variants = {row.id: row for row in lock(VariantRow, wanted)}
    present = {row.variant_id: row for row in sheet(merchant_id, place_id=place_id, variant_ids=list(wanted)).rows}
    _check(wanted, present)
    fresh: list[tuple[UUID, Money]] = []
    for key, one in wanted.items():
        row = variants[key]
        if one.price != one.seen.price:
            fresh.append((key, one.price))
        row.price_minor, row.was_minor = one.price.minor, one.was.minor if one.was else None
    prices.note(fresh)
    for key, one in wanted.items():
        if one.on_hand != one.seen.on_hand:
            stock.adjust(key, one.on_hand, reason, place_id)
    _note(list(wanted.values()))
    return len(wanted)


def _differs(one: Change) -> bool:
    return (one.price, one.was, one.on_hand) != (one.seen.price, one.seen.was, one.seen.on_hand)


def _check(wanted: Mapping[UUID, Change], present: Mapping[UUID, Row]) -> None:
    wrong: list[FieldError] = []
    for key, one in wanted.items():
        now = present.get(key)
        if now is None or (now.price, now.was, now.on_hand) != (one.seen.price, one.seen.was, one.seen.on_hand):
            raise Conflict(
                "catalogue.sheet_changed", _("{title} was changed in the meantime; look again before you save"),
                title=one.seen.title if now is None else now.title,
            )  # fmt: skip
        for name, message, holds in (
            ("price", _("Give a price, zero or more"), 0 <= one.price.minor < _DEAREST
             and one.price.currency == now.price.currency),
            ("was", _("The former price must be higher than the price"), one.was is None
             or one.price.minor < one.was.minor < _DEAREST),
            ("on_hand", _("Fewer cannot lie there: these units are promised to orders"), one.on_hand >= now.reserved),
        ):  # fmt: skip
            if not holds:
                wrong.append(FieldError(f"{key}.{name}", message))
    if wrong:
        raise Invalid("catalogue.sheet_wrong", _("Some cells are not right; nothing was saved"), fields=tuple(wrong))


def _note(lines: Sequence[Change]) -> None:
    listings = {one.seen.listing_id for one in lines}
    for row in lock(ListingRow, listings):
        row.version += 1
    refresh(listings)
    for one in lines:
        audit.record(
            "listing.sheet", "listing", one.seen.listing_id, sku=one.seen.sku, price=one.price.minor,
            price_before=one.seen.price.minor, on_hand=one.on_hand, on_hand_before=one.seen.on_hand,
        )  # fmt: skip
