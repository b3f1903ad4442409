"""The operator's pages of own goods: the list with cost and supply, and one item with the movements that add up."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.http.listing import Column, Listing
from core.identity.principals import Realm
from core.kernel.errors import _
from core.kernel.tenancy import current
from plugins.self_operated import items, services, wording
from plugins.self_operated.items import Item, Movement
from plugins.self_operated.surface import operator

MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.OPERATOR: (
        NavItem(_("Own goods"), "self_operated_operator.goods", "Marketplace", "self_operated.view", 50),
    ),
}


@operator.get("/")
@edge(Realm.OPERATOR, "self_operated.view")
def goods() -> Answer:
    """List own offers with units, average cost, value, price, margin and cover."""
    search = request.args.get("q", "").strip()
    found, more = items.listed(search=search, before=request.args.get("after", type=UUID))
    columns = (
        Column("title", gettext("Product"), card="lead"),
        Column("on_hand", gettext("On hand"), kind="number", card="sub"),
        Column("average", gettext("Average cost"), kind="money", card="opt"),
        Column("value", gettext("Stock value"), kind="money", card="opt"),
        Column("price", gettext("Price"), kind="money", card="amt"),
        Column("margin", gettext("Margin"), card="opt"),
        Column("cover", gettext("Lasts for"), card="opt"),
        Column("note", gettext("Note"), card="st"),
    )
    here = "self_operated_operator.goods"
    listing = Listing(
        "goods", columns, [_row(item) for item in found], gettext("Own goods"), search=search, clear_href=url_for(here),
        next_href=url_for(here, q=search or None, after=more) if more else "",
    )  # fmt: skip
    return page(
        "self_operated/goods.html", goods=listing, mark=services.mark_of(current()),
        may_manage=principal().may("self_operated.manage"), may_report=principal().may("self_operated.report"),
    )  # fmt: skip


def _row(item: Item) -> Mapping[str, object]:
    return {
        "id": str(item.offer.id),
        "title": item.offer.title,
        "on_hand": item.on_hand,
        "average": item.average,
        "value": item.value,
        "price": item.offer.price,
        "margin": wording.percent(item.margin_bps),
        "cover": wording.days(item.cover_days),
        "note": " · ".join(notes(item)),
        "href": url_for("self_operated_operator.item", offer_id=item.offer.id),
    }


def notes(item: Item) -> list[str]:
    """Return what the operator should know about an item, in a few words each."""
    found = []
    if item.is_low:
        found.append(gettext("order again"))
    if item.is_high:
        found.append(gettext("more than sells"))
    if item.is_below_cost:
        found.append(gettext("below cost"))
    if item.uncosted:
        found.append(gettext("%(count)s sold without cost", count=item.uncosted))
    if item.on_shelf != item.on_hand:
        found.append(gettext("%(count)s on the shelf", count=item.on_shelf))
    return found


@operator.get("/items/<uuid:offer_id>")
@edge(Realm.OPERATOR, "self_operated.view")
def item(offer_id: UUID) -> Answer:
    """Show one own offer with the movements that add up to its stock."""
    found, moves = items.find(offer_id), items.movements(offer_id, before=request.args.get("after", type=UUID))
    columns = (
        Column("what", gettext("What"), card="lead"),
        Column("at", gettext("When"), kind="datetime", card="sub"),
        Column("quantity", gettext("Units"), kind="number", card="st"),
        Column("value", gettext("Stock value"), kind="money", card="amt"),
        Column("balance", gettext("On hand after it"), kind="number", card="opt"),
        Column("worth", gettext("Worth after it"), kind="money", card="opt"),
        Column("by", gettext("By"), card="opt"),
    )
    more = url_for("self_operated_operator.item", offer_id=offer_id, after=moves[-1].id) if len(moves) == 100 else ""
    listing = Listing("moves", columns, [_moved(one) for one in moves], gettext("Stock movements"), next_href=more)
    return page("self_operated/item.html", item=found, notes=notes(found), moves=listing, words=wording)


def _moved(one: Movement) -> Mapping[str, object]:
    if one.kind in ("receipt", "reverse"):
        href = url_for("self_operated_operator.receipt", receipt_id=one.subject_id)
    elif one.kind == "count":
        href = url_for("self_operated_operator.count", count_id=one.subject_id)
    else:
        href = url_for("operator.order", order_id=one.subject_id)
    return {
        "id": str(one.id), "what": wording.movement(one.kind), "at": one.at, "quantity": one.quantity,
        "value": one.value, "balance": one.balance, "worth": one.balance_value, "by": one.by_name, "href": href,
    }  # fmt: skip
