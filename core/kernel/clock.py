"""The one source of the present moment: aware UTC, and dates in a tenant's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment, aware, UTC."""
    return datetime.now(UTC)


def today(timezone: str) -> date:
    """Return the business date in a time zone such as "Europe/Dublin"."""
    return now().astimezone(ZoneInfo(timezone)).date()
