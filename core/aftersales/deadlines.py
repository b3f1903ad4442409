"""Deadlines that act by themselves: a silent shop agrees, a silent buyer gives up, goods nobody looks at are refunded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from core.aftersales import answering, moves, settling, terms
from core.aftersales.reasons import NEEDS_GOODS
from core.kernel import jobs
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import OrderRow

Act = Callable[[OrderRow, AftersaleRow], None]


def _agree(order: OrderRow, case: AftersaleRow) -> None:
    if not terms.silence_approves():
        moves.advance(order, case, "escalated", why="silence")
    elif case.kind not in NEEDS_GOODS:
        settling.give_back(order, case)
    elif not answering.await_goods(order, case):
        moves.advance(order, case, "escalated", why="no_address")


def _give_up(order: OrderRow, case: AftersaleRow) -> None:
    moves.advance(order, case, "closed", why=f"silence_{case.state}")


def _take_for_received(order: OrderRow, case: AftersaleRow) -> None:
    moves.advance(order, case, "received", why="silence")


def _refund(order: OrderRow, case: AftersaleRow) -> None:
    if terms.silence_refunds():
        settling.give_back(order, case)
    else:
        moves.advance(order, case, "escalated", why="silence")


def _leave(order: OrderRow, case: AftersaleRow) -> None:
    """Leave it to the operator; its list shows what is overdue."""


ACTS: Mapping[str, Act] = {
    "requested": _agree,
    "offered": _give_up,
    "approved": _give_up,
    "refused": _give_up,
    "rejected": _give_up,
    "sent_back": _take_for_received,
    "received": _refund,
    "inspected": _refund,
    "escalated": _leave,
}
"""What happens when a case has been in a state for too long."""


@jobs.job("aftersales.due")
def due(payload: jobs.Payload) -> None:
    """Act on a case whose time is over; one that has moved meanwhile is left alone."""
    order, case = moves.locked(UUID(payload["case"]))
    if case.state == payload["state"]:
        ACTS[case.state](order, case)
