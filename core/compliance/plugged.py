"""Findings of plugins: asked for where core checks too, kept until a person clears them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.compliance import enforcing, snapshots
from core.compliance.models import FindingRow
from core.compliance.packs import RULES
from core.compliance.snapshots import Snapshot
from core.hooks.compliance import ComplianceSubject, Finding, Severity, compliance_findings
from core.hooks.runtime import plugins
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.tenancy import current

_MODES = {Severity.NOTE: "observe", Severity.WARN: "warn", Severity.BLOCK: "enforce"}
_SCORES = {Severity.NOTE: 3, Severity.WARN: 9, Severity.BLOCK: 15}


def are_asked() -> bool:
    """Tell whether any enabled plugin looks for findings."""
    return bool(plugins().implementers(compliance_findings, current()))


def findings(kind: str, ids: Sequence[UUID]) -> None:
    """Ask every enabled plugin about subjects and keep what it finds; nothing found changes nothing."""
    if not ids or not are_asked():
        return
    query = select(FindingRow).where(FindingRow.subject_id.in_(ids), FindingRow.state != "closed")
    known = {(row.rule, row.subject_id): row for row in session().scalars(query)}
    for one in snapshots.build(kind, ids):
        subject = ComplianceSubject(one.kind, one.id, _told(one.facts))
        for found in plugins().collect(compliance_findings, tenant=current(), subject=subject):
            if found.code not in RULES:
                _keep(one, found, known.get((found.code, one.id)))


def _told(facts: object, path: str = "") -> dict[str, str]:
    """Return plain facts by dotted paths; lists are told by their length alone."""
    if not isinstance(facts, dict):
        return {path: str(facts)} if isinstance(facts, (str, int, bool)) and path else {}
    told: dict[str, str] = {}
    for name, value in facts.items():
        told |= _told(value, f"{path}.{name}" if path else str(name))
    return told


def _keep(one: Snapshot, found: Finding, row: FindingRow | None) -> None:
    if row is None:
        row = FindingRow(id=new_id(), rule=found.code, subject_kind=one.kind, subject_id=one.id,
                         merchant_id=one.merchant_id, label=one.label[:200], state="open", has_blocked=False)  # fmt: skip
        session().add(row)
        audit.record("compliance.found", one.kind, one.id, rule=found.code)
    row.mode, row.score, row.why, row.facts = _MODES[found.severity], _SCORES[found.severity], found.message, {}
    row.is_blocking = found.severity is Severity.BLOCK
    session().flush()
    enforcing.apply(row)


def clear(finding_id: UUID, reason: str) -> None:
    """Close a plugin's finding. Raise Invalid without a reason, Conflict for a rule's own, which closes by itself."""
    row = next(iter(lock(FindingRow, [finding_id])), None)
    if row is None:
        raise Missing("compliance.no_finding", _("There is no such finding"))
    if row.rule in RULES or row.state == "closed":
        raise Conflict("compliance.not_clearable", _("This closes by itself once it is put right"))
    if not reason.strip():
        message = _("Say what was done about it")
        raise Invalid("compliance.no_reason", message, fields=(FieldError("reason", message),))
    row.state, row.closed_at, row.is_blocking = "closed", clock.now(), False
    enforcing.lift(row)
    audit.record("compliance.cleared", row.subject_kind, row.subject_id, rule=row.rule, reason=reason.strip()[:500])
