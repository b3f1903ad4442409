"""Differences as people see them, and what becomes of one: its entry is posted, or it is dismissed with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from core.accounting.reconciliation import matching, sides
from core.accounting.reconciliation.matching import KIND
from core.accounting.reconciliation.models import DifferenceRow, SideRow
from core.accounting.reconciliation.rules import Amounts, Kind, Verdict, suggestion
from core.accounting.reconciliation.states import DIFFERENCE, LIVE
from core.hooks.money import Posting
from core.hooks.runtime import move
from core.identity import approvals
from core.identity.approvals import Approval
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger import journal
from core.payments.movement_models import MovementRow

SETTING = "reconcile_second_person"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between provider and journal; `difference` is what the provider has more.

    `suggestion` is the entry after which both agree. `clue` is the provider's or the journal's word for what decides
    its kind. `reason` and `by_name` are of the person who ended it.
    """

    id: UUID
    provider: str
    subject: str
    kind: Kind
    clue: str
    state: str
    difference: Money
    amounts: tuple[Amounts, ...]
    suggestion: tuple[Posting, ...]
    day: date
    waits_until: datetime | None
    found_at: datetime
    ended_at: datetime | None
    reason: str
    by_name: str


@dataclass(frozen=True, slots=True)
class There:
    """A movement at the provider, as its side of a difference is shown."""

    ref: str
    category: str
    source: str
    amount: Money
    fee: Money
    day: date
    moved_at: datetime
    available_at: datetime


@dataclass(frozen=True, slots=True)
class Here:
    """An entry of the journal, as its side of a difference is shown."""

    entry_id: UUID
    kind: str
    amount: Money
    fee: Money
    day: date
    posted_at: datetime


def search(
    provider: str, *, kind: str = "", state: str = "", before: UUID | None = None, limit: int = PAGE
) -> list[Difference]:
    """Return differences, newest first; `state` "live" stands for all that are not ended."""
    query = select(DifferenceRow).where(DifferenceRow.provider == provider).order_by(DifferenceRow.id.desc())
    if kind:
        query = query.where(DifferenceRow.kind == kind)
    if state:
        query = query.where(DifferenceRow.state.in_(LIVE if state == "live" else (state,)))
    if before is not None:
        query = query.where(DifferenceRow.id < before)
    return [_value(row) for row in session().scalars(query.limit(limit))]


def counts(provider: str) -> dict[str, int]:
    """Return how many differences are in each state."""
    query = select(DifferenceRow.state, func.count()).where(DifferenceRow.provider == provider)
    return {state: count for state, count in session().execute(query.group_by(DifferenceRow.state))}


def open_count() -> int:
    """Return how many differences wait for a person."""
    query = select(func.count()).select_from(DifferenceRow).where(DifferenceRow.state == "open")
    return int(session().scalar(query) or 0)


def find(difference_id: UUID) -> Difference:
    """Return a difference. Raise Missing."""
    row = session().scalars(select(DifferenceRow).where(DifferenceRow.id == difference_id)).one_or_none()
    if row is None:
        raise Missing("reconciliation.no_difference", _("There is no such difference"))
    return _value(row)


def both(found: Difference) -> tuple[list[There], list[Here]]:
    """Return both sides of a difference, each oldest first."""
    moved = select(MovementRow).where(MovementRow.provider == found.provider, MovementRow.subject == found.subject)
    posted = select(SideRow).where(SideRow.provider == found.provider, SideRow.subject == found.subject)
    there = [
        There(row.ref, row.category, row.source, Money(row.amount_minor, row.currency),
              Money(row.fee_minor, row.currency), row.day, row.moved_at, row.available_at)
        for row in session().scalars(moved.order_by(MovementRow.moved_at, MovementRow.id))
    ]  # fmt: skip
    here = [
        Here(row.entry_id, row.kind, Money(row.amount_minor, row.currency), Money(row.fee_minor, row.currency),
             row.day, row.posted_at)
        for row in session().scalars(posted.order_by(SideRow.posted_at, SideRow.id))
    ]  # fmt: skip
    return there, here


def limit() -> Money | None:
    """Return above which amount an entry needs a second person, in the tenant's currency; None if none ever does."""
    text = str(current().setting(SETTING, "100") or "")
    return Money.parse(text, current().currency) if text else None


def needs_second(found: Difference) -> bool:
    """Tell whether the suggested entry needs a second person; in another currency than the tenant's it always does."""
    most = limit()
    return most is not None and any(
        one.amount.currency != most.currency or one.amount > most for one in found.suggestion
    )


def release(difference_id: UUID, *, by: UUID, reason: str = "") -> Difference:
    """Post the suggested entry, or ask a second person where it is above the limit.

    Raise Missing, or Conflict if the difference is not open.
    """
    row = _open(difference_id)
    found = _value(row)
    if needs_second(found):
        amount = Money(abs(row.difference_minor), row.currency)
        approvals.request(KIND, row.id, _mark(row), amount, by=by, reason=" ".join(reason.split())[:500])
        move(DIFFERENCE, row, "asked", amount=str(amount))
    else:
        _post(row, reason)
    return _value(row)


def dismiss(difference_id: UUID, reason: str) -> Difference:
    """Leave a difference as it is, with a reason. Raise Missing, Invalid without a reason, Conflict if it is not open."""
    said = " ".join(reason.split())[:500]
    if not said:
        message = _("Say why this difference may stay")
        raise Invalid("reconciliation.no_reason", message, fields=(FieldError("reason", message),))
    row = _open(difference_id)
    _end(row, said)
    move(DIFFERENCE, row, "dismissed", reason=said)
    return _value(row)


def mark(asked: Approval) -> str:
    """Return the fingerprint of what a second person would agree to now."""
    return _mark(_locked(asked.subject_id))


def carry_out(asked: Approval) -> None:
    """Post the entry that a second person has agreed to."""
    _post(_locked(asked.subject_id), asked.reason)


def turn_down(asked: Approval, by: UUID, reason: str) -> None:
    """Refuse as the second person: the difference is open again."""
    row = _locked(asked.subject_id)
    approvals.reject(asked.id, by=by, reason=reason)
    move(DIFFERENCE, row, "open", reason=reason)


def told(ids: list[UUID]) -> dict[UUID, Difference]:
    """Return many differences by their keys."""
    return {row.id: _value(row) for row in session().scalars(select(DifferenceRow).where(DifferenceRow.id.in_(ids)))}


def _mark(row: DifferenceRow) -> str:
    return approvals.fingerprint(KIND, row.id, row.kind, row.clue, row.amounts)


def _locked(difference_id: UUID) -> DifferenceRow:
    rows = lock(DifferenceRow, [difference_id])
    if not rows:
        raise Missing("reconciliation.no_difference", _("There is no such difference"))
    return rows[0]


def _open(difference_id: UUID) -> DifferenceRow:
    row = _locked(difference_id)
    if row.state != "open":
        raise Conflict("reconciliation.not_open", _("This difference does not wait for a person; look again"))
    return row


def _post(row: DifferenceRow, reason: str) -> None:
    """Post the entry under the difference's key, so that it can be posted once, and compare from it on."""
    found = _value(row)
    journal.post(f"reconciliation:{row.id}", "reconciliation.adjusted", found.suggestion, effective_on=row.day)
    _end(row, " ".join(reason.split())[:500])
    move(DIFFERENCE, row, "settled", amount=str(found.difference), kind=row.kind)
    sides.copy_entries(row.provider)


def _end(row: DifferenceRow, reason: str) -> None:
    row.ended_at, row.reason, row.by_name = clock.now(), reason, audit.actor().name
    session().flush()


def _value(row: DifferenceRow) -> Difference:
    amounts, kind = matching.stored(row), Kind(row.kind)
    verdict = Verdict(kind, row.clue, amounts, row.waits_until)
    return Difference(
        row.id, row.provider, row.subject, kind, row.clue, row.state, Money(row.difference_minor, row.currency),
        amounts, suggestion(row.provider, row.subject, verdict), row.day, row.waits_until, row.found_at, row.ended_at,
        row.reason, row.by_name,
    )  # fmt: skip
