"""Comments on a version: anybody writes while it is open, the marketplace answers each; both are public."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.processes.policies import finding
from core.processes.policies.models import CommentRow

LONGEST = 4000
MOST_OPEN = 2000
OUTCOMES = ("taken", "partly", "not_taken")


@dataclass(frozen=True, slots=True)
class Voice:
    """Who comments: a merchant, a buyer, or a guest under a name of their own."""

    name: str = ""
    merchant_id: UUID | None = None
    customer_id: UUID | None = None


def say(version_id: UUID, text: str, voice: Voice) -> UUID:
    """Comment on a version. Raise Invalid without a text, Conflict when the comments are not open, or are full."""
    row = finding.locked(version_id)
    if row.state != "comment" or row.comment_closes_at is None or row.comment_closes_at <= clock.now():
        raise Conflict("policies.comments_closed", _("Comments on this version are not open"))
    said = text.strip()
    if not 3 <= len(said) <= LONGEST:
        message = _("Write between 3 and 4,000 characters")
        raise Invalid("policies.comment", message, fields=(FieldError("text", message),))
    if (session().scalar(select(func.count()).where(CommentRow.version_id == row.id)) or 0) >= MOST_OPEN:
        raise Conflict("policies.comments_full", _("There are too many comments already; write to us instead"))
    comment = CommentRow(id=new_id(), version_id=row.id, merchant_id=voice.merchant_id, customer_id=voice.customer_id,
                         name=voice.name.strip()[:80], text=said)  # fmt: skip
    session().add(comment)
    session().flush()
    audit.record("policy_version.commented", "policy_version", row.id, comment=str(comment.id))
    return comment.id


def answer(comment_id: UUID, outcome: str, text: str) -> None:
    """Answer a comment: taken, partly or not, and why. Raise Invalid for half an answer, Conflict once concluded."""
    rows = lock(CommentRow, [comment_id])
    if not rows:
        raise Missing("policies.no_comment", _("There is no such comment"))
    finding.require(finding.row_of(rows[0].version_id), "comment", "closed")
    rules = (
        ("outcome", _("Say whether it is taken"), outcome in OUTCOMES),
        ("answer", _("Say why"), bool(text.strip())),
    )
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("policies.answer", _("Some of this cannot be right"), fields=wrong)
    rows[0].outcome, rows[0].answer, rows[0].answered_at = outcome, text.strip()[:LONGEST], clock.now()
    audit.record("policy_version.answered", "policy_version", rows[0].version_id, comment=str(comment_id),
                 outcome=outcome)  # fmt: skip
