"""Bounded caches of one process, keyed by the bound tenant: of values that may be seconds old, and of values made."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar
from uuid import UUID

from core.kernel.tenancy import current_id

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def mark_of(value: object) -> str:
    """Return a short text that is the same for equal values and no others, by what they print: a key for caches."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:32]


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

    def find_all(self, keys: Iterable[K]) -> dict[K, V]:
        """Return those of many values that are fresh enough, by key."""
        tenant, now, found = current_id(), time.monotonic(), {}
        for key in keys:
            kept = self._kept.get((tenant, key))
            if kept is not None and kept[0] > now:
                found[key] = kept[1]
        return found

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


class Made(Generic[V]):
    """Remembers what was made from other values. Nothing expires: the key names all that the value depends on."""

    def __init__(self, *, most: int = 20_000) -> None:
        """Keep at most so many values."""
        self._most = most
        self._kept: dict[tuple[UUID, Hashable], V] = {}

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the very value that was made for this key, or make it."""
        whole = (current_id(), key)
        found = self._kept.get(whole)
        if found is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            found = self._kept[whole] = make()
        return found
