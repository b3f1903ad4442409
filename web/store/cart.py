"""The cart's page: lines by shop, delivery, codes, totals with their reasons; every control works without a script."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from markupsafe import Markup

from core.catalogue import detail
from core.checkout import cart as carts
from core.checkout.quote import Quote, quote
from core.http import slots
from core.http.answers import Answer, page, said_aloud, see
from core.http.edge import edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError, Invalid, Missing, _
from web.shopping import COOKIE, owner, viewer
from web.store import addresses
from web.store.surface import blueprint
from web.store.viewers import sight

PROBLEMS = {**carts.REASONS, "too_few": _("Fewer are left than you want")}


def _number(name: str, default: int) -> int:
    text = request.form.get(name, "").strip()
    if text and not text.lstrip("-").isdigit():
        raise Invalid("cart.quantity", _("Choose between 1 and {most}"), most=carts.MOST_UNITS)
    return int(text) if text else default


@blueprint.get("/cart")
@edge(Realm.BUYER, login=False)
def cart(error: AppError | None = None) -> Answer:
    """Show the cart as it can be bought now."""
    return _shown(error)


def _shown(error: AppError | None = None) -> Answer:
    found = quote(carts.find(owner()), viewer())
    actions = slots.drawn(slots.filled("cart.actions", {"total": found.total}, viewer()))
    return page("store/cart.html", fragment="store/_cart.html", quote=found, problems=PROBLEMS, error=error, tab="cart", marks=_marks(found), actions=actions,
                refused=message(error) if error else "", cart_count=_units(found))  # fmt: skip


def _marks(found: Quote) -> dict[UUID, Markup]:
    """Return what plugins say beside each shop's name."""
    by, looks = {}, viewer()
    for shop in found.shops:
        by[shop.shop_id] = slots.drawn(
            slots.filled("cart.group", {"shop_id": shop.shop_id, "is_house": shop.is_house}, looks)
        )
    return by


def _units(found: Quote) -> int:
    return sum(line.quantity for shop in found.shops for line in shop.lines)


def refused(error: AppError, **_where: str) -> Answer:
    """Say why nothing was added: where the buyer is, if a script asked, else on the cart's page."""
    if request.headers.get("HX-Request"):
        return said_aloud({"toast": message(error)})
    return _shown(error)


@blueprint.post("/cart/lines")
@edge(Realm.BUYER, login=False, again=refused)
def add_to_cart() -> Answer:
    """Put units of a variant into the cart, a new guest's cookie with it."""
    return _added(_variant_id(), _number("quantity", 1))


def _added(variant_id: UUID, quantity: int) -> Answer:
    row, fresh = carts.hold(owner())
    carts.add(row, variant_id, quantity)
    cookies = {COOKIE: fresh} if fresh else {}
    if request.headers.get("HX-Request"):
        said = {"text": gettext("Added to the cart"), "action": gettext("See the cart"), "link": url_for("store.cart")}
        return said_aloud({"toast": said, "cart-count": carts.units(row)}, cookies)
    return see(url_for("store.cart"), gettext("Added to the cart"), cookies)


@blueprint.post("/cart/goods/<slug>")
@edge(Realm.BUYER, login=False, again=refused)
def add_good(slug: str) -> Answer:
    """Put the only variant of a listing into the cart; where there are several, go and choose."""
    listing = detail.by_slug(slug, sight())
    if len(listing.variants) == 1:
        return _added(listing.variants[0].id, 1)
    return see(addresses.product(listing.slug), gettext("Choose what suits you"))


def _variant_id() -> UUID:
    try:
        return UUID(request.form.get("variant_id", ""))
    except ValueError:
        raise Missing("cart.no_such_variant", _("This is not sold here")) from None


@blueprint.post("/cart/lines/<uuid:line_id>")
@edge(Realm.BUYER, login=False, again=cart)
def change_line(line_id: UUID) -> Answer:
    """Change a line: how many, for now or for later, or out of the cart."""
    row, _fresh = carts.open_cart(owner())
    if "select" in request.form:
        carts.select_line(row, line_id, selected=request.form["select"] == "now")
    else:
        carts.set_quantity(row, line_id, _number("quantity", _number("quantity_typed", 1)))
    return see(url_for("store.cart"))


@blueprint.post("/cart/codes")
@edge(Realm.BUYER, login=False, again=cart)
def change_codes() -> Answer:
    """Add a code, or take one out."""
    row, _fresh = carts.open_cart(owner())
    if request.form.get("remove"):
        carts.remove_code(row, request.form["remove"])
    else:
        carts.add_code(row, request.form.get("code", ""))
    return see((request.form.get("back") == "checkout" and url_for("store.checkout")) or url_for("store.cart"))


@blueprint.post("/cart/delivery")
@edge(Realm.BUYER, login=False, again=cart)
def choose_delivery() -> Answer:
    """Choose how each shop delivers."""
    keep_deliveries()
    return see(url_for("store.cart"))


def keep_deliveries() -> None:
    """Note each shop's way of delivery that the form names."""
    row, _fresh = carts.open_cart(owner())
    for name, code in request.form.items():
        if name.startswith("delivery-"):
            carts.choose_delivery(row, UUID(name.removeprefix("delivery-")), code)


@blueprint.post("/cart/prices")
@edge(Realm.BUYER, login=False)
def accept_prices() -> Answer:
    """Note that the buyer has seen what changed."""
    row, _fresh = carts.open_cart(owner())
    carts.accept_prices(row)
    return see(url_for("store.cart"))
