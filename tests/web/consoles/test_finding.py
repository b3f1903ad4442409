"""The palette's search: it finds what the role may see of one's own, and each person's wishes are kept."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction
from tenants import provisioning, values
from tests.tenants.people import signed_in
from tests.web.consoles.people import bearer
from tests.web.orders.making import browser_of, sell

PLATFORM = "http://localhost"


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def test_a_merchant_finds_its_own_orders_and_products_alone(app: Flask, tenant: Tenant, host) -> None:
    mine, other = sell(), sell()
    browser = browser_of(app, tenant, "merchant", mine.shop.merchant_id)
    fragment = browser.get(f"/merchant/find?q={mine.number}", headers={"HX-Request": "true"}, **host).text
    assert f"/merchant/orders/{mine.order_id}" in fragment
    assert "<html" not in fragment
    assert str(other.order_id) not in browser.get(f"/merchant/find?q={other.number}", **host).text


def test_an_operator_finds_everybodys_orders_and_merchants(app: Flask, tenant: Tenant, host) -> None:
    sold = sell()
    browser = browser_of(app, tenant, "operator")
    assert f"/operator/orders/{sold.order_id}" in browser.get(f"/operator/find?q={sold.number}", **host).text
    assert "Nothing found for" in browser.get("/operator/find?q=nosuchthing", **host).text


def test_nothing_is_found_in_another_marketplace(app: Flask, tenant: Tenant, make_tenant) -> None:
    sold = sell()
    other = make_tenant()
    client = app.test_client()
    signed_in(client, other, "operator", f"{other.slug}.localhost")
    shown = client.get(f"/operator/find?q={sold.number}", base_url=f"http://{other.slug}.localhost").text
    assert str(sold.order_id) not in shown


def test_the_platform_finds_marketplaces(app: Flask, tenant: Tenant) -> None:
    with bind(values.PLATFORM), platform_transaction():
        provisioning.ensure_platform()
    client = app.test_client()
    signed_in(client, values.PLATFORM, "platform", "localhost")
    assert f"/platform/tenants/{tenant.id}" in client.get(f"/platform/find?q={tenant.slug}", base_url=PLATFORM).text


def test_a_guest_is_asked_to_sign_in(app: Flask, tenant: Tenant, host) -> None:
    assert app.test_client().get("/merchant/find?q=abc", **host).location.startswith("/merchant/sign-in")


def _wishes(app: Flask, browser: FlaskClient, host: Mapping[str, str]) -> dict[str, object]:
    """Return what the API tells the person of a browser about their wishes."""
    cookie = browser.get_cookie("operator_session", host["base_url"].removeprefix("http://"))
    assert cookie is not None
    headers = {"Authorization": f"Bearer {cookie.value}"}
    return dict(app.test_client().get("/api/v1/me/preferences", headers=headers, **host).json)


def test_wishes_are_stored_and_shown_in_this_browser(app: Flask, tenant: Tenant, host) -> None:
    browser = browser_of(app, tenant, "operator")
    form = {"language": "zh", "theme": "dark", "density": "compact", "page_size": "100"}
    assert browser.post("/operator/preferences", data=form, **host).status_code == 303
    shown = browser.get("/operator/preferences", **host).text
    assert '<html lang="zh-CN"' in shown
    assert 'data-theme="dark" data-density="compact"' in shown
    assert _wishes(app, browser, host) == {
        "language": "zh", "theme": "dark", "density": "compact", "has_shortcuts": False, "page_size": 100, "columns": {},
    }  # fmt: skip


def test_a_wish_that_is_not_offered_changes_nothing(app: Flask, tenant: Tenant, host) -> None:
    browser = browser_of(app, tenant, "operator")
    answer = browser.post("/operator/preferences", data={"theme": "pink", "page_size": "7"}, **host)
    assert answer.status_code == 422
    assert _wishes(app, browser, host)["page_size"] == 25
    wrong = {"json": {"theme": "pink"}, "headers": bearer(), **host}
    assert app.test_client().put("/api/v1/me/preferences", **wrong).status_code == 422


def test_signing_in_brings_ones_wishes_along(app: Flask, tenant: Tenant, host) -> None:
    browser = browser_of(app, tenant, "operator")
    browser.post("/operator/preferences/theme", data={"value": "dark"}, **host)
    browser.post("/operator/preferences/has_shortcuts", data={"value": "off"}, **host)
    found = _wishes(app, browser, host)
    assert (found["theme"], found["has_shortcuts"]) == ("dark", False)
    assert "data-shortcuts-on data-keep" in browser.get("/operator/", **host).text


def test_a_buyer_has_no_console_to_wish_for(app: Flask, tenant: Tenant, host) -> None:
    client = app.test_client()
    assert client.get("/api/v1/me/preferences", headers=bearer("buyer"), **host).status_code == 403
