"""Visits of the platform's staff: for a reason, named in both logs, looking only, over after half an hour."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from core.identity.models import RoleRow
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only
from tenants import provisioning, values
from tests.tenants.people import api_key, signed_in

PLATFORM = "http://localhost"


@pytest.fixture
def platform(app: Flask) -> FlaskClient:
    """A browser in which the platform's owner is signed in."""
    with bind(values.PLATFORM), platform_transaction():
        provisioning.ensure_platform()
    client = app.test_client()
    signed_in(client, values.PLATFORM, "platform", "localhost")
    return client


@pytest.fixture
def owned(app: Flask, tenant: Tenant) -> Tenant:
    """A marketplace with an owner."""
    signed_in(app.test_client(), tenant, "operator", f"{tenant.slug}.localhost")
    return tenant


def _token(platform: FlaskClient, tenant: Tenant, reason: str = "Case 4711") -> str:
    answer = platform.post(f"/platform/tenants/{tenant.id}/visit", data={"reason": reason}, base_url=PLATFORM)
    assert answer.status_code == 200, answer.text
    found = re.search(r"/operator/visit\?token=([\w-]+)", html.unescape(answer.text))
    assert found is not None
    return found[1]


def _visit(app: Flask, tenant: Tenant, token: str) -> tuple[FlaskClient, dict[str, str]]:
    client, host = app.test_client(), {"base_url": f"http://{tenant.slug}.localhost"}
    client.post("/operator/visit", data={"token": token}, **host)
    return client, host


def test_a_visit_shows_the_console_with_a_banner_and_is_in_both_logs(app: Flask, platform, owned: Tenant) -> None:
    client, host = _visit(app, owned, _token(platform, owned))
    shown = client.get("/operator/settings", **host)
    assert shown.status_code == 200
    assert "P is visiting." in shown.text
    assert "Case 4711" in shown.text
    with bind(owned), read_only():
        deeds = [deed for _key, deed in audit.deeds()]
    assert [(d.action, d.facts["reason"]) for d in deeds[:2]] == [("visit.begun", "Case 4711"),
                                                                  ("visit.granted", "Case 4711")]  # fmt: skip
    with bind(values.PLATFORM), read_only():
        assert [d.action for _key, d in audit.deeds(subject_id=owned.id)][:1] == ["tenant.visited"]


def test_a_visitor_changes_nothing(app: Flask, platform, owned: Tenant) -> None:
    client, host = _visit(app, owned, _token(platform, owned))
    answer = client.post("/operator/team/roles", data={"name": "Mine", "permissions": "orders.view"}, **host)
    assert answer.status_code == 403
    form = {"name": "Renamed", "languages": ["en"], "first_language": "en", "timezone": "Europe/Dublin"}
    assert client.post("/operator/settings", data=form, **host).status_code == 403
    cookie = client.get_cookie("operator_session", f"{owned.slug}.localhost")
    assert cookie is not None
    headers = {"Authorization": f"Bearer {cookie.value}"}
    body = {"name": "Mine", "permissions": ["orders.view"]}
    assert app.test_client().post("/api/v1/team/roles", json=body, headers=headers, **host).status_code == 403
    found = values.find(owned.id)
    assert found is not None
    assert found.name == owned.name
    with bind(owned), read_only():
        assert session().query(RoleRow).filter_by(name="Mine").all() == []


def test_a_visit_needs_a_reason_and_somebody_who_runs_the_place(app: Flask, platform, tenant: Tenant) -> None:
    page = f"/platform/tenants/{tenant.id}/visit"
    assert platform.post(page, data={"reason": "x"}, base_url=PLATFORM).status_code == 422
    answer = platform.post(page, data={"reason": "Case 4711"}, base_url=PLATFORM)
    assert "Nobody runs this marketplace yet" in answer.text
    with bind(values.PLATFORM), read_only():
        assert "tenant.visited" not in [deed.action for _key, deed in audit.deeds(subject_id=tenant.id)]


def test_the_way_in_works_once_and_at_this_marketplace_alone(app: Flask, platform, owned: Tenant, make_tenant) -> None:
    token, other = _token(platform, owned), make_tenant()
    stranger, elsewhere = _visit(app, other, token)
    assert "/sign-in" in stranger.get("/operator/settings", **elsewhere).location
    _visit(app, owned, token)
    second, host = _visit(app, owned, token)
    assert "/sign-in" in second.get("/operator/settings", **host).location


def test_a_visit_ends_after_half_an_hour_or_when_its_visitor_leaves(app: Flask, platform, owned: Tenant) -> None:
    client, host = _visit(app, owned, _token(platform, owned))
    assert client.post("/operator/sign-out", **host).status_code == 303
    assert "/sign-in" in client.get("/operator/settings", **host).location
    late, host = _visit(app, owned, _token(platform, owned))
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert "/sign-in" in late.get("/operator/settings", **host).location


def test_who_only_observes_the_platform_may_not_visit(app: Flask, platform, owned: Tenant) -> None:
    address, client = f"/api/v1/tenants/{owned.id}/visits", app.test_client()
    for permissions, status in ((["tenants.view"], 403), (["tenants.view", "tenants.manage"], 201)):
        headers = {"Authorization": f"Bearer {api_key(values.PLATFORM, 'platform', permissions)}"}
        answer = client.post(address, json={"reason": "Case 4711"}, headers=headers, base_url=PLATFORM)
        assert answer.status_code == status, answer.text
    assert "/operator/visit?token=" in answer.json["address"]
