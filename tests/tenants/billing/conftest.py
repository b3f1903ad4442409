"""What billing tests start from: a marketplace that is a customer of the platform, its company, and the provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update

from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction
from tenants import provisioning
from tenants.billing import accounts
from tenants.billing.accounts import Company, Details
from tenants.billing.models import AccountRow, SpanRow
from tenants.values import PLATFORM
from tests.core.payments.conftest import Provider, provider
from tests.market import buy, make_good, make_shop, orders_of

__all__ = ["provider"]
NOVEMBER = date(2025, 11, 1)
"""A month that is over; 30 days."""
COMPANY = Company(name="Galleria Ltd", address="1 Quay Street\nDublin", country="IE", tax_number="IE1", tax_bps=2300,
                  tax_rates={"DE": 1900}, email="billing@galleria.example", bank="IE00 1234")  # fmt: skip


@pytest.fixture
def calm(provider: Provider) -> Iterator[None]:
    """Leave the provider without planned faults."""
    yield
    provider.control({"reset": True})


@pytest.fixture(autouse=True)
def _leave_no_work(app) -> Iterator[None]:
    """Leave the platform's own ground, which all tests share, without work that nobody will do."""
    yield
    with bind(PLATFORM), transaction():
        session().execute(delete(OutboxRow))


@pytest.fixture
def company(app) -> UUID:
    """The platform's company, in Ireland."""
    with bind(PLATFORM), platform_transaction():
        provisioning.ensure_platform()
    with bind(PLATFORM), transaction():
        return accounts.change_company(COMPANY, is_another=True)


@pytest.fixture
def since_november(tenant: Tenant) -> Tenant:
    """The test's marketplace as if it had begun on 1 November 2025, its trial over."""
    backdate(tenant, NOVEMBER)
    return tenant


def backdate(tenant: Tenant, day: date) -> None:
    """Let a marketplace's first span begin on a day, without a trial."""
    with bind(PLATFORM), transaction():
        session().execute(update(SpanRow).where(SpanRow.customer_id == tenant.id).values(from_on=day, anchor_on=day))
        session().execute(update(AccountRow).where(AccountRow.customer_id == tenant.id).values(trial_until=None))


def named(tenant: Tenant, **given: str) -> None:
    """Say who is billed."""
    with bind(PLATFORM), transaction():
        details = {"name": "Harbour Markets", "address": "2 Pier\nCork", "country": "IE", "tax_number": "",
                   "email": "owner@harbour.example", "collection": "charge"}  # fmt: skip
        accounts.change_details(tenant.id, Details(**{**details, **given}))


def sold(minor: int, day: int = 10, *, refunded: int = 0, refund_day: int = 20) -> None:
    """Complete an order of the bound marketplace on a day of November, and refund a part of it."""
    with transaction():
        order = orders_of(buy({make_good(make_shop(), minor, stock=1): 1}))[0]
        at = datetime(2025, 11, day, 12, tzinfo=UTC)
        set_completed = text(
            "update orders set completed_at = :at, placed_at = :at, state = 'completed' where id = :id"
        )
        session().execute(set_completed, {"at": at, "id": order.id})
        if refunded:
            refund(order.id, refunded, datetime(2025, 11, refund_day, 12, tzinfo=UTC))


def refund(order_id: UUID, minor: int, at: datetime) -> None:
    """Write a refund as its service would, at a moment."""
    session().execute(
        text("""insert into refunds (tenant_id, id, order_id, key, request_digest, number, amount_minor,
                  delivery_minor, currency, reason, by_kind, at)
                select tenant_id, gen_random_uuid(), id, gen_random_uuid()::text, '', 'R', :minor, 0, currency, '',
                       'system', :at from orders where id = :id"""),
        {"minor": minor, "at": at, "id": order_id},
    )


def run(work: Callable[[], object]) -> object:
    """Do something on the platform's ground, where its own role may see every marketplace."""
    with bind(PLATFORM), platform_transaction():
        return work()
