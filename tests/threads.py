"""Many at once for tests of races: threads that start together, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import create_engine

from core.kernel.config import Config
from core.kernel.db import db, engine_options, guard_engine
from core.kernel.tenancy import bind, current

T = TypeVar("T")


@contextmanager
def wide_pool(app: Flask, config: Config, size: int = 40, **more: Any) -> Iterator[None]:
    """Let the application use so many connections at once, and wait for one as long as it takes; other options by name."""
    options = {**engine_options(config), "pool_size": size, "max_overflow": 0, "pool_timeout": 60, **more}
    wide = create_engine(config.role_url("galleria_app"), **options)
    guard_engine(wide, config.derived("tenant binding"))
    engines = db._app_engines[app]
    narrow, engines[None] = engines[None], wide
    try:
        yield
    finally:
        engines[None] = narrow
        wide.dispose()


def together(app: Flask, acts: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Start all acts at the same moment for the bound tenant; return what each gave or raised, in their order."""
    tenant, gate = current(), threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        with app.app_context(), bind(tenant):
            gate.wait(30)
            try:
                return act()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
