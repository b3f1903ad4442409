"""Who did what: an append-only log in the same transaction as the deed; seals chain it (see core.ledger.seals)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp, TransactionId, session, this_transaction
from core.kernel.rows import store
from core.kernel.tenancy import TenantOwned

Plain = str | int | bool | None
Watcher = Callable[[str, str, UUID | None], None]
"""Told of each deed in its own transaction: action, kind of subject, subject."""
_watchers: list[Watcher] = []


@dataclass(frozen=True, slots=True)
class By:
    """Who acts. `kind` is "operator", "merchant", "buyer", "platform", "key" or "system"."""

    kind: str
    id: UUID | None = None
    name: str = ""
    request_id: str = ""


SYSTEM = By("system")
_by: ContextVar[By] = ContextVar("by", default=SYSTEM)


@contextmanager
def acting(by: By) -> Iterator[None]:
    """Act as someone inside the block; edges set it once they know the actor."""
    mark = _by.set(by)
    try:
        yield
    finally:
        _by.reset(mark)


def set_actor(by: By) -> None:
    """Act as someone for the rest of this context; for edges that learn the actor half-way."""
    _by.set(by)


def actor() -> By:
    """Return who acts now; the system where nobody does."""
    return _by.get()


class AuditRow(TenantOwned, Model):
    """One deed. Insert-only for every role."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index(None, "tenant_id", "subject_kind", "subject_id", "id"),
        Index(None, "tenant_id", "txid"),
    )
    at: Mapped[datetime] = mapped_column(Timestamp)
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    request_id: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Plain]] = mapped_column(JSON)
    txid: Mapped[int] = mapped_column(TransactionId, server_default=this_transaction())


def record(action: str, subject_kind: str, subject_id: UUID | None, **facts: Plain) -> None:
    """Write a deed of the acting person into the log; `facts` hold before and after in plain values."""
    by = actor()
    deed = {"at": clock.now(), "actor_kind": by.kind, "actor_id": by.id, "actor_name": by.name,
            "request_id": by.request_id, "action": action, "subject_kind": subject_kind, "subject_id": subject_id,
            "facts": dict(facts)}  # fmt: skip
    store(AuditRow, [deed])
    for watcher in _watchers:
        watcher(action, subject_kind, subject_id)


def watch(watcher: Watcher) -> None:
    """Have a function told of each deed; the composition root does this once."""
    if watcher not in _watchers:
        _watchers.append(watcher)


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the log as pages show it."""

    at: datetime
    actor_kind: str
    actor_name: str
    action: str
    subject_kind: str
    subject_id: UUID | None
    facts: Mapping[str, Plain]


def deeds(*, subject_id: UUID | None = None, before: UUID | None = None, limit: int = 50) -> list[tuple[UUID, Deed]]:
    """Return deeds newest first, of one subject or of all, with their keys for the next page."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if subject_id:
        query = query.where(AuditRow.subject_id == subject_id)
    if before:
        query = query.where(AuditRow.id < before)
    return [
        (r.id, Deed(r.at, r.actor_kind, r.actor_name, r.action, r.subject_kind, r.subject_id, r.facts))
        for r in session().scalars(query)
    ]
