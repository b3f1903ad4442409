"""What ends by itself: looked for each night, in case a timer was lost."""

from __future__ import annotations

from core.kernel.tenancy import Tenant
from plugins.b2b import people


def nightly(tenant: Tenant) -> None:
    """Let lapse what is past its day."""
    people.sweep()
