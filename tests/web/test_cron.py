"""Jobs by the clock: once a minute in each tenant's time zone, and made up for after a dispatcher's absence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.kernel import jobs
from core.kernel.db import session
from core.kernel.tx import platform_transaction, transaction
from web import cron

_NIGHT = datetime(2031, 5, 20, 2, 25, 30, tzinfo=UTC)
_COUNT = text("select count(*) from outbox where handler = :job and key like 'cron:%' and tenant_id = :tenant")


@pytest.fixture
def nightly(tenant, monkeypatch) -> Iterator[None]:
    """One job, each night at 03:25 of the tenant's own time; Dublin is an hour ahead of UTC in May."""
    monkeypatch.setattr(cron, "timed", lambda: [cron.Timed("tests.nightly", "25 3 * * *")])
    yield
    with platform_transaction():
        session().execute(text("delete from outbox where handler = 'tests.nightly'"))


def _rows(tenant) -> int:
    with platform_transaction():
        return session().execute(_COUNT, {"job": "tests.nightly", "tenant": tenant.id}).scalar_one()


def _work_off() -> None:
    with platform_transaction():
        session().execute(text("update outbox set done_at = now(), created_at = :at where handler = 'tests.nightly'"),
                        {"at": _NIGHT})  # fmt: skip


@pytest.mark.usefixtures("nightly")
def test_a_job_is_put_in_its_minute_of_the_tenants_time_once(tenant) -> None:
    cron.put_due(_NIGHT - timedelta(minutes=1))
    assert _rows(tenant) == 0
    cron.put_due(_NIGHT)
    cron.put_due(_NIGHT + timedelta(seconds=20))
    assert _rows(tenant) == 1


@pytest.mark.usefixtures("nightly")
def test_what_was_missed_within_a_day_is_made_up_for_once(tenant) -> None:
    cron.catch_up(_NIGHT + timedelta(hours=5))
    assert _rows(tenant) == 1
    _work_off()
    cron.catch_up(_NIGHT + timedelta(hours=6))
    assert _rows(tenant) == 1


@pytest.mark.usefixtures("nightly")
def test_what_ran_in_its_minute_is_not_repeated_by_a_dispatcher_that_starts(tenant) -> None:
    cron.put_due(_NIGHT)
    _work_off()
    cron.catch_up(_NIGHT + timedelta(seconds=25))
    assert _rows(tenant) == 1


def test_a_time_more_than_a_day_ago_is_left_alone() -> None:
    assert cron._last_due("25 3 1 * *", _NIGHT.replace(second=0), "Europe/Dublin") is None
    assert cron._last_due("25 3 * * *", _NIGHT.replace(second=0), "Europe/Dublin") == _NIGHT.replace(second=0)


def test_every_job_of_the_clock_is_known_to_the_runner(app) -> None:
    assert [timed.name for timed in cron.timed() if jobs.find(timed.name) is None] == []


def test_a_job_that_a_plugin_declares_runs_for_the_bound_tenant(tenant) -> None:
    found = jobs.find("self_operated.sweep")
    assert found is not None
    assert found.timeout == timedelta(minutes=10)
    with transaction():
        found.run({})
