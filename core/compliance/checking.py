"""Checking subjects: asks the rules in force, keeps their answers, opens and closes findings, and puts down evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert

from core.compliance import enforcing, snapshots, waivers
from core.compliance.applying import ask, rules_for
from core.compliance.models import CheckRow, EvidenceRow, FindingRow
from core.compliance.outcomes import Outcome, Status
from core.compliance.ruling import At, Rule
from core.compliance.snapshots import Snapshot
from core.compliance.switches import InForce, Mode, in_force
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.tenancy import current

BATCH = 500
_BROKEN = (Status.FAIL,)
_SOUND = (Status.PASS, Status.NOT_APPLICABLE, Status.DUE, Status.WARN)
Key = tuple[str, UUID]


def now() -> At:
    """Return the marketplace's day and the moment."""
    moment = clock.now().astimezone(ZoneInfo(current().timezone))
    return At(moment.date(), moment)


def evaluate(kind: str, ids: Sequence[UUID], force: InForce | None = None) -> int:
    """Check subjects of one kind by every rule in force; return how many answers there are.

    A number of queries that grows with the findings that change, not with the subjects.
    """
    force = force or in_force()
    if not force.modes or not ids:
        return 0
    lock_name(f"compliance.check:{kind}")
    when = now()
    seen = [(rule, one) for one in snapshots.build(kind, ids) for rule in rules_for(one, force)]
    answers = [(rule, one, ask(rule, one, when, force)) for rule, one in seen]
    before = _states(ids)
    _keep(answers, when.today)
    _find(answers, before, force, when.today)
    return len(answers)


def _states(ids: Sequence[UUID]) -> Mapping[Key, str]:
    query = select(CheckRow.rule, CheckRow.subject_id, CheckRow.status).where(CheckRow.subject_id.in_(ids))
    return {(row.rule, row.subject_id): row.status for row in session().execute(query)}


def _keep(answers: Iterable[tuple[Rule, Snapshot, Outcome]], today: date) -> None:
    """Write what the rules said, all in one statement; `since` moves when the status does."""
    moment = clock.now()
    rows = [_row(rule, one, outcome, today) | {"checked_at": moment, "since": moment} for rule, one, outcome in answers]
    if not rows:
        return
    put = insert(CheckRow)
    fresh = put.excluded
    columns = ("version", "label", "status", "why", "facts", "due_on", "again_on", "checked_at", "merchant_id")
    changes: dict[str, Any] = {name: fresh[name] for name in columns}
    changes["since"] = case((CheckRow.status == fresh.status, CheckRow.since), else_=fresh.since)
    session().execute(put.on_conflict_do_update(index_elements=["tenant_id", "rule", "subject_id"], set_=changes), rows)


def _row(rule: Rule, one: Snapshot, outcome: Outcome, today: date) -> dict[str, Any]:
    again = outcome.again
    if again is not None and again <= today:
        again = today + timedelta(days=1)
    return {
        "tenant_id": current().id, "id": new_id(), "rule": rule.id, "version": rule.version, "subject_kind": one.kind,
        "subject_id": one.id, "merchant_id": one.merchant_id, "label": one.label[:200], "status": outcome.status.value,
        "why": outcome.why, "facts": _plain(outcome), "due_on": outcome.due, "again_on": again,
    }  # fmt: skip


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in outcome.facts.items()}


def _find(answers: Iterable[tuple[Rule, Snapshot, Outcome]], before: Mapping[Key, str], force: InForce,
          today: date) -> None:  # fmt: skip
    """Open, refresh and close findings; evidence is put down whenever an answer is new."""
    known = list(answers)
    ids = list({one.id for _rule, one, _outcome in known})
    query = select(FindingRow).where(FindingRow.subject_id.in_(ids), FindingRow.state != "closed")
    open_ = {(row.rule, row.subject_id): row for row in session().scalars(query)}
    waived = waivers.until(ids, today)
    for rule, one, outcome in known:
        key = (rule.id, one.id)
        row = open_.get(key)
        if outcome.status in _BROKEN:
            row = row or _opened(rule, one)
            _refresh(row, outcome, force.mode(rule.id), waived.get(key))
            enforcing.apply(row)
        elif row is not None and outcome.status in _SOUND:
            _close(row)
        if before.get(key) != outcome.status.value and (row is not None or outcome.status is not Status.NOT_APPLICABLE):
            _prove(rule, one, outcome, row)
    session().flush()


def _opened(rule: Rule, one: Snapshot) -> FindingRow:
    row = FindingRow(id=new_id(), rule=rule.id, subject_kind=one.kind, subject_id=one.id, merchant_id=one.merchant_id,
                     label=one.label[:200], score=rule.law.score, is_blocking=False, has_blocked=False)  # fmt: skip
    session().add(row)
    audit.record("compliance.found", one.kind, one.id, rule=rule.id)
    return row


def _refresh(row: FindingRow, outcome: Outcome, mode: Mode, waived_until: date | None) -> None:
    row.why, row.facts, row.mode = outcome.why, _plain(outcome), mode.value
    row.state, row.waived_until = "waived" if waived_until else "open", waived_until
    row.is_blocking = mode is Mode.ENFORCE and not waived_until


def _close(row: FindingRow) -> None:
    row.state, row.closed_at, row.is_blocking, row.waived_until = "closed", clock.now(), False, None
    enforcing.lift(row)
    audit.record("compliance.put_right", row.subject_kind, row.subject_id, rule=row.rule)


def _prove(rule: Rule, one: Snapshot, outcome: Outcome, finding: FindingRow | None) -> None:
    session().add(EvidenceRow(
        finding_id=finding.id if finding else None, rule=rule.id, version=rule.version, subject_kind=one.kind,
        subject_id=one.id, merchant_id=one.merchant_id, label=one.label[:200], status=outcome.status.value,
        why=outcome.why, facts=_plain(outcome), at=clock.now(),
        snapshot={"version": snapshots.VERSION, "facts": dict(one.facts)},
    ))  # fmt: skip
