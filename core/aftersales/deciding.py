"""The operator's side of a case: take it over, and decide with a reason that both sides read."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from core.aftersales import answering, moves, settling
from core.aftersales.reasons import NEEDS_GOODS, Kind
from core.kernel.errors import Conflict, _
from core.kernel.money import Money
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import OrderRow


class Outcome(StrEnum):
    """What the operator decides."""

    REFUND = "refund"  # the buyer gets the money, or the amount that the operator names
    RETURN = "return"  # the goods come back first
    REPLACE = "replace"  # the shop sends a replacement, or what it has repaired
    DISMISS = "dismiss"  # the shop is right


def take_over(case_id: UUID, text: str) -> None:
    """Take an open case out of the hands of buyer and shop. Raise Missing, Invalid (no reason) or Conflict."""
    order, case = moves.locked(case_id)
    moves.advance(order, case, "escalated", moves.said(text))


def outcomes(case: AftersaleRow) -> tuple[Outcome, ...]:
    """Return what can be decided on a case."""
    if case.kind in (Kind.EXCHANGE, Kind.REPAIR):
        return (Outcome.REFUND, Outcome.RETURN, Outcome.REPLACE, Outcome.DISMISS)
    return (Outcome.REFUND, Outcome.RETURN, Outcome.DISMISS)


def decide(case_id: UUID, outcome: str, text: str, amount: Money | None = None) -> None:
    """Decide an escalated case; `amount` is for a refund of less than the whole.

    Raise Missing, Invalid (no reason) or Conflict: not escalated, not possible for its kind, more than is left, or no
    address to send to.
    """
    order, case = moves.locked(case_id)
    moves.require(case, "escalated")
    if outcome not in outcomes(case):
        raise Conflict("aftersales.no_outcome", _("This cannot be decided for such a case"))
    case.answer = moves.said(text)
    if outcome == Outcome.REFUND:
        _refund(order, case, amount)
    elif outcome == Outcome.RETURN:
        _await_goods(order, case)
    elif outcome == Outcome.REPLACE:
        moves.advance(order, case, "inspected", case.answer)
    else:
        moves.advance(order, case, "closed", case.answer, why="dismissed")


def _refund(order: OrderRow, case: AftersaleRow, amount: Money | None) -> None:
    if amount is not None and (amount.minor <= 0 or amount > settling.left(case)):
        raise Conflict("aftersales.too_much", _("At most {left} can go back for this"), left=settling.left(case))
    settling.give_back(order, case, amount, case.answer)


def _await_goods(order: OrderRow, case: AftersaleRow) -> None:
    if case.kind not in NEEDS_GOODS:
        case.kind, case.asked_minor = Kind.RETURN.value, None
    if not answering.await_goods(order, case, case.answer):
        raise Conflict("aftersales.no_address", _("The shop has no return address; ask it for one first"))
