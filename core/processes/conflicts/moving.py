"""How a dispute moves: one place that sets its clock and tells its sides."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from core.fulfilment import shipping
from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.locks import lock
from core.orders import progress
from core.orders.open_cases import has_open_case
from core.processes.conflicts.models import ConflictMessageRow, ConflictRow
from core.processes.conflicts.states import CONFLICT, DAYS

CHANGED = "messages.conflict_changed"
LONGEST = 4000


def locked(conflict_id: UUID, *, merchant_id: UUID | None = None) -> ConflictRow:
    """Lock a dispute, a merchant's own if one is given. Raise Missing if there is none."""
    rows = lock(ConflictRow, [conflict_id])
    if not rows or (merchant_id is not None and rows[0].merchant_id != merchant_id):
        raise missing()
    return rows[0]


def missing() -> Missing:
    """Return the refusal for a dispute that is not there, or another's."""
    return Missing("conflicts.missing", _("There is no such dispute"))


def require(row: ConflictRow, *states: str) -> None:
    """Raise Conflict unless the dispute is in one of the stages."""
    if row.state not in states:
        raise Conflict("conflicts.not_now", _("This cannot be done with the dispute as it stands; look again"))


def advance(row: ConflictRow, target: str, **facts: audit.Plain) -> None:
    """Move a dispute, set when the next step is due, and tell both sides."""
    move(CONFLICT, row, target, **facts)
    row.due_at = clock.now() + timedelta(days=DAYS[target]) if target in DAYS else None
    if target in ("closed", "withdrawn"):
        row.closed_at = clock.now()
        session().flush()
        _complete_later(row.order_id)
    tell(row, target)


def _complete_later(order_id: UUID) -> None:
    """Let the order be completed in time, unless something else about it is open."""
    order = progress.locked(order_id)
    if order.state == "delivered" and not has_open_case(order_id):
        shipping.complete_later(order)


def tell(row: ConflictRow, what: str) -> None:
    """Have both sides told, but not whoever did it."""
    jobs.soon(CHANGED, {"conflict": str(row.id), "what": what, "by": audit.actor().kind})


def said(text: str, path: str, message: str) -> str:
    """Return a text that must be there. Raise Invalid at its field otherwise."""
    if not 0 < len(text.strip()) <= LONGEST:
        raise Invalid("conflicts.text", message, fields=(FieldError(path, message),))
    return text.strip()


def note(row: ConflictRow, side: str, text: str, offer_minor: int | None = None) -> None:
    """Put down what a side says, perhaps with an offer that takes the place of its last one."""
    session().add(ConflictMessageRow(conflict_id=row.id, side=side, text=text, offer_minor=offer_minor,
                                     offer_state="open" if offer_minor is not None else ""))  # fmt: skip
