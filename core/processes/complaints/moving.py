"""How a complaint moves: one place that sets its clock, tells its sides, and has its rules asked again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.compliance import holdings
from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.locks import lock
from core.processes.complaints.kinds import clocks
from core.processes.complaints.models import ComplaintMessageRow, ComplaintRow
from core.processes.complaints.states import CLOSED, COMPLAINT

DUE, CHANGED = "complaints.due", "messages.complaint_changed"
LONGEST = 4000


def locked(complaint_id: UUID, *, merchant_id: UUID | None = None) -> ComplaintRow:
    """Lock a complaint, a merchant's own if one is given. Raise Missing if there is none."""
    rows = lock(ComplaintRow, [complaint_id])
    if not rows or (merchant_id is not None and rows[0].merchant_id != merchant_id):
        raise missing()
    return rows[0]


def row_of(complaint_id: UUID) -> ComplaintRow:
    """Return a complaint's row. Raise Missing if there is none."""
    row = session().scalars(select(ComplaintRow).where(ComplaintRow.id == complaint_id)).one_or_none()
    if row is None:
        raise missing()
    return row


def missing() -> Missing:
    """Return the refusal for a complaint that is not there, or another's."""
    return Missing("complaints.missing", _("There is no such complaint"))


def advance(row: ComplaintRow, target: str, *, is_told: bool = True) -> None:
    """Move a complaint, set the clock of its next step, and tell its sides."""
    move(COMPLAINT, row, target)
    if target in CLOSED:
        row.closed_at = clock.now()
    row.due_at = clocks().due(row.filed_at, target, row.kind)
    jobs.cancel(f"complaint.due:{row.id}")
    if target == "with_merchant" and row.due_at:
        jobs.at(f"complaint.due:{row.id}", row.due_at, DUE, {"complaint": str(row.id)})
    if is_told:
        tell(row, target)
    holdings.changed(row.id)


def tell(row: ComplaintRow, what: str) -> None:
    """Have those who did not do it themselves told what became of a complaint."""
    jobs.soon(CHANGED, {"complaint": str(row.id), "what": what, "by": audit.actor().kind})


def said(text: str, path: str, message: str) -> str:
    """Return a text that must be there. Raise Invalid at its field if it is not, or is too long."""
    cleaned = text.strip()
    if not cleaned or len(cleaned) > LONGEST:
        raise Invalid("complaints.text", message, fields=(FieldError(path, message),))
    return cleaned


def require(row: ComplaintRow, *states: str) -> None:
    """Raise Conflict unless the complaint is in one of the states."""
    if row.state not in states:
        raise Conflict("complaints.not_now", _("This cannot be done with the complaint as it stands; look again"))


def note(row: ComplaintRow, side: str, text: str, *, is_internal: bool = False) -> None:
    """Put down what a side says."""
    name = audit.actor().name if side != "complainant" else ""
    session().add(ComplaintMessageRow(complaint_id=row.id, side=side, name=name, text=text, is_internal=is_internal))


@jobs.job(DUE)
def due(payload: jobs.Payload) -> None:
    """Take a complaint to the marketplace when its merchant has said nothing in time."""
    row = locked(UUID(payload["complaint"]))
    if row.state == "with_merchant" and row.due_at and row.due_at <= clock.now():
        advance(row, "platform_decides")
