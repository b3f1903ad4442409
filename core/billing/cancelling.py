"""Cancelling a paid order of which nothing has left: all money back, all units back on sale, and the order ends."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.billing.refund import RefundRequest, delivery_left, refund
from core.catalogue import reservations
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.orders import progress
from core.orders.models import LineRow, OrderRow


def cancel_paid(order_id: UUID, reason: str, key: str, *, merchant_id: UUID | None = None) -> None:
    """Give everything back and end the order; cancelling again changes nothing.

    Raise Missing, Invalid (no reason) or Conflict: not paid, or some of it is on its way already.
    """
    order = progress.locked(order_id, merchant_id=merchant_id)
    if order.state == "cancelled":
        return
    asked = _request(order, reason, key, merchant_id)
    order.cancel_reason = reason.strip()[:500]
    if asked is not None:
        refund(asked)
    progress.advance(order, "cancelled", reason=order.cancel_reason)
    reservations.release(order.purchase_id, order_id=order_id)
    jobs.cancel(f"order.complete:{order_id}")


def refund_of(order_id: UUID, reason: str, key: str, *, merchant_id: UUID | None = None) -> RefundRequest | None:
    """Return the refund that cancelling would carry out; None if nothing is left to give back. Raise as it does."""
    order = progress.find(order_id, merchant_id=merchant_id)
    return None if order.state == "cancelled" else _request(order, reason, key, merchant_id)


def _request(order: OrderRow, reason: str, key: str, merchant_id: UUID | None) -> RefundRequest | None:
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).all()
    _check(order, lines, reason)
    units = {line.id: line.quantity - line.refunded for line in lines if line.refunded < line.quantity}
    delivery = delivery_left(order)
    if not units and not delivery:
        return None
    return RefundRequest(order.id, units, key, reason.strip()[:500], delivery or None, merchant_id=merchant_id)


def _check(order: OrderRow, lines: Sequence[LineRow], reason: str) -> None:
    if order.state not in ("paid", "accepted"):
        message = _("This order cannot be cancelled in its present state")
        raise Conflict("orders.not_to_cancel", message, state=order.state)
    if any(line.shipped for line in lines):
        raise Conflict("orders.partly_sent", _("A part of this order is on its way; refund the rest instead"))
    if not reason.strip():
        fault = FieldError("reason", _("Tell the buyer why"))
        raise Invalid("orders.no_reason", _("Give a reason; the buyer reads it"), fields=(fault,))
