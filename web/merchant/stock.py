"""Stock: what lies where, what is low, corrections with a reason, and the movements that explain each number."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.catalogue import stock
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.errors import message
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from web.merchant.surface import blueprint, menu
from web.paging import cursor, next_href
from web.sellers import merchant_id

menu.add("Catalogue", 30, "Stock", "merchant.stock_levels", "warehouse", "listings.view")


@blueprint.get("/stock")
@edge(Realm.MERCHANT, "listings.view")
def stock_levels(error: AppError | None = None) -> Answer:
    """List levels by variant and place, all or those that are low."""
    is_low, words = request.args.get("view") == "low", request.args.get("q", "")
    found = stock.levels(merchant_id(), search=words, only_low=is_low, after=cursor())
    columns = (
        Column("product", gettext("Product")),
        Column("sku", gettext("SKU"), card="sub"),
        Column("place", gettext("Place")),
        Column("available", gettext("To sell"), kind="number", card="amt"),
        Column("reserved", gettext("Promised"), kind="number"),
        Column("on_hand", gettext("On hand"), kind="number"),
    )
    rows = [
        {"id": str(level.variant_id), "href": url_for("merchant.variant_stock", variant_id=level.variant_id),
         "product": " · ".join((level.title, *level.options)), "sku": level.sku, "place": level.location,
         "available": level.available, "reserved": level.reserved, "on_hand": level.on_hand}
        for level in found.rows
    ]  # fmt: skip
    views = [
        View(gettext("All"), url_for("merchant.stock_levels"), current=not is_low),
        View(gettext("Low or none"), url_for("merchant.stock_levels", view="low"), current=is_low),
    ]
    listing = Listing("stock", columns, rows, gettext("Stock"), views=views, search=words,
                      clear_href=url_for("merchant.stock_levels"), next_href=next_href(found.next))  # fmt: skip
    return page("merchant/stock.html", stock=listing, said=message(error) if error else "")


@blueprint.get("/stock/<uuid:variant_id>")
@edge(Realm.MERCHANT, "listings.view")
def variant_stock(variant_id: UUID, error: AppError | None = None) -> Answer:
    """Show one variant: its levels, the form to book units, and all movements with the balance after each."""
    merchant = merchant_id()
    stock.own(variant_id, merchant)
    return page(
        "merchant/variant_stock.html", levels=stock.levels(merchant, variant_id=variant_id).rows,
        movements=stock.movements(variant_id, merchant_id=merchant), said=message(error) if error else "",
        places=[(str(place.id), place.name) for place in stock.locations(merchant)], form=request.form,
    )  # fmt: skip


@blueprint.post("/stock/<uuid:variant_id>")
@edge(Realm.MERCHANT, "stock.edit", again=variant_stock)
def book_stock(variant_id: UUID) -> Answer:
    """Book a receipt, or set what was counted, or set the number that counts as low."""
    stock.own(variant_id, merchant_id())
    place, units = request.form.get("place", type=UUID), _units(request.form.get("units", ""))
    reason = request.form.get("reason", "")
    match request.form.get("act"):
        case "receive":
            stock.receive(variant_id, units, kind="receipt", reason=reason, location_id=place)
        case "low":
            stock.warn_at(variant_id, units, place)
        case _:
            stock.adjust(variant_id, units, reason, place)
    return see(url_for("merchant.variant_stock", variant_id=variant_id), gettext("Booked"))


def _units(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        said = _("Enter a number, such as 12.")
        raise Invalid("stock.invalid", said, fields=(FieldError("units", said),))
    return int(text)


@blueprint.post("/stock/places")
@edge(Realm.MERCHANT, "stock.edit", again=stock_levels)
def add_place() -> Answer:
    """Open a further place where goods lie."""
    stock.add_location(merchant_id(), request.form.get("name", ""))
    return see(url_for("merchant.stock_levels"), gettext("Place added"))
