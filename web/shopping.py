"""Whose cart a request means, and what hooks see of the one who looks; shared by storefront and API."""

from __future__ import annotations

from uuid import UUID

from flask import g, request

from core.checkout.cart import Owner
from core.customers import buyers
from core.hooks.types import Viewer
from core.http.edge import principal
from core.kernel.tenancy import current
from web.languages import language

COOKIE = "cart"
HEADER = "Cart-Token"


def customer_id() -> UUID | None:
    """Return the signed-in buyer's key; None for guests. Needs a transaction."""
    who = principal()
    if who.user_id is None:
        return None
    customer = buyers.customer_of(who.user_id)
    return customer.id if customer else None


def token() -> str | None:
    """Return the guest's cart token, from the header or the cookie."""
    return request.headers.get(HEADER) or request.cookies.get(COOKIE)


def owner() -> Owner:
    """Return whose cart this is: the buyer's, or the guest's by token."""
    found: Owner | None = g.get("cart_owner")
    if found is None:
        key = customer_id()
        found = g.cart_owner = Owner(key, None if key else token())
    return found


def viewer() -> Viewer:
    """Return who looks, as plugins see it."""
    return Viewer(owner().customer_id, language(), current().country)
