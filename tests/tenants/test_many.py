"""A thousand marketplaces can be opened in one run: few statements, however many."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event, func, select

from core.kernel.db import PLATFORM, db, session
from core.kernel.tx import platform_transaction
from core.merchants.models import MerchantRow
from tenants import provisioning
from tenants.models import TenantRow
from tenants.provisioning import Onboarding


def requests(count: int, preset: str = "bare") -> list[Onboarding]:
    """Return as many onboardings under fresh names."""
    run = uuid4().hex[:8]
    return [
        Onboarding(f"m{run}-{number}", "Many", "IE", "EUR", "Europe/Dublin", ("en",), preset, with_categories=True)
        for number in range(count)
    ]


@pytest.fixture
def statements(app) -> Iterator[list[str]]:
    """The statements that the platform's role sends."""
    sent: list[str] = []

    def note(_c: Connection, _cursor: object, statement: str, _p: object, _context: object, _many: bool) -> None:
        sent.append(statement)

    engine = db.engines[PLATFORM]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_thirty_marketplaces_open_in_one_run_and_fast(app) -> None:
    started = time.perf_counter()
    with platform_transaction():
        ids = provisioning.create_many(requests(30))
    provisioning.complete_many(ids)
    assert (time.perf_counter() - started) / 30 < 0.1
    with platform_transaction():
        states = select(TenantRow.state, func.count()).where(TenantRow.id.in_(ids)).group_by(TenantRow.state)
        assert session().execute(states).all() == [("active", 30)]
        houses = select(func.count()).select_from(MerchantRow).where(MerchantRow.tenant_id.in_(ids))
        assert session().scalar(houses) == 30


def test_the_platforms_statements_do_not_grow_with_the_number(app, statements: list[str]) -> None:
    def sent_for(count: int) -> int:
        statements.clear()
        with platform_transaction():
            provisioning.create_many(requests(count))
        return len(statements)

    assert sent_for(20) <= sent_for(5) + 1


def test_completing_many_again_changes_nothing(app) -> None:
    with platform_transaction():
        ids = provisioning.create_many(requests(3))
    provisioning.complete_many(ids)
    provisioning.complete_many(ids)
    provisioning.complete(ids[0])
    with platform_transaction():
        houses = select(func.count()).select_from(MerchantRow).where(MerchantRow.tenant_id.in_(ids))
        assert session().scalar(houses) == 3
