"""Comparisons as jobs: read what moved at the provider, compare, done; killed anywhere, it goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from core.accounting.reconciliation import matching, sides
from core.accounting.reconciliation.models import RunRow
from core.accounting.reconciliation.states import RUN
from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, Unavailable, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.tenancy import current_id
from core.kernel.tx import read_only, transaction
from core.payments import movements


@dataclass(frozen=True, slots=True)
class Run:
    """A comparison: `read` movements of this run's reading were new, `compared` subjects so far; `trouble` if it waits."""

    id: UUID
    provider: str
    state: str
    by_name: str
    read: int
    compared: int
    found: int
    resolved: int
    trouble: str
    started_at: datetime
    ended_at: datetime | None


def start(provider: str) -> Run:
    """Have a provider compared now; while that goes on, the same run again. Raise Missing for one that tells nothing."""
    if provider not in movements.names():
        raise Missing("reconciliation.no_provider", _("This way of paying does not tell what moved"))
    key = new_id()
    values = {
        "tenant_id": current_id(), "id": key, "provider": provider, "state": "running",
        "by_name": audit.actor().name or "", "started_at": clock.now(), "read": 0, "compared": 0, "found": 0,
        "resolved": 0, "trouble": "",
    }  # fmt: skip
    made = session().execute(insert(RunRow).values(values).on_conflict_do_nothing().returning(RunRow.id)).first()
    if made is not None:
        jobs.soon("reconciliation.run", {"run": str(key)}, subject=f"reconciliation:{provider}")
        audit.record("reconciliation.started", "reconciliation_run", key, provider=provider)
    running = select(RunRow).where(RunRow.provider == provider, RunRow.state == "running")
    return _value(session().scalars(running).one())


def latest(provider: str) -> Run | None:
    """Return the newest comparison of a provider, None before the first."""
    query = select(RunRow).where(RunRow.provider == provider).order_by(RunRow.id.desc()).limit(1)
    row = session().scalars(query).first()
    return _value(row) if row else None


def find(run_id: UUID) -> Run:
    """Return a comparison. Raise Missing."""
    row = session().scalars(select(RunRow).where(RunRow.id == run_id)).one_or_none()
    if row is None:
        raise Missing("reconciliation.no_run", _("There is no such comparison"))
    return _value(row)


@jobs.job("reconciliation.nightly")
def _nightly(_payload: jobs.Payload) -> None:
    """Compare every provider that tells what moved."""
    for provider in movements.names():
        start(provider)


@jobs.slow_job("reconciliation.run", retries=50, timeout=timedelta(minutes=5))
def carry_out(payload: jobs.Payload) -> None:
    """Carry a comparison out, or what is left of it. Raise Unavailable while the provider does not answer."""
    run_id = UUID(payload["run"])
    with read_only():
        run = find(run_id)
    if run.state != "running":
        return
    try:
        while (new := movements.read_page(run.provider, run.started_at)) is not None:
            with transaction():
                _count(run_id, read=new)
    except (Conflict, Unavailable) as refusal:
        with transaction():
            session().execute(update(RunRow).where(RunRow.id == run_id).values(trouble=refusal.message))
        raise
    with transaction():
        # Movements are named by what is in the journal, so that comes first.
        sides.copy_entries(run.provider)
        sides.name_again(run.provider)
    while _compare_some(run):
        continue
    with transaction():
        (row,) = lock(RunRow, [run_id])
        row.ended_at, row.trouble = clock.now(), ""
        session().flush()
        if row.state == "running":
            move(RUN, row, "done", found=row.found, resolved=row.resolved)


def _compare_some(run: Run) -> bool:
    """Compare some subjects in a transaction of their own; return whether there may be more."""
    with transaction():
        lock_name(f"reconciliation:{run.provider}")
        done = matching.step(run.provider, run.id)
        if done is None:
            return False
        _count(run.id, compared=done.subjects, found=done.found, resolved=done.resolved)
    return True


def _count(run_id: UUID, **more: int) -> None:
    values = {name: getattr(RunRow, name) + number for name, number in more.items()}
    session().execute(update(RunRow).where(RunRow.id == run_id).values(trouble="", **values))


def _value(row: RunRow) -> Run:
    return Run(
        row.id, row.provider, row.state, row.by_name, row.read, row.compared, row.found, row.resolved, row.trouble,
        row.started_at, row.ended_at,
    )  # fmt: skip
