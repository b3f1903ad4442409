"""What an operation costs: CPU of this process, and of the database server behind it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.ground import Ground

_WARM, _TIMES = 60, 400
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


def measured(place: Ground, operation: Operation) -> Cost:
    """Run an operation many times, each with its own number, after warming up."""
    for number in range(_WARM):
        operation(number)
    database, app = _database_seconds(place), time.process_time()
    for number in range(_WARM, _WARM + _TIMES):
        operation(number)
    app, database = time.process_time() - app, _database_seconds(place) - database
    return Cost(app * 1000 / _TIMES, database * 1000 / _TIMES)


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
