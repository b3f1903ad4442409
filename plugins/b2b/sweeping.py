"""What ends by itself: looked for each night, in case a timer was lost."""

from __future__ import annotations

from uuid import UUID

from core.kernel.tenancy import Tenant
from plugins.b2b import people, requisitions


def expire(tenant: Tenant, requisition: str) -> None:
    """Let an approval lapse whose time is over."""
    requisitions.expire(UUID(requisition))


def nightly(tenant: Tenant) -> None:
    """Let lapse what is past its day."""
    people.sweep()
    requisitions.sweep()
