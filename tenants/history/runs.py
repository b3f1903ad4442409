"""Imports of a history as jobs: a run remembers how far it is, so that a killed worker loses and doubles nothing."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.tenancy import current
from core.kernel.tx import read_only, transaction
from core.media.store import files
from tenants.history import importing, proof
from tenants.history.models import HistoryRunRow
from tenants.history.reader import Fault, History, from_zip, read
from tenants.history.rows import alone

JOB = "history.import"
_SLICE_SECONDS = 40.0
_OPEN = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as pages show it. `done` of `total` rows are written; `totals` are the last figures, once it is done."""

    id: UUID
    file_name: str
    state: str
    total: int
    done: int
    left_out: int
    totals: Mapping[str, object]
    problem: str
    by_name: str
    created_at: datetime
    finished_at: datetime | None


def packed(sent: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Return one zip file and its name of what was sent: a zip file as it is, or CSV files put together.

    Raise Invalid if it is neither, or a table is missing.
    """
    if len(sent) == 1 and sent[0][0].lower().endswith(".zip"):
        name, data = sent[0]
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in sent:
                archive.writestr(part.replace("\\", "/").rsplit("/", 1)[-1], content)
        name, data = f"{len(sent)} × CSV", out.getvalue()
    from_zip(data)
    return name[:200], data


def start(file_name: str, data: bytes) -> UUID:
    """Begin to import a zip file in a job. Raise Conflict while another runs, or for another currency."""
    importing.refuse_other_money()
    lock_name("history.start")
    query = select(HistoryRunRow.id).where(HistoryRunRow.state.in_(_OPEN)).limit(1)
    if session().scalar(query) is not None:
        raise Conflict("history.busy", _("Another import is under way; wait until it is done"))
    run = HistoryRunRow(id=new_id(), file_name=file_name, blob="", by_name=audit.actor().name)
    run.blob = f"{run.id.hex}.zip"
    files().write(run.blob, data)
    session().add(run)
    session().flush()
    audit.record("history.started", "tenant", current().id, file=file_name)
    jobs.soon(JOB, {"run": str(run.id)})
    return run.id


def runs(limit: int = 20) -> list[Run]:
    """Return the latest runs, newest first."""
    query = select(HistoryRunRow).order_by(HistoryRunRow.id.desc()).limit(limit)
    return [_value(row) for row in session().scalars(query)]


def find(run_id: UUID) -> Run:
    """Return a run. Raise Missing."""
    return _value(_row(run_id))


def left_out(run_id: UUID, limit: int | None = None) -> list[Fault]:
    """Return the rows that were left out, with the reasons, in the order of the files. Raise Missing."""
    stored = _row(run_id).report
    content = files().read(stored) if stored else None
    rows = csv.reader(io.StringIO((content or b"").decode("utf-8")))
    found = []
    for number, row in enumerate(rows):
        if limit is not None and number > limit:
            break
        if number:
            found.append(Fault(row[0], int(row[1]), row[2], row[3]))
    return found


def report(run_id: UUID) -> bytes:
    """Return the report as CSV. Raise Missing while there is none."""
    stored = _row(run_id).report
    content = files().read(stored) if stored else None
    if content is None:
        raise Missing("history.no_report", _("There is no report yet"))
    return content


@jobs.slow_job(JOB, timeout=timedelta(seconds=180))
def _job(payload: jobs.Payload) -> None:
    if not carry_on(UUID(payload["run"]), seconds=_SLICE_SECONDS):
        with transaction():
            jobs.soon(JOB, dict(payload))


def carry_on(run_id: UUID, *, seconds: float | None = None) -> bool:
    """Carry a run on, for at most so many seconds, and return whether it is over. Opens its own transactions."""
    end = None if seconds is None else time.monotonic() + seconds
    with read_only():
        row = _row(run_id)
        if row.state not in _OPEN:
            return True
        data = files().read(row.blob)
    try:
        history = read(from_zip(data or b""), current().timezone)
    except Invalid as wrong:
        _fail(run_id, wrong)
        return True
    return _write(run_id, history, end)


def _write(run_id: UUID, history: History, end: float | None) -> bool:
    work = importing.chunks(history)
    _begin(run_id, history, sum(chunk.size for chunk in work))
    while True:
        with transaction():
            alone()
            (run,) = lock(HistoryRunRow, [run_id])
            if run.state != "running":
                return True
            if run.next_chunk >= len(work):
                break
            chunk = work[run.next_chunk]
            chunk.write()
            run.next_chunk += 1
            run.done += chunk.size
        if end is not None and time.monotonic() > end:
            return False
    _finish(run_id, history)
    return True


def _begin(run_id: UUID, history: History, total: int) -> None:
    name = f"{run_id.hex}.csv"
    files().write(name, proof.report(history.faults).encode())
    with transaction():
        (run,) = lock(HistoryRunRow, [run_id])
        if run.state == "waiting":
            run.state, run.total, run.left_out, run.report = "running", total, len(history.faults), name


def _finish(run_id: UUID, history: History) -> None:
    with read_only():
        found = proof.totals([order.key for order in history.orders])
    with transaction():
        (run,) = lock(HistoryRunRow, [run_id])
        if run.state == "running":
            run.state, run.totals, run.finished_at = "done", found.plain(), clock.now()
            audit.record("history.finished", "tenant", current().id, orders=found.orders, left_out=run.left_out)
            files().delete(run.blob)


def _fail(run_id: UUID, why: Invalid) -> None:
    with transaction():
        (run,) = lock(HistoryRunRow, [run_id])
        run.state, run.finished_at = "failed", clock.now()
        run.problem = why.message.format(**why.facts)[:500]
        audit.record("history.failed", "tenant", current().id, code=why.code)
        files().delete(run.blob)


def _row(run_id: UUID) -> HistoryRunRow:
    row = session().scalars(select(HistoryRunRow).where(HistoryRunRow.id == run_id)).one_or_none()
    if row is None:
        raise Missing("history.no_run", _("There is no such import"))
    return row


def _value(row: HistoryRunRow) -> Run:
    return Run(row.id, row.file_name, row.state, row.total, row.done, row.left_out, row.totals, row.problem,
               row.by_name, row.created_at, row.finished_at)  # fmt: skip
