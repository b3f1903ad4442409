"""The shape of every tenant-owned table, read from the database's own catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from core.kernel.config import Config
from core.kernel.db import OWNER, signature
from tests.tenants.planting import plant, tables_of

SHARED = {"plans", "tenants", "provider_readings"}
"""Tables of the platform itself, which has one account at a provider for all. `tenants` is under row-level security by its own key."""
GLOBAL_UNIQUES = {"uq_tenant_domains_served"}
"""A host name serves one tenant of the platform; the index holds only proved ones."""
APPEND_ONLY = {"audit_log", "ledger_entries", "ledger_postings", "stock_movements", "consents", "seals"} | {
    "statements", "statement_lines", "fiscal_documents",
}  # fmt: skip
ROLES = ("galleria_app", "galleria_platform", OWNER)


@pytest.fixture
def admin(config: Config, app) -> Iterator[psycopg.Connection]:
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as connection:
        yield connection
        connection.rollback()


def _all(admin: psycopg.Connection, query: str) -> list[tuple]:
    return admin.execute(query).fetchall()


def test_every_table_belongs_to_a_tenant_or_is_on_the_list(admin: psycopg.Connection) -> None:
    tables = {row[0] for row in _all(admin, "select tablename from pg_tables where schemaname = 'public'")}
    assert {t for t in tables if not t.startswith("alembic_")} == set(tables_of()) | SHARED


def test_every_primary_key_is_tenant_and_id(admin: psycopg.Connection) -> None:
    found = _all(admin, """
        select conrelid::regclass::text, array_agg(attname::text order by ordinality)
          from pg_constraint, unnest(conkey) with ordinality k(attnum, ordinality)
          join pg_attribute a using (attnum)
         where contype = 'p' and a.attrelid = conrelid and connamespace = 'public'::regnamespace group by 1""")  # fmt: skip
    keys = dict(found)
    assert {table: keys[table] for table in tables_of()} == {key: ["tenant_id", "id"] for key in tables_of()}
    assert {table: keys[table] for table in tables_of()} == {table: ["tenant_id", "id"] for table in tables_of()}


def test_every_reference_carries_the_tenant(admin: psycopg.Connection) -> None:
    found = _all(admin, """
        select conname, confrelid::regclass::text,
               (select array_agg(attname::text order by o) from unnest(conkey) with ordinality k(n, o)
                  join pg_attribute on attrelid = conrelid and attnum = n),
               (select array_agg(attname::text order by o) from unnest(confkey) with ordinality k(n, o)
                  join pg_attribute on attrelid = confrelid and attnum = n)
          from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace""")  # fmt: skip
    for name, target, columns, targets in found:
        if target in SHARED:
            continue
        assert (columns[0], targets[0]) == ("tenant_id", "tenant_id"), name


def test_every_index_and_unique_begins_with_the_tenant(admin: psycopg.Connection) -> None:
    found = _all(admin, """
        select i.indexrelid::regclass::text, i.indrelid::regclass::text, i.indisunique,
               coalesce((select attname::text from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]), '')
          from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace""")  # fmt: skip
    led = {table for _index, table, _unique, first in found if first == "tenant_id"}
    assert led >= set(tables_of())
    loose = {index for index, table, unique, first in found
             if unique and first != "tenant_id" and table in tables_of()}  # fmt: skip
    assert loose == GLOBAL_UNIQUES


def test_every_table_has_forced_security_with_both_halves(admin: psycopg.Connection) -> None:
    forced = dict(_all(admin, """
        select relname::text, relrowsecurity and relforcerowsecurity from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"""))  # fmt: skip
    policies = dict(_all(admin, """
        select tablename::text, cmd = 'ALL' and roles = '{galleria_app}' and qual like '%app.tenant_id%'
               and with_check like '%app.tenant_id%' from pg_policies where policyname = 'tenant_isolation'"""))  # fmt: skip
    for table in [*tables_of(), "tenants"]:
        assert forced[table], table
        assert policies[table], table


def test_no_other_policy_lets_the_serving_role_in(admin: psycopg.Connection) -> None:
    found = _all(admin, "select policyname::text, roles::text[] from pg_policies where schemaname = 'public'")
    assert {name for name, roles in found if "galleria_app" in roles or "public" in roles} == {"tenant_isolation"}


def test_the_roles_are_apart(admin: psycopg.Connection) -> None:
    found = _all(admin, """
        select rolname::text, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb from pg_roles
         where rolname like 'galleria\\_%' order by 1""")  # fmt: skip
    assert found == [
        ("galleria_app", False, False, False, False, False),
        ("galleria_owner", False, False, True, False, False),
        ("galleria_platform", False, True, True, False, False),
    ]
    members = _all(admin, "select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where rolname like 'galleria\\_%'")  # fmt: skip
    assert members == []
    owners = _all(admin, "select distinct tableowner::text from pg_tables where schemaname = 'public'")
    assert owners == [(OWNER,)]


def test_the_serving_role_may_not_truncate_refer_or_define_triggers(admin: psycopg.Connection) -> None:
    found = _all(admin, """
        select table_name, privilege_type from information_schema.role_table_grants
         where grantee in ('galleria_app', 'galleria_platform', 'PUBLIC') and table_schema = 'public'
           and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')""")  # fmt: skip
    assert found == []


def _as(config: Config, role: str) -> psycopg.Connection:
    connection = psycopg.connect(config.role_url(role).replace("+psycopg", ""))
    if role == OWNER:
        connection.execute("set app.maintenance = 'on'")
    return connection


DEEDS = ("update {} set id = id", "delete from {}", "truncate {} cascade")


@pytest.mark.parametrize("role", ROLES)
def test_what_is_written_stays_for_every_role(
    config: Config, make_tenant, admin: psycopg.Connection, role: str
) -> None:
    tenant = make_tenant(preset="bare")
    plant(admin, tenant.id, tables=sorted(APPEND_ONLY))
    mark = signature(config.derived("tenant binding"), tenant.id)
    with _as(config, role) as connection:
        for statement in [deed.format(table) for table in sorted(APPEND_ONLY) for deed in DEEDS]:
            if role == "galleria_app":
                connection.execute("select app.bind(%s, 1, %s)", (tenant.id, mark))
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def test_control_a_table_that_may_change_does(config: Config, make_tenant, admin: psycopg.Connection) -> None:
    tenant = make_tenant(preset="bare")
    with _as(config, OWNER) as connection:
        assert connection.execute("update counters set id = id where tenant_id = %s", (tenant.id,)).rowcount == 2
        connection.rollback()
