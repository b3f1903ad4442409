"""Identity over the API."""

from __future__ import annotations

from flask import Flask

from core.identity.principals import Realm
from core.kernel.tenancy import Tenant
from tests.web.auth.pages import ANN, PASSWORD, client_of, mails, person, token_in

V1 = "/api/v1"


def token(client, realm: str = "operator", email: str = ANN) -> dict[str, str]:
    answer = client.post(f"{V1}/sessions/", json={"realm": realm, "email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['token']}"}


def test_a_session_is_a_bearer_token_until_it_ends(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    client = client_of(app, tenant)
    assert client.get(f"{V1}/me/").status_code == 401
    bearer = token(client)
    assert client.get(f"{V1}/me/", headers=bearer).json["permissions"] == ["*"]
    assert client.delete(f"{V1}/sessions/current", headers=bearer).status_code == 204
    assert client.get(f"{V1}/me/", headers=bearer).status_code == 401


def test_a_wrong_password_is_a_problem_with_a_stable_code(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    body = {"realm": "operator", "email": ANN, "password": "no"}
    answer = client_of(app, tenant).post(f"{V1}/sessions/", json=body)
    assert (answer.status_code, answer.json["code"]) == (422, "identity.wrong_credentials")


def test_an_account_is_made_and_a_password_reset_over_the_api(app: Flask, tenant: Tenant) -> None:
    client = client_of(app, tenant)
    body = {"realm": "buyer", "email": ANN, "name": "Ann", "password": PASSWORD}
    assert client.post(f"{V1}/accounts/", json=body).status_code == 202
    verify = {"realm": "buyer", "token": token_in(mails(ANN)[0])}
    assert client.post(f"{V1}/accounts/verify", json=verify).status_code == 200
    assert client.post(f"{V1}/password-resets/", json={"realm": "buyer", "email": ANN}).status_code == 202
    fresh = {"realm": "buyer", "token": token_in(mails(ANN)[1]), "password": "another fine sentence"}
    assert client.put(f"{V1}/password-resets/", json=fresh).status_code == 200
    assert client.put(f"{V1}/password-resets/", json=fresh).status_code == 422


def test_a_buyer_keeps_addresses(app: Flask, tenant: Tenant) -> None:
    client = client_of(app, tenant)
    body = {"realm": "buyer", "email": ANN, "name": "Ann", "password": PASSWORD}
    client.post(f"{V1}/accounts/", json=body)
    client.post(f"{V1}/accounts/verify", json={"realm": "buyer", "token": token_in(mails(ANN)[0])})
    bearer = token(client, "buyer")
    home = {"name": "Ann", "line1": "1 Quay St", "city": "Galway", "country": "IE"}
    made = client.post(f"{V1}/me/addresses/", json=home, headers=bearer)
    assert (made.status_code, made.json["is_default"]) == (201, True)
    assert client.post(f"{V1}/me/addresses/", json={**home, "planet": "Mars"}, headers=bearer).status_code == 422
    assert client.delete(f"{V1}/me/addresses/{made.json['id']}", headers=bearer).status_code == 204
    assert client.get(f"{V1}/me/addresses/", headers=bearer).json == {"data": [], "next": None}


def test_a_key_does_what_its_permissions_say(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    client = client_of(app, tenant)
    bearer = token(client)
    made = client.post(f"{V1}/keys/", json={"name": "Team", "permissions": ["team.manage"]}, headers=bearer)
    key = {"Authorization": f"Bearer {made.json['secret']}"}
    assert [m["email"] for m in client.get(f"{V1}/team/members", headers=key).json["data"]] == [ANN]
    assert client.get(f"{V1}/keys/", headers=key).status_code == 403
    assert client.delete(f"{V1}/keys/{made.json['id']}", headers=bearer).status_code == 204
    assert client.get(f"{V1}/team/members", headers=key).status_code == 401


def test_a_team_is_managed_over_the_api(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    client = client_of(app, tenant)
    bearer = token(client)
    role = client.post(f"{V1}/team/roles", json={"name": "Desk", "permissions": ["orders.view"]}, headers=bearer)
    assert role.status_code == 201
    body = {"email": "eve@example.com", "role": role.json["id"]}
    assert client.post(f"{V1}/team/invitations", json=body, headers=bearer).status_code == 204
    [open_one] = client.get(f"{V1}/team/invitations", headers=bearer).json["data"]
    assert (open_one["email"], open_one["role"]) == ("eve@example.com", "Desk")
    made = client.post(f"{V1}/team/departments", json={"name": "Service", "duties": ["Answer"]}, headers=bearer)
    assert made.status_code == 201
    assert client.get(f"{V1}/team/departments", headers=bearer).json["data"][0]["duties"] == ["Answer"]
    [me] = client.get(f"{V1}/team/members", headers=bearer).json["data"]
    refused = client.delete(f"{V1}/team/members/{me['id']}", headers=bearer)
    assert (refused.status_code, refused.json["code"]) == (409, "team.last_owner")


def test_devices_are_listed_and_ended_over_the_api(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    person(Realm.OPERATOR, "bo@example.com")
    client = client_of(app, tenant)
    here, there, other = token(client), token(client), token(client, email="bo@example.com")
    found = client.get(f"{V1}/sessions/", headers=here).json["data"]
    assert [one["is_here"] for one in found] == [False, True]
    path = f"{V1}/sessions/{found[0]['id']}"
    assert client.delete(path, headers=other).status_code == 404
    assert client.get(f"{V1}/me/", headers=there).status_code == 200
    assert client.delete(path, headers=here).status_code == 204
    assert client.get(f"{V1}/me/", headers=there).status_code == 401


def test_a_password_is_changed_with_the_present_one_alone(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    client = client_of(app, tenant)
    bearer, fresh = token(client), "another fine sentence"
    wrong = client.put(f"{V1}/me/password", json={"old": "no", "password": fresh}, headers=bearer)
    assert wrong.status_code == 422
    assert client.get(f"{V1}/me/", headers=bearer).status_code == 200
    right = client.put(f"{V1}/me/password", json={"old": PASSWORD, "password": fresh}, headers=bearer)
    assert right.status_code == 204
    assert client.get(f"{V1}/me/", headers=bearer).status_code == 401


def test_the_log_is_read_in_pages_by_those_who_may(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    person(Realm.OPERATOR, "bo@example.com", ["orders.view"])
    client = client_of(app, tenant)
    bearer = token(client)
    first = client.get(f"{V1}/audit-log?limit=1", headers=bearer).json
    assert first["data"][0]["action"] == "identity.signed_in"
    more = client.get(f"{V1}/audit-log?limit=1&cursor={first['next']}", headers=bearer).json
    assert more["data"][0]["id"] < first["data"][0]["id"]
    assert client.get(f"{V1}/audit-log", headers=token(client, email="bo@example.com")).status_code == 403
