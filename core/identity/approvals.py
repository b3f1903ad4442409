"""Decisions that need a second person: asked by one, approved by another, void as soon as what they cover changes.

A fingerprint says what is decided on, amount and counterparty included: `fingerprint("payout", merchant_id, amount)`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.hooks.types import Json
from core.identity.models import ApprovalRow
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.money import Money
from core.kernel.secrets import digest


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision asked for. `state` is asked, approved, rejected or void.

    `proposal` is what the deed will be carried out with, `reason` the word of the one who asked, `answer` of the
    one who decided.
    """

    id: UUID
    kind: str
    subject_id: UUID
    fingerprint: str
    amount: Money | None
    reason: str
    state: str
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None
    asked_name: str = ""
    decided_name: str = ""
    decided_at: datetime | None = None
    answer: str = ""
    proposal: Mapping[str, Json] = field(default_factory=dict)


def fingerprint(*parts: object) -> str:
    """Return one short text for everything that a decision depends on."""
    return digest("\0".join(str(part) for part in parts))[:32]


def request(
    kind: str, subject_id: UUID, mark: str, amount: Money | None, *, by: UUID, reason: str = "",
    proposal: Mapping[str, Json] | None = None,
) -> Approval:  # fmt: skip
    """Ask for a decision; the same again returns the open one, another fingerprint voids what was decided before."""
    lock_name(f"approval:{kind}:{subject_id}")
    for row in _live(kind, subject_id):
        if row.fingerprint == mark:
            return _value(row)
        row.state = "void"
        audit.record("approvals.voided", kind, subject_id, approval=str(row.id))
    row = ApprovalRow(
        id=new_id(), kind=kind, subject_id=subject_id, fingerprint=mark, amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else None, reason=reason[:500], state="asked", asked_by=by,
        asked_name=audit.actor().name, asked_at=clock.now(), proposal=dict(proposal or {}),
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("approvals.asked", kind, subject_id, approval=str(row.id), amount=str(amount or ""))
    return _value(row)


def approve(approval_id: UUID, mark: str, *, by: UUID) -> Approval:
    """Agree as another person, to exactly what the fingerprint of the present facts says.

    Raise Denied for the person who asked, Conflict if it was decided already or the facts have changed.
    """
    row = _decidable(approval_id, by)
    if row.fingerprint != mark:
        raise Conflict("approvals.changed", _("What was asked for has changed since; ask again"))
    return _decide(row, "approved", by)


def reject(approval_id: UUID, *, by: UUID, reason: str = "") -> Approval:
    """Refuse as another person."""
    row = _decidable(approval_id, by)
    row.answer = reason.strip()[:500]
    return _decide(row, "rejected", by)


def withdraw(approval_id: UUID, *, by: UUID) -> Approval:
    """Take back what one has asked for oneself. Raise Denied for anybody else, Conflict if it was decided."""
    row = _still_open(_locked(approval_id))
    if row.asked_by != by:
        raise Denied("approvals.not_yours", _("Only the person who asked may take it back"))
    return _decide(row, "void", by)


def lapse(kind: str, subject_id: UUID) -> None:
    """Void what is open about a subject that needs no decision any more, or is not what was asked about."""
    lock_name(f"approval:{kind}:{subject_id}")
    for row in _live(kind, subject_id):
        row.state = "void"
        audit.record("approvals.voided", kind, subject_id, approval=str(row.id))


def find(approval_id: UUID) -> Approval:
    """Return a decision, open or made. Raise Missing."""
    row = session().scalars(select(ApprovalRow).where(ApprovalRow.id == approval_id)).one_or_none()
    if row is None:
        raise Missing("approvals.none", _("There is no such decision"))
    return _value(row)


def latest(kind: str, subject_id: UUID) -> Approval | None:
    """Return what was asked last about a subject; None if nothing was."""
    query = select(ApprovalRow).where(ApprovalRow.kind == kind, ApprovalRow.subject_id == subject_id)
    row = session().scalars(query.order_by(ApprovalRow.id.desc()).limit(1)).first()
    return _value(row) if row else None


def made(kinds: Collection[str], *, before: UUID | None = None, limit: int = 50) -> list[Approval]:
    """Return decisions of these kinds that wait no more, newest first, before a key."""
    query = select(ApprovalRow).where(ApprovalRow.kind.in_(kinds), ApprovalRow.state != "asked")
    if before is not None:
        query = query.where(ApprovalRow.id < before)
    return [_value(row) for row in session().scalars(query.order_by(ApprovalRow.id.desc()).limit(limit))]


def is_approved(kind: str, subject_id: UUID, mark: str) -> bool:
    """Tell whether a second person has agreed to exactly this."""
    return any(row.state == "approved" and row.fingerprint == mark for row in _live(kind, subject_id))


def require(kind: str, subject_id: UUID, mark: str) -> None:
    """Raise Conflict unless a second person has agreed to exactly this."""
    if not is_approved(kind, subject_id, mark):
        raise Conflict("approvals.needed", _("A second person must approve this first"))


def waiting(kind: str | None = None) -> list[Approval]:
    """Return the decisions that wait for a second person, oldest first, at most 200."""
    query = select(ApprovalRow).where(ApprovalRow.state == "asked").order_by(ApprovalRow.id).limit(200)
    if kind is not None:
        query = query.where(ApprovalRow.kind == kind)
    return [_value(row) for row in session().scalars(query)]


def _live(kind: str, subject_id: UUID) -> list[ApprovalRow]:
    session().flush()
    query = select(ApprovalRow).where(
        ApprovalRow.kind == kind, ApprovalRow.subject_id == subject_id, ApprovalRow.state.in_(["asked", "approved"])
    )
    return list(session().scalars(query))


def _decidable(approval_id: UUID, by: UUID) -> ApprovalRow:
    row = _locked(approval_id)
    if row.asked_by == by:
        raise Denied("approvals.own", _("Another person than the one who asked must decide"))
    return _still_open(row)


def _locked(approval_id: UUID) -> ApprovalRow:
    rows = lock(ApprovalRow, [approval_id])
    if not rows:
        raise Missing("approvals.none", _("There is no such decision"))
    return rows[0]


def _still_open(row: ApprovalRow) -> ApprovalRow:
    if row.state != "asked":
        raise Conflict("approvals.decided", _("This is decided already"))
    return row


def _decide(row: ApprovalRow, state: str, by: UUID) -> Approval:
    row.state, row.decided_by, row.decided_at, row.decided_name = state, by, clock.now(), audit.actor().name
    audit.record(f"approvals.{state}", row.kind, row.subject_id, approval=str(row.id))
    return _value(row)


def _value(row: ApprovalRow) -> Approval:
    amount = Money(row.amount_minor, row.currency) if row.amount_minor is not None and row.currency else None
    return Approval(
        row.id, row.kind, row.subject_id, row.fingerprint, amount, row.reason, row.state, row.asked_by, row.asked_at,
        row.decided_by, row.asked_name, row.decided_name, row.decided_at, row.answer, row.proposal,
    )  # fmt: skip
