"""Waivers: a rule set aside for one subject until a day, asked by one person and granted by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.compliance.models import CheckRow, WaiverRow
from core.compliance.switches import rule_of
from core.identity import approvals
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.tenancy import current

MOST_DAYS = 90
KIND = "compliance.waiver"
_LEAST_REASON = 20


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver. `state` is asked, granted, refused or ended; it holds until the end of `ends_on`."""

    id: UUID
    rule: str
    subject_kind: str
    subject_id: UUID
    label: str
    reason: str
    measure: str
    ends_on: date
    state: str
    asked_by: UUID
    asked_at: datetime
    decided_at: datetime | None


def ask(rule: str, subject_id: UUID, *, reason: str, measure: str, ends_on: date, by: UUID) -> UUID:
    """Ask to set a rule aside for a subject that it was asked about.

    Raise Conflict for a rule that takes no waiver, Invalid for a short reason, no measure, or an end over 90 days away.
    """
    if not rule_of(rule).law.is_waivable:
        raise Conflict("compliance.no_waiver", _("This rule can never be waived"))
    query = select(CheckRow).where(CheckRow.rule == rule, CheckRow.subject_id == subject_id)
    check = session().scalars(query).one_or_none()
    if check is None:
        raise Missing("compliance.not_checked", _("The rule was not asked about this"))
    _check_terms(reason, measure, ends_on)
    key = new_id()
    approval = approvals.request(KIND, key, _mark(rule, subject_id, ends_on, reason), None, by=by, reason=reason)
    row = WaiverRow(
        id=key, rule=rule, subject_kind=check.subject_kind, subject_id=subject_id, label=check.label,
        reason=reason.strip()[:1000], measure=measure.strip()[:1000], ends_on=ends_on, state="asked",
        approval_id=approval.id, asked_by=by,
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("compliance.waiver_asked", row.subject_kind, subject_id, rule=rule, ends_on=ends_on.isoformat(),
                 reason=row.reason)  # fmt: skip
    return key


def _check_terms(reason: str, measure: str, ends_on: date) -> None:
    today = clock.now().astimezone(ZoneInfo(current().timezone)).date()
    rules = (
        ("reason", _("Give a reason of at least 20 characters"), len(reason.strip()) >= _LEAST_REASON),
        ("measure", _("Say what is done instead"), bool(measure.strip())),
        ("ends_on", _("The end lies within the next 90 days"), today <= ends_on <= today + timedelta(days=MOST_DAYS)),
    )
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("compliance.waiver", _("Some of this cannot be right"), fields=wrong)


def grant(waiver_id: UUID, *, by: UUID) -> None:
    """Grant a waiver as another person. Raise Denied for the one who asked, Conflict if it was decided already."""
    row = _asked(waiver_id)
    approvals.approve(row.approval_id, _mark(row.rule, row.subject_id, row.ends_on, row.reason), by=by)
    _decided(row, "granted")


def refuse(waiver_id: UUID, *, by: UUID, reason: str = "") -> None:
    """Refuse a waiver as another person. Raise Denied for the one who asked, Conflict if it was decided already."""
    row = _asked(waiver_id)
    approvals.reject(row.approval_id, by=by, reason=reason)
    _decided(row, "refused")


def end(waiver_id: UUID) -> None:
    """End a granted waiver before its day. Raise Conflict if it is not in force."""
    row = _locked(waiver_id)
    if row.state != "granted":
        raise Conflict("compliance.waiver_not_granted", _("This waiver is not in force"))
    _decided(row, "ended")


def until(subject_ids: Sequence[UUID], today: date) -> Mapping[tuple[str, UUID], date]:
    """Return the last day of each waiver in force, by rule and subject."""
    query = select(WaiverRow.rule, WaiverRow.subject_id, WaiverRow.ends_on).where(
        WaiverRow.subject_id.in_(subject_ids), WaiverRow.state == "granted", WaiverRow.ends_on >= today
    )
    return {(row.rule, row.subject_id): row.ends_on for row in session().execute(query)}


def of(state: str = "", *, before: UUID | None = None, limit: int = 50) -> tuple[Waiver, ...]:
    """Return waivers newest first, of one state or of all."""
    query = select(WaiverRow).order_by(WaiverRow.id.desc()).limit(limit)
    if state:
        query = query.where(WaiverRow.state == state)
    if before:
        query = query.where(WaiverRow.id < before)
    return tuple(_value(row) for row in session().scalars(query))


def _mark(rule: str, subject_id: UUID, ends_on: date, reason: str) -> str:
    return approvals.fingerprint(rule, subject_id, ends_on, reason.strip()[:1000])


def _locked(waiver_id: UUID) -> WaiverRow:
    row = next(iter(lock(WaiverRow, [waiver_id])), None)
    if row is None:
        raise Missing("compliance.no_such_waiver", _("There is no such waiver"))
    return row


def _asked(waiver_id: UUID) -> WaiverRow:
    row = _locked(waiver_id)
    if row.state != "asked":
        raise Conflict("compliance.waiver_decided", _("This waiver is decided already"))
    return row


def _decided(row: WaiverRow, state: str) -> None:
    row.state, row.decided_at = state, clock.now()
    audit.record(f"compliance.waiver_{state}", row.subject_kind, row.subject_id, rule=row.rule)
    jobs.soon("compliance.check", {"kind": row.subject_kind, "id": str(row.subject_id)})
    if state == "granted":
        begin = datetime.combine(row.ends_on + timedelta(days=1), datetime.min.time(), ZoneInfo(current().timezone))
        jobs.at(f"compliance.waiver:{row.id}", begin, "compliance.check",
                {"kind": row.subject_kind, "id": str(row.subject_id)})  # fmt: skip


def _value(row: WaiverRow) -> Waiver:
    return Waiver(row.id, row.rule, row.subject_kind, row.subject_id, row.label, row.reason, row.measure, row.ends_on,
                  row.state, row.asked_by, row.asked_at, row.decided_at)  # fmt: skip
