"""The merchant's first page: what needs it today, and how far its shop is set up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import url_for
from flask_babel import gettext, ngettext

from core.aftersales import queries as cases
from core.catalogue import tallies
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.slots import drawn, filled
from core.identity.principals import Principal, Realm
from core.merchants import delivery, directory, setup, shops
from core.merchants.values import Merchant, Shop
from core.orders import queries
from web import kpis, todo
from web.merchant.surface import blueprint, menu

menu.add("", 0, "Home", "merchant.home", "house")


@blueprint.get("/")
@edge(Realm.MERCHANT)
def home() -> Answer:
    """Show what is to be done today."""
    who = principal()
    if who.merchant_id is None:
        return see(url_for("merchant.apply"))
    merchant = directory.find(who.merchant_id)
    if merchant.state == "draft":
        return see(url_for("merchant.apply"))
    mine, listings = shops.of_merchant(merchant.id), tallies.by_state(merchant.id)
    return page(
        "merchant/home.html", merchant=merchant, shops=mine, listings=listings,
        todo=todo.waiting(Realm.MERCHANT),
        setup=_checklist(merchant, mine, listings.get("live", 0) + listings.get("review", 0)),
        undelivered=[s for s in mine if s.id in delivery.shops_without(merchant.id)],
        pieces=filled("merchant.home", {"merchant_id": merchant.id}), drawn=drawn,
        kpis=kpis.merchant(merchant.id) if merchant.may_sell and who.may("orders.view") else None,
    )  # fmt: skip


@blueprint.post("/setup/dismiss")
@edge(Realm.MERCHANT, "shop.manage")
def dismiss_setup() -> Answer:
    """Put the checklist away."""
    setup.dismiss(principal().merchant_id)
    return see(url_for("merchant.home"))


def _checklist(merchant: Merchant, mine: Sequence[Shop], offered: int) -> list[tuple[str, bool, str]]:
    """Return (label, is done, where to do it); empty once all is done or put away, or where there is no shop."""
    open_shops = [shop for shop in mine if shop.state != "closed"]
    if merchant.has_dismissed_setup or not open_shops or not merchant.may_sell:
        return []
    first = open_shops[0]

    def tab(name: str) -> str:
        return url_for("merchant.shop", shop_id=first.id, tab=name)

    delivers = bool(delivery.options_for([first.id])[first.id])
    entries = [
        (gettext("Application approved"), True, ""),
        (gettext("Tell your story and show a logo"), bool(first.story and first.logo_id), tab("profile")),
        (gettext("Say how you deliver and what it costs"), delivers, tab("delivery")),
        (gettext("Write your returns policy"), bool(first.policies.get("returns")), tab("policies")),
        (gettext("Give an address for returns"), bool(first.return_address), tab("address")),
        (gettext("Put your first goods on sale"), offered > 0, "/merchant/products"),
    ]
    return [] if all(is_done for _label, is_done, _href in entries) else entries


@todo.provides(Realm.MERCHANT, 10)
def _orders(who: Principal) -> Iterable[todo.Waiting]:
    counts = queries.counts(who.merchant_id) if who.may("orders.view") else {}
    if to_accept := counts.get("to_accept", 0):
        text = ngettext("%(num)s order to accept", "%(num)s orders to accept", to_accept)
        yield todo.Waiting("inbox", text, url_for("merchant.orders", tab="to_accept"))
    if to_ship := counts.get("to_ship", 0):
        text = ngettext("%(num)s order to send", "%(num)s orders to send", to_ship)
        yield todo.Waiting("truck", text, url_for("merchant.orders", tab="to_ship"))


@todo.provides(Realm.MERCHANT, 12)
def _cases(who: Principal) -> Iterable[todo.Waiting]:
    if mine := cases.counts(who.merchant_id)["to_do"] if who.may("orders.view") else 0:
        text = ngettext("%(num)s return or claim needs you", "%(num)s returns and claims need you", mine)
        yield todo.Waiting("life-buoy", text, url_for("merchant.aftersales", tab="to_do"))
