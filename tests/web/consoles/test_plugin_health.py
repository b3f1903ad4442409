"""Operators see how plugins fail at their own marketplace, and nobody else's."""

from __future__ import annotations

import pytest
from flask import Flask

from core.hooks import faults
from core.hooks.guard import TRIES
from core.hooks.runtime import SessionGuard, plugins
from core.kernel.tenancy import Tenant
from tests.tenants.people import api_key, signed_in

WORDS = "the rates were away"


@pytest.fixture(autouse=True)
def nothing_noted() -> None:
    """Begin without failures of other tests."""
    faults.taken()


def _operator(app: Flask, tenant: Tenant):
    client = app.test_client()
    signed_in(client, tenant, "operator", f"{tenant.slug}.localhost")
    return client, {"base_url": f"http://{tenant.slug}.localhost"}


def test_failures_are_counted_and_shown_to_the_marketplace_alone(app: Flask, tenant: Tenant, make_tenant) -> None:
    for seconds in (0.1, 0.25):
        SessionGuard().record_failure("commission", "charges", ValueError(f"{WORDS}\nsecond line"), seconds)
    client, host = _operator(app, tenant)
    client.get("/operator/plugins", **host)  # whatever request comes next stores what was noted
    shown = client.get("/operator/plugins/commission", **host).text
    assert f"ValueError: {WORDS}" in shown
    assert "2 times" in shown
    assert "second line" not in shown
    other, elsewhere = _operator(app, make_tenant())
    assert WORDS not in other.get("/operator/plugins/commission", **elsewhere).text


def test_the_api_tells_a_plugins_health(app: Flask, tenant: Tenant) -> None:
    headers = {"Authorization": f"Bearer {api_key(tenant, 'operator', ['plugins.manage'])}"}
    host = {"base_url": f"http://{tenant.slug}.localhost", "headers": headers}
    client = app.test_client()
    assert client.get("/api/v1/plugins/commission/health", **host).json == {
        "state": "well", "left_out": [], "failures": [],
    }  # fmt: skip
    SessionGuard().record_failure("commission", "charges", KeyError("x"), 1.5)
    client.get("/api/v1/plugins/", **host)
    told = client.get("/api/v1/plugins/commission/health", **host).json
    assert (told["state"], told["failures"][0]["longest_ms"]) == ("failing", 1500)
    assert client.get("/api/v1/plugins/no_such/health", **host).status_code == 404


def test_a_plugin_that_is_left_out_says_so(app: Flask, tenant: Tenant) -> None:
    runner = plugins()._runner
    for _failure in range(TRIES):
        runner._count((tenant.id, "commission", "charges"))
    client, host = _operator(app, tenant)
    try:
        shown = client.get("/operator/plugins/commission", **host).text
        assert "Left out for now" in shown
        assert "left out for half a minute in: charges" in shown
    finally:
        runner._troubles.clear()
