"""Policies in the browser and the API, from every side."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.processes.policies import reading
from tests.core.merchants.making import approved
from tests.core.processes.clocks import Move, days
from tests.core.processes.test_policies import agree, china, in_force
from tests.web.merchants.test_pages import client_of
from tests.working import run_due

__all__ = ["days"]


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def _under_way() -> UUID:
    with read_only():
        return reading.coming(only_public=False)["fees"].id


def test_a_change_in_the_browser(app: Flask, tenant: Tenant, host: dict[str, str], days: Move) -> None:
    with transaction():
        merchant_id = approved()
    china()
    in_force()
    operator, merchant = client_of(app, tenant, "operator"), client_of(app, tenant, "merchant", merchant_id)
    guest = app.test_client()
    assert operator.post("/operator/policies/fees", **host).status_code == 303
    key = _under_way()
    here = f"/operator/policies/versions/{key}"
    refused = operator.post(here, data={"act": "propose", "text_en": ""}, **host)
    assert (refused.status_code, "Write the text" in refused.text) == (422, True)
    form = {"act": "propose", "text_en": "# Fees\n\nEleven.", "summary_en": "Fees rise", "is_weighty": "1"}
    assert operator.post(here, data=form, **host).status_code == 303
    assert guest.get("/policies/fees/2", **host).status_code == 404
    with transaction():
        agree(key)
    assert "Fees rise" in guest.get("/policies", **host).text
    assert "Our rules change" in guest.get("/", **host).text
    said = guest.post("/policies/fees/2/comments", data={"name": "Ada", "text": "Too much"}, **host)
    assert said.status_code == 303
    assert guest.post("/policies/fees/2/comments", data={"text": ""}, **host).status_code == 422
    assert (
        merchant.post(f"/merchant/policies/{key}", data={"act": "comment", "text": "Please no"}, **host).status_code
        == 303
    )
    shown = guest.get("/policies/fees/2", **host).text
    assert all(word in shown for word in ("Ada", "Too much", "Please no"))
    assert "<ins>" in guest.get("/policies/fees/2/changes", **host).text
    days(9)
    run_due()
    operator, merchant = client_of(app, tenant, "operator"), client_of(app, tenant, "merchant", merchant_id)
    assert operator.post(here, data={"act": "conclude"}, **host).status_code == 422
    with read_only():
        comments = reading.comments(key)
    for one in comments:
        answer = {"outcome": "not_taken", "answer": "Costs have risen"}
        assert operator.post(f"{here}/comments/{one.id}", data=answer, **host).status_code == 303
    assert operator.post(here, data={"act": "conclude"}, **host).status_code == 303
    assert operator.post(here, data={"act": "publish", "effective_on": "2026-11-20"}, **host).status_code == 422
    assert operator.post(here, data={"act": "publish", "effective_on": "2026-11-27"}, **host).status_code == 303
    run_due()
    assert "2 rules of the marketplace" in merchant.get("/merchant/", **host).text
    assert merchant.post(f"/merchant/policies/{key}", data={"act": "object"}, **host).status_code == 303
    assert "You are leaving" in merchant.get("/merchant/policies", **host).text
    assert "Slip &amp; Ember" in operator.get("/operator/policies/exits", **host).text
    assert merchant.post("/merchant/policies/stay", **host).status_code == 303
    for address in ("/operator/policies", "/operator/policies/fees", here):
        assert operator.get(address, **host).status_code == 200
    for address in ("/policies/fees", "/policies/fees/1", "/policies/fees/1/changes", "/policies/fees/1/file"):
        assert guest.get(address, **host).status_code == 200
    assert merchant.get(f"/merchant/policies/{key}", **host).status_code == 200


def test_a_change_through_the_api(app: Flask, tenant: Tenant, host: dict[str, str], days: Move) -> None:
    with transaction():
        merchant_id = approved()
    in_force()
    operator, merchant = client_of(app, tenant, "operator"), client_of(app, tenant, "merchant", merchant_id)
    guest = app.test_client()
    made = operator.post("/api/v1/policies", json={"policy": "fees"}, **host)
    assert made.status_code == 201
    key = made.json["id"]
    assert operator.post("/api/v1/policies", json={"policy": "fees"}, **host).status_code == 409
    body = {"texts": {"en": "Eleven"}, "summaries": {"en": "Fees rise"}}
    assert operator.put(f"/api/v1/policies/versions/{key}", json=body, **host).status_code == 200
    steps = f"/api/v1/policies/versions/{key}/steps"
    assert operator.post(steps, json={"step": "propose"}, **host).json["state"] == "review"
    assert merchant.post(steps, json={"step": "withdraw", "reason": "x"}, **host).status_code == 401
    with transaction():
        agree(UUID(key))
    assert operator.post(steps, json={"step": "publish"}, **host).status_code == 422
    sent = operator.post(steps, json={"step": "publish", "effective_on": "2026-11-09"}, **host)
    assert sent.json["state"] == "published"
    run_due()
    own = merchant.get("/api/v1/policies/own", **host).json["data"]
    assert [(one["number"], one["acceptance"]) for one in own] == [(2, "pending"), (1, "silent")]
    accept = f"/api/v1/policies/versions/{key}/acceptance"
    assert merchant.put(accept, json={"decision": "objected"}, **host).status_code == 204
    (leaving,) = operator.get("/api/v1/policies/exits", **host).json["data"]
    assert (leaving["state"], leaving["governing_number"]) == ("leaving", 1)
    assert merchant.delete("/api/v1/policies/own/exit", **host).status_code == 204
    assert len(guest.get("/api/v1/policies", **host).json["data"]) == 2
    assert len(guest.get("/api/v1/policies/fees/versions", **host).json["data"]) == 2
    assert guest.get(f"/api/v1/policies/versions/{key}/comments", **host).json["data"] == []
    assert guest.post(f"/api/v1/policies/versions/{key}/comments", json={"text": "Too late"}, **host).status_code == 409
