"""What the two sides do: the merchant answers with an offer, the complainant takes it, refuses it, or withdraws."""

from __future__ import annotations

from uuid import UUID

from core.kernel import clock
from core.kernel.errors import FieldError, Invalid, _
from core.processes.complaints import moving
from core.processes.complaints.kinds import OFFERS
from core.processes.complaints.states import OPEN

_NO_REMEDY = ("explanation", "refusal")


def answer(complaint_id: UUID, merchant_id: UUID, offer: str, text: str) -> None:
    """Answer as the merchant, with an offer. Raise Invalid for half an answer, Conflict once it is not its turn."""
    row = moving.locked(complaint_id, merchant_id=merchant_id)
    moving.require(row, "with_merchant")
    if offer not in OFFERS:
        message = _("Say what you offer")
        raise Invalid("complaints.offer", message, fields=(FieldError("offer", message),))
    row.answer = moving.said(text, "text", _("Write your answer, in at most 4,000 characters"))
    row.offer, row.answered_at = offer, clock.now()
    moving.note(row, "merchant", row.answer)
    moving.advance(row, "answered")


def settle(complaint_id: UUID) -> None:
    """Take the merchant's offer as the complainant; an explanation alone closes the case."""
    row = moving.locked(complaint_id)
    moving.require(row, "answered")
    row.decided_at = clock.now()
    row.remedy = "none" if row.offer in _NO_REMEDY else row.offer
    moving.advance(row, "settled")
    if row.remedy == "none":
        row.remedied_at = clock.now()
        moving.advance(row, "closed", is_told=False)


def refuse(complaint_id: UUID, text: str) -> None:
    """Refuse the offer: the marketplace decides. Raise Invalid without a word why."""
    row = moving.locked(complaint_id)
    moving.require(row, "answered")
    moving.note(row, "complainant", moving.said(text, "text", _("Say why the offer is not enough")))
    moving.advance(row, "platform_decides")


def withdraw(complaint_id: UUID) -> None:
    """Withdraw a complaint as whoever filed it."""
    row = moving.locked(complaint_id)
    moving.require(row, "with_merchant", "answered", "platform_decides")
    moving.advance(row, "withdrawn")


def write(complaint_id: UUID, side: str, text: str, *, merchant_id: UUID | None = None,
          is_internal: bool = False) -> None:  # fmt: skip
    """Write a message, or staff's internal note. Raise Conflict once the case is closed."""
    row = moving.locked(complaint_id, merchant_id=merchant_id)
    moving.require(row, *OPEN)
    moving.note(row, side, moving.said(text, "message", _("Write something, in at most 4,000 characters")),
                is_internal=is_internal)  # fmt: skip
    if not is_internal:
        moving.tell(row, "message")


def prove(complaint_id: UUID, proof: str, *, merchant_id: UUID | None = None) -> None:
    """Note that the remedy is done and what proves it: a refund's number, a parcel's. Raise Invalid without."""
    row = moving.locked(complaint_id, merchant_id=merchant_id)
    moving.require(row, "settled", "decided")
    row.proof = moving.said(proof, "proof", _("Say what proves it: the refund, the parcel"))[:500]
    row.remedied_at = clock.now()
    moving.advance(row, "remedied")


def close(complaint_id: UUID) -> None:
    """Close a case whose remedy is done."""
    row = moving.locked(complaint_id)
    moving.require(row, "remedied")
    moving.advance(row, "closed")
