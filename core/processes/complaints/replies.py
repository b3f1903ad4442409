"""Templates for the marketplace's replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.processes.complaints.models import ReplyRow

_MOST = 100


@dataclass(frozen=True, slots=True)
class Reply:
    """A template; `texts` are by language."""

    id: UUID
    title: str
    texts: Mapping[str, str]


def replies() -> tuple[Reply, ...]:
    """Return every template by its title."""
    return tuple(
        Reply(row.id, row.title, row.texts) for row in session().scalars(select(ReplyRow).order_by(ReplyRow.title))
    )


def add(title: str, texts: Mapping[str, str]) -> UUID:
    """Add a template. Raise Invalid without a title or text, Conflict for a title that is taken, or at 100."""
    kept = {code: text.strip()[:4000] for code, text in texts.items() if text.strip()}
    rules = (("title", _("Give it a title"), bool(title.strip())), ("text_en", _("Write the text"), bool(kept)))
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("complaints.reply", _("Some of this cannot be right"), fields=wrong)
    known = replies()
    if len(known) >= _MOST or title.strip() in {one.title for one in known}:
        raise Conflict("complaints.reply_taken", _("There is a template of this title already, or there are too many"))
    row = ReplyRow(id=new_id(), title=title.strip()[:120], texts=kept)
    session().add(row)
    session().flush()
    audit.record("complaint.reply_added", "complaint_reply", row.id, title=row.title)
    return row.id


def remove(reply_id: UUID) -> None:
    """Remove a template. Raise Missing if there is none."""
    gone = session().execute(delete(ReplyRow).where(ReplyRow.id == reply_id).returning(ReplyRow.title)).scalar()
    if gone is None:
        raise Missing("complaints.no_reply", _("There is no such template"))
    audit.record("complaint.reply_removed", "complaint_reply", reply_id, title=gone)
