"""The payout account in the console and in the API: opened, completed at the provider, seen by the operator."""

from __future__ import annotations

import re
import urllib.parse
from uuid import UUID

import pytest
import requests
from flask import Flask

from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.payments import provider_accounts
from tests.core.payments.conftest import Provider
from tests.market import make_shop
from tests.web.orders.making import browser_of, key_of


@pytest.fixture
def merchant_id(provider: Provider, tenant: Tenant) -> UUID:
    with transaction():
        return make_shop().merchant_id


@pytest.fixture
def base(tenant: Tenant) -> str:
    return f"http://{tenant.slug}.localhost"


def _supply(address: str) -> str:
    fields = {"entity_type": "company", "name": "Oak", "iban": "DE89370400440532013000", "terms": "1"}
    return requests.post(address, data=fields, allow_redirects=False, timeout=10).headers["Location"]


def test_merchant_connects_in_the_console_and_the_operator_sees_it(
    app: Flask, tenant: Tenant, merchant_id: UUID, base: str
) -> None:
    browser = browser_of(app, tenant, "merchant", merchant_id)
    page = browser.get("/merchant/payout-account", base_url=base).get_data(as_text=True)
    assert "Say where your money goes" in page
    assert browser.post("/merchant/payout-account", base_url=base).status_code == 303
    page = browser.get("/merchant/payout-account", base_url=base).get_data(as_text=True)
    assert "A bank account" in page
    address = browser.get("/merchant/payout-account/continue", base_url=base).headers["Location"]
    back = urllib.parse.urlsplit(_supply(address))
    assert back.path == "/merchant/payout-account/return"
    assert browser.get(back.path, base_url=base).status_code == 303
    page = browser.get("/merchant/payout-account", base_url=base).get_data(as_text=True)
    assert "Your account is ready" in page
    operator = browser_of(app, tenant, "operator")
    listed = operator.get("/operator/payout-accounts?state=active", base_url=base).get_data(as_text=True)
    assert re.search(r"acct_\w+", listed)
    one = operator.get(f"/operator/merchants/{merchant_id}", base_url=base).get_data(as_text=True)
    assert "Payout account" in one
    again = operator.post(f"/operator/payout-accounts/{merchant_id}/refresh", base_url=base)
    assert again.status_code == 303


def test_provider_that_does_not_answer_is_said_and_nothing_is_left(
    app: Flask, tenant: Tenant, provider: Provider, merchant_id: UUID, base: str
) -> None:
    browser = browser_of(app, tenant, "merchant", merchant_id)
    provider.fail_next("500", "/v2/", times=3)
    assert browser.post("/merchant/payout-account", base_url=base).status_code == 503
    with read_only():
        known = provider_accounts.of_merchant(merchant_id)
    assert known is not None
    assert (known.ref, known.state) == ("", "new")


def test_program_of_a_merchant_opens_and_links(app: Flask, tenant: Tenant, merchant_id: UUID, base: str) -> None:
    client, key = app.test_client(), key_of("merchant", merchant_id)
    none = client.get("/api/v1/payout-accounts/me", base_url=base, headers=key)
    assert (none.status_code, none.json["code"]) == (404, "payments.no_account")
    opened = client.put("/api/v1/payout-accounts/me", base_url=base, headers=key)
    assert (opened.status_code, opened.json["state"], opened.json["can_be_paid"]) == (200, "new", False)
    wanted = {"return_url": "https://shop.example/back", "refresh_url": "https://shop.example/again"}
    link = client.post("/api/v1/payout-accounts/me/link", json=wanted, base_url=base, headers=key)
    assert _supply(link.json["url"]) == "https://shop.example/back"
    fresh = client.post("/api/v1/payout-accounts/me/refresh", base_url=base, headers=key)
    assert (fresh.json["state"], fresh.json["needs"], fresh.json["can_be_paid"]) == ("active", [], True)
    listed = client.get("/api/v1/payout-accounts/?state=active", base_url=base, headers=key_of("operator"))
    assert [row["merchant_id"] for row in listed.json["data"]] == [str(merchant_id)]


@pytest.mark.parametrize("permissions", [(), ("money.view",)])
def test_who_may_not_manage_the_shop_opens_nothing(
    app: Flask, tenant: Tenant, merchant_id: UUID, base: str, permissions: tuple[str, ...]
) -> None:
    key = key_of("merchant", merchant_id, permissions)
    refused = app.test_client().put("/api/v1/payout-accounts/me", base_url=base, headers=key)
    assert refused.status_code == 403
    with read_only():
        assert provider_accounts.of_merchant(merchant_id) is None


def test_link_to_what_is_no_address_is_refused(app: Flask, tenant: Tenant, merchant_id: UUID, base: str) -> None:
    wanted = {"return_url": "javascript:alert(1)", "refresh_url": "https://shop.example/again"}
    key = key_of("merchant", merchant_id)
    refused = app.test_client().post("/api/v1/payout-accounts/me/link", json=wanted, base_url=base, headers=key)
    assert refused.status_code == 422
