"""People and keys for tests, written as rows: a signed-in browser and an API key of any realm."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient

from core.http.edge import COOKIES
from core.identity.models import ApiKeyRow, MembershipRow, SessionRow, UserRow
from core.identity.principals import KEY_PREFIX, Realm
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction


def signed_in(client: FlaskClient, tenant: Tenant, realm: str, host: str, *, merchant_id: UUID | None = None) -> str:
    """Sign an owner of a realm in and give the client the cookie; return the token."""
    secret, user_id = token(), new_id()
    email = f"{user_id.hex}@people.example"
    with bind(tenant), transaction():
        session().add(UserRow(id=user_id, realm=realm, email=email, email_key=email, name="P", verified_at=clock.now()))
        session().flush()
        if realm != "buyer":
            session().add(MembershipRow(user_id=user_id, merchant_id=merchant_id))
        session().add(
            SessionRow(
                user_id=user_id, merchant_id=merchant_id, token_digest=digest(secret),
                expires_at=clock.now() + timedelta(hours=1),
            )
        )  # fmt: skip
    client.set_cookie(COOKIES[Realm(realm)], secret, domain=host)
    return secret


def api_key(tenant: Tenant, realm: str, permissions: list[str], *, merchant_id: UUID | None = None) -> str:
    """Make an API key and return its secret."""
    secret = f"{KEY_PREFIX}{token()}"
    with bind(tenant), transaction():
        session().add(
            ApiKeyRow(
                name="K", prefix="k", key_digest=digest(secret), realm=realm, permissions=permissions,
                merchant_id=merchant_id,
            )
        )  # fmt: skip
    return secret
