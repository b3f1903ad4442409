"""The console pages of identity: team, roles, departments, keys, log."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from core.identity.principals import Realm
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant
from tests.web.auth.pages import PASSWORD, client_of, enter, mails, person, token_in
from web.auth.agents import browser_name


@pytest.mark.parametrize("realm", [Realm.OPERATOR, Realm.MERCHANT])
def test_a_person_is_invited_joins_and_sees_what_the_role_allows(app: Flask, tenant: Tenant, realm: Realm) -> None:
    merchant = new_id() if realm is Realm.MERCHANT else None
    person(realm, merchant=merchant)
    client, eve, base = client_of(app, tenant), client_of(app, tenant), f"/{realm.value}"
    enter(client, realm)
    sent = client.post(f"{base}/team/invite", data={"email": "eve@example.com", "role": "Finance", "department": ""})
    assert sent.status_code == 303
    token = token_in(mails("eve@example.com")[0])
    assert "eve@example.com" in eve.get(f"{base}/invitation?token={token}").text
    weak = eve.post(f"{base}/invitation", data={"token": token, "name": "Eve", "password": "short"})
    assert weak.status_code == 422
    eve.post(f"{base}/invitation", data={"token": token, "name": "Eve", "password": PASSWORD})
    enter(eve, realm, "eve@example.com")
    assert eve.get(f"{base}/devices").status_code == 200
    assert eve.get(f"{base}/team").status_code == 403


def test_the_pages_of_a_team_work(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    client = client_of(app, tenant)
    enter(client, Realm.OPERATOR)
    client.post("/operator/team/roles", data={"name": "Desk", "permissions": ["orders.view"]})
    client.post("/operator/team/departments", data={"name": "Service", "duties": "Answer\nCall"})
    assert "Desk" in client.get("/operator/team/roles").text
    assert "<li>Call</li>" in client.get("/operator/team/departments").text
    again = client.post("/operator/team/roles", data={"name": "Desk"})
    assert (again.status_code, "There is a role of this name already" in again.text) == (422, True)
    found = re.search(r"/operator/team/([0-9a-f-]{36})/remove", client.get("/operator/team").text)
    assert client.post(found[0]).status_code == 422


def test_a_key_is_shown_on_the_page_that_makes_it_and_never_again(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    client = client_of(app, tenant)
    enter(client, Realm.OPERATOR)
    made = client.post("/operator/keys", data={"name": "Books", "permissions": ["ledger.view"]})
    secret = re.search(r"gk_[\w-]{40,}", made.text)[0]
    later = client.get("/operator/keys").text
    assert "Books" in later
    assert secret not in later


def test_the_log_pages_and_filters(app: Flask, tenant: Tenant) -> None:
    user = person(Realm.OPERATOR)
    client = client_of(app, tenant)
    for _ in range(3):
        enter(client, Realm.OPERATOR)
    assert client.get("/operator/audit").text.count("identity.signed_in") >= 3
    assert "team.joined" in client.get(f"/operator/audit?subject={user}").text
    assert "team.joined" not in client.get(f"/operator/audit?subject={new_id()}").text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120 Safari/537.36 Edg/120", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("curl/8.5", "curl/8.5"),
        ("", "unknown browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(app: Flask, agent: str, words: str) -> None:
    with app.test_request_context("/", base_url="http://localhost"):
        assert browser_name(agent) == words
