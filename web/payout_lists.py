"""Payout lists and pages that both consoles share: the table with its tabs, and one payout with its two answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.billing.payouts import reading, standing
from core.billing.payouts.reading import TABS, Payout, Wanted
from core.fulfilment import shipping
from core.http.listing import Column, Listing, View
from core.merchants import directory, shops
from web import payouts as words
from web.order_words import kind, memo

_TITLES = {
    "all": _l("All"), "to_approve": _l("To approve"), "under_way": _l("On their way"), "paid": _l("Paid"),
    "came_back": _l("Came back"),
}  # fmt: skip


def wanted(merchant_id: UUID | None = None) -> Wanted:
    """Read from the address which payouts are wanted."""
    tab = request.args.get("tab", "all")
    return Wanted(merchant_id, tab if tab in TABS else "all", request.args.get("before", type=UUID))


def listing(asked: Wanted, endpoint: str, one: str) -> Listing:
    """Return a page of payouts; `one` is the endpoint of a payout's page."""
    rows, following = reading.payouts(asked)
    counts = reading.counts(asked.merchant_id)
    tabs = [tab for tab in TABS if asked.merchant_id is None or tab != "to_approve"]
    views = [View(str(_TITLES[tab]), url_for(endpoint, tab=tab), counts[tab], tab == asked.tab) for tab in tabs]
    columns = [
        Column("number", gettext("Payout")),
        Column("created_at", gettext("Made"), kind="date", card="sub"),
        Column("state", gettext("State"), kind="badge", card="st"),
        Column("ended_at", gettext("Arrived"), kind="date"),
        Column("amount", gettext("Amount"), kind="money", card="amt"),
    ]
    names = {}
    if asked.merchant_id is None:
        names = {key: found.name for key, found in directory.found({row.merchant_id for row in rows}).items()}
        columns.insert(1, Column("merchant", gettext("Merchant"), card="sub"))
        columns[2] = Column("created_at", gettext("Made"), kind="date")
    return Listing(
        "payouts", columns, [_row(row, one, names) for row in rows], gettext("Payouts"), views=views,
        next_href=url_for(endpoint, tab=asked.tab, before=following) if following else "",
        previous_href=url_for(endpoint, tab=asked.tab) if asked.before else "",
    )  # fmt: skip


def _row(row: Payout, one: str, names: dict[UUID, str]) -> dict[str, object]:
    return {
        "id": str(row.id), "href": url_for(one, payout_id=row.id), "number": row.number, "amount": row.amount,
        "created_at": row.created_at, "ended_at": row.ended_at if row.state == "paid" else None,
        "state": ("payout", state_of(row)), "merchant": names.get(row.merchant_id, ""),
    }  # fmt: skip


def state_of(payout: Payout) -> str:
    """Return the state as people see it: one that is claimed waits for a hand, is silent, or is being sent."""
    if payout.state == "claimed" and payout.needs_hand and payout.provider_ref:
        return "to_transfer"
    return "stuck" if payout.is_stuck else payout.state


def page_values(payout: Payout, prefix: str) -> dict[str, Any]:
    """Return what a payout's page shows: why it is this amount, and why the rest is not paid yet."""
    after = request.args.get("after", type=UUID)
    rows, following = reading.items(payout, after=after)
    orders = words.orders_of(rows)
    endpoint = f"{prefix}payout"
    return {
        "payout": payout, "rows": rows, "numbers": orders.numbers, "lines": orders.lines,
        "deliveries": orders.deliveries, "sums": reading.sums(payout), "kind": kind,
        "memo": memo, "prefix": prefix, "state": state_of(payout), **standing_values(payout.merchant_id),
        "next_href": url_for(endpoint, payout_id=payout.id, after=following) if following else "",
        "previous_href": url_for(endpoint, payout_id=payout.id) if after else "",
    }  # fmt: skip


def standing_values(merchant_id: UUID) -> dict[str, Any]:
    """Return where a merchant's money lies, and the words to say it with."""
    longest = max((shop.return_days for shop in shops.of_merchant(merchant_id)), default=0)
    return_days = shipping.completion_days(longest)
    return {"standing": standing.of_merchant(merchant_id), "words": words, "return_days": return_days}
