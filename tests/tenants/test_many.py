"""A thousand marketplaces can be opened in one run: few statements, however many."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event, func, select

from core.kernel.db import PLATFORM, db, session
from core.kernel.errors import Invalid
from core.kernel.tx import platform_transaction
from core.merchants.models import MerchantRow
from tenants import many, provisioning
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


def test_thirty_marketplaces_open_in_one_run(app) -> None:
    with platform_transaction():
        ids = provisioning.create_many(requests(30))
    provisioning.complete_many(ids)
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


def table(count: int, first: str = "slug,name,country,languages,preset") -> tuple[str, list[str]]:
    """Return a table of marketplaces, and their slugs."""
    slugs = [request.slug for request in requests(count)]
    return "\n".join([first, *(f"{slug},Market {slug},BR,en zh,bare" for slug in slugs)]), slugs


def test_a_table_opens_marketplaces_and_goes_on_when_it_is_started_again(app, monkeypatch) -> None:
    monkeypatch.setattr(many, "BATCH", 2)
    text, slugs = table(5)
    started = many.open_all(many.read(text))
    next(started)
    again = list(many.open_all(many.read(text)))
    assert (sum(one.opened for one in again), sum(one.known for one in again)) == (3, 2)
    with platform_transaction():
        query = select(TenantRow.state, TenantRow.currency).where(TenantRow.slug.in_(slugs))
        assert session().execute(query).all() == [("active", "BRL")] * 5


@pytest.mark.parametrize(
    ("first", "row"), [("slug,name", "a-b,Name"), ("slug,name,country", "A B,Name,IE"), ("slug,name,country", "ab,X,Q")]
)
def test_a_table_at_fault_opens_nothing(app, first: str, row: str) -> None:
    with platform_transaction():
        before = session().scalar(select(func.count()).select_from(TenantRow))
    with pytest.raises(Invalid, match="tenants"):
        list(many.open_all(many.read(f"{first}\n{row}\n")))
    with platform_transaction():
        assert session().scalar(select(func.count()).select_from(TenantRow)) == before
