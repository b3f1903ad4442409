"""Connections that the server ends: replaced before use, refused clearly when cut in the middle."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from core.http.errors import translated
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.threads import together, wide_pool


def end_all(database_url: str) -> int:
    """End every connection of the application's role, as a restart of the server does."""
    admin = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        query = text("""select count(pg_terminate_backend(pid, 1000)) from pg_stat_activity
                         where usename = 'galleria_app' and datname = current_database()""")
        ended = int(connection.execute(query).scalar_one())
    admin.dispose()
    return ended


def _look() -> int:
    with transaction():
        return int(session().execute(text("select 1")).scalar_one())


def _be_cut(database_url: str, moment: str) -> None:
    with transaction():
        session().execute(text("select 1"))
        end_all(database_url)
        if moment == "at a statement":
            session().execute(text("select 2"))


def test_connections_that_the_server_has_ended_are_replaced_before_use(
    app: Flask, config: Config, tenant: Tenant, database_url: str
) -> None:
    with wide_pool(app, config, 8):
        together(app, [_look] * 8)
        assert end_all(database_url) > 0
        assert together(app, [_look] * 8) == [1] * 8


def test_control_without_the_look_at_the_socket_somebody_meets_a_dead_connection(
    app: Flask, config: Config, tenant: Tenant, database_url: str
) -> None:
    with wide_pool(app, config, 8, pool_events=[]):
        together(app, [_look] * 8)
        end_all(database_url)
        assert any(isinstance(answer, Exception) for answer in together(app, [_look] * 8))


@pytest.mark.parametrize("moment", ["at a statement", "at the commit"])
def test_a_transaction_that_is_cut_is_refused_for_now_and_the_next_one_works(
    app: Flask, config: Config, tenant: Tenant, database_url: str, moment: str
) -> None:
    with wide_pool(app, config, 2):
        with pytest.raises(OperationalError) as cut:
            _be_cut(database_url, moment)
        refusal = translated(cut.value)
        assert refusal is not None
        assert (refusal.status, refusal.code, refusal.facts["retry_after"]) == (503, "database", 2)
        assert _look() == 1
