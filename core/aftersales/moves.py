"""Moves of a case that every area shares: the state, its deadline, what is remembered and told, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from core.aftersales import terms
from core.fulfilment import shipping
from core.hooks.events import SubjectEvent
from core.hooks.runtime import move, publish
from core.kernel import audit, clock, jobs
from core.kernel.audit import Plain
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.orders import progress, timeline
from core.orders.aftersale_models import AftersaleLineRow, AftersaleMomentRow, AftersaleRow
from core.orders.models import OrderRow
from core.orders.open_cases import has_open_case
from core.orders.states import AFTERSALE, AFTERSALE_ENDS

LONGEST = 2000


def find(case_id: UUID, *, merchant_id: UUID | None = None) -> AftersaleRow:
    """Return a case's row, of a merchant if one is named. Raise Missing if there is none."""
    query = select(AftersaleRow).where(AftersaleRow.id == case_id)
    if merchant_id is not None:
        query = query.where(AftersaleRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("aftersales.no_case", _("There is no such case"))
    return row


def locked(case_id: UUID, *, merchant_id: UUID | None = None) -> tuple[OrderRow, AftersaleRow]:
    """Lock a case's order and then the case, of a merchant if one is named. Raise Missing if there is none."""
    order = progress.locked(find(case_id, merchant_id=merchant_id).order_id)
    (case,) = lock(AftersaleRow, [case_id])
    return order, case


def require(case: AftersaleRow, *states: str) -> None:
    """Raise Conflict unless the case is in one of the states."""
    if case.state not in states:
        raise Conflict("aftersale.not_now", _("This cannot be done in its present state; look again"),
                       source=case.state)  # fmt: skip


def said(text: str, *, path: str = "text") -> str:
    """Return what somebody wrote, cut to what is kept. Raise Invalid if it is nothing."""
    if not text.strip():
        fault = FieldError(path, _("Fill this in"))
        raise Invalid("aftersales.no_text", _("Give a reason; the other side reads it"), fields=(fault,))
    return text.strip()[:LONGEST]


def units_of(case: AftersaleRow) -> dict[UUID, int]:
    """Return how many units of which lines a case is about."""
    query = select(AftersaleLineRow).where(AftersaleLineRow.case_id == case.id).order_by(AftersaleLineRow.id)
    return {row.line_id: row.quantity for row in session().scalars(query)}


def came_back(case: AftersaleRow) -> bool:
    """Tell whether the goods of a case have reached the shop again."""
    query = select(AftersaleMomentRow.id).where(
        AftersaleMomentRow.case_id == case.id, AftersaleMomentRow.kind == "received"
    )
    return session().scalar(query.limit(1)) is not None


def advance(order: OrderRow, case: AftersaleRow, target: str, text: str = "", **facts: Plain) -> None:
    """Move a locked case on: plugins may refuse; the deadline, the moment, mail and event follow. Raise Conflict."""
    move(AFTERSALE, case, target, **facts)
    began(order, case, text, **facts)
    if target in AFTERSALE_ENDS:
        case.closed_at = clock.now()
        timeline.note(order.id, "aftersale_ended", {"number": case.number, "state": target})
        session().flush()
        if not has_open_case(order.id):
            shipping.complete_later(order)


def began(order: OrderRow, case: AftersaleRow, text: str = "", **facts: Plain) -> None:
    """Set the deadline of a case's new state, remember the moment and tell everybody."""
    case.due_at = terms.due_in(case.state)
    timer = f"aftersale:{case.id}"
    if case.due_at is None:
        jobs.cancel(timer)
    else:
        jobs.at(timer, case.due_at, "aftersales.due", {"case": str(case.id), "state": case.state})
    remember(case, case.state, text, facts)
    session().flush()
    tell(case, case.state)
    told = {"number": case.number, "kind": case.kind, "reason": case.reason, "order": str(order.id)}
    publish(SubjectEvent(new_id(), clock.now(), "return", case.state, case.id, told), subject=case.id)


def remember(case: AftersaleRow, kind: str, text: str = "", facts: Mapping[str, Plain] | None = None) -> None:
    """Write a moment of a case by the acting person."""
    by = audit.actor()
    row = AftersaleMomentRow(
        id=new_id(), case_id=case.id, kind=kind, text=text, facts=dict(facts or {}), by_kind=by.kind, by_name=by.name,
        at=clock.now(),
    )  # fmt: skip
    session().add(row)


def tell(case: AftersaleRow, kind: str) -> None:
    """Have those told by mail whom a change concerns."""
    by = audit.actor().kind
    jobs.soon("messages.aftersale_changed", {"case": str(case.id), "kind": kind, "by": by}, subject=f"case:{case.id}")
