"""What the operator's palette finds: orders, purchases, merchants, listings; and what it can begin."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from core.catalogue import reading
from core.identity.principals import Realm
from core.kernel.errors import _
from core.merchants import directory
from core.orders import queries
from core.orders.queries import Wanted
from web.badges import badge
from web.consoles.finding import EACH, Hit, command, finds
from web.rendering import money

command(Realm.OPERATOR, _("Review the next application"), "operator.merchant_queue", "user-check", "merchants.review")
command(Realm.OPERATOR, _("Review the next listing"), "operator.listing_queue", "clipboard-check", "listings.review")
command(Realm.OPERATOR, _("Your preferences"), "operator.preferences", "sliders-horizontal")


@finds(Realm.OPERATOR, 10, _("Orders"), "package", "orders.view", "operator.orders")
def _orders(words: str) -> Iterable[Hit]:
    found, _next = queries.orders(Wanted(words=words, limit=EACH))
    return [Hit(o.number, f"{o.buyer} · {o.shop_name} · {money(o.total)} · {badge('order', o.state).word}",
                url_for("operator.order", order_id=o.id)) for o in found]  # fmt: skip


@finds(Realm.OPERATOR, 20, _("Merchants"), "store", "merchants.review", "operator.merchants")
def _merchants(words: str) -> Iterable[Hit]:
    found = directory.search(state=None, words=words, before=None, limit=EACH)
    return [Hit(m.name, f"{m.email} · {badge('merchant', m.state).word}",
                url_for("operator.merchant", merchant_id=m.id)) for m in found]  # fmt: skip


@finds(Realm.OPERATOR, 30, _("Listings"), "tag", "listings.review", "operator.listings")
def _listings(words: str) -> Iterable[Hit]:
    found = reading.listings(search=words, limit=EACH)
    return [Hit(p.title, f"{money(p.price_from)} · {badge('listing', p.state).word}",
                url_for("operator.listing", listing_id=p.id)) for p in found.rows]  # fmt: skip


@finds(Realm.OPERATOR, 40, _("Purchases"), "shopping-bag", "orders.view", "operator.purchases")
def _purchases(words: str) -> Iterable[Hit]:
    found, _next = queries.purchases(words=words, limit=EACH)
    return [Hit(p.number, f"{p.buyer or p.email} · {money(p.total)}",
                url_for("operator.purchase", purchase_id=p.id)) for p in found]  # fmt: skip
