"""The buyer's side of a case: send back, take an offer, withdraw, call the operator. The caller checks whose it is."""

from __future__ import annotations

from uuid import UUID

from core.aftersales import moves, settling
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money


def send_back(case_id: UUID, carrier: str, tracking: str = "") -> None:
    """Note that the goods are on their way back. Raise Missing, Invalid (no carrier) or Conflict."""
    order, case = moves.locked(case_id)
    moves.require(case, "approved")
    if not carrier.strip():
        fault = FieldError("carrier", _("Name who carries the parcel"))
        raise Invalid("fulfilment.invalid", _("The parcel is not described well enough"), fields=(fault,))
    case.carrier, case.tracking = carrier.strip()[:80], tracking.strip()[:120]
    moves.advance(order, case, "sent_back", carrier=case.carrier, tracking=case.tracking)


def take_offer(case_id: UUID) -> None:
    """Take the amount that the shop offers; it goes back at once and the case ends. Raise Missing or Conflict."""
    order, case = moves.locked(case_id)
    moves.require(case, "offered")
    settling.give_back(order, case, Money(case.offered_minor or 0, case.currency))


def withdraw(case_id: UUID) -> None:
    """End a case of one's own while no goods are under way. Raise Missing or Conflict."""
    order, case = moves.locked(case_id)
    moves.require(case, "requested", "offered", "approved", "refused", "rejected")
    moves.advance(order, case, "closed", why="withdrawn")


def call_operator(case_id: UUID, text: str) -> None:
    """Ask the operator to decide after the shop has refused, or offered less. Raise Missing, Invalid or Conflict."""
    order, case = moves.locked(case_id)
    moves.require(case, "offered", "refused", "rejected")
    moves.advance(order, case, "escalated", moves.said(text))
