"""The transaction boundary: edges open one, services need one, nobody else commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.kernel.db import PLATFORM, Unit, _unit, db, reads_only
from core.kernel.tenancy import current

_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)


@contextmanager
def _opened(unit: Unit) -> Iterator[None]:
    if _unit.get() is not None:
        raise RuntimeError("a transaction is open already; services do not open their own")
    mark, callbacks = _unit.set(unit), _after.set([])
    try:
        yield
        unit.commit()
        ring = list(_after.get() or ())
    except BaseException:
        unit.rollback()
        raise
    finally:
        unit.close()
        _after.reset(callbacks)
        _unit.reset(mark)
    for callback in ring:
        callback()


@contextmanager
def transaction() -> Iterator[None]:
    """Open a transaction of the bound tenant; commit at the end, roll back on any error."""
    current()
    with _opened(Unit(db.engine)):
        yield


@contextmanager
def read_only() -> Iterator[None]:
    """Open a transaction of the bound tenant that cannot write. It begins at the server with its first statement."""
    current()
    mark = reads_only.set(True)
    try:
        with _opened(Unit(db.engine)):
            yield
    finally:
        reads_only.reset(mark)


@contextmanager
def platform_transaction() -> Iterator[None]:
    """Open a transaction of the platform's role, which sees every tenant. For `tenants/` and the outbox alone."""
    with _opened(Unit(db.engines[PLATFORM], {"platform": True})):
        yield


def after_commit(callback: Callable[[], None]) -> None:
    """Call back once the open transaction has committed; for doorbells and caches, which may be lost."""
    callbacks = _after.get()
    if callbacks is not None:
        callbacks.append(callback)
