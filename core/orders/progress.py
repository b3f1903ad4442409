"""Moves of an order that every area shares: the state, its moment, the event, all in one transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.hooks.events import OrderChange, OrderEvent
from core.hooks.runtime import move, publish
from core.kernel import clock, jobs
from core.kernel.audit import Plain
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.orders import timeline
from core.orders.models import OrderRow
from core.orders.snapshot import snapshot
from core.orders.states import ORDER

_STAMPS = {"paid": "paid_at", "shipped": "shipped_at", "delivered": "delivered_at", "completed": "completed_at"}
_TOLD = frozenset({"shipped", "delivered", "cancelled"})
_EVENTS = {change.value: change for change in OrderChange}


def locked(order_id: UUID, *, merchant_id: UUID | None = None) -> OrderRow:
    """Lock an order, of a merchant if one is named. Raise Missing if there is none."""
    rows = [row for row in lock(OrderRow, [order_id]) if merchant_id in (None, row.merchant_id)]
    if not rows:
        raise Missing("orders.no_order", _("There is no such order"))
    return rows[0]


def find(order_id: UUID, *, merchant_id: UUID | None = None) -> OrderRow:
    """Return an order's row, of a merchant if one is named. Raise Missing if there is none."""
    query = select(OrderRow).where(OrderRow.id == order_id)
    if merchant_id is not None:
        query = query.where(OrderRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("orders.no_order", _("There is no such order"))
    return row


def advance(row: OrderRow, target: str, *, at: datetime | None = None, **facts: Plain) -> None:
    """Move an order on: plugins may refuse; the moment, its time stamp and the event follow. Raise Conflict."""
    moment = at or clock.now()
    move(ORDER, row, target, **facts)
    if target in _STAMPS:
        setattr(row, _STAMPS[target], moment)
    timeline.note(row.id, target, facts, at=moment)
    session().flush()
    if target in _EVENTS:
        event = OrderEvent(new_id(), moment, _EVENTS[target], snapshot(row.id))
        publish(event, subject=row.id)
    if target in _TOLD:
        jobs.soon("messages.order_changed", {"order": str(row.id), "kind": target})


def accept(order_id: UUID, *, merchant_id: UUID | None = None) -> None:
    """Take an order on: the merchant will send it."""
    advance(locked(order_id, merchant_id=merchant_id), "accepted")
