"""The outbox: what must happen after a commit is a row of that commit, one for each handler. Redis only rings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, delete, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp, fetched, session, written
from core.kernel.ids import new_id
from core.kernel.rows import store
from core.kernel.tenancy import TenantOwned, current_id

MAX_ATTEMPTS = 50
_LEASE_SECONDS = 5


class OutboxRow(TenantOwned, Model):
    """One thing to do. `next_at` is both the due time and the lease: a claimed row is due again when it runs out."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "next_at", postgresql_where=text("done_at is null and dead_at is null")),
        Index("ix_outbox_subject", "tenant_id", "subject", "handler", "id",
              postgresql_where=text("done_at is null and dead_at is null and subject is not null")),
        Index("uq_outbox_key", "tenant_id", "key", unique=True,
              postgresql_where=text("done_at is null and key is not null")),
    )  # fmt: skip
    handler: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    subject: Mapped[str | None]
    key: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    next_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    dead_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_error: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker may run until its lease ends."""

    tenant_id: UUID
    id: UUID
    handler: str
    is_dead: bool


def put(
    handler: str,
    payload: Mapping[str, Any],
    *,
    subject: str | None = None,
    key: str | None = None,
    due_at: datetime | None = None,
) -> UUID:
    """Write a row in the open transaction. Rows of one handler and subject run in the order of writing."""
    row_id = new_id()
    row = {"id": row_id, "handler": handler, "payload": dict(payload), "subject": subject, "key": key}
    store(OutboxRow, [row if due_at is None else {**row, "next_at": due_at}])
    return row_id


def put_all(handler: str, wanted: Sequence[tuple[Mapping[str, Any], str | None]]) -> None:
    """Write a row for each payload and its subject, in their order, in one statement."""
    store(
        OutboxRow, [{"handler": handler, "payload": dict(payload), "subject": subject} for payload, subject in wanted]
    )


def cancel(key: str) -> None:
    """Remove an undone row by its key."""
    written(_CANCEL, {"tenant": current_id(), "key": key})


_CANCEL = "delete from outbox where tenant_id = %(tenant)s and key = %(key)s and done_at is null"


_CLAIM = """
    update outbox set attempts = attempts + 1,
           next_at = now() + make_interval(secs => %(lease)s * least(power(2, attempts), 64)),
           dead_at = case when attempts + 1 > %(most)s then now() end
     where (tenant_id, id) = (
           select o.tenant_id, o.id from outbox o
            where o.done_at is null and o.dead_at is null and o.next_at <= now()
              and (o.subject is null or not exists (
                   select 1 from outbox e where e.tenant_id = o.tenant_id and e.subject = o.subject
                      and e.handler = o.handler and e.id < o.id and e.done_at is null and e.dead_at is null))
            order by o.next_at limit 1 for update of o skip locked)
    returning tenant_id, id, handler, dead_at is not null"""


def claim() -> Claim | None:
    """Take the next due row of any tenant: counts the attempt, so that a deadly row ends. Platform transaction."""
    found = fetched(_CLAIM, {"lease": _LEASE_SECONDS, "most": MAX_ATTEMPTS})
    return Claim(*found[0]) if found else None


def is_due() -> bool:
    """Tell whether any tenant has something to do now. Platform transaction."""
    query = "select 1 from outbox where done_at is null and dead_at is null and next_at <= now() limit 1"
    return bool(fetched(query, {}))


_TAKE = """
    select payload from outbox where tenant_id = %(tenant)s and id = %(key)s and done_at is null
       for update skip locked"""


def take(key: UUID) -> Mapping[str, Any] | None:
    """Lock a row of the bound tenant and return its payload; None if it is done or running elsewhere."""
    found = fetched(_TAKE, {"tenant": current_id(), "key": key})
    return found[0][0] if found else None


_FINISH = """
    update outbox set done_at = %(now)s, last_error = null, payload = '{}'
     where tenant_id = %(tenant)s and id = %(key)s"""


def finish(key: UUID) -> None:
    """Mark a row done and forget its payload, which may hold personal data and links."""
    written(_FINISH, {"tenant": current_id(), "key": key, "now": clock.now()})


_EXTEND = "update outbox set next_at = %(until)s where tenant_id = %(tenant)s and id = %(key)s"


def extend(key: UUID, until: datetime) -> None:
    """Move the lease of a row that takes long."""
    written(_EXTEND, {"tenant": current_id(), "key": key, "until": until})


def fail(key: UUID, error: str, *, is_final: bool) -> None:
    """Note why a try failed; a final failure is not tried again until a person says so."""
    values: dict[str, Any] = {"last_error": error[:500]}
    if is_final:
        values["dead_at"] = clock.now()
    session().execute(update(OutboxRow).where(OutboxRow.id == key).values(**values))


def revive(key: UUID) -> None:
    """Try a dead row again, from the first attempt."""
    values: dict[str, Any] = {"dead_at": None, "attempts": 0, "next_at": clock.now()}
    session().execute(update(OutboxRow).where(OutboxRow.id == key).values(**values))


def sweep(before: datetime) -> None:
    """Delete rows done before a moment. Platform transaction."""
    session().execute(delete(OutboxRow).where(OutboxRow.done_at < before))
