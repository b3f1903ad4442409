"""Order lists of the consoles: tabs with counts of what waits, search by number or buyer, keyset pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.http.answers import Answer
from core.http.listing import BulkAction, Column, Filter, Listing, View
from core.kernel.tenancy import current
from core.orders import queries
from core.orders.queries import TABS, OrderSummary, Wanted
from web.consoles import lists

_TITLES = {
    "to_accept": _l("To accept"),
    "to_ship": _l("To ship"),
    "shipped": _l("Shipped"),
    "done": _l("Done"),
    "all": _l("All"),
}


def asked(args: Mapping[str, str], merchant_id: UUID | None = None, *, otherwise: str) -> Wanted:
    """Read from a list's state which orders are wanted, the place and the number of rows left out."""
    tab, words = args.get("tab", otherwise), args.get("q", "")[:80]
    is_known = tab in TABS and not words
    return Wanted(
        merchant_id, tab if is_known else "all", words, since=_midnight(args.get("since", "")),
        until=_midnight(args.get("until", ""), after=1), is_oldest_first=args.get("sort") == "oldest",
    )  # fmt: skip


def _midnight(text: str, *, after: int = 0) -> datetime | None:
    """Return when a day, or the one so many days after it, begins in the marketplace's time zone."""
    try:
        on = date.fromisoformat(text) + timedelta(days=after)
    except (ValueError, OverflowError):
        return None
    return datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(current().timezone))


def shown(wanted: Wanted, surface: str, bulk: Sequence[BulkAction] = ()) -> Answer:
    """Answer with a page of a console's orders, or with all of them as a file."""
    desk = lists.here()
    wanted = replace(wanted, before=desk.cursor("before"), limit=desk.limit)
    rows, following = queries.orders(wanted)
    found = _listing(wanted, surface, [_row(row, f"{surface}.order") for row in rows], following)
    return desk.shown("console/orders.html", "orders", replace(
        found, bulk=bulk, bulk_href=url_for(f"{surface}.act_on_orders")))  # fmt: skip


def _listing(wanted: Wanted, surface: str, rows: list[dict[str, object]], following: UUID | None) -> Listing:
    endpoint = f"{surface}.orders"
    counts = queries.counts(wanted.merchant_id)
    views = [View(str(_TITLES[tab]), url_for(endpoint, tab=tab), counts.get(tab), tab == wanted.tab) for tab in TABS]
    placed = lists.sorting((("placed_at", "oldest", "newest"),), "placed_at", "newest")
    columns = [
        Column("number", gettext("Order")),
        Column("buyer", gettext("Buyer"), card="sub"),
        Column("title", gettext("Goods")),
        Column("placed_at", gettext("Placed"), kind="ago", sort_href=placed[0], sorted=placed[1]),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("total", gettext("Total"), kind="money", card="amt"),
    ]
    if wanted.merchant_id is None:
        columns.insert(2, Column("shop", gettext("Shop")))
    state = lists.state()
    rest = f"{state}&" if state else ""
    return Listing(
        "orders", columns, rows, gettext("Orders"), views=views, search=wanted.words,
        clear_href=url_for(endpoint, tab="all"), next_href=f"?{rest}before={following}" if following else "",
        previous_href=f"?{state}" if wanted.before else "", total=queries.count(wanted),
        filters=_days(), kept=lists.kept("since", "until"),
    )  # fmt: skip


def _days() -> tuple[Filter, ...]:
    since, until = lists.day("since"), lists.day("until")
    return (
        Filter("since", gettext("From the day"), since.isoformat() if since else ""),
        Filter("until", gettext("To the day"), until.isoformat() if until else ""),
    )


def meant(wanted: Wanted, most: int) -> list[UUID]:
    """Return which orders a bulk form means: the ticked ones, or all of the list's state."""
    if "all" in request.form:
        return list(queries.keys(wanted, limit=most))
    return ticked()


def ticked() -> list[UUID]:
    """Return the keys that a bulk form has ticked; what is no key is left out."""
    found = []
    for text in request.form.getlist("id"):
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def _row(row: OrderSummary, one: str) -> dict[str, object]:
    more = f" × {row.units}" if row.units > 1 else ""
    return {
        "id": str(row.id), "href": url_for(one, order_id=row.id), "number": row.number, "buyer": row.buyer,
        "title": f"{row.title}{more}", "placed_at": row.placed_at, "state": ("order", row.state), "total": row.total,
        "shop": row.shop_name,
    }  # fmt: skip
