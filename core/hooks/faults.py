"""Plugins' failures on their way into the log that operators see: noted in memory, since a failure's own transaction
may be read-only or undone, and stored once it has ended.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.kernel import clock, tenancy

_MOST, _LONGEST = 500, 300


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure: whose plugin, in which hook, what it said (its kind and first line), after how many seconds."""

    tenant_id: UUID
    plugin: str
    hook: str
    error: str
    seconds: float
    at: datetime


_noted: deque[Fault] = deque(maxlen=_MOST)


def note(plugin: str, hook: str, error: BaseException, seconds: float) -> None:
    """Remember a failure of the bound tenant's plugin until `taken`; the oldest are forgotten beyond 500."""
    tenant = tenancy.bound()
    if tenant is None:
        return
    first = (str(error).splitlines() or [""])[0]
    told = f"{type(error).__name__}: {first}".rstrip(": ")[:_LONGEST]
    _noted.append(Fault(tenant.id, plugin, hook, told, seconds, clock.now()))


def taken() -> list[Fault]:
    """Return what is noted, and forget it."""
    found = []
    while _noted:
        found.append(_noted.popleft())
    return found
