"""Parcels: what leaves, with whom, and when it has arrived; the order follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select

from core.catalogue import reservations
from core.fulfilment.models import ParcelLineRow, ParcelRow
from core.hooks.runtime import move
from core.kernel import clock, jobs
from core.kernel.audit import Plain
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.machine import machine
from core.kernel.tenancy import current
from core.merchants.models import ShopRow
from core.orders import progress, timeline
from core.orders.models import LineRow, OrderRow

PARCEL = machine("parcel", shipped="delivered lost returned", delivered="", lost="delivered", returned="")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as pages show it; `units` maps an order line to how many it holds."""

    id: UUID
    carrier: str
    tracking: str
    tracking_url: str
    state: str
    shipped_at: datetime
    delivered_at: datetime | None
    units: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Shipment:
    """What a merchant says when sending: empty `units` means everything that is left."""

    carrier: str
    tracking: str = ""
    tracking_url: str = ""
    units: Mapping[UUID, int] | None = None


def parcels(order_id: UUID) -> list[Parcel]:
    """Return an order's parcels in the order of sending."""
    return parcels_of([order_id])[order_id]


def parcels_of(order_ids: Sequence[UUID]) -> dict[UUID, list[Parcel]]:
    """Return the parcels of orders in the order of sending, by order."""
    found: dict[UUID, list[Parcel]] = {key: [] for key in order_ids}
    rows = session().scalars(select(ParcelRow).where(ParcelRow.order_id.in_(found)).order_by(ParcelRow.id)).all()
    held: dict[UUID, dict[UUID, int]] = {row.id: {} for row in rows}
    for part in session().scalars(select(ParcelLineRow).where(ParcelLineRow.parcel_id.in_(held))) if held else ():
        held[part.parcel_id][part.line_id] = part.quantity
    for r in rows:
        parcel = Parcel(r.id, r.carrier, r.tracking, r.tracking_url, r.state, r.shipped_at, r.delivered_at, held[r.id])
        found[r.order_id].append(parcel)
    return found


def ship(order_id: UUID, shipment: Shipment, *, merchant_id: UUID | None = None, at: datetime | None = None) -> UUID:
    """Send a parcel: units leave the stock; the order is shipped once nothing is left to send.

    Raise Missing, Invalid (no carrier, a tracking address that is none) or Conflict (nothing or too many to send).
    """
    _check(shipment)
    order = progress.locked(order_id, merchant_id=merchant_id)
    if order.state not in ("paid", "accepted"):
        message = _("There is nothing to send for this order in its present state")
        raise Conflict("orders.not_to_ship", message, state=order.state)
    lines = {line.id: line for line in lock(LineRow, _line_ids(order_id))}
    units = _units(lines, shipment)
    row = _parcel(order_id, shipment, at or clock.now())
    session().add(row)
    for line_id, quantity in units.items():
        lines[line_id].shipped += quantity
        session().add(ParcelLineRow(id=new_id(), parcel_id=row.id, line_id=line_id, quantity=quantity))
    session().flush()
    reservations.ship(order_id, units, f"parcel:{row.id}")
    _advance(order, lines, row)
    return row.id


def _check(shipment: Shipment) -> None:
    wrong = []
    if not shipment.carrier.strip():
        wrong.append(FieldError("carrier", _("Name who carries the parcel")))
    if shipment.tracking_url and urlsplit(shipment.tracking_url).scheme not in ("http", "https"):
        wrong.append(FieldError("tracking_url", _("Give an address that begins with https://")))
    if wrong:
        raise Invalid("fulfilment.invalid", _("The parcel is not described well enough"), fields=tuple(wrong))


def _line_ids(order_id: UUID) -> list[UUID]:
    return list(session().scalars(select(LineRow.id).where(LineRow.order_id == order_id)))


def _left(line: LineRow) -> int:
    """Units that still go out: what was neither sent nor refunded."""
    return max(line.quantity - line.shipped - line.refunded, 0)


def _units(lines: Mapping[UUID, LineRow], shipment: Shipment) -> dict[UUID, int]:
    asked = shipment.units if shipment.units is not None else {key: _left(line) for key, line in lines.items()}
    units = {key: quantity for key, quantity in asked.items() if quantity}
    for key, quantity in units.items():
        if key not in lines or not 0 < quantity <= _left(lines[key]):
            raise Conflict("fulfilment.too_many", _("More units than there are left to send"))
    if not units:
        raise Conflict("fulfilment.nothing", _("There is nothing left to send"))
    return units


def _advance(order: OrderRow, lines: Mapping[UUID, LineRow], parcel: ParcelRow) -> None:
    facts = {"carrier": parcel.carrier, "tracking": parcel.tracking}
    if any(_left(line) for line in lines.values()):
        timeline.note(order.id, "parcel_sent", facts, at=parcel.shipped_at)
        return
    _shipped(order, parcel.shipped_at, **facts)


def _shipped(order: OrderRow, moment: datetime, **facts: Plain) -> None:
    progress.advance(order, "shipped", at=moment, **facts)
    due = moment + timedelta(days=auto_deliver_days())
    jobs.at(f"order.deliver:{order.id}", due, "fulfilment.deliver", {"order": str(order.id)})


def auto_deliver_days() -> int:
    """Return after how many days a sent order counts as delivered when nobody says otherwise."""
    return int(str(current().setting("auto_deliver_days", 14)))


def close_if_all_sent(order: OrderRow) -> None:
    """Move a locked order on when a refund has left nothing to send and some of it is on its way already."""
    if order.state not in ("paid", "accepted"):
        return
    session().flush()
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).all()
    if any(_left(line) for line in lines) or not any(line.shipped for line in lines):
        return
    _shipped(order, clock.now())
    _deliver_if_all_here(order, None)


def deliver_parcel(
    order_id: UUID, parcel_id: UUID, *, merchant_id: UUID | None = None, at: datetime | None = None
) -> None:
    """Note that a parcel has arrived; the order is delivered with its last one. Doing it again changes nothing."""
    order = progress.locked(order_id, merchant_id=merchant_id)
    rows = [row for row in lock(ParcelRow, [parcel_id]) if row.order_id == order_id]
    if not rows:
        raise Missing("fulfilment.no_parcel", _("There is no such parcel"))
    _arrive(rows[0], at)
    _deliver_if_all_here(order, at)


def deliver(order_id: UUID, *, at: datetime | None = None, by_buyer: bool = False) -> None:
    """Note that everything sent has arrived: the buyer confirms it, or enough time has passed. Raise Conflict."""
    order = progress.locked(order_id)
    if order.state != "shipped":
        raise Conflict("orders.not_shipped", _("This order is not on its way"))
    ids = session().scalars(select(ParcelRow.id).where(ParcelRow.order_id == order_id)).all()
    for row in lock(ParcelRow, ids):
        _arrive(row, at)
    if by_buyer:
        timeline.note(order.id, "receipt_confirmed", at=at)
    _deliver_if_all_here(order, at)


def _arrive(row: ParcelRow, at: datetime | None) -> None:
    if row.state == "shipped":
        move(PARCEL, row, "delivered")
        row.delivered_at = at or clock.now()


def _deliver_if_all_here(order: OrderRow, at: datetime | None) -> None:
    session().flush()
    under_way = session().scalars(
        select(ParcelRow.id).where(ParcelRow.order_id == order.id, ParcelRow.state == "shipped").limit(1)
    )
    if under_way.first() is not None or order.state != "shipped":
        return
    moment = at or clock.now()
    progress.advance(order, "delivered", at=moment)
    jobs.cancel(f"order.deliver:{order.id}")
    complete_later(order)


def completion_days(shop_return_days: int) -> int:
    """Return after how many days a delivered order of a shop is complete: never before its goods may come back."""
    tenant = current()
    own = (int(str(tenant.setting(name, 14))) for name in ("auto_complete_days", "return_days"))
    return max(shop_return_days, *own)


def complete_later(order: OrderRow) -> None:
    """Have a delivered order completed when its window is over; at once if it is."""
    if order.state != "delivered" or order.delivered_at is None:
        return
    shops_own = session().scalars(select(ShopRow.return_days).where(ShopRow.id == order.shop_id)).one()
    due = order.delivered_at + timedelta(days=completion_days(shops_own))
    jobs.at(f"order.complete:{order.id}", due, "billing.complete", {"order": str(order.id)})


def send_again(order_id: UUID, shipment: Shipment, units: Mapping[UUID, int]) -> UUID:
    """Send goods of an order once more, a replacement or what was repaired; the order itself does not move.

    Raise Missing or Invalid (no carrier).
    """
    _check(shipment)
    order = progress.locked(order_id)
    row = _parcel(order_id, shipment, clock.now())
    session().add(row)
    session().add_all(
        ParcelLineRow(id=new_id(), parcel_id=row.id, line_id=line_id, quantity=quantity)
        for line_id, quantity in units.items()
    )
    timeline.note(order.id, "parcel_sent", {"carrier": row.carrier, "tracking": row.tracking})
    session().flush()
    return row.id


def _parcel(order_id: UUID, shipment: Shipment, at: datetime) -> ParcelRow:
    return ParcelRow(
        id=new_id(), order_id=order_id, carrier=shipment.carrier.strip(), tracking=shipment.tracking.strip(),
        tracking_url=shipment.tracking_url.strip(), state="shipped", shipped_at=at,
    )  # fmt: skip


@jobs.job("fulfilment.deliver")
def _deliver(payload: jobs.Payload) -> None:
    """Take an order for delivered when nobody has said otherwise for long enough."""
    order = progress.find(UUID(payload["order"]))
    if order.state == "shipped":
        deliver(order.id)
