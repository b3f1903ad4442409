"""Background work in tests: what is due for one tenant, and nobody else's, since tests share a database."""

from __future__ import annotations

import time
from uuid import UUID

from sqlalchemy import select

from core.kernel import clock, runner
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind, bound
from core.kernel.tx import read_only, transaction
from core.ledger import seals
from tenants import values


def run_due(tenant: Tenant | None = None, *, most: int = 500) -> int:
    """Run what is due for a tenant (the bound one) until nothing is left; return how many rows were run."""
    for_whom = tenant or bound() or values.PLATFORM
    for tried in range(most):
        with bind(for_whom), read_only():
            query = select(OutboxRow.id, OutboxRow.handler).where(
                OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None), OutboxRow.next_at <= clock.now(),
                OutboxRow.last_error.is_(None),
            )  # fmt: skip
            row = session().execute(query.order_by(OutboxRow.id).limit(1)).first()
        if row is None:
            return tried
        values.forget(for_whom.id)
        runner.run_row(values.find(for_whom.id) or for_whom, row.id, row.handler)
    return most


def work_for(tenant_id: UUID) -> None:
    """Run what is due for a tenant that may still be in the making."""
    run_due(values.find(tenant_id))


def sealed(chain: str, *, seconds: float = 30) -> int:
    """Seal the bound tenant's rows of a chain and return how many they were.

    A seal leaves out whatever is younger than the oldest open transaction of the server, be it that of another test in
    another database; so it is tried again, for at most the seconds given.
    """
    until = time.monotonic() + seconds
    while True:
        with transaction():
            count = seals.seal(chain)
        if count or time.monotonic() > until:
            return count
        time.sleep(0.05)
