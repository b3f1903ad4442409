"""Numbers that people read out: one series a tenant, without gaps, given in the transaction that uses them."""

from __future__ import annotations

from core.kernel.db import fetched
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

_NEXT = """
    insert into counters (tenant_id, id, series, last) values (%(tenant)s, %(id)s, %(series)s, %(first)s)
    on conflict (tenant_id, series) do update set last = counters.last + %(count)s returning last"""
_BEFORE_FIRST = 10_000


def next_number(series: str) -> int:
    """Return the next number of a series; it is free again if the transaction rolls back."""
    return next_numbers(series, 1)[0]


def next_numbers(series: str, count: int) -> range:
    """Return the next so many numbers of a series, in order; they are free again if the transaction rolls back."""
    values = {"tenant": current_id(), "id": new_id(), "series": series, "first": _BEFORE_FIRST + count, "count": count}
    last = int(fetched(_NEXT, values)[0][0])
    return range(last - count + 1, last + 1)
