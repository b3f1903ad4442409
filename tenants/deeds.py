"""The platform's own log of what was done to a marketplace."""

from __future__ import annotations

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
