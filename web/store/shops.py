"""Shops as buyers visit them: one shop's window, and the list of all."""

from __future__ import annotations

from uuid import UUID

from flask import request

from core.catalogue.queries import Filters
from core.compliance import shown
from core.http.answers import Answer, page
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import Invalid, _
from core.merchants import shopfronts
from web.compliance_words import LICENCES
from web.languages import language
from web.store import addresses, cards, panels, wishes
from web.store.browse import listed
from web.store.surface import blueprint
from web.store.viewers import sight


@blueprint.get("/shops/<slug>")
@edge(Realm.BUYER, login=False)
def shop(slug: str) -> Answer:
    """Show a shop: banner, story, policies and goods."""
    found = shopfronts.by_slug(slug)
    seen = sight()
    asked = wishes.read(addresses.shop(found.slug), request.args, base=Filters(shop_id=found.id))
    goods, total = listed(asked, seen)
    around = panels.panel(asked, seen, total, None)
    return page("store/shop.html", fragment="store/_results.html", shop=found,
                seller=shown.of_merchant(found.merchant_id), licence_words=LICENCES,
                wishes=asked, panel=around, total=total,
                cards=cards.drawn(goods.cards), next=goods.next, picture=addresses.picture, canonical=asked.path,
                words=language())  # fmt: skip


@blueprint.get("/shops")
@edge(Realm.BUYER, login=False)
def shops() -> Answer:
    """Show every shop by name, a page at a time."""
    name, last = request.args.get("after", "")[:200], _key(request.args.get("last", ""))
    found = shopfronts.listed(name, last, most=shopfronts.PAGE + 1)
    shown = found[: shopfronts.PAGE]
    following = {"after": shown[-1].name, "last": str(shown[-1].id)} if len(found) > len(shown) else None
    return page("store/shops.html", shops=shown, following=following, picture=addresses.picture, canonical="/shops")


def _key(text: str) -> UUID:
    try:
        return UUID(text) if text else UUID(int=0)
    except ValueError:
        raise Invalid("merchants.bad_cursor", _("This page's address is not complete")) from None
