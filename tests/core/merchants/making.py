"""Merchants in every state, made by the services themselves, and people who are signed in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from core.identity.models import MembershipRow, SessionRow, UserRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id, token
from core.kernel.money import Money
from core.kernel.secrets import digest
from core.media.models import MediaRow
from core.merchants import applying, delivery, documents, requirements, reviewing, shops
from core.merchants.delivery import Terms
from core.merchants.directory import row_of

ADDRESS = {"line1": "1 Quay Street", "city": "Galway", "postcode": "H91 X2X2", "country": "IE"}


def draft(name: str = "Slip & Ember", kind: str = "person") -> UUID:
    """Begin a merchant."""
    return applying.start(name=name, email="hello@slip.test", country="IE", kind=kind)


def paper(merchant_id: UUID) -> UUID:
    """Store a private file of a merchant's."""
    row = MediaRow(
        id=new_id(),
        merchant_id=merchant_id,
        sha256="0" * 64,
        media_type="application/pdf",
        bytes=1,
        is_public=False,
        state="ready",
    )
    session().add(row)
    session().flush()
    return row.id


def filled_in(name: str = "Slip & Ember", kind: str = "person") -> UUID:
    """Fill in everything that an application needs."""
    merchant_id = draft(name, kind)
    applying.edit(merchant_id, {"phone": "+353 91 000000", "registration_number": "IE-123"})
    applying.set_address(merchant_id, ADDRESS)
    shops.create(merchant_id, name=name)
    for need in requirements.required_of(row_of(merchant_id)):
        if need.kind == "document":
            documents.hand_in(merchant_id, need.code, paper(merchant_id))
        elif need.kind == "attestation":
            documents.agree(merchant_id, need.code)
    return merchant_id


def applied(name: str = "Slip & Ember") -> UUID:
    """Hand an application in."""
    merchant_id = filled_in(name)
    applying.submit(merchant_id)
    return merchant_id


def approved(name: str = "Slip & Ember") -> UUID:
    """Approve a merchant."""
    merchant_id = applied(name)
    reviewing.approve(merchant_id)
    return merchant_id


def in_state(state: str, name: str = "Slip & Ember") -> UUID:
    """Bring a merchant into a state."""
    if state in ("draft", "applied"):
        return filled_in(name) if state == "draft" else applied(name)
    if state in ("info_asked", "rejected"):
        merchant_id = applied(name)
        (reviewing.ask if state == "info_asked" else reviewing.reject)(merchant_id, "Because")
        return merchant_id
    merchant_id = approved(name)
    if state == "suspended":
        reviewing.suspend(merchant_id, "Because")
    elif state == "closed":
        reviewing.close(merchant_id)
    return merchant_id


def shop_of(merchant_id: UUID) -> UUID:
    """Return the first shop of a merchant."""
    return shops.of_merchant(merchant_id)[0].id


def post(merchant_id: UUID, shop_id: UUID) -> UUID:
    """Offer delivery by post for 5.50."""
    return delivery.add(merchant_id, shop_id, Terms("Post", Money(550, "EUR"), Money(7500, "EUR"))).id


def person(realm: str, merchant_id: UUID | None = None, *, is_member: bool = True) -> str:
    """Make somebody of a realm, an owner there, and sign them in; return the session's token."""
    name = f"{realm}-{new_id().hex[-12:]}"
    user = UserRow(id=new_id(), realm=realm, email=f"{name}@test", email_key=f"{name}@test", name=name)
    session().add(user)
    session().flush()
    secret = token()
    if is_member:
        session().add(MembershipRow(user_id=user.id, merchant_id=merchant_id))
    session().add(
        SessionRow(
            user_id=user.id,
            token_digest=digest(secret),
            merchant_id=merchant_id,
            expires_at=clock.now() + timedelta(hours=1),
        )
    )
    return secret
