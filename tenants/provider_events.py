"""What payment providers told, over all marketplaces; events that are nobody's here are left out.

Platform transactions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.payments.models import ProviderEventRow
from tenants import values
from tenants.models import TenantRow

KINDS = ("waiting", "handled", "all")


@dataclass(frozen=True, slots=True)
class Told:
    """One event; its body is not shown: it may hold what people wrote."""

    tenant_id: UUID
    id: UUID
    slug: str
    provider: str
    kind: str
    reference: str
    about: str
    received_at: datetime
    handled_at: datetime | None


def counts() -> dict[str, int]:
    """Return how many events wait to be worked on, and how many are."""
    handled = func.count(ProviderEventRow.handled_at)
    query = select(func.count(), handled).select_from(ProviderEventRow)
    total, done = session().execute(query.where(ProviderEventRow.tenant_id != values.PLATFORM.id)).one()
    return {"waiting": total - done, "handled": done, "all": total}


def find(kind: str, *, words: str = "", after: UUID | None = None, limit: int = 50) -> tuple[list[Told], UUID | None]:
    """Return events of a kind, newest first, and the key to go on after; words are a slug, kind or reference."""
    query = select(ProviderEventRow, TenantRow.slug).join(TenantRow, TenantRow.id == ProviderEventRow.tenant_id)
    query = query.where(ProviderEventRow.tenant_id != values.PLATFORM.id)
    if kind == "waiting":
        query = query.where(ProviderEventRow.handled_at.is_(None))
    elif kind == "handled":
        query = query.where(ProviderEventRow.handled_at.is_not(None))
    if words:
        query = query.where((TenantRow.slug == words) | (ProviderEventRow.event_ref == words)
                            | (ProviderEventRow.object_ref == words) | (ProviderEventRow.kind == words))  # fmt: skip
    if after is not None:
        query = query.where(ProviderEventRow.id < after)
    rows = session().execute(query.order_by(ProviderEventRow.id.desc()).limit(limit + 1)).all()
    shown = [
        Told(row.tenant_id, row.id, slug, row.provider, row.kind, row.event_ref, row.object_ref, row.received_at,
             row.handled_at)
        for row, slug in rows[:limit]
    ]  # fmt: skip
    return shown, shown[-1].id if len(rows) > limit else None


def require(tenant_id: UUID, event_id: UUID) -> None:
    """Raise Missing unless the marketplace has this event."""
    query = select(ProviderEventRow.id)
    query = query.where(ProviderEventRow.tenant_id == tenant_id, ProviderEventRow.id == event_id)
    if session().scalar(query) is None:
        raise Missing("payments.no_event", _("There is no such event"))
