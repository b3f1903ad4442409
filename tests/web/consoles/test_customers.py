"""Buyers on the operator's console and in the API; webhooks on the platform's."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.customers import buyers
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only, transaction
from core.payments import events
from tenants import provisioning, values
from tests.tenants.people import api_key, signed_in
from tests.web.orders.making import browser_of, key_of, sell

PLATFORM = "http://localhost"


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def test_operators_find_a_buyer_with_their_purchases(app: Flask, tenant: Tenant, host) -> None:
    sold = sell()
    with transaction():
        buyers.ensure_guest("grace@elsewhere.example", "Grace Hopper")
    browser = browser_of(app, tenant, "operator")
    shown = browser.get("/operator/customers?q=grace", **host).text
    assert "Grace Hopper" in shown
    found = app.test_client().get("/api/v1/customers/?kind=guest", headers=key_of("operator"), **host).json["data"]
    buyer = next(one for one in found if one["name"] != "Grace Hopper")
    assert sold.number.split("-")[0] in browser.get(f"/operator/customers/{buyer['id']}", **host).text


def test_buyers_of_another_marketplace_are_nobody(app: Flask, tenant: Tenant, host, make_tenant) -> None:
    with transaction():
        key = buyers.ensure_guest("grace@elsewhere.example", "Grace Hopper")
    other = make_tenant()
    client, elsewhere = app.test_client(), {"base_url": f"http://{other.slug}.localhost"}
    signed_in(client, other, "operator", f"{other.slug}.localhost")
    assert client.get(f"/operator/customers/{key}", **elsewhere).status_code == 404
    assert "Grace" not in client.get("/operator/customers", **elsewhere).text
    assert (
        app.test_client().get("/api/v1/customers/", headers=key_of("operator", permissions=()), **host).status_code
        == 403
    )


def _event(tenant: Tenant) -> UUID:
    body = {"id": f"evt_{new_id().hex}", "type": "payment_intent.created", "created": 1_764_547_200,
            "data": {"object": {"id": "pi_1"}}}  # fmt: skip
    with bind(tenant), transaction():
        key = events.park(body)
        assert key is not None
        return key


def test_the_platform_replays_an_event(app: Flask, tenant: Tenant) -> None:
    with bind(values.PLATFORM), platform_transaction():
        provisioning.ensure_platform()
    client, key = app.test_client(), _event(tenant)
    signed_in(client, values.PLATFORM, "platform", "localhost")
    assert "payment_intent.created" in client.get(f"/platform/webhooks?q={tenant.slug}", base_url=PLATFORM).text
    answer = client.post(f"/platform/webhooks/{tenant.id}/{key}/replay", base_url=PLATFORM)
    assert answer.status_code == 303
    with bind(tenant), read_only():
        rows = session().scalars(select(OutboxRow).where(OutboxRow.handler == events.HANDLER)).all()
    assert [row.payload for row in rows] == [{"event": str(key)}]


def test_an_event_is_replayed_at_its_own_marketplace_alone(app: Flask, tenant: Tenant, make_tenant) -> None:
    key, other = _event(tenant), make_tenant()
    headers = {"Authorization": f"Bearer {api_key(values.PLATFORM, 'platform', ['jobs.manage'])}"}
    client = app.test_client()
    wrong = client.post(f"/api/v1/provider-events/{other.id}/{key}/replay", headers=headers, base_url=PLATFORM)
    assert wrong.status_code == 404
    listed = client.get(f"/api/v1/provider-events/?q={tenant.slug}", headers=headers, base_url=PLATFORM).json["data"]
    assert [one["id"] for one in listed] == [str(key)]
    for ground in (tenant, other):
        with bind(ground), read_only():
            query = select(OutboxRow).where(OutboxRow.handler == events.HANDLER)
            assert session().scalars(query).all() == []
