"""Signed-in browsers and keys of a merchant and of the operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.catalogue import categories
from core.catalogue.values import Seller
from core.identity.models import ApiKeyRow, MembershipRow, SessionRow, UserRow
from core.identity.principals import KEY_PREFIX
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from tests.core.catalogue.conftest import open_shop


def signed_in(realm: str, merchant_id: UUID | None) -> str:
    """Write an owner with a session and return the session's token. Needs a transaction."""
    secret, user_id = token(), new_id()
    user = UserRow(id=user_id, realm=realm, email=f"{user_id}@x.ie", email_key=f"{user_id}@x.ie", name="Ann")
    until = clock.now() + timedelta(days=1)
    session().add_all(
        [
            user,
            MembershipRow(user_id=user_id, merchant_id=merchant_id),
            SessionRow(user_id=user_id, token_digest=digest(secret), merchant_id=merchant_id, expires_at=until),
        ]
    )
    return secret


@pytest.fixture
def tenant(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A fresh marketplace that lets listings on its shelf without a review, bound for the test."""
    made = make_tenant(settings={"review_listings": False})
    with bind(made):
        yield made


@pytest.fixture
def seller(tenant: Tenant) -> Seller:
    """An approved merchant and its shop."""
    with transaction():
        return open_shop()


@pytest.fixture
def category(tenant: Tenant) -> UUID:
    """A category at the root."""
    with transaction():
        return categories.create({"en": "Kitchen"})


class AtHost(FlaskClient):
    """A browser that stays at one marketplace."""

    base = ""

    def open(self, *args: Any, **options: Any) -> Any:
        """Ask at the marketplace's host."""
        return super().open(*args, **{"base_url": self.base, **options})


Browse = Callable[[str, UUID | None], FlaskClient]


@pytest.fixture
def browse(app: Flask, tenant: Tenant) -> Browse:
    """Return a client that is signed in to a console."""

    def make(realm: str, merchant_id: UUID | None = None) -> FlaskClient:
        with transaction():
            secret = signed_in(realm, merchant_id)
        client = AtHost(app, app.response_class)
        client.base = f"http://{tenant.slug}.localhost"
        client.set_cookie(f"{realm}_session", secret, domain=f"{tenant.slug}.localhost")
        return client

    return make


@pytest.fixture
def key(tenant: Tenant) -> Callable[..., dict[str, str]]:
    """Return the headers of an API key with everything allowed."""

    def make(realm: str, merchant_id: UUID | None = None) -> dict[str, str]:
        secret = KEY_PREFIX + token()
        row = ApiKeyRow(name="Test", prefix=secret[:6], key_digest=digest(secret), realm=realm, merchant_id=merchant_id)
        row.permissions = ["*"]
        with transaction():
            session().add(row)
        return {"Authorization": f"Bearer {secret}"}

    return make
