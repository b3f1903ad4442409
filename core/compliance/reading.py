"""What pages and the API show: the checklist, a rule's subjects and history, findings, a merchant's list and score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core.compliance import snapshots
from core.compliance.applying import ask, rules_for, subject_of
from core.compliance.checking import now
from core.compliance.models import CheckRow, EvidenceRow, FindingRow
from core.compliance.packs import PACKS
from core.compliance.ruling import Law, Rule
from core.compliance.switches import InForce, Mode, in_force, rule_of
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.merchants.models import MerchantRow

STATUSES = ("fail", "due", "warn", "unknown", "pass", "n/a")
Stored = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """A rule of the checklist: how many subjects have each status, how many are waived, and the next day due.

    `stands` is what it comes to: failing, due, unknown, waived, or fine; a rule that was never asked is unknown.
    """

    law: Law
    mode: Mode
    counts: Mapping[str, int]
    waived: int
    next_due: date | None
    checked_at: datetime | None

    @property
    def failing(self) -> int:
        """How many subjects fail and are not waived."""
        return max(0, self.counts.get("fail", 0) - self.waived)

    @property
    def stands(self) -> str:
        """The worst of its subjects in one word."""
        if self.failing:
            return "failing"
        if self.counts.get("due"):
            return "due"
        if self.counts.get("warn"):
            return "warn"
        if self.counts.get("unknown") or self.checked_at is None:
            return "unknown"
        return "waived" if self.waived else "fine"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a rule last said of a subject."""

    id: UUID
    rule: str
    subject_kind: str
    subject_id: UUID
    merchant_id: UUID | None
    label: str
    status: str
    why: str
    facts: Stored
    due_on: date | None
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that breaks a rule. `mode` says whether the merchant sees it; plugins' findings are of no law."""

    id: UUID
    rule: str
    law: Law | None
    subject_kind: str
    subject_id: UUID
    merchant_id: UUID | None
    label: str
    state: str
    mode: str
    is_blocking: bool
    score: int
    why: str
    facts: Stored
    opened_at: datetime
    closed_at: datetime | None
    waived_until: date | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence: what a rule saw and said at a moment."""

    id: UUID
    rule: str
    version: int
    subject_kind: str
    subject_id: UUID
    label: str
    status: str
    why: str
    facts: Stored
    snapshot: Stored
    at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """A merchant's risk, 0 (none) to 100, with its parts: (name, points, most points)."""

    points: int
    parts: tuple[tuple[str, int, int], ...]

    @property
    def band(self) -> str:
        """The risk in one word."""
        return "high" if self.points >= 50 else "medium" if self.points >= 20 else "low"


@dataclass(frozen=True, slots=True)
class WouldFail:
    """What a rule would say of a subject if it were asked with other numbers."""

    label: str
    subject_id: UUID
    before: str
    after: str
    why: str
    facts: Stored


def checklist(force: InForce | None = None) -> tuple[Line, ...]:
    """Return a line for each rule in force, in the order of packs; three queries whatever their number."""
    force = force or in_force()
    counts: dict[str, dict[str, int]] = {}
    dues: dict[str, date | None] = {}
    seen: dict[str, datetime] = {}
    query = select(CheckRow.rule, CheckRow.status, func.count().label("n"), func.min(CheckRow.due_on).label("due"),
                   func.max(CheckRow.checked_at).label("at")).group_by(CheckRow.rule, CheckRow.status)  # fmt: skip
    for row in session().execute(query):
        counts.setdefault(row.rule, {})[row.status] = row.n
        seen[row.rule] = max(row.at, seen.get(row.rule, row.at))
        if row.status == "due":
            dues[row.rule] = row.due
    of_waived = select(FindingRow.rule, func.count()).where(FindingRow.state == "waived").group_by(FindingRow.rule)
    waived = dict(session().execute(of_waived).all())
    return tuple(
        Line(rule.law, force.mode(rule.id), counts.get(rule.id, {}), waived.get(rule.id, 0), dues.get(rule.id),
             seen.get(rule.id))
        for pack in PACKS.values() if pack.id in force.packs for rule in pack.rules
    )  # fmt: skip


def subjects(rule: str, *, status: str = "", after: UUID | None = None, limit: int = 50) -> tuple[Checked, ...]:
    """Return what a rule said, subject by subject, those with one status or all."""
    query = select(CheckRow).where(CheckRow.rule == rule).order_by(CheckRow.id).limit(limit)
    if status:
        query = query.where(CheckRow.status == status)
    if after:
        query = query.where(CheckRow.id > after)
    return tuple(_checked(row) for row in session().scalars(query))


def of_subject(subject_id: UUID) -> tuple[Checked, ...]:
    """Return what every rule last said of a subject."""
    query = select(CheckRow).where(CheckRow.subject_id == subject_id).order_by(CheckRow.rule)
    return tuple(_checked(row) for row in session().scalars(query))


def findings(*, state: str = "open", merchant_id: UUID | None = None, shown: bool = False,
             before: UUID | None = None, limit: int = 50) -> tuple[Finding, ...]:  # fmt: skip
    """Return findings newest first: of one state or all (""), of one merchant or all; `shown` leaves out observed ones."""
    query = select(FindingRow).order_by(FindingRow.id.desc()).limit(limit)
    if state:
        query = query.where(FindingRow.state == state)
    if merchant_id:
        query = query.where(FindingRow.merchant_id == merchant_id)
    if shown:
        query = query.where(FindingRow.mode != "observe")
    if before:
        query = query.where(FindingRow.id < before)
    return tuple(_finding(row) for row in session().scalars(query))


def finding(finding_id: UUID) -> Finding:
    """Return a finding. Raise Missing if there is none."""
    row = session().scalars(select(FindingRow).where(FindingRow.id == finding_id)).one_or_none()
    if row is None:
        raise Missing("compliance.no_finding", _("There is no such finding"))
    return _finding(row)


def coming(merchant_id: UUID, *, days: int = 60) -> tuple[Checked, ...]:
    """Return what a merchant owes, or what comes close to failing, in the next days, the soonest first."""
    force = in_force()
    visible = [name for name in force.modes if force.mode(name) is not Mode.OBSERVE]
    until = now().today + timedelta(days=days)
    query = (
        select(CheckRow)
        .where(CheckRow.merchant_id == merchant_id, CheckRow.status.in_(("due", "warn")), CheckRow.rule.in_(visible),
               (CheckRow.due_on.is_(None)) | (CheckRow.due_on <= until))
        .order_by(CheckRow.due_on.nulls_last(), CheckRow.id)
        .limit(50)
    )  # fmt: skip
    return tuple(_checked(row) for row in session().scalars(query))


def evidence(*, rule: str = "", subject_id: UUID | None = None, limit: int = 30) -> tuple[Proof, ...]:
    """Return what was put down, newest first, of a rule, a subject, or both."""
    query = select(EvidenceRow).order_by(EvidenceRow.id.desc()).limit(limit)
    if rule:
        query = query.where(EvidenceRow.rule == rule)
    if subject_id:
        query = query.where(EvidenceRow.subject_id == subject_id)
    return tuple(
        Proof(row.id, row.rule, row.version, row.subject_kind, row.subject_id, row.label, row.status, row.why,
              row.facts, row.snapshot, row.at)
        for row in session().scalars(query)
    )  # fmt: skip


_MOST_OPEN, _MOST_PAST, _MOST_UNKNOWN, _MOST_YOUNG = 50, 20, 15, 15


def score(merchant_id: UUID) -> Score:
    """Return a merchant's risk: open findings by weight, past ones of a year, what is unknown, and how new it is."""
    open_ = session().scalar(select(func.coalesce(func.sum(FindingRow.score), 0)).where(
        FindingRow.merchant_id == merchant_id, FindingRow.state == "open")) or 0  # fmt: skip
    year = clock.now() - timedelta(days=365)
    past = session().scalar(select(func.count()).where(
        FindingRow.merchant_id == merchant_id, FindingRow.state == "closed", FindingRow.closed_at >= year)) or 0  # fmt: skip
    unclear = session().scalar(select(func.count()).where(
        CheckRow.merchant_id == merchant_id, CheckRow.status == "unknown")) or 0  # fmt: skip
    since = session().scalar(select(MerchantRow.approved_at).where(MerchantRow.id == merchant_id))
    days = (clock.now() - since).days if since else 0
    parts = (
        ("open", min(_MOST_OPEN, int(open_)), _MOST_OPEN),
        ("past", min(_MOST_PAST, 2 * past), _MOST_PAST),
        ("unknown", min(_MOST_UNKNOWN, 3 * unclear), _MOST_UNKNOWN),
        ("young", max(0, _MOST_YOUNG - days // 12), _MOST_YOUNG),
    )
    return Score(sum(points for _name, points, _most in parts), parts)


def replay(rule: str, numbers: Mapping[str, int], *, limit: int = 500) -> tuple[WouldFail, ...]:
    """Return whose answer would be another one if the rule had these numbers; nothing is changed.

    Asks up to so many subjects of the marketplace as they are now, one batch.
    """
    found = rule_of(rule)
    force = in_force()
    trial = InForce(force.packs, {rule: Mode.OBSERVE}, {rule: numbers})
    present = InForce(force.packs, {rule: Mode.OBSERVE}, force.numbers)
    when = now()
    kind = subject_of(found)
    changed = []
    for one in snapshots.build(kind, snapshots.ids_after(kind, None, limit)):
        for asked in rules_for(one, trial):
            before, after = ask(asked, one, when, present), ask(asked, one, when, trial)
            if after.status != before.status:
                changed.append(WouldFail(one.label, one.id, before.status, after.status, after.why, after.facts))
    return tuple(changed)


def law_of(rule: str) -> Law | None:
    """Return the law of a rule; None for a plugin's finding."""
    found: Rule | None = next((r for pack in PACKS.values() for r in pack.rules if r.id == rule), None)
    return found.law if found else None


def _checked(row: CheckRow) -> Checked:
    return Checked(row.id, row.rule, row.subject_kind, row.subject_id, row.merchant_id, row.label, row.status, row.why,
                   row.facts, row.due_on, row.checked_at)  # fmt: skip


def _finding(row: FindingRow) -> Finding:
    return Finding(row.id, row.rule, law_of(row.rule), row.subject_kind, row.subject_id, row.merchant_id, row.label,
                   row.state, row.mode, row.is_blocking, row.score, row.why, row.facts, row.opened_at, row.closed_at,
                   row.waived_until)  # fmt: skip
