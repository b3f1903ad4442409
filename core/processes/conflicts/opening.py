"""Opening a dispute, from an order or from a complaint that was not settled; withdrawing and closing it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money
from core.orders.models import OrderRow
from core.orders.numbers import next_number
from core.orders.states import UNPAID
from core.processes.complaints import moving as complaints
from core.processes.conflicts import money, moving
from core.processes.conflicts.models import ConflictRow
from core.processes.conflicts.states import DAYS, OPEN


def open_(order_id: UUID, side: str, text: str, asked_minor: int = 0, *, complaint_id: UUID | None = None) -> UUID:
    """Open a dispute over an order as one of its sides.

    Raise Invalid without a text or for too high an amount, Conflict while another is open or nothing was paid.
    """
    lock_name(f"conflict:{order_id}")
    order = session().scalars(select(OrderRow).where(OrderRow.id == order_id)).one_or_none()
    if order is None:
        raise Missing("orders.no_order", _("There is no such order"))
    if order.state in UNPAID:
        raise Conflict("conflicts.unpaid", _("Nothing was paid for this order"))
    if session().scalar(select(ConflictRow.id).where(ConflictRow.order_id == order_id, ConflictRow.state.in_(OPEN))):
        raise Conflict("conflicts.open_already", _("There is a dispute over this order already"))
    row = ConflictRow(
        id=new_id(), number=f"D{next_number('conflict')}", state="negotiation", order_id=order.id,
        purchase_id=order.purchase_id, merchant_id=order.merchant_id, customer_id=order.customer_id,
        complaint_id=complaint_id, opened_by=side, asked_minor=asked_minor, currency=order.currency,
        text=moving.said(text, "text", _("Tell what the dispute is about, in at most 4,000 characters")),
    )  # fmt: skip
    money.require_left(row, Money(asked_minor, order.currency))
    session().add(row)
    session().flush()
    audit.record("conflict.opened", "conflict", row.id, number=row.number, order=str(order.id))
    row.due_at = clock.now() + timedelta(days=DAYS["negotiation"])
    moving.tell(row, "negotiation")
    return row.id


def escalate(complaint_id: UUID, side: str, text: str) -> UUID:
    """Take a complaint about an order on as a dispute with the same file. Raise Conflict for one without an order."""
    case = complaints.locked(complaint_id)
    if case.order_id is None:
        raise Conflict("conflicts.no_order", _("Only a complaint about an order can become a dispute"))
    key = open_(case.order_id, side, text or case.text, complaint_id=case.id)
    complaints.advance(case, "disputed")
    return key


def withdraw(conflict_id: UUID, side: str) -> None:
    """Withdraw a dispute as the side that opened it."""
    row = moving.locked(conflict_id)
    if row.opened_by != side:
        raise Conflict("conflicts.not_yours", _("Only the side that opened the dispute may withdraw it"))
    moving.advance(row, "withdrawn")


def close(conflict_id: UUID, proof: str) -> None:
    """Close a dispute whose result is carried out. Raise Conflict while money that was awarded has not gone back."""
    row = moving.locked(conflict_id)
    moving.require(row, "agreed", "decided", "concluded")
    row.refund_id = money.found(row)
    if row.awarded_minor and row.refund_id is None:
        raise Conflict(
            "conflicts.unpaid_award", _("The amount has not gone back yet; a second person may have to agree")
        )
    row.result = "\n\n".join(filter(None, (row.result, moving.said(proof, "proof", _("Say how it was carried out")))))
    moving.advance(row, "closed")


def has_open(order_id: UUID) -> bool:
    """Tell whether a dispute over an order is open: its money is not released then."""
    query = select(ConflictRow.id).where(ConflictRow.order_id == order_id, ConflictRow.state.in_(OPEN))
    return session().scalar(query.limit(1)) is not None
