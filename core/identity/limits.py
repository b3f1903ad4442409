"""How often something may be tried: counters in PostgreSQL, so that the limit holds without Redis too.

A counter must survive the refusal of what it counts: the edge counts in a transaction of its own
(`core.http.limits.throttle`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from core.identity.models import AttemptRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

MINUTE = timedelta(minutes=1)


def attempt(bucket: str, *, most: int = 10, window: timedelta = MINUTE) -> int:
    """Count one try and return 0, or return the seconds to wait; never more than `most` pass in any window.

    The window slides: tries of the one before weigh by how much of it still overlaps. Refused tries do not count.
    """
    now = clock.now()
    length = window.total_seconds()
    start = datetime.fromtimestamp(now.timestamp() // length * length, UTC)
    budget = most - _weight_of_earlier(bucket, start, window, now)
    if budget >= 1 and _counted(bucket, start, budget):
        return 0
    return max(1, ceil((start + window - now).total_seconds()))


def _weight_of_earlier(bucket: str, start: datetime, window: timedelta, now: datetime) -> int:
    query = select(AttemptRow.count).where(AttemptRow.bucket == bucket, AttemptRow.window_start == start - window)
    earlier = session().scalar(query) or 0
    return ceil(earlier * (1 - (now - start) / window))


def _counted(bucket: str, start: datetime, budget: int) -> bool:
    row = {"tenant_id": current_id(), "id": new_id(), "bucket": bucket, "window_start": start, "count": 1}
    counted = (
        insert(AttemptRow)
        .values(row)
        .on_conflict_do_update(
            index_elements=["tenant_id", "bucket", "window_start"],
            set_={"count": AttemptRow.count + 1},
            where=AttemptRow.count < budget,
        )
        .returning(AttemptRow.count)
    )
    return session().execute(counted).first() is not None


def sweep(before: datetime) -> None:
    """Delete counters of windows that began before a moment; an hour ago is old enough for all of ours."""
    session().execute(delete(AttemptRow).where(AttemptRow.window_start < before))
