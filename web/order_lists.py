"""Order lists of the consoles: tabs with counts of what waits, search by number or buyer, keyset pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.http.listing import Column, Listing, View
from core.orders import queries
from core.orders.queries import TABS, OrderSummary, Wanted

_TITLES = {
    "to_accept": _l("To accept"),
    "to_ship": _l("To ship"),
    "shipped": _l("Shipped"),
    "done": _l("Done"),
    "all": _l("All"),
}


def asked(merchant_id: UUID | None = None, *, otherwise: str) -> Wanted:
    """Read from the address which orders are wanted."""
    tab = request.args.get("tab", otherwise)
    words = request.args.get("q", "")[:80]
    is_known = tab in TABS and not words
    before = request.args.get("before", type=UUID)
    return Wanted(merchant_id, tab if is_known else "all", words, before)


def listing(wanted: Wanted, endpoint: str, one: str) -> Listing:
    """Return a page of orders; `one` is the endpoint of an order's page."""
    rows, following = queries.orders(wanted)
    counts = queries.counts(wanted.merchant_id)
    views = [View(str(_TITLES[tab]), url_for(endpoint, tab=tab), counts.get(tab), tab == wanted.tab) for tab in TABS]
    columns = [
        Column("number", gettext("Order")),
        Column("buyer", gettext("Buyer"), card="sub"),
        Column("title", gettext("Goods")),
        Column("placed_at", gettext("Placed"), kind="ago"),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("total", gettext("Total"), kind="money", card="amt"),
    ]
    if wanted.merchant_id is None:
        columns.insert(2, Column("shop", gettext("Shop")))
    address: dict[str, Any] = {"tab": wanted.tab, "q": wanted.words or None}
    return Listing(
        "orders", columns, [_row(row, one) for row in rows], gettext("Orders"), views=views, search=wanted.words,
        clear_href=url_for(endpoint, tab="all"),
        next_href=url_for(endpoint, before=following, **address) if following else "",
        previous_href=url_for(endpoint, **address) if wanted.before else "",
    )  # fmt: skip


def _row(row: OrderSummary, one: str) -> dict[str, object]:
    more = f" × {row.units}" if row.units > 1 else ""
    return {
        "id": str(row.id), "href": url_for(one, order_id=row.id), "number": row.number, "buyer": row.buyer,
        "title": f"{row.title}{more}", "placed_at": row.placed_at, "state": ("order", row.state), "total": row.total,
        "shop": row.shop_name,
    }  # fmt: skip
