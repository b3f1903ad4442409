"""Buyers who came back pay less, from the order that the marketplace named; nobody else does, and nowhere else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask
from galleria_thanks import rules, services
from galleria_thanks.settings import Settings

from core.hooks.events import OrderChange, OrderEvent
from core.hooks.pricing import price_adjustments
from core.hooks.runtime import plugins
from core.hooks.types import Adjustment, Basket, Line, OrderSnapshot, Party, Stage, Viewer
from core.kernel import clock
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from tenants import plugins as switches
from tenants import values
from tests.plugin_rows import make_key

THREE = Settings(after_orders=3, percent_bps=500)


def basket(customer_id: UUID | None) -> Basket:
    line = Line(uuid4(), uuid4(), uuid4(), uuid4(), uuid4(), 1, Money(5000, "EUR"))
    viewer = Viewer(customer_id, "en", "IE")
    return Basket((line,), viewer, "EUR", clock.now(), stage=Stage.BASKET, amounts={line.id: Money(5000, "EUR")})


def event(change: OrderChange, customer_id: UUID | None, order_id: UUID) -> OrderEvent:
    nothing = Money.zero("EUR")
    order = OrderSnapshot(
        order_id, uuid4(), uuid4(), customer_id, clock.now(), (), {}, nothing, nothing, nothing, nothing
    )
    return OrderEvent(uuid4(), clock.now(), change, order)


@pytest.fixture
def thankful(tenant: Tenant) -> Tenant:
    """The bound marketplace with the plugin on."""
    with transaction():
        switches.enable("thanks")
    values.forget(tenant.id)
    found = values.find(tenant.id)
    assert found is not None
    return found


@pytest.mark.parametrize(("orders", "off"), [(0, None), (2, None), (3, -250), (9, -250)])
def test_the_discount_begins_with_the_named_order(orders: int, off: int | None) -> None:
    found = rules.discount(basket(uuid4()), orders, THREE, "Thanks")
    wanted = Adjustment(Stage.BASKET, Money(off, "EUR"), "Thanks", "thanks:regular", Party.PLATFORM) if off else None
    assert list(found) == ([wanted] if wanted else [])


def test_a_completed_order_counts_once_and_other_news_do_not(app: Flask, thankful: Tenant) -> None:
    buyer, order = uuid4(), uuid4()
    with bind(thankful), transaction():
        for change, who in ((OrderChange.COMPLETED, buyer), (OrderChange.COMPLETED, buyer), (OrderChange.PAID, buyer),
                            (OrderChange.COMPLETED, None)):  # fmt: skip
            services.remember(event(change, who, order))
        assert services.completed(buyer) == 1


def test_prices_fall_for_who_came_back_at_this_marketplace_alone(
    app: Flask, thankful: Tenant, make_tenant: object
) -> None:
    buyer = uuid4()
    with bind(thankful), transaction():
        for _each in range(3):
            services.remember(event(OrderChange.COMPLETED, buyer, uuid4()))
        for who, off in ((buyer, [-250]), (uuid4(), []), (None, [])):
            found = plugins().collect(price_adjustments, tenant=thankful, basket=basket(who))
            assert [one.amount.minor for one in found] == off
    other = make_tenant()
    with bind(other), transaction():
        assert services.completed(buyer) == 0
        assert plugins().collect(price_adjustments, tenant=other, basket=basket(buyer)) == []


def test_the_operator_reads_who_is_thanked(app: Flask, thankful: Tenant) -> None:
    buyer = uuid4()
    with bind(thankful), transaction():
        for _each in range(3):
            services.remember(event(OrderChange.COMPLETED, buyer, uuid4()))
        headers = make_key("operator", "thanks.view")
    client, base = app.test_client(), f"http://{thankful.slug}.localhost"
    answer = client.get("/api/v1/thanks/regulars", base_url=base, headers=headers)
    assert answer.json["data"] == [{"customer_id": str(buyer), "name": "", "orders": 3}]
    assert client.get("/api/v1/thanks/regulars", base_url=base).status_code == 401
