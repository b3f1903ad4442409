"""Sales by day: a merchant's own, the marketplace's all, the same in the page, the file and the API."""

from __future__ import annotations

import pytest
from flask import Flask

from core.kernel.tenancy import Tenant
from tests.web.orders.making import browser_of, key_of, sell


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def test_a_merchant_sees_its_own_sales_and_the_operator_all(app: Flask, tenant: Tenant, host) -> None:
    mine = sell()
    sell()
    client = app.test_client()
    merchant = client.get("/api/v1/analytics/sales", headers=key_of("merchant", mine.shop.merchant_id), **host).json
    operator = client.get("/api/v1/analytics/sales?days=7", headers=key_of("operator"), **host).json
    assert (merchant["days"][-1]["orders"], merchant["days"][-1]["sales_minor"]) == (1, 2490)
    assert (operator["days"][-1]["orders"], len(operator["days"]), len(operator["days_before"])) == (2, 7, 7)
    assert [one["units"] for one in merchant["best_sellers"]] == [2]
    assert len(operator["best_sellers"]) == 2


def test_the_page_and_its_file_say_the_same(app: Flask, tenant: Tenant, host) -> None:
    browser = browser_of(app, tenant, "merchant", sell().shop.merchant_id)
    shown = browser.get("/merchant/analytics?days=7", **host).text
    assert "€24.90" in shown
    assert "What sold best" in shown
    file = browser.get("/merchant/analytics?days=7&format=csv", **host)
    assert file.text.count("\n") == 8
    assert '"1","24.90"' in file.text


def test_without_sales_the_page_says_so_and_guests_are_sent_away(app: Flask, tenant: Tenant, host) -> None:
    assert (
        "Nothing was sold in this span" in browser_of(app, tenant, "operator").get("/operator/analytics", **host).text
    )
    assert app.test_client().get("/api/v1/analytics/sales", **host).status_code == 401
    assert (
        app.test_client().get("/api/v1/analytics/sales", headers=key_of("operator", permissions=()), **host).status_code
        == 403
    )
