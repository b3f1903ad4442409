"""What tests of sign-in share: a browser for one marketplace, people, and the mail that they get."""

from __future__ import annotations

import re
from functools import partial
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.identity import accounts
from core.identity.principals import Realm
from core.kernel.db import session
from core.kernel.mail import MailRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from tests.working import run_due

PASSWORD = "a fine long sentence"
ANN = "ann@example.com"


def client_of(app: Flask, tenant: Tenant) -> FlaskClient:
    """Return a browser that is at a marketplace's address."""
    client = app.test_client()
    client.open = partial(client.open, base_url=f"http://{tenant.slug}.localhost")  # type: ignore[method-assign]
    return client


def person(realm: Realm, email: str = ANN, permissions: list[str] | None = None, *, merchant: UUID | None = None,
           role: str = "Staff") -> UUID:  # fmt: skip
    """Make an account that can sign in: a buyer or applicant, or staff with a role (None: an owner)."""
    with transaction():
        if realm is Realm.BUYER:
            return accounts.create_verified(realm, email, "Ann", PASSWORD)
        return accounts.create_staff(realm, email, "Ann", PASSWORD, permissions, merchant_id=merchant, role=role)


def enter(client: FlaskClient, realm: Realm, email: str = ANN, password: str = PASSWORD, **more: str) -> TestResponse:
    """Send the sign-in form of a realm."""
    path = f"{accounts.home_path(realm)}/sign-in"
    return client.post(path, data={"email": email, "password": password, **more})


def mails(to: str) -> list[MailRow]:
    """Run what is due and return the mails to an address, oldest first."""
    run_due()
    with read_only():
        return list(session().query(MailRow).where(MailRow.recipient == to).order_by(MailRow.id))


def token_in(mail: MailRow) -> str:
    """Return the token of the link in a mail."""
    found = re.search(r"token=(\S+)", mail.text)
    assert found
    return found[1]
