"""What the merchant's palette finds: orders, products and variants of this merchant alone; and what it can begin."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from core.catalogue import reading, stock
from core.identity.principals import Realm
from core.kernel.errors import _
from core.orders import queries
from core.orders.queries import Wanted
from web.badges import badge
from web.consoles.finding import EACH, Hit, command, finds
from web.rendering import money
from web.sellers import merchant_id

command(Realm.MERCHANT, _("New product"), "merchant.new_product", "plus", "listings.edit")
command(Realm.MERCHANT, _("Import a file"), "merchant.imports", "upload", "imports.run")
command(Realm.MERCHANT, _("Your preferences"), "merchant.preferences", "sliders-horizontal")


@finds(Realm.MERCHANT, 10, _("Orders"), "package", "orders.view", "merchant.orders")
def _orders(words: str) -> Iterable[Hit]:
    found, _next = queries.orders(Wanted(merchant_id(), words=words, limit=EACH))
    return [Hit(o.number, f"{o.buyer} · {money(o.total)} · {badge('order', o.state).word}",
                url_for("merchant.order", order_id=o.id)) for o in found]  # fmt: skip


@finds(Realm.MERCHANT, 20, _("Products"), "tag", "listings.view", "merchant.products")
def _products(words: str) -> Iterable[Hit]:
    found = reading.listings(merchant_id=merchant_id(), search=words, limit=EACH)
    return [Hit(p.title, f"{money(p.price_from)} · {badge('listing', p.state).word}",
                url_for("merchant.product", listing_id=p.id)) for p in found.rows]  # fmt: skip


@finds(Realm.MERCHANT, 30, _("Stock"), "warehouse", "listings.view", "merchant.stock_levels")
def _stock(words: str) -> Iterable[Hit]:
    found = stock.levels(merchant_id(), search=words, limit=EACH)
    return [Hit(" · ".join((level.title, *level.options)), f"{level.sku} · {level.available}",
                url_for("merchant.variant_stock", variant_id=level.variant_id)) for level in found.rows]  # fmt: skip
