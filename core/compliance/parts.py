"""Where core holds personal data: each area registers how its own part is copied out and how it is erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, inspect, select

from core.hooks.data import Erasure
from core.kernel.db import Model, session

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer: the account, and every customer row of its proven address. `email` is as it is shown."""

    user_id: UUID
    customer_ids: tuple[UUID, ...]
    email: str


@dataclass(frozen=True, slots=True)
class Part:
    """`export` returns records by the name of their file; `erase` says what went and what stays."""

    name: str
    export: Callable[[Person], Mapping[str, Sequence[Record]]]
    erase: Callable[[Person], Sequence[Erasure]]


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Make a part known by its name; again replaces it."""
    _parts[part.name] = part


def known() -> tuple[Part, ...]:
    """Return the parts in the order of registering."""
    return tuple(_parts.values())


def records(kind: type[Model], *where: ColumnElement[bool], without: Sequence[str] = ()) -> list[Record]:
    """Return whole rows as plain records, oldest first, without the tenant's key and the named columns."""
    table = inspect(kind).local_table
    columns = [column for column in table.columns if column.name not in {"tenant_id", *without}]
    rows = session().execute(select(*columns).where(*where).order_by(table.c.id)).mappings()
    return [dict(row) for row in rows]
