"""What an operation costs: CPU of this process, and of the database server behind it."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from tests.bench.ground import Ground

_WARM, _ROUNDS, _TIMES = 60, 3, 200
_TICKS = os.sysconf("SC_CLK_TCK")
Operation = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds of one operation."""

    app: float
    database: float

    @property
    def sum(self) -> float:
        """What the machine spends."""
        return self.app + self.database


def measured(place: Ground, operation: Operation, *, times: int = _TIMES) -> Cost:
    """Run an operation many times, each with its own number, after warming up; return the cheapest of three rounds.

    Other work on the machine makes a round dearer (shared caches, interrupts), never cheaper.
    """
    numbers = count()
    for number in islice(numbers, min(_WARM, times)):
        operation(number)
    rounds = [_round(place, operation, list(islice(numbers, times))) for _ in range(_ROUNDS)]
    return min(rounds, key=lambda cost: cost.sum)


def _round(place: Ground, operation: Operation, numbers: list[int]) -> Cost:
    gc.collect()
    database, app = _database_seconds(place), time.process_time()
    for number in numbers:
        operation(number)
    app, database = time.process_time() - app, _database_seconds(place) - database
    return Cost(app * 1000 / len(numbers), database * 1000 / len(numbers))


def _database_seconds(place: Ground) -> float:
    """Return the CPU time of the server's processes so far; where /proc is missing, of its statements."""
    if sys.platform != "linux":
        return _statement_seconds(place)
    with place.admin.connect() as connection:
        query = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        pids = [row[0] for row in connection.exec_driver_sql(query)]
    return sum(_process_seconds(pid) for pid in pids)


def _process_seconds(pid: int) -> float:
    """Return user and system time of a process: to the nanosecond where the scheduler tells, else in ticks."""
    schedule = Path(f"/proc/{pid}/schedstat")
    if schedule.exists():
        return int(schedule.read_text().split()[0]) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _statement_seconds(place: Ground) -> float:
    with place.admin.connect() as connection:
        connection.exec_driver_sql("create extension if not exists pg_stat_statements")
        query = "select coalesce(sum(total_exec_time + total_plan_time), 0) from pg_stat_statements"
        return float(connection.exec_driver_sql(query).scalar_one()) / 1000
