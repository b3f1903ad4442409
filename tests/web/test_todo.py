"""The consoles' first pages say what waits, for whom it is, and nothing of what the role may not see."""

from __future__ import annotations

import pytest
from flask import Flask

from core.aftersales import deciding
from core.identity.principals import Realm
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.core.aftersales.making import arrived, ask
from tests.web.orders.making import browser_of, sell
from web import todo


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def test_a_merchant_sees_its_own_orders_that_wait_and_no_others(app: Flask, tenant: Tenant, host) -> None:
    mine, other = sell(), sell()
    browser = browser_of(app, tenant, "merchant", mine.shop.merchant_id)
    assert "1 order to accept" in browser.get("/merchant/", **host).text
    browser.post(f"/merchant/orders/{mine.order_id}/accept", **host)
    answer = browser.get("/merchant/", **host).text
    assert "1 order to send" in answer
    assert "to accept" not in answer.replace("To accept and to ship", "")
    theirs = browser_of(app, tenant, "merchant", other.shop.merchant_id)
    assert "1 order to accept" in theirs.get("/merchant/", **host).text


def test_a_case_waits_for_its_shop_and_then_for_the_operator(app: Flask, tenant: Tenant, host) -> None:
    with transaction():
        sold = arrived()
        case_id = ask(sold).id
    shop = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    assert "1 return or claim needs you" in shop.get("/merchant/", **host).text
    operator = browser_of(app, tenant, "operator")
    assert "after-sales case" not in operator.get("/operator/", **host).text
    with transaction():
        deciding.take_over(case_id, "The shop asked us to")
    assert "1 after-sales case to decide" in operator.get("/operator/", **host).text
    assert "needs you" not in shop.get("/merchant/", **host).text


def test_an_operator_without_anything_to_do_is_told_so(app: Flask, tenant: Tenant, host) -> None:
    assert "Nothing waits for you." in browser_of(app, tenant, "operator").get("/operator/", **host).text


def test_what_waits_is_shown_in_the_order_of_its_urgency(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(todo, "_providers", {})
    late, soon = todo.Waiting("inbox", "late", "/l"), todo.Waiting("inbox", "soon", "/s")
    todo.provides(Realm.OPERATOR, 20)(lambda _who: [late])
    todo.provides(Realm.OPERATOR, 10)(lambda _who: [soon])
    with app.test_request_context():
        assert todo.waiting(Realm.OPERATOR) == [soon, late]
        assert todo.waiting(Realm.MERCHANT) == []
