"""Promises of stock: units held for a purchase until a moment, allocated once paid, shipped or given back.

Rows are locked in one order, late, in one statement, so carts that share goods do not deadlock and nothing is
promised twice; the table's own check keeps `available` from going below zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from core.catalogue.stock_models import MovementRow, ReservationRow, StockRow
from core.kernel import audit, clock
from core.kernel.db import fetched, session, written
from core.kernel.errors import Conflict, _
from core.kernel.ids import new_id
from core.kernel.rows import store
from core.kernel.tenancy import current_id


class OutOfStock(Conflict):
    """There are fewer units than asked for; `variant_id` and `left` are in the facts."""


@dataclass(frozen=True, slots=True)
class Want:
    """Units wanted for one line of an order."""

    purchase_id: UUID
    order_id: UUID
    line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(slots=True)
class _Shelf:
    id: UUID
    location_id: UUID
    available: int


def reserve(wants: Sequence[Want], expires_at: datetime | None) -> None:
    """Hold units for lines until a moment; None holds them for good (paid). Raise OutOfStock, nothing held.

    Call it last in the transaction: from here to the commit the goods' rows are locked.
    """
    shelves = _locked_shelves({want.variant_id for want in wants})
    taken: dict[UUID, int] = defaultdict(int)
    rows = []
    for want in sorted(wants, key=lambda w: (w.variant_id, w.line_id)):
        for shelf, quantity in _pick(shelves[want.variant_id], want):
            shelf.available -= quantity
            taken[shelf.id] += quantity
            rows.append(_row(want, shelf.location_id, quantity, expires_at))
    _move_to_reserved(taken)
    store(ReservationRow, rows)
    refresh_availability({want.variant_id for want in wants})


def _locked_shelves(variant_ids: set[UUID]) -> dict[UUID, list[_Shelf]]:
    found = fetched(_SHELVES, {"tenant": current_id(), "variants": sorted(variant_ids)})
    shelves: dict[UUID, list[_Shelf]] = defaultdict(list)
    for key, variant_id, location_id, available, _position in sorted(found, key=lambda row: (row[4], row[2])):
        shelves[variant_id].append(_Shelf(key, location_id, available))
    return shelves


_SHELVES = """
    select s.id, s.variant_id, s.location_id, s.available, l.position
      from stock s join stock_locations l on l.tenant_id = s.tenant_id and l.id = s.location_id
     where s.tenant_id = %(tenant)s and s.variant_id = any(%(variants)s)
     order by s.variant_id, s.location_id for update of s"""


def _pick(shelves: list[_Shelf], want: Want) -> list[tuple[_Shelf, int]]:
    """Choose where the units come from: one location that has them all, else several in their order."""
    whole = next((shelf for shelf in shelves if shelf.available >= want.quantity), None)
    if whole is not None:
        return [(whole, want.quantity)]
    picked, missing = [], want.quantity
    for shelf in shelves:
        part = min(shelf.available, missing)
        if part:
            picked.append((shelf, part))
            missing -= part
    if missing:
        left = sum(shelf.available for shelf in shelves)
        raise OutOfStock(
            "stock.too_few", _("Only {left} are left of what you want"), left=left, variant_id=str(want.variant_id)
        )
    return picked


def _row(want: Want, location_id: UUID, quantity: int, expires_at: datetime | None) -> dict[str, object]:
    return {
        "tenant_id": current_id(),
        "id": new_id(),
        "purchase_id": want.purchase_id,
        "order_id": want.order_id,
        "line_id": want.line_id,
        "variant_id": want.variant_id,
        "location_id": location_id,
        "quantity": quantity,
        "state": "held" if expires_at else "allocated",
        "expires_at": expires_at,
    }


_TO_RESERVED = """
    update stock s set available = s.available - t.units, reserved = s.reserved + t.units
      from unnest(%(keys)s::uuid[], %(units)s::int[]) as t(id, units)
     where s.tenant_id = %(tenant)s and s.id = t.id"""


def _move_to_reserved(taken: dict[UUID, int]) -> None:
    written(_TO_RESERVED, {"tenant": current_id(), "keys": list(taken), "units": list(taken.values())})


def allocate(purchase_id: UUID) -> bool:
    """Keep a paid purchase's units until they are shipped; return False if they had been given back already."""
    held = session().execute(
        update(ReservationRow)
        .where(ReservationRow.purchase_id == purchase_id, ReservationRow.state == "held")
        .values(state="allocated", expires_at=None)
        .returning(ReservationRow.id)
    )
    return held.first() is not None


def release(purchase_id: UUID, *, order_id: UUID | None = None) -> None:
    """Give back what a purchase, or one of its orders, still holds. Doing it again changes nothing."""
    query = (
        select(ReservationRow)
        .where(ReservationRow.purchase_id == purchase_id, ReservationRow.state.in_(["held", "allocated"]))
        .order_by(ReservationRow.variant_id, ReservationRow.location_id)
    )
    if order_id is not None:
        query = query.where(ReservationRow.order_id == order_id)
    _give_back(session().scalars(query.with_for_update()).all())


def _give_back(rows: Sequence[ReservationRow]) -> None:
    for row in rows:
        row.state = "released"
        session().execute(
            _shelf_of(row).values(
                available=StockRow.available + row.quantity, reserved=StockRow.reserved - row.quantity
            )
        )
    refresh_availability({row.variant_id for row in rows})


def _shelf_of(row: ReservationRow):  # type: ignore[no-untyped-def]  # SQLAlchemy's Update has no public type to name
    return (
        update(StockRow)
        .where(StockRow.variant_id == row.variant_id, StockRow.location_id == row.location_id)
        .execution_options(synchronize_session=False)
    )


def ship(order_id: UUID, units: dict[UUID, int], key: str) -> None:
    """Take shipped units of an order's lines off the shelves, each as a movement. Raise Conflict if not allocated."""
    query = (
        select(ReservationRow)
        .where(ReservationRow.order_id == order_id, ReservationRow.state == "allocated")
        .order_by(ReservationRow.variant_id, ReservationRow.location_id)
        .with_for_update()
    )
    left = dict(units)
    for row in session().scalars(query):
        part = min(row.quantity, left.get(row.line_id, 0))
        if part:
            left[row.line_id] -= part
            _leave(row, part, key)
    if any(left.values()):
        raise Conflict("stock.not_allocated", _("These units are not set aside for this order"))


def _leave(row: ReservationRow, units: int, key: str) -> None:
    session().execute(_shelf_of(row).values(reserved=StockRow.reserved - units))
    if units == row.quantity:
        row.state = "shipped"
    else:
        row.quantity -= units
    _record(row.variant_id, row.location_id, "sale", -units, row.order_id, f"{key}:{row.id}")


def give_back(order_id: UUID, units: Mapping[UUID, int]) -> None:
    """Put units of lines that were paid but will not be sent back on sale; they never left their shelves."""
    query = (
        select(ReservationRow)
        .where(ReservationRow.order_id == order_id, ReservationRow.state == "allocated")
        .order_by(ReservationRow.variant_id, ReservationRow.location_id)
        .with_for_update()
    )
    left, touched = dict(units), set()
    for row in session().scalars(query):
        part = min(row.quantity, left.get(row.line_id, 0))
        if not part:
            continue
        left[row.line_id] -= part
        values = {"available": StockRow.available + part, "reserved": StockRow.reserved - part}
        session().execute(_shelf_of(row).values(**values))
        if part == row.quantity:
            row.state = "released"
        else:
            row.quantity -= part
        touched.add(row.variant_id)
    refresh_availability(touched)


def restock(order_id: UUID, units: Iterable[tuple[UUID, UUID, int]], key: str) -> None:
    """Put returned units of (line, variant) back where they came from, each as a movement under the key."""
    touched = set()
    for line_id, variant_id, quantity in units:
        query = select(ReservationRow.location_id).where(ReservationRow.line_id == line_id).limit(1)
        location_id = session().scalar(query)
        if location_id is None or not quantity:
            continue
        session().execute(
            update(StockRow)
            .where(StockRow.variant_id == variant_id, StockRow.location_id == location_id)
            .values(available=StockRow.available + quantity)
            .execution_options(synchronize_session=False)
        )
        _record(variant_id, location_id, "return", quantity, order_id, f"{key}:{line_id}")
        touched.add(variant_id)
    refresh_availability(touched)


def scrap(order_id: UUID, units: Iterable[tuple[UUID, UUID, int]], key: str) -> None:
    """Note that returned units of (line, variant) came back and were written off at once, each under the key."""
    for line_id, variant_id, quantity in units:
        query = select(ReservationRow.location_id).where(ReservationRow.line_id == line_id).limit(1)
        location_id = session().scalar(query)
        if location_id is not None and quantity:
            _record(variant_id, location_id, "return", quantity, order_id, f"{key}:{line_id}:back")
            _record(variant_id, location_id, "write_off", -quantity, order_id, f"{key}:{line_id}:off")


def _record(variant_id: UUID, location_id: UUID, kind: str, quantity: int, order_id: UUID, key: str) -> None:
    session().add(
        MovementRow(
            variant_id=variant_id, location_id=location_id, kind=kind, quantity=quantity, order_id=order_id, key=key,
            by_name=audit.actor().name, at=clock.now(),
        )
    )  # fmt: skip


_REFRESH = """
    update listings l set is_available = t.has
      from (select v.listing_id, bool_or(coalesce(s.available, 0) > 0) as has
              from variants v left join stock s on s.tenant_id = v.tenant_id and s.variant_id = v.id
             where v.tenant_id = %(tenant)s and v.is_active and v.listing_id in (
                   select listing_id from variants where tenant_id = %(tenant)s and id = any(%(variants)s))
             group by v.listing_id) t
     where l.tenant_id = %(tenant)s and l.id = t.listing_id and l.is_available <> t.has"""


def refresh_availability(variant_ids: set[UUID]) -> None:
    """Keep each listing's mark "can be bought" in step with its variants' shelves."""
    if variant_ids:
        written(_REFRESH, {"tenant": current_id(), "variants": sorted(variant_ids)})
