"""The database's roles: made or renewed by the administrator before anything migrates."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from core.kernel.config import Config
from core.kernel.db import APP, OWNER, PLATFORM

_SQL = Path(__file__).with_name("roles.sql")


def prepare(config: Config) -> None:
    """Create the database if it is missing, its roles, the signed binding and its key. Safe to repeat."""
    _create_database(config.database_url)
    engine = create_engine(config.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(7326001)"))
        for role, options in ((OWNER, "nobypassrls"), (APP, "nobypassrls noinherit"), (PLATFORM, "bypassrls")):
            _ensure_role(connection, role, options, config.role_password(role))
        connection.connection.cursor().execute(_SQL.read_text())
        connection.execute(
            text("insert into app.bind_key values (1, :key) on conflict (kid) do update set key = excluded.key"),
            {"key": config.derived("tenant binding")},
        )
    engine.dispose()


def _ensure_role(connection: Connection, role: str, options: str, password: str) -> None:
    found = connection.execute(text("select 1 from pg_roles where rolname = :role"), {"role": role}).first()
    verb = "alter" if found else "create"
    # Role names and options are constants of this program; the password is hexadecimal.
    connection.exec_driver_sql(f"{verb} role {role} login nosuperuser {options} password '{password}'")


def _create_database(url: str) -> None:
    address = make_url(url)
    engine = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.execute(
            text("select 1 from pg_database where datname = :n"), {"n": address.database}
        ).first()
        if not found:
            connection.exec_driver_sql(f'create database "{address.database}"')
    engine.dispose()
