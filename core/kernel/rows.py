"""Writes many rows of one table in one prepared statement on the wire, where the ORM's unit of work costs too much.

The rows travel as one JSON document, and the server reads each value by its column's type; so one statement serves any
number of them. The guards stay: a row is the bound tenant's, and row-level security checks it once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from psycopg.sql import SQL, Identifier
from sqlalchemy import Column, ColumnDefault, Table

from core.kernel.db import CrossTenantWrite, written
from core.kernel.ids import new_id
from core.kernel.tenancy import TenantOwned, current_id

Values = Mapping[str, Any]


def store(kind: type[TenantOwned], rows: Sequence[Values]) -> None:
    """Insert rows, given by their columns, in one statement; `vars` of a row that no session holds will do.

    What a column's default makes is filled in, and the key and the tenant where they are missing. What a session holds
    unwritten is written first. Raise CrossTenantWrite for another tenant's row, and the driver's errors.
    """
    if not rows:
        return
    table: Table = kind.__table__  # type: ignore[attr-defined]
    columns = tuple(name for name, column in _columns(table).items() if not column.server_default or name in rows[0])
    whole = [_whole(table, columns, row) for row in rows]
    written(_insert(table, columns), {"rows": json.dumps(whole, default=_letters)})


@cache
def _columns(table: Table) -> dict[str, Column[Any]]:
    return {column.key: column for column in table.columns}


@cache
def _defaults(table: Table) -> dict[str, ColumnDefault]:
    found = {name: column.default for name, column in _columns(table).items()}
    return {name: default for name, default in found.items() if isinstance(default, ColumnDefault)}


def _whole(table: Table, columns: Sequence[str], row: Values) -> dict[str, Any]:
    values = {name: row[name] if name in row else _default(table, name) for name in columns}
    tenant = current_id()
    if values["tenant_id"] is None:
        values["tenant_id"] = tenant
    if values["tenant_id"] != tenant:
        raise CrossTenantWrite(table.name)
    if values["id"] is None:
        values["id"] = new_id()
    return values


def _default(table: Table, name: str) -> Any:
    default = _defaults(table).get(name)
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg  # type: ignore[operator, unused-ignore]


def _letters(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(f"cannot send {type(value).__name__} to the database")


_INSERT = SQL("insert into {table} ({names}) select {names} from json_populate_recordset(null::{table}, %(rows)s)")


@lru_cache(maxsize=1024)
def _insert(table: Table, columns: tuple[str, ...]) -> str:
    names = SQL(", ").join(Identifier(_columns(table)[key].name) for key in columns)
    return _INSERT.format(table=Identifier(table.name), names=names).as_string(None)
