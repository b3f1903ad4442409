"""A merchant's pages of what companies pay: price lists, and the quantities in which companies buy."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import url_for
from flask_babel import format_date, gettext

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing, View
from core.http.submitting import controls, load, refused
from core.identity.principals import Realm
from core.kernel.errors import AppError, Denied, _
from plugins.b2b import price_form, price_lists
from plugins.b2b.price_lists import PriceList
from plugins.b2b.surface import merchant

MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.MERCHANT: (NavItem(_("Prices for companies"), "b2b_merchant.lists", "Catalogue", "b2b.sell", 62),),
}


def own() -> UUID:
    """Return the merchant of who asks. Raise Denied for one without."""
    merchant_id = principal().merchant_id
    if merchant_id is None:
        raise Denied("b2b.no_merchant", _("Choose a merchant first"))
    return merchant_id


def tabs(here: str) -> list[View]:
    """Return the tabs of what a merchant does for companies."""
    names = {"lists": gettext("Price lists"), "quantities": gettext("Quantities"), "quotes": gettext("Quotes")}
    return [View(label, url_for(f"b2b_merchant.{name}"), current=name == here) for name, label in names.items()]


def validity(one: PriceList) -> str:
    """Say when a list counts."""
    first, last = (format_date(day) if day else "" for day in (one.valid_from, one.valid_to))
    if first and last:
        return str(gettext("%(first)s to %(last)s", first=first, last=last))
    if first:
        return str(gettext("from %(first)s", first=first))
    return str(gettext("until %(last)s", last=last)) if last else str(gettext("always"))


@merchant.get("/")
@edge(Realm.MERCHANT, "b2b.sell")
def lists() -> Answer:
    """List the merchant's price lists."""
    columns = (
        Column("name", gettext("Name of the list"), card="lead"),
        Column("audience", gettext("For"), card="sub"),
        Column("count", gettext("Prices"), kind="number", card="amt"),
        Column("validity", gettext("Days it holds"), card="opt"),
        Column("state", gettext("State"), card="st"),
    )
    rows = [
        {"id": str(one.id), "href": url_for("b2b_merchant.price_list", list_id=one.id), "name": one.name,
         "audience": gettext("Every approved company") if one.is_for_all else gettext("Named companies"),
         "count": one.count, "validity": validity(one),
         "state": gettext("In use") if one.is_active else gettext("Not in use")}
        for one in price_lists.lists(own())
    ]  # fmt: skip
    listing = Listing(id="lists", columns=columns, rows=rows, caption=gettext("Price lists"))
    return page("b2b/lists.html", lists=listing, tabs=tabs("lists"))


@merchant.get("/new")
@edge(Realm.MERCHANT, "b2b.sell")
def new_list(error: AppError | None = None) -> Answer:
    """Show an empty price list."""
    items = controls(price_form.price_list(), {}, error)
    return page("b2b/list.html", items=items, refused=refused(error), held=None, prices=[], title=gettext("New price list"),
                action=url_for("b2b_merchant.make_list"))  # fmt: skip


@merchant.post("/new")
@edge(Realm.MERCHANT, "b2b.sell", again=new_list)
def make_list() -> Answer:
    """Make a price list."""
    made = price_lists.create(own(), price_form.list_draft(load(price_form.price_list())))
    return see(url_for("b2b_merchant.price_list", list_id=made), gettext("The price list is made"))


@merchant.get("/lists/<uuid:list_id>")
@edge(Realm.MERCHANT, "b2b.sell")
def price_list(list_id: UUID, error: AppError | None = None) -> Answer:
    """Show a price list and its bands."""
    held, found = price_lists.find(own(), list_id), price_lists.prices(list_id)
    items = controls(price_form.price_list(), price_form.list_values(held, found), error)
    return page("b2b/list.html", items=items, refused=refused(error), held=held, prices=found, title=held.name,
                action=url_for("b2b_merchant.change_list", list_id=list_id))  # fmt: skip


@merchant.post("/lists/<uuid:list_id>")
@edge(Realm.MERCHANT, "b2b.sell", again=price_list)
def change_list(list_id: UUID) -> Answer:
    """Change a price list whole."""
    price_lists.change(own(), list_id, price_form.list_draft(load(price_form.price_list())))
    return see(url_for("b2b_merchant.price_list", list_id=list_id), gettext("Saved"))


@merchant.post("/lists/<uuid:list_id>/remove")
@edge(Realm.MERCHANT, "b2b.sell", again=price_list)
def remove_list(list_id: UUID) -> Answer:
    """Delete a price list."""
    price_lists.remove(own(), list_id)
    return see(url_for("b2b_merchant.lists"), gettext("The price list is gone"))


@merchant.get("/quantities")
@edge(Realm.MERCHANT, "b2b.sell")
def quantities(error: AppError | None = None) -> Answer:
    """Show in which quantities companies buy."""
    found = price_lists.packs(own())
    text = "\n".join(f"{sku}; {minimum}; {step}" for sku, _title, minimum, step in found)
    items = controls(price_form.packs(), {"packs": text}, error)
    return page("b2b/quantities.html", items=items, refused=refused(error), packs=found, tabs=tabs("quantities"))


@merchant.post("/quantities")
@edge(Realm.MERCHANT, "b2b.sell", again=quantities)
def set_quantities() -> Answer:
    """Say in which quantities companies buy."""
    price_lists.set_packs(own(), price_form.pack_drafts(load(price_form.packs())["packs"]))
    return see(url_for("b2b_merchant.quantities"), gettext("Saved"))
