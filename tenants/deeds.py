"""The platform's own log of what was done to a marketplace."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.kernel import audit
from core.kernel.db import session
from core.kernel.tenancy import bind
from tenants.values import PLATFORM


def record(action: str, tenant_id: UUID, **facts: audit.Plain) -> None:
    """Write a deed about a tenant into the platform's log, whoever is bound. Platform transaction."""
    with bind(PLATFORM):
        audit.record(action, "tenant", tenant_id, **facts)
        session().flush()


def record_created(opened: Sequence[tuple[UUID, str, str]]) -> None:
    """Write for each (tenant, slug, plan) that it was opened, all at once. Platform transaction."""
    with bind(PLATFORM):
        for tenant_id, slug, plan in opened:
            audit.record("tenant.created", "tenant", tenant_id, slug=slug, plan=plan)
        session().flush()
