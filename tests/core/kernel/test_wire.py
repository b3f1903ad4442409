"""Statements on the wire: bound to their tenant, ended with their message, and no error leaves a trace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest
from flask import Flask
from psycopg import errors
from sqlalchemy import text

from core.catalogue.models import CategoryRow
from core.kernel.config import Config
from core.kernel.db import connection, fetched, session, written
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, TenantNotBound, bind
from core.kernel.tx import read_only, transaction
from core.kernel.wire import statement
from tests.core.kernel.test_reconnecting import end_all
from tests.threads import together, wide_pool

_SLUGS = "select slug from categories order by slug"
_NAME = "update categories set slug = %(slug)s where slug = %(old)s"


def _category(slug: str) -> None:
    session().add(CategoryRow(id=new_id(), slug=slug, path=slug, names={"en": slug}, position=0, is_active=True))


def _slugs() -> list[str]:
    return [slug for (slug,) in fetched(_SLUGS, {})]


def test_one_message_sees_its_own_tenant_alone_on_a_connection_that_served_another(
    tenant: Tenant, make_tenant: Callable[..., Tenant]
) -> None:
    other_tenant = make_tenant()
    for each, slug in ((tenant, "ours"), (other_tenant, "theirs")):
        with bind(each), transaction():
            _category(slug)
    for _turn in range(3):
        for each, slug in ((tenant, "ours"), (other_tenant, "theirs")):
            with bind(each), read_only():
                assert (_slugs(), _slugs()) == ([slug], [slug])


def test_nothing_is_read_without_a_tenant(tenant: Tenant) -> None:
    with read_only():
        assert _slugs() == []
        with bind(None), pytest.raises(TenantNotBound):
            fetched(_SLUGS, {})


def test_a_reading_unit_cannot_write_on_the_wire(tenant: Tenant) -> None:
    with transaction():
        _category("kept")
    with pytest.raises(errors.ReadOnlySqlTransaction), read_only():
        written(_NAME, {"slug": "changed", "old": "kept"})
    with read_only():
        assert _slugs() == ["kept"]


def test_wire_session_and_toolkit_share_one_transaction(tenant: Tenant) -> None:
    with transaction():
        assert _slugs() == []
        _category("first")  # not flushed: the wire flushes what it might read
        assert _slugs() == ["first"]
        assert written(_NAME, {"slug": "second", "old": "first"}) == 1
        assert connection().execute(text(_SLUGS)).scalars().all() == ["second"]
    with suppress(RuntimeError), transaction():
        written(_NAME, {"slug": "third", "old": "second"})
        raise RuntimeError
    with read_only():
        assert _slugs() == ["second"]


def test_an_error_leaves_the_connection_as_it_was(tenant: Tenant) -> None:
    for _turn in range(2):
        with pytest.raises(errors.UndefinedTable), read_only():
            fetched("select 1 from nowhere", {})
        with pytest.raises(errors.DivisionByZero), transaction():
            fetched("select 1 / %(nothing)s::int", {"nothing": 0})
        with read_only():
            assert _slugs() == []


def test_statements_outlive_a_savepoint_and_a_server_that_forgot_them(tenant: Tenant) -> None:
    with transaction():
        _slugs()
        nested = session().begin_nested()
        _category("undone")
        session().flush()
        nested.rollback()
        assert _slugs() == []
        session().execute(text("deallocate all"))
    with read_only():
        assert _slugs() == []


def test_a_savepoint_undoes_what_only_the_wire_has_written(tenant: Tenant) -> None:
    with transaction():
        _category("kept")
        session().flush()
        nested = session().begin_nested()
        assert written(_NAME, {"slug": "undone", "old": "kept"}) == 1
        nested.rollback()
        assert _slugs() == ["kept"]


def test_a_savepoint_undoes_what_the_toolkits_connection_has_written(tenant: Tenant) -> None:
    with transaction():
        _category("kept")
        session().flush()
        nested = session().begin_nested()
        connection().execute(text("update categories set slug = 'undone'"))
        nested.rollback()
        assert _slugs() == ["kept"]


def test_a_statement_that_fails_on_the_wire_ends_only_its_savepoint(tenant: Tenant) -> None:
    with transaction():
        _category("kept")
        with pytest.raises(errors.DivisionByZero), session().begin_nested():
            fetched("select 1 / %(nothing)s::int", {"nothing": 0})
        assert _slugs() == ["kept"]


def test_values_arrive_as_they_were_sent(tenant: Tenant) -> None:
    sent = {"a": 'it\'s "so" \\ {1,2} ü', "b": -5, "c": None, "d": True, "e": new_id(), "f": Decimal("1.20"),
            "g": datetime(2026, 3, 1, 12, 30, tzinfo=UTC), "h": ['x "y"', "z\\", None, ""], "i": []}  # fmt: skip
    kinds = {"a": "text", "b": "int", "c": "text", "d": "bool", "e": "uuid", "f": "numeric", "g": "timestamptz",
             "h": "text[]", "i": "uuid[]"}  # fmt: skip
    columns = ", ".join(f"%({name})s::{kind}" for name, kind in kinds.items())
    with read_only():
        (row,) = fetched(f"select {columns}, 'a%%b'", sent)
    assert row == (*sent.values(), "a%b")
    with read_only(), pytest.raises(TypeError, match="dict"):
        fetched("select %(a)s::text", {"a": {}})


def test_a_name_that_stands_twice_is_one_value() -> None:
    assert statement("select %(a)s, %(b)s, %(a)s, '%%'").text == b"select $1, $2, $1, '%'"


def test_a_connection_that_dies_between_two_reads_is_an_error_once(
    app: Flask, config: Config, tenant: Tenant, database_url: str
) -> None:
    def cut() -> None:
        with read_only():
            _slugs()
            end_all(database_url)
            _slugs()

    def look() -> list[str]:
        with read_only():
            return _slugs()

    with wide_pool(app, config, 1):
        assert isinstance(together(app, [cut])[0], psycopg.OperationalError)
        assert together(app, [look, look]) == [[], []]
