"""Every area goes down to nothing and up again, and is then what the models say: no migration without a way back."""

from __future__ import annotations

from sqlalchemy import create_engine

from core.kernel.config import Config
from migrations import run
from tests.databases import columns, fresh, tables, upgrade

__all__ = ["fresh"]  # a fixture


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
