"""What lies on the shelves: receipts, corrections, levels and the movements that explain every unit.

On hand is available plus reserved, and equals the sum of the movements. Nothing goes below zero: the change itself
says so in its condition, so two at once cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.reservations import refresh_availability
from core.catalogue.stock_models import LocationRow, MovementRow, StockRow
from core.catalogue.tokens import fold
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

FIRST_LOCATION = "Main"
_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Location:
    """A place where a merchant's goods lie."""

    id: UUID
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Level:
    """How many of a variant lie at a place. `is_low` says that no more than `low_at` can be sold."""

    variant_id: UUID
    listing_id: UUID
    title: str
    options: tuple[str, ...]
    sku: str
    location_id: UUID | None
    location: str
    available: int
    reserved: int
    low_at: int

    @property
    def on_hand(self) -> int:
        """Units that lie there, promised ones included."""
        return self.available + self.reserved

    @property
    def is_low(self) -> bool:
        """Whether it is time to order more."""
        return self.available <= self.low_at


@dataclass(frozen=True, slots=True)
class Levels:
    """A page of levels; `next` continues after its last variant."""

    rows: tuple[Level, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of what is on hand; `balance` is what lay there, over all places, right after it."""

    id: UUID
    at: datetime
    kind: str
    quantity: int
    balance: int
    location: str
    reason: str
    by_name: str
    order_id: UUID | None


def own(variant_id: UUID, merchant_id: UUID) -> None:
    """Raise Missing unless the variant is the merchant's."""
    _merchant_of(variant_id, merchant_id)


def _merchant_of(variant_id: UUID, merchant_id: UUID | None = None) -> UUID:
    query = select(VariantRow.merchant_id).where(VariantRow.id == variant_id)
    if merchant_id is not None:
        query = query.where(VariantRow.merchant_id == merchant_id)
    found = session().scalar(query)
    if found is None:
        raise Missing("stock.no_variant", _("There is no such variant"))
    return found


def default_location(merchant_id: UUID) -> UUID:
    """Return the merchant's first location; it is made where there is none."""
    query = select(LocationRow.id).where(LocationRow.merchant_id == merchant_id)
    query = query.order_by(LocationRow.position, LocationRow.id).limit(1)
    found = session().scalar(query)
    if found is None:
        row = {"tenant_id": current_id(), "id": new_id(), "merchant_id": merchant_id, "name": FIRST_LOCATION,
               "position": 0}  # fmt: skip
        session().execute(insert(LocationRow).values(row).on_conflict_do_nothing())
        found = session().scalars(query).one()
    return found


def locations(merchant_id: UUID) -> tuple[Location, ...]:
    """Return a merchant's locations; the first serves first."""
    query = select(LocationRow).where(LocationRow.merchant_id == merchant_id)
    rows = session().scalars(query.order_by(LocationRow.position, LocationRow.id))
    return tuple(Location(row.id, row.name, row.position) for row in rows)


def add_location(merchant_id: UUID, name: str) -> UUID:
    """Open a further location. Raise Invalid without a name, Conflict if the merchant has one of that name."""
    name = name.strip()
    if not 0 < len(name) <= 60:
        raise _wrong("name", _("Give the place a name of at most 60 characters"))
    default_location(merchant_id)
    if name in {place.name for place in locations(merchant_id)}:
        raise Conflict("stock.location_exists", _("You have a place called {name} already"), name=name)
    position = session().scalar(select(func.count()).where(LocationRow.merchant_id == merchant_id)) or 0
    row = LocationRow(id=new_id(), merchant_id=merchant_id, name=name, position=position)
    session().add(row)
    audit.record("stock.location_added", "location", row.id, name=name)
    return row.id


def _wrong(path: str, message: str) -> Invalid:
    return Invalid("stock.invalid", message, fields=(FieldError(path, message),))


def _location(merchant_id: UUID, location_id: UUID | None) -> UUID:
    if location_id is None:
        return default_location(merchant_id)
    query = select(LocationRow.id).where(LocationRow.id == location_id, LocationRow.merchant_id == merchant_id)
    if session().scalar(query) is None:
        raise Missing("stock.no_location", _("There is no such place"))
    return location_id


def receive(
    variant_id: UUID,
    quantity: int,
    *,
    kind: str,
    reason: str = "",
    location_id: UUID | None = None,
    key: str | None = None,
) -> None:
    """Book units in (or, negative, out) as a movement of a kind: receipt, correction, import, write_off or transfer.

    The same key again changes nothing. Raise Conflict if fewer can be sold than are taken out.
    """
    if quantity == 0 or abs(quantity) > _MOST:
        raise _wrong("quantity", _("Give a number of units other than zero"))
    place = _location(_merchant_of(variant_id), location_id)
    if not _record(variant_id, place, kind, quantity, reason, key):
        return
    _put(variant_id, place, quantity)
    refresh_availability({variant_id})


def _record(variant_id: UUID, location_id: UUID, kind: str, quantity: int, reason: str, key: str | None) -> bool:
    row = {
        "tenant_id": current_id(), "id": new_id(), "variant_id": variant_id, "location_id": location_id, "kind": kind,
        "quantity": quantity, "reason": reason, "key": key, "by_name": audit.actor().name, "at": clock.now(),
    }  # fmt: skip
    written = session().execute(insert(MovementRow).values(row).on_conflict_do_nothing().returning(MovementRow.id))
    return written.first() is not None


def _put(variant_id: UUID, location_id: UUID, quantity: int) -> None:
    _shelf(variant_id, location_id)
    changed = session().execute(
        update(StockRow)
        .where(
            StockRow.variant_id == variant_id,
            StockRow.location_id == location_id,
            StockRow.available + quantity >= 0,
        )
        .values(available=StockRow.available + quantity)
        .returning(StockRow.id)
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None:
        raise Conflict("stock.too_few", _("Fewer units can be taken out: the others are promised to orders"))


def _shelf(variant_id: UUID, location_id: UUID) -> None:
    row = {"tenant_id": current_id(), "id": new_id(), "variant_id": variant_id, "location_id": location_id,
           "available": 0, "reserved": 0, "low_at": 0}  # fmt: skip
    session().execute(insert(StockRow).values(row).on_conflict_do_nothing())


def adjust(variant_id: UUID, new_on_hand: int, reason: str, location_id: UUID | None = None) -> int:
    """Set what lies at a place to what was counted there; return the difference. Locks the shelf.

    Raise Invalid without a reason, Conflict if more units than that are promised to orders.
    """
    if not reason.strip():
        raise _wrong("reason", _("Say why the number changes"))
    return _set(variant_id, new_on_hand, "correction", reason.strip(), location_id)


def set_on_hand(
    variant_id: UUID, quantity: int, *, kind: str = "import", reason: str = "", location_id: UUID | None = None
) -> int:
    """Set what lies at a place, as a file or another system says; return the difference. Locks the shelf."""
    return _set(variant_id, quantity, kind, reason, location_id)


def _set(variant_id: UUID, new_on_hand: int, kind: str, reason: str, location_id: UUID | None) -> int:
    if not 0 <= new_on_hand <= _MOST:
        raise _wrong("on_hand", _("Give the number of units that lie there, 0 or more"))
    place = _location(_merchant_of(variant_id), location_id)
    _shelf(variant_id, place)
    query = select(StockRow.available, StockRow.reserved).where(
        StockRow.variant_id == variant_id, StockRow.location_id == place
    )
    shelf = session().execute(query.with_for_update()).one()
    if new_on_hand < shelf.reserved:
        raise Conflict(
            "stock.promised", _("{reserved} units are promised to orders; fewer cannot lie there"),
            reserved=shelf.reserved,
        )  # fmt: skip
    change = new_on_hand - shelf.available - shelf.reserved
    if change:
        _record(variant_id, place, kind, change, reason, None)
        _put(variant_id, place, change)
        refresh_availability({variant_id})
    return int(change)


def warn_at(variant_id: UUID, low_at: int, location_id: UUID | None = None) -> None:
    """Set the number at which the variant counts as low at a place."""
    if not 0 <= low_at <= _MOST:
        raise _wrong("low_at", _("Give a number, 0 or more"))
    place = _location(_merchant_of(variant_id), location_id)
    _shelf(variant_id, place)
    shelf = update(StockRow).where(StockRow.variant_id == variant_id, StockRow.location_id == place)
    session().execute(shelf.values(low_at=low_at).execution_options(synchronize_session=False))


def levels(
    merchant_id: UUID,
    *,
    search: str = "",
    only_low: bool = False,
    variant_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Levels:
    """Return levels by variant and place, a page of variants at a time; active variants of a merchant alone."""
    wanted = select(VariantRow.id).join(ListingRow, _OF_LISTING)
    wanted = wanted.where(VariantRow.merchant_id == merchant_id, VariantRow.is_active, ListingRow.state != "archived")
    if search:
        pattern = f"%{fold(search)}%"
        wanted = wanted.where(ListingRow.title_key.like(pattern) | func.lower(VariantRow.sku).like(pattern))
    if variant_id is not None:
        wanted = wanted.where(VariantRow.id == variant_id)
    if only_low:
        wanted = wanted.outerjoin(StockRow, _OF_VARIANT)
        wanted = wanted.group_by(VariantRow.id).having(_WARNED >= _SELLABLE)
    if after is not None:
        wanted = wanted.where(VariantRow.id < after)
    ids = session().scalars(wanted.order_by(VariantRow.id.desc()).limit(limit + 1)).all()
    rows = session().execute(_level_rows(ids[:limit]))
    found = tuple(
        Level(r.id, r.listing_id, r.title, tuple(r.options), r.sku, r.location_id, r.name or "", r.available or 0,
              r.reserved or 0, r.low_at or 0)
        for r in rows
    )  # fmt: skip
    return Levels(found, ids[limit - 1] if len(ids) > limit else None)


_OF_LISTING = (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id)
_OF_VARIANT = (StockRow.tenant_id == VariantRow.tenant_id) & (StockRow.variant_id == VariantRow.id)
_PLACE_OF_MOVEMENT = (LocationRow.tenant_id == MovementRow.tenant_id) & (LocationRow.id == MovementRow.location_id)
_OF_LOCATION = (LocationRow.tenant_id == StockRow.tenant_id) & (LocationRow.id == StockRow.location_id)
_WARNED = func.coalesce(func.max(StockRow.low_at), 0)
_SELLABLE = func.coalesce(func.sum(StockRow.available), 0)


def _level_rows(
    ids: Sequence[UUID],
) -> Select[UUID, UUID, list[str], str, str, UUID, str, int, int, int, *tuple[Any, ...]]:
    return (
        select(
            VariantRow.id, VariantRow.listing_id, VariantRow.options, VariantRow.sku, ListingRow.title,
            StockRow.location_id, LocationRow.name, StockRow.available, StockRow.reserved, StockRow.low_at,
        )
        .join(ListingRow, _OF_LISTING)
        .outerjoin(StockRow, _OF_VARIANT)
        .outerjoin(LocationRow, _OF_LOCATION)
        .where(VariantRow.id.in_(ids))
        .order_by(VariantRow.id.desc(), LocationRow.position)
    )  # fmt: skip


def movements(
    variant_id: UUID, *, merchant_id: UUID | None = None, before: UUID | None = None, limit: int = 100
) -> tuple[Movement, ...]:
    """Return a variant's movements, newest first, each with the balance after it. Raise Missing if it is not theirs."""
    _merchant_of(variant_id, merchant_id)
    balance = func.sum(MovementRow.quantity).over(order_by=(MovementRow.at, MovementRow.id)).label("balance")
    every = select(MovementRow.id.label("key"), balance).where(MovementRow.variant_id == variant_id).subquery()
    query = (
        select(MovementRow, every.c.balance, LocationRow.name)
        .join(every, every.c.key == MovementRow.id)
        .join(LocationRow, _PLACE_OF_MOVEMENT)
        .order_by(MovementRow.at.desc(), MovementRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before is not None:
        query = query.where(MovementRow.id < before)
    return tuple(
        Movement(row.id, row.at, row.kind, row.quantity, int(total), place, row.reason, row.by_name, row.order_id)
        for row, total, place in session().execute(query)
    )
