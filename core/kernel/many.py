"""One deed for many things, each by itself: what is refused is undone alone and reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from core.kernel.db import session
from core.kernel.errors import AppError


def each(ids: Iterable[UUID], deed: Callable[[UUID], object]) -> tuple[tuple[UUID, ...], dict[UUID, AppError]]:
    """Do it to each in the order of the keys; return those that were done, and the refusals by key."""
    done: list[UUID] = []
    refused: dict[UUID, AppError] = {}
    for key in sorted(set(ids)):
        try:
            with session().begin_nested():
                deed(key)
                session().flush()
            done.append(key)
        except AppError as error:
            refused[key] = error
    return tuple(done), refused
