"""Numbers that people read out: one series a tenant, without gaps, given in the transaction that uses them."""

from __future__ import annotations

from sqlalchemy import text

from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

_NEXT = text("""
    insert into counters (tenant_id, id, series, last) values (:tenant, :id, :series, :first)
    on conflict (tenant_id, series) do update set last = counters.last + 1 returning last""")


def next_number(series: str) -> int:
    """Return the next number of a series; it is free again if the transaction rolls back."""
    values = {"tenant": current_id(), "id": new_id(), "series": series, "first": 10_001}
    return int(session().execute(_NEXT, values).scalar_one())
