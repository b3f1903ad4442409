"""A part of a real marketplace's past gets its monthly statements; sums are those of the journal and of the orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from core.accounting import proof, statements
from core.accounting.models import StatementLineRow, StatementRow
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.orders.models import OrderRow
from plugins.commission import services as commission
from tenants.history import importing
from tenants.history.reader import from_folder, read
from tests.core.accounting.books import state
from tests.tenants.history.test_import import OLIST

_ORDERS = 150
_UNTIL = date(2018, 3, 1)


@pytest.fixture
def market(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A marketplace in Brazil that takes ten per cent."""
    made = make_tenant(country="BR", currency="BRL", timezone="America/Sao_Paulo")
    with bind(made):
        with transaction():
            commission.publish([commission.RateDraft("All", percent_bps=1_000)])
        yield made


def _bring_in() -> None:
    whole = read(from_folder(OLIST), "America/Sao_Paulo")
    orders = whole.orders[:_ORDERS]
    selling = {item.seller for order in orders for item in order.items}
    sellers = {key: place for key, place in whole.sellers.items() if key in selling}
    for chunk in importing.chunks(replace(whole, orders=orders, sellers=sellers)):
        importing.carry_out(chunk)


def _issue() -> None:
    while True:
        with read_only():
            month = statements.next_month()
        if month is None or month >= _UNTIL:
            return
        state(month)


@pytest.mark.skipif(not OLIST.is_dir(), reason="the data folder is not there")
def test_a_real_past_is_stated_to_the_cent(market: Tenant) -> None:
    _bring_in()
    _issue()
    with read_only():
        assert proof.prove().is_clean
        merchants = set(session().scalars(select(OrderRow.merchant_id)))
        assert set(session().scalars(select(StatementRow.merchant_id))) == merchants
        completed = select(func.sum(OrderRow.total_minor)).where(OrderRow.completed_at.is_not(None))
        released = select(func.sum(StatementLineRow.amount_minor)).where(StatementLineRow.section == "orders")
        assert session().scalar(released) == session().scalar(completed) > 0
