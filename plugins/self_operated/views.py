"""The operator's page of own goods."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface
from core.http.answers import Answer, page
from core.http.edge import edge
from core.http.listing import Column, Listing
from core.identity.principals import Realm
from core.kernel.errors import _
from core.kernel.tenancy import current
from plugins.self_operated import services
from plugins.self_operated.services import Goods

operator = Blueprint("self_operated_operator", __name__, template_folder="templates")
MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.OPERATOR: (
        NavItem(_("Own goods"), "self_operated_operator.goods", "Marketplace", "self_operated.view", 50),
    ),
}


@operator.get("/")
@edge(Realm.OPERATOR, "self_operated.view")
def goods() -> Answer:
    """List own listings with price and stock."""
    found, more = services.goods(before=request.args.get("after", type=UUID))
    columns = (
        Column("title", gettext("Product"), card="lead"),
        Column("shop", gettext("Shop"), card="sub"),
        Column("available", gettext("In stock"), kind="number", card="opt"),
        Column("reserved", gettext("Reserved"), kind="number", card="opt"),
        Column("price", gettext("Price"), kind="money", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )
    next_href = url_for("self_operated_operator.goods", after=more) if more else ""
    listing = Listing("goods", columns, [_row(item) for item in found], gettext("Own goods"), next_href=next_href)
    return page("self_operated/goods.html", goods=listing, mark=services.mark_of(current()))


def _row(item: Goods) -> Mapping[str, object]:
    return {
        "id": str(item.listing_id),
        "title": item.title,
        "shop": item.shop,
        "available": item.available,
        "reserved": item.reserved,
        "price": item.price,
        "state": ("listing", item.state),
        "href": "",
    }
