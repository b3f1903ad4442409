"""What a piece of work sends to the database: the toolkit's statements and those on the wire, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core.kernel.db import db
from core.kernel.wire import Call, Wire


@contextmanager
def noted() -> Iterator[list[str]]:
    """Note every statement of this process, in small letters and on one line; bindings and ends are left out."""
    sent: list[str] = []

    def add(statement: str) -> None:
        sent.append(" ".join(statement.split()).lower())

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        add(statement)

    def run(wire: Wire, wanted: Sequence[Call], *around: Any) -> Sequence[Any]:
        for each in wanted:
            add(each.statement.text.decode())
        return plain(wire, wanted, *around)

    plain = Wire.run
    event.listen(db.engine, "before_cursor_execute", note)
    Wire.run = run  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        Wire.run = plain  # type: ignore[method-assign]
        event.remove(db.engine, "before_cursor_execute", note)
