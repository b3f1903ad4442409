"""Work for later: jobs by name, timers as rows. A job runs at least once; its effect and its mark commit together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.kernel import clock, outbox

Payload = Mapping[str, Any]
Run = Callable[[Payload], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with a payload.

    A quick job runs inside the transaction that also marks its row done: its effect in the database happens once.
    A slow one (network, mail, pictures) opens its own transactions and must be idempotent.
    """

    name: str
    run: Run
    is_slow: bool = False
    retries: int = 20
    timeout: timedelta = timedelta(seconds=60)


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Make a job known by its name. Raise ValueError if another has it."""
    if _jobs.setdefault(job.name, job) is not job and _jobs[job.name].run is not job.run:
        raise ValueError(f"two jobs are called {job.name}")


def job(name: str, *, retries: int = 20) -> Callable[[Run], Run]:
    """Mark a function as a quick job."""

    def mark(run: Run) -> Run:
        register(Job(name, run, retries=retries))
        return run

    return mark


def slow_job(name: str, *, retries: int = 20, timeout: timedelta = timedelta(seconds=120)) -> Callable[[Run], Run]:
    """Mark a function as a slow job: no transaction is open when it runs."""

    def mark(run: Run) -> Run:
        register(Job(name, run, is_slow=True, retries=retries, timeout=timeout))
        return run

    return mark


def find(name: str) -> Job | None:
    """Return the job of this name; None if its plugin is gone, then its rows wait."""
    return _jobs.get(name)


def soon(name: str, payload: Payload, *, subject: str | None = None) -> None:
    """Do it after this transaction commits; jobs of one name and subject run in order."""
    outbox.put(name, payload, subject=subject)


def soon_all(name: str, wanted: Sequence[tuple[Payload, str | None]]) -> None:
    """Do it for each payload and its subject after this transaction commits, as `soon` does."""
    outbox.put_all(name, wanted)


def at(key: str, due_at: datetime, name: str, payload: Payload) -> None:
    """Set a timer: do it at a moment, once. The same key again moves the timer."""
    outbox.cancel(key)
    outbox.put(name, payload, key=key, due_at=max(due_at, clock.now()))


def cancel(key: str) -> None:
    """Cancel a timer that has not run; nothing happens if there is none."""
    outbox.cancel(key)
