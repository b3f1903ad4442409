"""Plants one row in every tenant-owned table, from the catalogue alone: new tables come by themselves.

Every key and every reference of a tenant's planted rows is the same UUID, and every free text is the canary: one
address reaches them all, and whatever leaks is recognised. Triggers and foreign keys are off while planting; checks
are met by values that they list, or by leaving a column empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from core.kernel.db import db

CANARY = "canary7f3a9c"
LOOKUP = "lookup7f3a9c"
_LOOKED_UP = {"slug", "code", "number", "path", "plugin", "requirement", "key", "handle"}
"""Columns that addresses name: a caller knows these words, and a refusal may say them back."""
Row = dict[str, object]


def tables_of() -> list[str]:
    """Return the tenant-owned tables of every installed area, by name."""
    return sorted(table.name for table in db.metadata.tables.values() if "tenant_id" in table.columns)


def plant(admin: psycopg.Connection, tenant_id: UUID, tables: Sequence[str] | None = None) -> UUID:
    """Write a row into each tenant-owned table, or these, and return the one key that all of them have."""
    key = uuid4()
    admin.execute("set session_replication_role = replica")
    for table in tables if tables is not None else tables_of():
        _plant_one(admin, table, tenant_id, key)
    admin.execute("set session_replication_role = default")
    admin.commit()
    return key


def fingerprints(admin: psycopg.Connection, tenant_id: UUID) -> dict[str, tuple[object, ...]]:
    """Return the number of a tenant's rows and a digest of their contents, by table."""
    found = {}
    for table in tables_of():
        query = sql.SQL("select count(*), md5(string_agg(x::text, '|' order by id)) from {} x where tenant_id = %s")
        row = admin.execute(query.format(sql.Identifier(table)), (tenant_id,)).fetchone()
        assert row is not None
        found[table] = row
    admin.rollback()
    return found


_COLUMNS = """
    select column_name, data_type, is_nullable = 'YES' from information_schema.columns
     where table_schema = 'public' and table_name = %s and is_generated = 'NEVER'"""
_CHECKS = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = 'c'"


def _plant_one(admin: psycopg.Connection, table: str, tenant_id: UUID, key: UUID) -> None:
    checks = " ".join(row[0] for row in admin.execute(_CHECKS, (table,)))
    columns = admin.execute(_COLUMNS, (table,)).fetchall()
    values = {name: _value(name, kind, checks, key) for name, kind, _nullable in columns}
    values |= {"tenant_id": tenant_id, "id": key}
    optional = [name for name, _kind, nullable in columns if nullable]
    for attempt in _attempts(values, optional):
        try:
            with admin.transaction():
                admin.execute(_insert(table, attempt), list(attempt.values()))
                return
        except psycopg.errors.CheckViolation:
            continue
    raise AssertionError(f"no planted row satisfies the checks of {table}")


def _attempts(values: Row, optional: list[str]) -> Iterator[Row]:
    """Yield the full row, one with different texts, then rows without one, all, or all but one optional column."""
    yield values
    yield {column: f"{value}.{column}" if value == CANARY else value for column, value in values.items()}
    for name in optional:
        yield {column: value for column, value in values.items() if column != name}
    yield {column: value for column, value in values.items() if column not in optional}
    for name in optional:
        yield {column: value for column, value in values.items() if column not in optional or column == name}


def _insert(table: str, values: Row) -> sql.Composed:
    return sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() for _name in values),
    )


def _value(name: str, kind: str, checks: str, key: UUID) -> object:
    listed = re.search(rf"\(+{name}\)?(?:::text)? = ANY \(+ARRAY\['([^']+)'", checks)
    if listed:
        return listed[1]
    most = re.search(rf"\({name} <= (\d+)\)", checks)
    if most:
        return int(most[1])
    if name in _LOOKED_UP and kind in ("text", "character varying"):
        return LOOKUP
    if name == "host":
        return f"{key}.example"  # what serves is unique over the whole platform
    if name == "currency":
        return "EUR"
    plain: Row = {
        "uuid": key, "text": CANARY, "character varying": CANARY, "character": "EUR", "bigint": 990, "integer": 990,
        "smallint": 990, "numeric": 990, "boolean": False, "timestamp with time zone": "2030-01-01T00:00:00Z",
        "date": "2030-01-01", "json": "{}", "jsonb": "{}", "bytea": b"x", "xid8": "1", "tsvector": CANARY,
    }  # fmt: skip
    return plain.get(kind)
