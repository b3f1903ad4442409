"""Compares both sides of subjects, some at a time, and keeps the differences: found, changed, or gone by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from core.accounting.reconciliation import sides
from core.accounting.reconciliation.models import DifferenceRow, SideRow
from core.accounting.reconciliation.rules import Amounts, Kind, Moved, Side, Verdict, judge
from core.accounting.reconciliation.states import DIFFERENCE, LIVE
from core.hooks.runtime import move
from core.identity import approvals
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.payments.movement_models import MovementRow

KIND = "reconciliation.release"
"""The decision by which a second person lets an entry be posted."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many subjects were compared, and what came of it."""

    subjects: int
    found: int
    resolved: int


def wait() -> timedelta:
    """Return how long something may be on its way before it counts as missing."""
    return timedelta(days=int(str(current().setting("reconcile_wait_days", 3))))


def step(provider: str, run_id: UUID) -> Compared | None:
    """Compare some subjects; None if all are compared. Needs a transaction, and may be repeated at any time.

    A subject is compared when it has a movement or an entry that was not compared yet, and, once in each run, while
    it has a live difference.
    """
    # All entries are copied, then all movements named by them, before any subject is compared.
    if sides.copy_entries(provider) == sides.COPIED or sides.name_movements(provider):
        return Compared(0, 0, 0)
    subjects = _subjects(provider, run_id)
    if not subjects:
        return None
    if sides.book_fees(provider, _fresh(provider, subjects)):
        sides.copy_entries(provider)
    done = _compare(provider, subjects, run_id)
    sides.mark_compared(provider, subjects)
    return done


def _fresh(provider: str, subjects: set[str]) -> Sequence[MovementRow]:
    query = select(MovementRow).where(
        MovementRow.provider == provider, MovementRow.is_compared.is_(False), MovementRow.subject.in_(subjects)
    )
    return session().scalars(query).all()


def _subjects(provider: str, run_id: UUID) -> set[str]:
    moved = select(MovementRow.subject).where(MovementRow.provider == provider, MovementRow.is_compared.is_(False))
    entries = select(SideRow.subject).where(SideRow.provider == provider, SideRow.is_compared.is_(False))
    live = select(DifferenceRow.subject).where(
        DifferenceRow.provider == provider, DifferenceRow.state.in_(LIVE),
        or_(DifferenceRow.run_id.is_(None), DifferenceRow.run_id != run_id),
    )  # fmt: skip
    queries = moved.order_by(MovementRow.id), entries.order_by(SideRow.id), live.order_by(DifferenceRow.id)
    return {subject for query in queries for subject in session().scalars(query.limit(sides.BATCH))}


@dataclass(frozen=True, slots=True)
class Both:
    """What moved at the provider and in the journal for one subject, and the first day of it."""

    moved: tuple[Moved, ...]
    sides: tuple[Side, ...]
    day: date


def both_sides(provider: str, subjects: Iterable[str]) -> dict[str, Both]:
    """Return both sides of subjects, each oldest first."""
    names = list(subjects)
    moved: dict[str, list[MovementRow]] = {}
    query = select(MovementRow).where(MovementRow.provider == provider, MovementRow.subject.in_(names))
    for row in session().scalars(query.order_by(MovementRow.moved_at, MovementRow.id)):
        moved.setdefault(row.subject, []).append(row)
    posted: dict[str, list[SideRow]] = {}
    entries = select(SideRow).where(SideRow.provider == provider, SideRow.subject.in_(names))
    for side in session().scalars(entries.order_by(SideRow.posted_at, SideRow.id)):
        posted.setdefault(side.subject, []).append(side)
    return {name: _both(moved.get(name, []), posted.get(name, [])) for name in names if name in moved or name in posted}


def _both(moved: Sequence[MovementRow], posted: Sequence[SideRow]) -> Both:
    return Both(
        tuple(
            Moved(row.category, Money(row.amount_minor, row.currency), Money(row.fee_minor, row.currency), row.moved_at)
            for row in moved
        ),
        tuple(
            Side(row.kind, Money(row.amount_minor, row.currency), Money(row.fee_minor, row.currency), row.posted_at)
            for row in posted
        ),
        min([row.day for row in moved] + [row.day for row in posted]),
    )


def _compare(provider: str, subjects: set[str], run_id: UUID) -> Compared:
    both = both_sides(provider, subjects)
    live = _rows(provider, subjects, LIVE)
    dismissed = _rows(provider, subjects, ("dismissed",))
    now, patience = clock.now(), wait()
    found = resolved = 0
    for subject in sorted(subjects):
        this = both.get(subject)
        verdict = judge(subject, this.moved, this.sides, now, patience) if this else None
        row = live.get(subject)
        if row is not None:
            resolved += _keep_up(row, verdict, run_id)
        elif verdict is not None and this is not None and not _is_dismissed(dismissed.get(subject), verdict):
            session().add(_found(provider, subject, verdict, this.day, run_id))
            found += 1
    session().flush()
    return Compared(len(subjects), found, resolved)


def _rows(provider: str, subjects: set[str], states: tuple[str, ...]) -> Mapping[str, DifferenceRow]:
    """Return the newest difference of each subject in some states."""
    query = select(DifferenceRow).where(
        DifferenceRow.provider == provider, DifferenceRow.subject.in_(subjects), DifferenceRow.state.in_(states)
    )
    return {row.subject: row for row in session().scalars(query.order_by(DifferenceRow.id))}


def _is_dismissed(row: DifferenceRow | None, verdict: Verdict) -> bool:
    return row is not None and row.amounts == plain(verdict.amounts)


def _found(provider: str, subject: str, verdict: Verdict, day: date, run_id: UUID) -> DifferenceRow:
    row = DifferenceRow(
        id=new_id(), provider=provider, subject=subject, day=day, found_at=clock.now(), amounts=[], reason="",
        state="waiting" if verdict.kind is Kind.TIMING else "open", by_name="",
    )  # fmt: skip
    _write(row, verdict, run_id)
    return row


def _write(row: DifferenceRow, verdict: Verdict, run_id: UUID) -> None:
    row.kind, row.clue, row.waits_until = verdict.kind.value, verdict.clue, verdict.waits_until
    main = next(one for one in verdict.amounts if one.difference)
    row.currency, row.difference_minor = main.difference.currency, main.difference.minor
    row.amounts, row.run_id = plain(verdict.amounts), run_id


def _keep_up(row: DifferenceRow, verdict: Verdict | None, run_id: UUID) -> int:
    """Bring a live difference up to what both sides say now; return 1 if it is gone.

    What a second person was asked for falls as soon as the figures change.
    """
    if verdict is None:
        if row.state == "asked":
            approvals.lapse(KIND, row.id)
        row.ended_at, row.run_id = clock.now(), run_id
        session().flush()
        move(DIFFERENCE, row, "resolved")
        return 1
    has_changed = row.amounts != plain(verdict.amounts)
    _write(row, verdict, run_id)
    session().flush()
    if row.state == "asked" and has_changed:
        approvals.lapse(KIND, row.id)
        move(DIFFERENCE, row, "open")
    if row.state != "asked":
        target = "waiting" if verdict.kind is Kind.TIMING else "open"
        if row.state != target:
            move(DIFFERENCE, row, target)
    return 0


def plain(amounts: Sequence[Amounts]) -> list[dict[str, object]]:
    """Return both sides as they are stored with a difference."""
    return [
        {"currency": one.provider.currency, "provider_minor": one.provider.minor, "ledger_minor": one.ledger.minor,
         "fee_minor": one.fee.minor}
        for one in amounts
    ]  # fmt: skip


def stored(row: DifferenceRow) -> tuple[Amounts, ...]:
    """Return both sides as they are stored with a difference."""
    return tuple(
        Amounts(
            Money(one["provider_minor"], one["currency"]), Money(one["ledger_minor"], one["currency"]),
            Money(one["fee_minor"], one["currency"]),
        )
        for one in row.amounts
    )  # fmt: skip
