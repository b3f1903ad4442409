"""What the marketplace does: somebody owns the case, decides it with reasons, takes measures, reports to authorities."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.catalogue import moderation
from core.compliance import holdings
from core.kernel import audit, clock
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.processes.complaints import moving
from core.processes.complaints.filing import SOURCE
from core.processes.complaints.kinds import CAUSES, ILLEGAL, OUTCOMES, REMEDIES
from core.processes.complaints.models import ComplaintRow
from core.processes.complaints.states import OPEN

_ILLEGAL_OFFER = "cn.ecl.29.1"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its reasons. `clause` names the rule or law relied on, `remedy` what must be done."""

    outcome: str
    text: str
    clause: str
    remedy: str = "none"
    cause: str = "other"


def take(complaint_id: UUID, *, by: UUID, name: str) -> None:
    """Own a case from now on."""
    row = moving.locked(complaint_id)
    moving.require(row, *OPEN)
    row.owner_id, row.owner_name = by, name[:120]
    audit.record("complaint.taken", "complaint", row.id)


def call_in(complaint_id: UUID) -> None:
    """Decide a case before the merchant has answered, or although an offer lies on the table."""
    row = moving.locked(complaint_id)
    moving.require(row, "with_merchant", "answered")
    moving.advance(row, "platform_decides")


def decide(complaint_id: UUID, decision: Decision) -> None:
    """Decide a case. Raise Invalid for a decision without reasons, Conflict unless the marketplace is to decide."""
    row = moving.locked(complaint_id)
    moving.require(row, "platform_decides")
    _check(decision)
    row.outcome, row.decision = decision.outcome, decision.text.strip()
    row.clause, row.remedy, row.cause = decision.clause.strip()[:300], decision.remedy, decision.cause
    row.decided_at, row.decided_by = clock.now(), audit.actor().name[:120]
    moving.note(row, "operator", row.decision)
    moving.advance(row, "decided")
    if row.remedy == "none":
        row.remedied_at = clock.now()
        moving.advance(row, "closed", is_told=False)


def _check(decision: Decision) -> None:
    rules = (
        ("outcome", _("Say how you decide"), decision.outcome in OUTCOMES),
        ("text", _("Give the facts and the reasons, in 20 to 4,000 characters"),
         20 <= len(decision.text.strip()) <= moving.LONGEST),
        ("clause", _("Name the rule or law that you rely on"), bool(decision.clause.strip())),
        ("remedy", _("Say what must be done"), decision.remedy in REMEDIES),
        ("remedy", _("A rejected complaint has no remedy"),
         decision.outcome != "rejected" or decision.remedy == "none"),
        ("cause", _("Say what caused it"), decision.cause in CAUSES),
    )  # fmt: skip
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("complaints.decision", _("Some of this cannot be right"), fields=wrong)


def block(complaint_id: UUID, reason: str) -> None:
    """Take reported goods off the shelf at once: the report is well founded, and the authority must be told.

    Raise Conflict for a case that reports no goods, or whose goods are off already.
    """
    row = _illegal(complaint_id)
    if row.measure_at is not None or row.listing_id is None:
        raise Conflict("complaints.measure_taken", _("The measure is taken already"))
    moderation.block(row.listing_id, moving.said(reason, "reason", _("Give the reason; the merchant reads it"))[:1000])
    row.measure_at = clock.now()
    audit.record("complaint.measure", "complaint", row.id, listing=str(row.listing_id))
    holdings.follow(SOURCE, _ILLEGAL_OFFER, row.id, row.number, row.merchant_id)


def report(complaint_id: UUID, receipt: str) -> None:
    """Note that the authority was told, and its receipt. Raise Conflict before a measure was taken."""
    row = _illegal(complaint_id)
    if row.measure_at is None or row.reported_at is not None:
        raise Conflict("complaints.no_report", _("Take the goods off sale first, and report once"))
    row.receipt = moving.said(receipt, "receipt", _("Name the authority and its receipt"))[:300]
    row.reported_at = clock.now()
    audit.record("complaint.reported", "complaint", row.id, receipt=row.receipt)
    holdings.changed(row.id)


def _illegal(complaint_id: UUID) -> ComplaintRow:
    row = moving.locked(complaint_id)
    if row.kind != ILLEGAL:
        raise Conflict("complaints.not_illegal", _("This case reports no illegal goods"))
    return row
