"""Closes months for entries, and opens them again, each with a second person; what comes late is dated to an open day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from core.accounting import months
from core.identity import approvals
from core.identity.approvals import Approval, fingerprint
from core.kernel import audit
from core.kernel.errors import Conflict, Missing, _
from core.kernel.tenancy import current_id
from core.ledger import books


class Step(StrEnum):
    """What is asked for."""

    CLOSE = "books.close"
    REOPEN = "books.reopen"


@dataclass(frozen=True, slots=True)
class Wish:
    """A step that waits for a second person: `until` would be the first open day, None that every day is open."""

    id: UUID
    step: Step
    until: date | None
    asked_by: UUID


def ask_to_close(month: date, *, by: UUID) -> Wish:
    """Ask to close the books up to the end of a month.

    Raise Conflict while the month is not over or has no statements yet, or if it is closed.
    """
    end, done = months.following(month), books.books()
    if end > months.this():
        raise Conflict("accounting.month_not_over", _("A month is closed when it is over"))
    if done.stated_until is None or done.stated_until < end:
        raise Conflict("accounting.state_first", _("Issue the month's statements before you close it"))
    if done.closed_until is not None and done.closed_until >= end:
        raise Conflict("accounting.closed_already", _("This month is closed already"))
    return _ask(Step.CLOSE, end, by)


def ask_to_reopen(month: date, *, by: UUID) -> Wish:
    """Ask to open a month and all after it again. Raise Conflict if it is open."""
    closed = books.books().closed_until
    if closed is None or month >= closed:
        raise Conflict("accounting.open_already", _("This month is open already"))
    return _ask(Step.REOPEN, month, by)


def _ask(step: Step, until: date, by: UUID) -> Wish:
    found = approvals.request(step, current_id(), _mark(step, until), None, by=by, reason=until.isoformat())
    return _wish(found)


def waiting() -> list[Wish]:
    """Return the steps that wait for a second person."""
    return [_wish(found) for step in Step for found in approvals.waiting(step)]


def approve(approval_id: UUID, *, by: UUID) -> Wish:
    """Agree as another person, and carry it out.

    Raise Missing, Denied for who asked, Conflict if the books have moved since.
    """
    wish = _find(approval_id)
    approvals.approve(approval_id, _mark(wish.step, wish.until), by=by)
    before = books.books().closed_until
    books.close_until(wish.until)
    audit.record(f"{wish.step}d", "books", current_id(), before=str(before or ""), until=str(wish.until or ""))
    return wish


def reject(approval_id: UUID, *, by: UUID) -> None:
    """Refuse as another person. Raise Missing or Denied."""
    _find(approval_id)
    approvals.reject(approval_id, by=by)


def _find(approval_id: UUID) -> Wish:
    found = next((one for one in waiting() if one.id == approval_id), None)
    if found is None:
        raise Missing("accounting.no_wish", _("Nobody waits for this decision any more"))
    return found


def _mark(step: Step, until: date | None) -> str:
    return fingerprint(step, until, books.books().closed_until)


def _wish(found: Approval) -> Wish:
    return Wish(found.id, Step(found.kind), date.fromisoformat(found.reason) if found.reason else None, found.asked_by)
