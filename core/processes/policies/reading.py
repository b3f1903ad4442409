"""What pages and the API read of policies: versions, their differences, comments, acceptances and exits."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.merchants.models import MerchantRow
from core.processes.policies.kinds import KINDS, PolicyKind
from core.processes.policies.models import AcceptanceRow, CommentRow, ExitRow, VersionRow
from core.processes.policies.states import OPEN, PUBLIC


@dataclass(frozen=True, slots=True)
class Version:
    """A version as people see it; `texts` and `summaries` are by language, `digest` is that of the published text."""

    id: UUID
    kind: PolicyKind
    number: int
    state: str
    texts: Mapping[str, str]
    summaries: Mapping[str, str]
    is_weighty: bool
    weight_reason: str
    adaptation_days: int
    commented_texts: Mapping[str, str]
    correction: str
    withdrawal: str
    digest: str
    created_at: datetime
    comment_opens_at: datetime | None
    comment_closes_at: datetime | None
    answers_published_at: datetime | None
    published_at: datetime | None
    notified_at: datetime | None
    effective_at: datetime | None
    ended_at: datetime | None

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.state in PUBLIC


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its answer; `outcome` is "" until there is one. `from_merchant` says which side wrote it."""

    id: UUID
    version_id: UUID
    name: str
    from_merchant: bool
    text: str
    at: datetime
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Exit:
    """A merchant that leaves, or has left, under the rules before a change."""

    id: UUID
    merchant_id: UUID
    merchant: str
    kind: str
    objected_number: int
    governing_number: int
    state: str
    requested_at: datetime
    settle_by: date
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A version that binds a merchant, and what it has said to it; `state` is "" before it was asked."""

    version: Version
    state: str
    answered_at: datetime | None


def find(version_id: UUID) -> Version:
    """Return a version, public or not. Raise Missing if there is none."""
    return _one(VersionRow.id == version_id)


def public(kind: str, number: int) -> Version:
    """Return a version that anybody may read. Raise Missing if there is none."""
    return _one(VersionRow.kind == kind, VersionRow.number == number, VersionRow.state.in_(PUBLIC))


def public_by_id(version_id: UUID) -> Version:
    """Return a version that anybody may read by its key. Raise Missing if there is none."""
    return _one(VersionRow.id == version_id, VersionRow.state.in_(PUBLIC))


def versions(kind: str, *, only_public: bool) -> tuple[Version, ...]:
    """Return every version of a policy, newest first."""
    wanted = [VersionRow.kind == kind] + ([VersionRow.state.in_(PUBLIC)] if only_public else [])
    return _many(*wanted)


def standing() -> Mapping[str, Version]:
    """Return the versions in force, by the policy's code in the order of the policies; one query."""
    found = {version.kind.code: version for version in _many(VersionRow.state == "in_force")}
    return {code: found[code] for code in KINDS if code in found}


def coming(*, only_public: bool) -> Mapping[str, Version]:
    """Return the versions that are under way, by the policy's code; one query."""
    states = [state for state in OPEN if state in PUBLIC or not only_public]
    found = {version.kind.code: version for version in _many(VersionRow.state.in_(states))}
    return {code: found[code] for code in KINDS if code in found}


def at(moment: datetime) -> Mapping[str, Version]:
    """Return the versions that were in force at a moment, by the policy's code."""
    found = _many(VersionRow.state.in_(("in_force", "superseded")), VersionRow.effective_at <= moment,
                  VersionRow.ended_at.is_(None) | (VersionRow.ended_at > moment))  # fmt: skip
    return {version.kind.code: version for version in found}


def comments(version_id: UUID, *, after: UUID | None = None, limit: int = 50) -> tuple[Comment, ...]:
    """Return comments on a version, oldest first."""
    query = (
        select(CommentRow, MerchantRow.name)
        .outerjoin(MerchantRow, (MerchantRow.tenant_id == CommentRow.tenant_id) & (MerchantRow.id == CommentRow.merchant_id))
        .where(CommentRow.version_id == version_id)
        .order_by(CommentRow.id)
        .limit(limit)
    )  # fmt: skip
    if after:
        query = query.where(CommentRow.id > after)
    return tuple(
        Comment(row.id, row.version_id, name or row.name, row.merchant_id is not None, row.text, row.at, row.outcome,
                row.answer)
        for row, name in session().execute(query)
    )  # fmt: skip


def acceptance_counts(version_id: UUID) -> Mapping[str, int]:
    """Count merchants by what they said to a version."""
    query = select(AcceptanceRow.state, func.count()).where(
        AcceptanceRow.version_id == version_id, AcceptanceRow.merchant_id.is_not(None)
    )
    return {row[0]: row[1] for row in session().execute(query.group_by(AcceptanceRow.state))}


def of_merchant(merchant_id: UUID) -> tuple[Answer, ...]:
    """Return the versions, published or in force, that bind merchants, with what this one said; two queries."""
    found = [one for one in _many(VersionRow.state.in_(("published", "in_force"))) if one.kind.binds_merchants]
    query = select(AcceptanceRow).where(
        AcceptanceRow.merchant_id == merchant_id, AcceptanceRow.version_id.in_([one.id for one in found])
    )
    said = {row.version_id: row for row in session().scalars(query)}
    order = list(KINDS)
    found.sort(key=lambda one: (one.state != "published", order.index(one.kind.code)))
    return tuple(
        Answer(one, said[one.id].state if one.id in said else "", said[one.id].answered_at if one.id in said else None)
        for one in found
    )


def unanswered(merchant_id: UUID) -> int:
    """Count the versions that wait for a merchant's word."""
    query = (
        select(func.count())
        .select_from(AcceptanceRow)
        .join(VersionRow, (VersionRow.tenant_id == AcceptanceRow.tenant_id) & (VersionRow.id == AcceptanceRow.version_id))
        .where(AcceptanceRow.merchant_id == merchant_id, AcceptanceRow.state.in_(("pending", "silent")),
               VersionRow.state.in_(("published", "in_force")))
    )  # fmt: skip
    return session().scalar(query) or 0


def exit_of(merchant_id: UUID) -> Exit | None:
    """Return how a merchant is leaving, if it is."""
    return next(iter(_exits(ExitRow.merchant_id == merchant_id, ExitRow.state == "leaving")), None)


def exits(*, before: UUID | None = None, limit: int = 50) -> tuple[Exit, ...]:
    """Return the merchants that leave or have left, newest first."""
    return _exits(*([ExitRow.id < before] if before else []), limit=limit)


def difference(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return a new text's lines beside an old one's: ("same" | "gone" | "new", line)."""
    words = {" ": "same", "-": "gone", "+": "new"}
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return tuple((words[line[0]], line[2:]) for line in lines if line[0] in words)


def _exits(*where: ColumnElement[bool], limit: int = 50) -> tuple[Exit, ...]:
    query = (
        select(ExitRow, MerchantRow.name, VersionRow.kind)
        .join(MerchantRow, (MerchantRow.tenant_id == ExitRow.tenant_id) & (MerchantRow.id == ExitRow.merchant_id))
        .join(VersionRow, (VersionRow.tenant_id == ExitRow.tenant_id) & (VersionRow.id == ExitRow.version_id))
        .where(*where)
        .order_by(ExitRow.id.desc())
        .limit(limit)
    )
    return tuple(
        Exit(row.id, row.merchant_id, name, kind, row.objected_number, row.governing_number, row.state,
             row.requested_at, row.settle_by, row.settled_at)
        for row, name, kind in session().execute(query)
    )  # fmt: skip


def _one(*where: ColumnElement[bool]) -> Version:
    found = _many(*where)
    if not found:
        raise Missing("policies.missing", _("There is no such version"))
    return found[0]


def _many(*where: ColumnElement[bool]) -> tuple[Version, ...]:
    query = select(VersionRow).where(*where).order_by(VersionRow.kind, VersionRow.number.desc())
    return tuple(_value(row) for row in session().scalars(query) if row.kind in KINDS)


def _value(row: VersionRow) -> Version:
    return Version(
        row.id, KINDS[row.kind], row.number, row.state, row.texts, row.summaries, row.is_weighty, row.weight_reason,
        row.adaptation_days, row.commented_texts, row.correction, row.withdrawal, row.digest, row.created_at,
        row.comment_opens_at, row.comment_closes_at, row.answers_published_at, row.published_at, row.notified_at,
        row.effective_at, row.ended_at,
    )  # fmt: skip


def earlier(version: Version) -> Version | None:
    """Return the version that applied before another, or applies until it does: what its changes are against."""
    found: Sequence[Version] = _many(VersionRow.kind == version.kind.code, VersionRow.number < version.number,
                                     VersionRow.state.in_(("in_force", "superseded")))  # fmt: skip
    return found[0] if found else None
