"""Every area goes down to nothing and up again, and is then what the models say: no migration without a way back."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import create_engine, make_url, text

from core.kernel.config import Config
from migrations import run
from tests.plugin import _config


@pytest.fixture
def fresh(worker_id: str) -> Iterator[Config]:
    """The configuration of a database of this test's own, migrated to the present schema."""
    url, name = make_url(os.environ["TEST_DATABASE_URL"]), f"test_migrations_{worker_id}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
        connection.exec_driver_sql(f'create database "{name}" template "{os.environ["TEST_TEMPLATE"]}"')
    address = url.set(database=name).render_as_string(hide_password=False)
    yield _config(address, os.environ["TEST_REDIS_URL"])
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
    admin.dispose()


def tables(config: Config, prefix: str = "") -> set[str]:
    """Return the tables of the database, but for the lists of versions."""
    engine = create_engine(config.database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("select tablename from pg_tables where schemaname = 'public'"))
        found = {row[0] for row in rows if not row[0].startswith("alembic_") and row[0].startswith(prefix)}
    engine.dispose()
    return found


def columns(config: Config) -> set[tuple[str, ...]]:
    """Return every column of the database as its catalogue has it."""
    engine = create_engine(config.database_url)
    query = """select table_name, column_name, data_type, is_nullable from information_schema.columns
                where table_schema = 'public'"""
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(text(query))}
    engine.dispose()
    return found


def upgrade(config: Config, area: str) -> None:
    """Bring one area to its newest version."""
    with run.alembic(config, area) as settings:
        command.upgrade(settings, "head")


@pytest.mark.parametrize("area", run.areas()[1:])
def test_a_plugin_goes_down_alone_and_up_again(fresh: Config, area: str) -> None:
    before, own = columns(fresh), tables(fresh, f"{area}_")
    others = tables(fresh) - own
    run.downgrade(fresh, area, "base")
    assert tables(fresh) == others
    upgrade(fresh, area)
    assert columns(fresh) == before


def test_everything_goes_down_to_nothing_and_up_again(fresh: Config) -> None:
    before = columns(fresh)
    for area in reversed(run.areas()):
        run.downgrade(fresh, area, "base")
    assert tables(fresh) == set()
    run.upgrade(fresh)
    assert columns(fresh) == before


def test_rows_that_are_there_are_carried_along_whosever_they_are(fresh: Config) -> None:
    run.downgrade(fresh, "commission", "0001")
    admin = create_engine(fresh.database_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("set session_replication_role = replica")  # A list without its marketplace will do.
        connection.exec_driver_sql("""
            insert into commission_lists (tenant_id, id, version, reason, created_at)
            values (gen_random_uuid(), gen_random_uuid(), 1, '', '2026-05-01 10:00+00')""")
    upgrade(fresh, "commission")
    with admin.connect() as connection:
        found = connection.exec_driver_sql("select effective_at = created_at from commission_lists").scalars().all()
    admin.dispose()
    assert found == [True]
