"""What is waiting, failing or given up in the outbox, over all marketplaces. Platform transactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.outbox import OutboxRow
from tenants.models import TenantRow

KINDS = ("due", "failed", "dead")


@dataclass(frozen=True, slots=True)
class Work:
    """A row of the outbox; its payload is not shown: it may hold what people wrote."""

    tenant_id: UUID
    id: UUID
    slug: str
    handler: str
    kind: str
    attempts: int
    created_at: datetime
    next_at: datetime
    last_error: str


def _condition(kind: str) -> ColumnElement[bool]:
    open_rows = OutboxRow.done_at.is_(None)
    match kind:
        case "dead":
            return open_rows & OutboxRow.dead_at.is_not(None)
        case "failed":
            return open_rows & OutboxRow.dead_at.is_(None) & OutboxRow.last_error.is_not(None)
        case _:
            return open_rows & OutboxRow.dead_at.is_(None) & (OutboxRow.next_at <= clock.now())


def counts() -> dict[str, int]:
    """Return how many rows are of each kind."""
    found = session().execute(
        select(*[func.count().filter(_condition(kind)).label(kind) for kind in KINDS]).where(
            OutboxRow.done_at.is_(None)
        )
    )
    return dict(found.mappings().one())


def find(kind: str, *, slug: str = "", after: UUID | None = None, limit: int = 50) -> tuple[list[Work], UUID | None]:
    """Return rows of a kind, newest first, and the key to go on after."""
    query = (
        select(OutboxRow, TenantRow.slug)
        .join(TenantRow, TenantRow.id == OutboxRow.tenant_id)
        .where(_condition(kind))
        .order_by(OutboxRow.id.desc())
        .limit(limit + 1)
    )
    if slug:
        query = query.where(TenantRow.slug == slug)
    if after is not None:
        query = query.where(OutboxRow.id < after)
    rows = session().execute(query).all()
    shown = [
        Work(
            row.tenant_id, row.id, name, row.handler, kind, row.attempts, row.created_at, row.next_at,
            row.last_error or "",
        )
        for row, name in rows[:limit]
    ]  # fmt: skip
    return shown, shown[-1].id if len(rows) > limit else None


def retry(tenant_id: UUID, work_id: UUID) -> None:
    """Have a row tried again at once, from the first attempt. Raise Missing if it is done or not there."""
    changed = session().execute(
        update(OutboxRow)
        .where(OutboxRow.tenant_id == tenant_id, OutboxRow.id == work_id, OutboxRow.done_at.is_(None))
        .values(dead_at=None, attempts=0, next_at=clock.now())
        .returning(OutboxRow.handler),
        execution_options={"synchronize_session": False},
    )
    row = changed.first()
    if row is None:
        raise Missing("jobs.missing", _("There is no such job, or it is done"))
    audit.record("job.retried", "job", work_id, handler=row.handler)
