"""Values that may be a few seconds old: a bounded cache of one process, keyed by the bound tenant."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from uuid import UUID

from core.kernel.tenancy import current_id

V = TypeVar("V")


class Fresh(Generic[V]):
    """Remembers what was read for some seconds. Values are frozen; None is remembered like any other."""

    def __init__(self, seconds: float, *, most: int = 20_000) -> None:
        """Keep values for so many seconds, and at most so many of them."""
        self._seconds, self._most = seconds, most
        self._kept: dict[tuple[UUID, Hashable], tuple[float, V]] = {}

    def find(self, key: Hashable) -> tuple[V] | None:
        """Return the value in a tuple of one if it is fresh enough."""
        kept = self._kept.get((current_id(), key))
        return (kept[1],) if kept is not None and kept[0] > time.monotonic() else None

    def put(self, key: Hashable, value: V) -> V:
        """Remember a value from now on; return it."""
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[current_id(), key] = (time.monotonic() + self._seconds, value)
        return value

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """Return the remembered value, or read it."""
        found = self.find(key)
        return found[0] if found is not None else self.put(key, read())

    def forget(self) -> None:
        """Drop what is remembered of the bound tenant."""
        tenant = current_id()
        for key in [key for key in self._kept if key[0] == tenant]:
            self._kept.pop(key, None)
