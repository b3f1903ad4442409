"""Orders, refunds and the ledger by API: who may do what, and that a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text

from core.identity.models import ApiKeyRow
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from tests.market import balances, make_shop
from tests.web.orders.making import key_of, sell


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def test_a_merchant_accepts_ships_and_delivers(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    key = key_of("merchant", sold.shop.merchant_id)
    path = f"/api/v1/orders/{sold.order_id}"
    assert api.post(f"{path}/accept", headers=key, **host).json["state"] == "accepted"
    sent = api.post(f"{path}/parcels", json={"carrier": "An Post"}, headers=key, **host)
    assert (sent.status_code, sent.json["order"]["state"]) == (201, "shipped")
    done = api.post(f"{path}/parcels/{sent.json['id']}/deliver", headers=key, **host)
    assert done.json["state"] == "delivered"


def test_an_order_names_every_frozen_amount(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    order = app.test_client().get(f"/api/v1/orders/{sold.order_id}", headers=key_of("operator"), **host).json
    assert (order["total_minor"], order["delivery_minor"], order["currency"]) == (2490, 490, "EUR")
    (line,) = order["lines"]
    assert (line["gross_minor"], line["net_minor"], line["tax_minor"], line["quantity"]) == (2000, 1667, 333, 2)
    assert {"fee_minor", "fee_tax_minor", "discounted_minor", "variant_id", "listing_id"} <= line.keys()


def test_another_merchant_finds_nothing_and_changes_nothing(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    with transaction():
        other = make_shop()
    key = key_of("merchant", other.merchant_id)
    path = f"/api/v1/orders/{sold.order_id}"
    with read_only():
        before = balances()
    assert api.get(path, headers=key, **host).status_code == 404
    tries = {
        "accept": {}, "parcels": {"carrier": "X"}, "cancel": {"reason": "x"},
        "refunds": {"delivery_minor": 1, "key": "k"},
    }  # fmt: skip
    for verb, body in tries.items():
        assert api.post(f"{path}/{verb}", json=body, headers=key, **host).status_code == 404, verb
    assert api.get("/api/v1/orders", headers=key, **host).json["data"] == []
    with read_only():
        assert balances() == before


def test_another_marketplace_finds_nothing(app: Flask, tenant: Tenant, make_tenant: Callable[..., Tenant]) -> None:
    sold, other = sell(), make_tenant()
    with bind(other):
        key = key_of("operator")
    answer = app.test_client().get(
        f"/api/v1/orders/{sold.order_id}", headers=key, base_url=f"http://{other.slug}.localhost"
    )
    assert answer.status_code == 404


def test_guests_without_a_link_see_no_order(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    assert api.get(f"/api/v1/orders/{sold.order_id}", **host).status_code == 404
    assert api.get("/api/v1/orders", **host).status_code == 401
    assert api.post(f"/api/v1/orders/{sold.order_id}/confirm-receipt", **host).status_code == 404


def test_a_repeated_refund_is_replayed_and_moves_money_once(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    key = {**key_of("merchant", sold.shop.merchant_id), "Idempotency-Key": "r-1"}
    path = f"/api/v1/orders/{sold.order_id}"
    line = api.get(path, headers=key, **host).json["lines"][0]["id"]
    body = {"lines": [{"line_id": line, "quantity": 1}]}
    first = api.post(f"{path}/refunds", json=body, headers=key, **host)
    again = api.post(f"{path}/refunds", json=body, headers=key, **host)
    assert (first.status_code, first.json["amount_minor"]) == (201, 1000)
    assert (again.status_code, again.json, again.headers["Idempotency-Replayed"]) == (201, first.json, "true")
    other = api.post(f"{path}/refunds", json={"delivery_minor": 490}, headers=key, **host)
    assert (other.status_code, other.json["code"]) == (409, "idempotency.key_reused")
    with read_only():
        assert balances()["psp:stripe"] == 1490


def test_a_refund_key_in_the_body_refunds_once_too(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    key, path = key_of("operator"), f"/api/v1/orders/{sold.order_id}/refunds"
    body = {"delivery_minor": 490, "key": "k"}
    answers = [api.post(path, json=body, headers=key, **host).json["id"] for _n in range(2)]
    assert answers[0] == answers[1]
    assert api.post(path, json={"delivery_minor": 1}, headers=key, **host).status_code == 422


def test_one_principals_key_is_not_anothers(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, other = sell(), sell()
    api = app.test_client()
    for one in (sold, other):
        key = {**key_of("merchant", one.shop.merchant_id), "Idempotency-Key": "same"}
        answer = api.post(f"/api/v1/orders/{one.order_id}/accept", headers=key, **host)
        assert (answer.status_code, answer.json["id"]) == (200, str(one.order_id))


def test_a_refused_write_leaves_its_key_free(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    key = {**key_of("merchant", sold.shop.merchant_id), "Idempotency-Key": "p-1"}
    path = f"/api/v1/orders/{sold.order_id}/parcels"
    line = api.get(f"/api/v1/orders/{sold.order_id}", headers=key, **host).json["lines"][0]["id"]
    much = {"carrier": "Post", "lines": [{"line_id": line, "quantity": 9}]}
    assert api.post(path, json=much, headers=key, **host).status_code == 409
    assert api.post(path, json={"carrier": "Post"}, headers=key, **host).status_code == 201


def test_operator_completes_early_only_with_the_permission(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    path = f"/api/v1/orders/{sold.order_id}/complete"
    assert api.post(path, headers=key_of("operator", permissions=("orders.view",)), **host).status_code == 403
    with read_only():
        assert f"payable:{sold.shop.merchant_id}" not in balances()
    done = api.post(path, headers=key_of("operator", permissions=("orders.view", "orders.complete")), **host)
    assert done.json["state"] == "completed"
    with read_only():
        assert balances()[f"payable:{sold.shop.merchant_id}"] < 0


def test_the_ledger_lists_balances_entries_and_its_proof(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api, key = sell(), app.test_client(), key_of("operator")
    held = {"account": f"held:{sold.shop.merchant_id}", "currency": "EUR", "balance_minor": -2490}
    assert held in api.get("/api/v1/ledger/balances", headers=key, **host).json["data"]
    asked = f"/api/v1/ledger/entries?order_id={sold.order_id}&account=psp:stripe"
    (entry,) = api.get(asked, headers=key, **host).json["data"]
    assert entry["postings"][0]["amount_minor"] == 2490
    assert api.get("/api/v1/ledger/verify", headers=key, **host).json["clean"] is True
    merchant = key_of("merchant", sold.shop.merchant_id)
    assert api.get("/api/v1/ledger/balances", headers=merchant, **host).status_code in (401, 403)


def test_an_unknown_order_is_missing(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    assert app.test_client().get(f"/api/v1/orders/{uuid4()}", headers=key_of("operator"), **host).status_code == 404


def test_a_second_request_waits_while_the_first_is_under_way(
    app: Flask, tenant: Tenant, host: dict[str, str], database_url: str
) -> None:
    sold = sell()
    header = {**key_of("merchant", sold.shop.merchant_id), "Idempotency-Key": "busy"}
    with read_only():
        key_id = session().scalars(select(ApiKeyRow.id)).one()
    name = f"{tenant.id}:idempotency:merchant:key:{key_id}:{sold.shop.merchant_id}:busy"
    admin = create_engine(database_url)
    with admin.begin() as first:
        first.execute(text("select pg_advisory_xact_lock(hashtextextended(:n, 0))"), {"n": name})
        path = f"/api/v1/orders/{sold.order_id}/accept"
        answer = app.test_client().post(path, headers=header, **host)
    admin.dispose()
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency.in_flight")
    assert app.test_client().post(path, headers=header, **host).json["state"] == "accepted"
