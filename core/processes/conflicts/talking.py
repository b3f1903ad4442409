"""What the sides of a dispute do: write, offer, accept, agree to mediation, or take it elsewhere."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.locks import lock
from core.kernel.money import Money
from core.processes.conflicts import money, moving
from core.processes.conflicts.models import ConflictMessageRow, ConflictRow
from core.processes.conflicts.states import OPEN, TALKING

ELSEWHERE = ("outside", "arbitration", "litigation")


def write(conflict_id: UUID, side: str, text: str) -> None:
    """Write to the other side. Raise Invalid without a text, Conflict once the dispute is over."""
    row = moving.locked(conflict_id)
    moving.require(row, *OPEN)
    moving.note(row, side, moving.said(text, "message", _("Write something, in at most 4,000 characters")))
    moving.tell(row, "message")


def offer(conflict_id: UUID, side: str, amount_minor: int, text: str) -> None:
    """Offer to settle for an amount that goes back to the buyer; it takes the place of the side's last offer."""
    row = moving.locked(conflict_id)
    moving.require(row, *TALKING)
    money.require_left(row, Money(amount_minor, row.currency))
    words = moving.said(text, "text", _("Say what the offer is for"))
    for last in _offers(row, "open"):
        if last.side == side:
            last.offer_state = "replaced"
    moving.note(row, side, words, amount_minor)
    moving.tell(row, "offer")


def accept(conflict_id: UUID, message_id: UUID, side: str) -> None:
    """Accept the other side's offer: both have confirmed it, the amount goes back, and the dispute is agreed."""
    row = moving.locked(conflict_id)
    moving.require(row, *TALKING)
    chosen = next((one for one in lock(ConflictMessageRow, [message_id]) if one.conflict_id == row.id), None)
    if chosen is None or chosen.offer_minor is None:
        raise Missing("conflicts.no_offer", _("There is no such offer"))
    if chosen.offer_state != "open":
        raise Conflict("conflicts.offer_gone", _("This offer does not stand any more"))
    if chosen.side == side:
        raise Conflict("conflicts.own_offer", _("The other side must accept your offer"))
    amount = Money(chosen.offer_minor, row.currency)
    money.require_left(row, amount)
    chosen.offer_state = "accepted"
    row.awarded_minor, row.agreement = amount.minor, chosen.text
    moving.advance(row, "agreed", amount=str(amount))
    money.pay_later(row)


def _offers(row: ConflictRow, state: str) -> list[ConflictMessageRow]:
    query = select(ConflictMessageRow).where(ConflictMessageRow.conflict_id == row.id,
                                             ConflictMessageRow.offer_state == state)  # fmt: skip
    return list(session().scalars(query))


def want_mediation(conflict_id: UUID, side: str) -> None:
    """Ask for mediation by the marketplace, or agree to it: it is voluntary, so it begins when both sides want it."""
    row = moving.locked(conflict_id)
    moving.require(row, "negotiation")
    if row.wants_mediation in ("", side):
        row.wants_mediation = side
        moving.tell(row, "mediation_wanted")
        return
    moving.advance(row, "mediation")


def take_elsewhere(conflict_id: UUID, stage: str, where: str, agreement: str = "") -> None:
    """Note that a side goes to a mediator outside, to arbitration or to court.

    Raise Invalid without the institution or court, or for arbitration without the written agreement to it.
    """
    row = moving.locked(conflict_id)
    wrong = []
    if stage not in ELSEWHERE:
        wrong.append(FieldError("stage", _("Say where it goes")))
    if not where.strip():
        wrong.append(FieldError("where", _("Name the institution or court, and the number of the case")))
    if stage == "arbitration" and not agreement.strip():
        wrong.append(
            FieldError("agreement", _("Arbitration needs a written agreement: its date, the matter, the institution"))
        )
    if wrong:
        raise Invalid("conflicts.elsewhere", _("Some of this cannot be right"), fields=tuple(wrong))
    row.elsewhere, row.arbitration_agreement = where.strip()[:500], agreement.strip()[:2000]
    moving.advance(row, stage)


def conclude(conflict_id: UUID, result: str) -> None:
    """Put down the award or judgment. Raise Invalid without it, Conflict unless a court or arbitrators have it."""
    row = moving.locked(conflict_id)
    moving.require(row, "arbitration", "litigation")
    row.result = moving.said(result, "result", _("Put the award or judgment down"))
    moving.advance(row, "concluded")
