"""A database of a test's own, what stands in it, and its way up."""

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
    url, name = (
        make_url(os.environ["TEST_DATABASE_URL"]),
        f"{os.environ.get('TEST_DATABASES', 'test')}_migrations_{worker_id}",
    )
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
