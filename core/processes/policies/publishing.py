"""The way of a version into force: a second person, comments, answers, publication ahead, and the day it applies."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core.compliance import holdings
from core.hooks.runtime import move
from core.identity import approvals
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.processes.policies import clocks, finding, telling
from core.processes.policies.clocks import Clocks
from core.processes.policies.kinds import KINDS
from core.processes.policies.models import CommentRow, VersionRow
from core.processes.policies.states import VERSION

OPENING = "policies.open"
"""The kind of decision by which a second person lets a version out of the house."""
SOURCE = "policy_version"
RULES = ("cn.ecl.34.1", "cn.pr.12.1")
_MERCHANTS = "eu.p2b.3.2"


def clocks_of(row: VersionRow) -> Clocks:
    """Return the days that a version needs."""
    return clocks.of_change(is_weighty=row.is_weighty, binds_merchants=KINDS[row.kind].binds_merchants,
                            adaptation_days=row.adaptation_days)  # fmt: skip


def mark_of(row: VersionRow) -> str:
    """Return the fingerprint of what a second person agrees to."""
    return approvals.fingerprint(row.kind, row.number, digest_of(row), row.is_weighty)


def digest_of(row: VersionRow) -> str:
    """Return the SHA-256 of a version's texts, as it is published."""
    packed = json.dumps(
        {"kind": row.kind, "number": row.number, "texts": row.texts}, ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256(packed.encode()).hexdigest()


def propose(version_id: UUID, *, by: UUID) -> None:
    """Ask a second person to let a draft out. Raise Conflict unless it is a written draft."""
    row = finding.locked(version_id)
    finding.require(row, "draft")
    if not row.texts:
        raise Conflict("policies.empty", _("Write the text first"))
    if row.number > 1 and not row.summaries:
        raise Conflict("policies.no_summary", _("Say in a few words what changes; merchants and buyers read it"))
    move(VERSION, row, "review")
    approvals.request(OPENING, row.id, mark_of(row), None, by=by, reason=row.weight_reason)


def let_out(version_id: UUID) -> None:
    """Open a version to comment, or approve it at once where no comment is asked for: a first one, or no pack's."""
    row = finding.locked(version_id)
    days = clocks_of(row).comment_days
    if row.number == 1 or not days:
        move(VERSION, row, "approved")
        return
    row.comment_opens_at, row.comment_closes_at = clock.now(), clocks.after_full_days(days)
    move(VERSION, row, "comment")
    jobs.at(f"policies.comments:{row.id}", row.comment_closes_at, "policies.close_comments", {"version": str(row.id)})
    jobs.soon(telling.TELL, {"version": str(row.id), "letter": "policy_comment"})


def send_back(version_id: UUID) -> None:
    """Give a version back to be written on, because the second person has not agreed."""
    move(VERSION, finding.locked(version_id), "draft")


@jobs.job("policies.close_comments")
def close_comments(payload: jobs.Payload) -> None:
    """Close the comments when their time is over."""
    row = finding.locked(UUID(payload["version"]))
    if row.state == "comment" and row.comment_closes_at and row.comment_closes_at <= clock.now():
        move(VERSION, row, "closed")


def conclude(version_id: UUID) -> None:
    """Publish the answers to the comments and approve the version. Raise Conflict while one has none."""
    row = finding.locked(version_id)
    finding.require(row, "closed")
    left = select(func.count()).where(CommentRow.version_id == row.id, CommentRow.outcome == "")
    if count := session().scalar(left) or 0:
        raise Conflict("policies.unanswered", _("{count} comments have no answer yet"), count=count)
    row.answers_published_at = clock.now()
    move(VERSION, row, "approved")


def earliest(row: VersionRow) -> date:
    """Return the first day on which a version may apply if it is published today; a first one may at once."""
    return clocks.today() + timedelta(days=0 if row.number == 1 else clocks_of(row).notice_days)


def publish(version_id: UUID, effective_on: date) -> None:
    """Publish a version that applies from a day on, and tell every merchant it binds.

    Raise Invalid for a day before the notice is over, Conflict unless the version is approved.
    """
    row = finding.locked(version_id)
    finding.require(row, "approved")
    first = earliest(row)
    if not first <= effective_on <= first + timedelta(days=366):
        message = _("It applies on {day} at the earliest, and within a year")
        fault = FieldError("effective_on", message.format(day=first.isoformat()))
        raise Invalid("policies.too_early", message, fields=(fault,), day=first.isoformat())
    row.published_at, row.digest = clock.now(), digest_of(row)
    row.effective_at = max(clocks.begin_of(effective_on), clock.now())
    move(VERSION, row, "published", effective_on=effective_on.isoformat(), digest=row.digest)
    _follow(row)
    jobs.at(f"policies.effect:{row.id}", row.effective_at, "policies.take_effect", {"version": str(row.id)})
    jobs.soon(telling.TELL, {"version": str(row.id), "letter": "policy_published"})


def _follow(row: VersionRow) -> None:
    if row.number == 1:
        return
    title = f"{row.kind} {row.number}"
    for rule in RULES:
        holdings.follow(SOURCE, rule, row.id, title)
    if KINDS[row.kind].binds_merchants:
        holdings.follow(SOURCE, _MERCHANTS, row.id, title)


@jobs.job("policies.take_effect")
def take_effect(payload: jobs.Payload) -> None:
    """Put a version into force on its day; the one before stays readable, and whoever said nothing was silent."""
    row = finding.locked(UUID(payload["version"]))
    if row.state != "published" or row.effective_at is None or row.effective_at > clock.now():
        return
    before = finding.in_force(row.kind)
    if before is not None:
        before = finding.locked(before.id)
        before.ended_at = row.effective_at
        move(VERSION, before, "superseded")
    move(VERSION, row, "in_force")
    holdings.changed(row.id)
    jobs.soon(telling.SILENT, {"version": str(row.id)})


def withdraw(version_id: UUID, reason: str) -> None:
    """Withdraw a version that does not apply yet. Raise Invalid without a reason, Conflict if it applies."""
    row = finding.locked(version_id)
    if not reason.strip():
        message = _("Say why; whoever was told reads it")
        raise Invalid("policies.no_reason", message, fields=(FieldError("reason", message),))
    was_told = row.state in ("comment", "closed", "published")
    if row.state == "review":
        approvals.lapse(OPENING, row.id)
    row.withdrawal = reason.strip()[:1000]
    move(VERSION, row, "withdrawn", reason=row.withdrawal)
    jobs.cancel(f"policies.comments:{row.id}")
    jobs.cancel(f"policies.effect:{row.id}")
    if was_told:
        jobs.soon(telling.TELL, {"version": str(row.id), "letter": "policy_withdrawn"})
