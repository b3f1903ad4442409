"""Signing in through the pages, as a browser does it."""

from __future__ import annotations

import re
from functools import partial

from flask import Flask
from flask.testing import FlaskClient

from core.identity import accounts
from core.identity.principals import Realm
from core.kernel import runner
from core.kernel.db import session
from core.kernel.mail import MailRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from tenants import values

PASSWORD = "a fine long sentence"


def client_of(app: Flask, tenant: Tenant) -> FlaskClient:
    client = app.test_client()
    client.open = partial(client.open, base_url=f"http://{tenant.slug}.localhost")
    return client


def mails(to: str) -> list[MailRow]:
    runner.drain(values.find, seconds=5)
    with read_only():
        return list(session().query(MailRow).where(MailRow.recipient == to).order_by(MailRow.id))


def link(mail: MailRow) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.text)
    assert found
    return found[1]


def staff(realm: Realm, email: str = "ann@example.com") -> None:
    with transaction():
        accounts.create_staff(realm, email, "Ann", PASSWORD)


def enter(client: FlaskClient, path: str, email: str = "ann@example.com", password: str = PASSWORD, **more: str):
    return client.post(path, data={"email": email, "password": password, **more})


def test_a_buyer_registers_proves_the_address_and_signs_in(app: Flask, tenant: Tenant) -> None:
    client = client_of(app, tenant)
    data = {"name": "Bo", "email": "Bo@Example.com", "password": PASSWORD}
    assert client.post("/register", data=data).status_code == 200
    assert enter(client, "/sign-in", "bo@example.com").status_code == 422
    path = link(mails("Bo@example.com")[0])
    assert client.get(path).status_code == 200
    assert client.post("/verify", data={"token": path.partition("=")[2]}).status_code == 303
    done = enter(client, "/sign-in", "bo@EXAMPLE.com", next="/account/addresses")
    assert (done.status_code, done.location) == (303, "/account/addresses")
    cookie = done.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie
    assert client.get("/devices").status_code == 200
