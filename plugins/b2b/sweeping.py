"""What ends by itself: looked for each night, in case a timer was lost."""

from __future__ import annotations

from uuid import UUID

from core.kernel.tenancy import Tenant
from plugins.b2b import people, quotes, requisitions


def expire(tenant: Tenant, requisition: str) -> None:
    """Let an approval lapse whose time is over."""
    requisitions.expire(UUID(requisition))


def expire_quote(tenant: Tenant, quote: str) -> None:
    """End a quote whose time is over."""
    quotes.expire(UUID(quote))


def nightly(tenant: Tenant) -> None:
    """Let lapse what is past its day."""
    people.sweep()
    requisitions.sweep()
    quotes.sweep()
