"""Case lists of the consoles: tabs with counts of what waits, search by number or buyer, keyset pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.aftersales import queries
from core.aftersales.queries import TABS, CaseSummary, Wanted
from core.http.listing import Column, Listing, View
from web.aftersale_words import KINDS

_TITLES = {
    "to_do": _l("To do"),
    "waiting": _l("With the buyer"),
    "escalated": _l("With the marketplace"),
    "open": _l("Open"),
    "done": _l("Done"),
    "all": _l("All"),
}
SHOPS = ("to_do", "waiting", "escalated", "done", "all")
OPERATORS = ("escalated", "open", "done", "all")


def asked(merchant_id: UUID | None = None, *, otherwise: str) -> Wanted:
    """Read from the address which cases are wanted."""
    tab, words = request.args.get("tab", otherwise), request.args.get("q", "")[:80]
    is_known = tab in TABS and not words
    return Wanted(merchant_id, tab if is_known else "all", words, request.args.get("after", type=UUID))


def listing(wanted: Wanted, surface: str) -> Listing:
    """Return a page of cases for a console."""
    endpoint, tabs = f"{surface}.aftersales", OPERATORS if wanted.merchant_id is None else SHOPS
    rows, following = queries.cases(wanted)
    counts = {**queries.counts(wanted.merchant_id)}
    counts["open"] = sum(counts.values())
    titles = {**_TITLES, "escalated": _l("To decide")} if wanted.merchant_id is None else _TITLES
    views = [View(str(titles[tab]), url_for(endpoint, tab=tab), counts.get(tab), tab == wanted.tab) for tab in tabs]
    address: dict[str, Any] = {"tab": wanted.tab, "q": wanted.words or None}
    return Listing(
        "cases", _columns(with_shop=wanted.merchant_id is None), [_row(row, surface) for row in rows],
        gettext("After-sales cases"), views=views, search=wanted.words, clear_href=url_for(endpoint, tab="all"),
        next_href=url_for(endpoint, after=following, **address) if following else "",
        previous_href=url_for(endpoint, **address) if wanted.after else "",
    )  # fmt: skip


def _columns(*, with_shop: bool) -> list[Column]:
    columns = [
        Column("number", gettext("Case")),
        Column("kind", gettext("Asks for"), card="sub"),
        Column("title", gettext("Goods")),
        Column("buyer", gettext("Buyer")),
        Column("order", gettext("Order")),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("due", gettext("Due"), kind="date", card="amt"),
    ]
    if with_shop:
        columns.insert(3, Column("shop", gettext("Shop")))
    return columns


def _row(row: CaseSummary, surface: str) -> dict[str, object]:
    more = f" × {row.units}" if row.units > 1 else ""
    return {
        "id": str(row.id), "href": url_for(f"{surface}.aftersale", case_id=row.id), "number": row.number,
        "kind": str(KINDS[row.kind]), "title": f"{row.title}{more}", "buyer": row.buyer, "order": row.order_number,
        "state": ("aftersale", row.state), "due": row.due_at, "shop": row.shop_name,
    }  # fmt: skip
