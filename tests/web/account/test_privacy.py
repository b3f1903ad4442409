"""Privacy pages and their API: a copy for its owner alone, erasure with the password alone, consents both ways."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.compliance import own_data
from core.identity.principals import Realm
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only
from tests.core.compliance.test_own_data import ANN, shopper
from tests.web.auth.pages import PASSWORD, client_of, enter
from tests.web.orders.making import browser_of, key_of
from tests.working import run_due


@pytest.fixture
def base(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def signed_in(app: Flask, tenant: Tenant, email: str = ANN) -> FlaskClient:
    """Return a browser in which a buyer has signed in by password."""
    browser = client_of(app, tenant)
    assert enter(browser, Realm.BUYER, email, PASSWORD).status_code == 303
    return browser


def test_a_buyer_asks_for_a_copy_and_fetches_it(app: Flask, tenant: Tenant, base: dict[str, str]) -> None:
    ann, _bo = shopper(), shopper("bo@example.com")
    browser, other = signed_in(app, tenant), signed_in(app, tenant, "bo@example.com")
    assert browser.post("/account/privacy/copies").status_code == 303
    with read_only():
        (asked,) = own_data.requests(ann.user_id)
    path = f"/account/privacy/copies/{asked.id}"
    assert browser.get(path).status_code == 404
    run_due()
    assert path in browser.get("/account/privacy").text
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype, answer.data[:2]) == (200, "application/zip", b"PK")
    assert "no-store" in answer.headers["Cache-Control"]
    assert other.get(path).status_code == 404
    assert app.test_client().get(path, **base).status_code == 303
    assert "Copy of the own data" in browser_of(app, tenant, "operator").get("/operator/privacy", **base).text


def test_the_account_goes_with_the_password_alone(app: Flask, tenant: Tenant, base: dict[str, str]) -> None:
    ann = shopper()
    browser = signed_in(app, tenant)
    assert browser.get("/account/erase").status_code == 200
    assert browser.post("/account/erase", data={"password": "guess"}).status_code == 422
    with read_only():
        assert own_data.requests(ann.user_id) == []
    assert browser.post("/account/erase", data={"password": PASSWORD}).status_code == 303
    run_due()
    assert enter(browser, Realm.BUYER, ANN, PASSWORD).status_code == 422
    operator = browser_of(app, tenant, "operator")
    for page in ("orders", "purchases", "privacy", f"purchases/{ann.purchase_id}"):
        answer = operator.get(f"/operator/{page}", **base)
        assert answer.status_code == 200
        assert ANN not in answer.text
        assert "Ann Byrne" not in answer.text


def test_an_open_order_is_named_on_the_page(app: Flask, tenant: Tenant) -> None:
    shopper(state="paid")
    browser = signed_in(app, tenant)
    assert "1 order is not completed" in browser.get("/account/erase").text
    assert browser.post("/account/erase", data={"password": PASSWORD}).status_code == 422


def test_the_same_by_api(app: Flask, tenant: Tenant) -> None:
    shopper()
    browser = signed_in(app, tenant)
    given = browser.get("/api/v1/me/consents/").json["data"]
    assert {one["purpose"]: one["is_given"] for one in given}["measurement"] is True
    said = browser.put("/api/v1/me/consents/measurement", json={"is_given": False}).json["data"]
    assert {one["purpose"]: one["is_given"] for one in said}["measurement"] is False
    assert browser.put("/api/v1/me/consents/none", json={"is_given": True}).status_code == 422
    asked = browser.post("/api/v1/me/copies/")
    assert (asked.status_code, asked.json["state"]) == (202, "asked")
    run_due()
    path = f"/api/v1/me/copies/{asked.json['id']}"
    assert browser.get(path).json["state"] == "ready"
    assert browser.get(f"{path}/file").data[:2] == b"PK"
    assert browser.post("/api/v1/me/erasure/", json={"password": "guess"}).status_code == 422
    assert browser.post("/api/v1/me/erasure/", json={"password": PASSWORD}).status_code == 202
    run_due()
    assert browser.get("/api/v1/me/copies/").status_code == 401


def test_only_the_operator_lists_requests(app: Flask, tenant: Tenant, base: dict[str, str]) -> None:
    shopper()
    api, path = app.test_client(), "/api/v1/privacy-requests"
    assert api.get(path, headers=key_of("operator", permissions=("orders.view",)), **base).status_code == 403
    assert api.get(path, headers=key_of("operator"), **base).json == {"data": [], "next": None}
