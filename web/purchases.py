"""Which purchases the one who asks may see: a buyer's own, or a guest's by link, token or cart cookie."""

from __future__ import annotations

import hmac
from typing import Any
from uuid import UUID

from flask import request

from core.billing import views
from core.billing.views import OrderView, PurchaseView
from core.customers import buyers
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.secrets import digest
from core.orders import queries
from core.orders.queries import Brief
from web import signing
from web.shopping import token as cart_token


def customer_ids() -> tuple[UUID, ...]:
    """Return whose purchases a signed-in buyer sees; none for guests and staff."""
    who = principal()
    return buyers.customer_ids_of(who.user_id) if who.realm is Realm.BUYER and who.user_id else ()


def visible(purchase_id: UUID) -> PurchaseView:
    """Return a purchase in full for the one who asks. Raise Missing for anyone else's."""
    given = request.args.get("sig", "")
    if given and signing.opens(purchase_id, given):
        return views.purchase(purchase_id)
    secret = request.args.get("token", "") or cart_token() or ""
    return views.purchase(purchase_id, customer_ids=customer_ids(), guest_token=secret)


def visible_brief(purchase_id: UUID) -> Brief:
    """Return what the pages of paying show of a purchase. Raise Missing for anyone else's, as `visible` does."""
    found = queries.brief(purchase_id)
    if found is None or not _is_theirs(found):
        raise Missing("orders.no_purchase", _("There is no such purchase"))
    return found


def _is_theirs(found: Brief) -> bool:
    given = request.args.get("sig", "")
    if given and signing.opens(found.id, given):
        return True
    secret = request.args.get("token", "") or cart_token() or ""
    return (
        bool(secret and hmac.compare_digest(found.guest_digest, digest(secret))) or found.customer_id in customer_ids()
    )


def visible_order(purchase_id: UUID, order_id: UUID) -> OrderView:
    """Return one order of a visible purchase. Raise Missing otherwise."""
    for order in visible(purchase_id).orders:
        if order.id == order_id:
            return order
    raise Missing("orders.no_order", _("There is no such order"))


def carried() -> dict[str, Any]:
    """Return what a guest's address carries, so that the next address carries it too."""
    return {name: request.args[name] for name in ("sig", "token") if request.args.get(name)}
