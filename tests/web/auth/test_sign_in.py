"""Signing in through the pages, as a browser does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from core.customers import buyers
from core.http.answers import local_path
from core.identity import accounts, team
from core.identity.models import SessionRow, UserRow
from core.identity.principals import Principal, Realm
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from tests.web.auth.pages import ANN, PASSWORD, client_of, enter, mails, person, token_in

STAFF = (Realm.OPERATOR, Realm.MERCHANT)


def open_sessions() -> int:
    with read_only():
        return session().scalar(select(func.count()).select_from(SessionRow)) or 0


def test_a_buyer_registers_proves_the_address_and_signs_in(app: Flask, tenant: Tenant) -> None:
    client = client_of(app, tenant)
    data = {"name": "Bo", "email": "Bo@Example.com", "password": PASSWORD}
    assert client.post("/register", data=data).status_code == 200
    assert enter(client, Realm.BUYER, "bo@example.com").status_code == 422
    token = token_in(mails("Bo@example.com")[0])
    assert client.get(f"/verify?token={token}").status_code == 200
    assert client.post("/verify", data={"token": token}).status_code == 303
    done = enter(client, Realm.BUYER, "bo@EXAMPLE.com", next="/account/addresses")
    assert (done.status_code, done.location) == (303, "/account/addresses")
    cookie = done.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie
    for path in ("/devices", "/account", "/account/addresses", "/account/privacy"):
        assert client.get(path).status_code == 200, path


def test_registering_answers_the_same_for_a_known_and_an_unknown_address(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    client = client_of(app, tenant)
    known = client.post("/register", data={"name": "X", "email": ANN, "password": PASSWORD})
    unknown = client.post("/register", data={"name": "X", "email": "new@example.com", "password": PASSWORD})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(ANN, "") == unknown.text.replace("new@example.com", "")
    assert [m.subject for m in mails(ANN)] == ["You have an account already"]


def test_signing_in_and_forgetting_answer_the_same_for_a_known_and_an_unknown_address(
    app: Flask, tenant: Tenant
) -> None:
    person(Realm.BUYER)
    client = client_of(app, tenant)
    wrong = [enter(client, Realm.BUYER, email, "not the password") for email in (ANN, "new@example.com")]
    asked = [client.post("/forgotten", data={"email": email}) for email in (ANN, "new@example.com")]
    for known, unknown in (wrong, asked):
        assert known.status_code == unknown.status_code
        assert known.text.replace(ANN, "") == unknown.text.replace("new@example.com", "")
    assert [m.subject for m in mails(ANN)] == ["Choose a new password"]
    assert mails("new@example.com") == []


def test_the_registrant_of_a_foreign_address_gains_nothing_when_its_owner_registers(app: Flask, tenant: Tenant) -> None:
    client = client_of(app, tenant)
    client.post("/register", data={"name": "Thief", "email": ANN, "password": "the password of a thief"})
    client.post("/register", data={"name": "Ann", "email": ANN, "password": PASSWORD})
    client.post("/verify", data={"token": token_in(mails(ANN)[-1])})
    assert enter(client, Realm.BUYER, ANN, "the password of a thief").status_code == 422
    assert enter(client, Realm.BUYER).status_code == 303
    assert client.post("/verify", data={"token": token_in(mails(ANN)[0])}).status_code == 422


def test_a_new_password_ends_every_session_and_its_link_works_once(app: Flask, tenant: Tenant) -> None:
    person(Realm.OPERATOR)
    client, other = client_of(app, tenant), client_of(app, tenant)
    enter(other, Realm.OPERATOR)
    client.post("/operator/forgotten", data={"email": ANN})
    token = token_in(mails(ANN)[-1])
    weak = client.post("/operator/reset", data={"token": token, "password": "short"})
    assert weak.status_code == 422
    fresh = {"token": token, "password": "another fine sentence"}
    assert client.post("/operator/reset", data=fresh).status_code == 303
    assert client.post("/operator/reset", data=fresh).status_code == 422
    assert other.get("/operator/devices").status_code == 303
    assert enter(client, Realm.OPERATOR).status_code == 422
    assert enter(client, Realm.OPERATOR, password="another fine sentence").status_code == 303


def test_signing_out_everywhere_ends_the_other_browsers_too(app: Flask, tenant: Tenant) -> None:
    person(Realm.MERCHANT)
    one, two = client_of(app, tenant), client_of(app, tenant)
    for client in (one, two):
        enter(client, Realm.MERCHANT)
        assert client.get("/merchant/devices").status_code == 200
    one.post("/merchant/devices/sign-out-everywhere")
    for client in (one, two):
        assert client.get("/merchant/devices").status_code == 303


def test_signing_in_again_makes_the_token_before_worthless(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    client, thief = client_of(app, tenant), client_of(app, tenant)
    enter(client, Realm.BUYER)
    old = client.get_cookie("buyer_session", f"{tenant.slug}.localhost")
    enter(client, Realm.BUYER)
    thief.set_cookie("buyer_session", old.value, domain=f"{tenant.slug}.localhost")
    assert thief.get("/devices").status_code == 303
    assert client.get("/devices").status_code == 200


def test_a_signed_out_cookie_opens_nothing(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    client = client_of(app, tenant)
    enter(client, Realm.BUYER)
    kept = client.get_cookie("buyer_session", f"{tenant.slug}.localhost").value
    assert client.post("/sign-out").status_code == 303
    client.set_cookie("buyer_session", kept, domain=f"{tenant.slug}.localhost")
    assert client.get("/devices").status_code == 303


@pytest.mark.parametrize("realm", STAFF)
def test_a_buyers_cookie_opens_no_console(app: Flask, tenant: Tenant, realm: Realm) -> None:
    person(Realm.BUYER)
    client = client_of(app, tenant)
    enter(client, Realm.BUYER)
    token = client.get_cookie("buyer_session", f"{tenant.slug}.localhost").value
    client.set_cookie(f"{realm.value}_session", token, domain=f"{tenant.slug}.localhost")
    assert client.get(f"/{realm.value}/devices").location.startswith(f"/{realm.value}/sign-in")
    assert enter(client, realm).status_code == 422


def test_one_address_may_be_a_buyer_and_a_merchant_with_passwords_of_their_own(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    with transaction():
        accounts.create_verified(Realm.MERCHANT, ANN, "Ann", "the sentence of a seller")
    client = client_of(app, tenant)
    assert enter(client, Realm.MERCHANT).status_code == 422
    assert enter(client, Realm.MERCHANT, password="the sentence of a seller").location == "/merchant/apply"


def test_a_session_of_one_marketplace_is_nothing_to_another(app: Flask, make_tenant: Callable[..., Tenant]) -> None:
    ours, theirs = make_tenant(), make_tenant()
    with bind(ours):
        person(Realm.OPERATOR)
    client, stranger = client_of(app, ours), client_of(app, theirs)
    assert enter(stranger, Realm.OPERATOR).status_code == 422
    enter(client, Realm.OPERATOR)
    token = client.get_cookie("operator_session", f"{ours.slug}.localhost").value
    stranger.set_cookie("operator_session", token, domain=f"{theirs.slug}.localhost")
    assert client.get("/operator/team").status_code == 200
    assert stranger.get("/operator/team").location.startswith("/operator/sign-in")


def test_a_link_of_one_marketplace_is_nothing_to_another(app: Flask, make_tenant: Callable[..., Tenant]) -> None:
    ours, theirs = make_tenant(), make_tenant()
    with bind(ours):
        person(Realm.OPERATOR)
        client_of(app, ours).post("/operator/forgotten", data={"email": ANN})
        token = token_in(mails(ANN)[0])
    data = {"token": token, "password": "another fine sentence"}
    assert client_of(app, theirs).post("/operator/reset", data=data).status_code == 422
    assert client_of(app, ours).post("/operator/reset", data=data).status_code == 303


def test_the_platforms_console_is_not_on_a_marketplaces_host_and_the_other_way_round(
    app: Flask, tenant: Tenant
) -> None:
    client = client_of(app, tenant)
    assert client.get("/platform/sign-in").status_code == 404
    assert app.test_client().get("/platform/sign-in", base_url="http://localhost").status_code == 200
    assert app.test_client().get("/operator/sign-in", base_url="http://localhost").status_code == 404
    assert app.test_client().get("/sign-in", base_url="http://localhost").status_code == 404


def test_losing_a_role_counts_from_the_next_request_on(app: Flask, tenant: Tenant) -> None:
    owner = person(Realm.OPERATOR)
    person(Realm.OPERATOR, "bo@example.com", ["team.manage"])
    client = client_of(app, tenant)
    enter(client, Realm.OPERATOR, "bo@example.com")
    assert client.get("/operator/team").status_code == 200
    assert client.get("/operator/keys").status_code == 403
    by = Principal(Realm.OPERATOR, owner, permissions=frozenset({"*"}))
    with transaction():
        team.remove(by, next(m.id for m in team.members(by) if m.email == "bo@example.com"))
    assert client.get("/operator/team").status_code == 303


def test_ten_tries_a_minute_pass_and_refused_ones_change_nothing(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    client = client_of(app, tenant)
    answers = [enter(client, Realm.BUYER, password="not the password") for _ in range(10)]
    late = enter(client, Realm.BUYER)
    assert {a.status_code for a in answers} == {422}
    assert late.status_code == 429
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert open_sessions() == 0


def test_nobody_locks_an_owner_out_from_elsewhere(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    home = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}
    data = {"email": ANN, "password": PASSWORD}
    assert client_of(app, tenant).post("/sign-in", data=data, **home).status_code == 303
    thief = client_of(app, tenant)
    for number in range(11):
        answer = thief.post("/sign-in", data={"email": ANN, "password": "guess"},
                            environ_overrides={"REMOTE_ADDR": f"198.51.100.{number}"})  # fmt: skip
    assert answer.status_code == 429
    assert client_of(app, tenant).post("/sign-in", data=data, **home).status_code == 303


_ELSEWHERE = (
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%5c/evil\\x",
    "javascript:alert(1)", "///evil.example", "http:evil.example", " //evil.example", "/\t/evil.example",
    "/\n/evil.example", "evil.example", "",
)  # fmt: skip


@pytest.mark.parametrize("wish", _ELSEWHERE)
def test_going_on_leads_to_this_site_alone(app: Flask, tenant: Tenant, wish: str) -> None:
    person(Realm.BUYER)
    assert enter(client_of(app, tenant), Realm.BUYER, next=wish).location == "/account"


def test_a_local_path_keeps_its_query() -> None:
    assert local_path("/orders?page=2#top", "/") == "/orders?page=2#top"


def test_a_form_without_its_token_is_refused(app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    person(Realm.BUYER)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = client_of(app, tenant)
    assert enter(client, Realm.BUYER).status_code == 400
    assert open_sessions() == 0


def test_a_foreign_page_cannot_write_to_the_api_with_our_cookie(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    client = client_of(app, tenant)
    enter(client, Realm.BUYER)
    foreign = client.delete("/api/v1/sessions/", headers={"Origin": "http://other.localhost"})
    assert foreign.status_code == 403
    assert client.get("/devices").status_code == 200


def test_a_sign_in_with_a_new_browser_is_told_by_mail(app: Flask, tenant: Tenant) -> None:
    person(Realm.BUYER)
    for agent in ("Fox", "Fox", "Owl"):
        data = {"email": ANN, "password": PASSWORD}
        client_of(app, tenant).post("/sign-in", data=data, headers={"User-Agent": agent})
    assert [m.subject for m in mails(ANN)] == ["A new sign-in to your account"]
    assert "Owl" in mails(ANN)[0].text


def test_an_outdated_hash_is_replaced_at_the_next_sign_in(app: Flask, tenant: Tenant) -> None:
    user_id = person(Realm.BUYER)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with transaction():
        session().get_one(UserRow, (tenant.id, user_id)).password_hash = weak
    assert enter(client_of(app, tenant), Realm.BUYER).status_code == 303
    with read_only():
        stored = session().scalar(select(UserRow.password_hash).where(UserRow.id == user_id))
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_guests_orders_come_along_when_the_address_is_proven(app: Flask, tenant: Tenant) -> None:
    with transaction():
        guest = buyers.ensure_guest("Ann@Example.com", "Ann")
    client = client_of(app, tenant)
    client.post("/register", data={"name": "Ann", "email": ANN, "password": PASSWORD})
    with read_only():
        user = accounts.find(Realm.BUYER, ANN)
        assert buyers.customer_of(user.id) is None
    client.post("/verify", data={"token": token_in(mails(ANN)[0])})
    with read_only():
        assert buyers.customer_of(user.id).id == guest


def test_staff_of_two_merchants_choose_one(app: Flask, tenant: Tenant) -> None:
    one, two, foreign = new_id(), new_id(), new_id()
    person(Realm.MERCHANT, merchant=one)
    person(Realm.MERCHANT, merchant=two)
    client = client_of(app, tenant)
    assert enter(client, Realm.MERCHANT).location.startswith("/merchant/choose")
    assert client.get("/merchant/team").status_code == 403
    assert client.post(f"/merchant/choose/{foreign}").status_code == 404
    assert client.post(f"/merchant/choose/{two}").status_code == 303
    assert client.get("/merchant/team").status_code == 200


def test_blocking_a_person_ends_their_session(app: Flask, tenant: Tenant) -> None:
    user_id = person(Realm.BUYER)
    client = client_of(app, tenant)
    enter(client, Realm.BUYER)
    with transaction():
        session().get_one(UserRow, (tenant.id, user_id)).state = "blocked"
    assert client.get("/devices").status_code == 303
    assert enter(client, Realm.BUYER).status_code == 422


def test_the_outbox_shows_mails_only_in_the_embedded_set_up(
    app: Flask, config: Config, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(app, tenant)
    client.post("/register", data={"name": "Ann", "email": ANN, "password": PASSWORD})
    mail = mails(ANN)[0]
    assert "Confirm your e-mail address" in client.get("/outbox").text
    assert client.get(f"/outbox/{mail.id}").status_code == 200
    html = client.get(f"/outbox/{mail.id}/html")
    assert f"http://{tenant.slug}.localhost/verify?token=" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    monkeypatch.setitem(app.extensions, "galleria", replace(config, embedded=False))
    assert client.get("/outbox").status_code == 404
