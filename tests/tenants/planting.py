"""Plants one row in every tenant-owned table, from the catalogue alone: new tables come by themselves.

Constraints on values are dropped inside the transaction's replica mode, which skips foreign keys and triggers; checks
are met by taking a value that the check lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from core.kernel.db import db

Catalogue = dict[str, UUID]
CANARY = "canary-7f3a9c"


def tables_of() -> list[str]:
    """Return the tenant-owned tables of every installed area, by name."""
    return sorted(table.name for table in db.metadata.tables.values() if "tenant_id" in table.columns)


def plant(
    admin: psycopg.Connection, tenant_id: UUID, canary: str = CANARY, tables: Sequence[str] | None = None
) -> Catalogue:
    """Write a row into each tenant-owned table (or these) and return their keys; texts carry the canary."""
    admin.execute("set session_replication_role = replica")
    planted = {}
    for table in tables if tables is not None else tables_of():
        planted[table] = _plant_one(admin, table, tenant_id, canary)
    admin.execute("set session_replication_role = default")
    admin.commit()
    return planted


_COLUMNS = """
    select column_name, data_type, is_generated, character_maximum_length
      from information_schema.columns
     where table_schema = 'public' and table_name = %s and is_generated = 'NEVER'"""
_CHECKS = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = 'c'"


def _plant_one(admin: psycopg.Connection, table: str, tenant_id: UUID, canary: str) -> UUID:
    key = uuid4()
    checks = " ".join(row[0] for row in admin.execute(_CHECKS, (table,)))
    columns = admin.execute(_COLUMNS, (table,)).fetchall()
    values = {name: _value(name, kind, checks, canary) for name, kind, _g, _l in columns}
    values |= {"tenant_id": tenant_id, "id": key}
    values = {name: value for name, value in values.items() if value is not _LEAVE}
    statement = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() for _name in values),
    )
    admin.execute(statement, list(values.values()))
    return key


_LEAVE = object()


def _value(name: str, kind: str, checks: str, canary: str) -> object:
    listed = re.search(rf"\(+{name}\)?(?:::text)? = ANY \(+ARRAY\['([^']+)'", checks)
    if listed:
        return listed[1]
    if name in ("currency", "home_currency"):
        return "EUR"
    if kind == "uuid":
        return uuid4()
    if kind in ("text", "character varying", "character"):
        return f"{canary}-{uuid4().hex[:8]}"
    simple: dict[str, object] = {
        "bigint": 990, "integer": 990, "smallint": 990, "numeric": 1, "boolean": False,
        "timestamp with time zone": "2030-01-01T00:00:00Z", "date": "2030-01-01", "json": "{}", "jsonb": "{}",
        "bytea": b"x",
    }  # fmt: skip
    return simple.get(kind, _LEAVE)
