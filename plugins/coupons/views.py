"""Pages of coupons: every coupon for the operator, a merchant's own for the merchant."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import Column, Listing
from core.http.submitting import controls, load, refused
from core.identity.principals import Realm
from core.kernel.errors import AppError, Denied, _
from plugins.coupons import coupon_form, services, wording
from plugins.coupons.services import Entry

operator = Blueprint("coupons_operator", __name__, template_folder="templates")
merchant = Blueprint("coupons_merchant", __name__, template_folder="templates")
MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.OPERATOR: (NavItem(_("Coupons"), "coupons_operator.coupons", "Marketplace", "coupons.view", 60),),
    Surface.MERCHANT: (NavItem(_("Coupons"), "coupons_merchant.coupons", "Catalogue", "coupons.offer", 60),),
}


def _own() -> UUID:
    merchant_id = principal().merchant_id
    if merchant_id is None:
        raise Denied("coupons.no_merchant", _("Choose a merchant first"))
    return merchant_id


def _list(merchant_id: UUID | None, surface: str) -> Answer:
    search = request.args.get("q", "").strip()
    found, more = services.entries(merchant_id, search=search, before=request.args.get("after", type=UUID))
    here = f"{surface}.coupons"
    columns = (
        Column("code", gettext("Coupon code"), card="lead"),
        Column("off", gettext("Takes off"), card="amt"),
        Column("shop", gettext("For"), card="sub"),
        Column("uses", gettext("Used"), card="opt"),
        Column("given", gettext("Given"), kind="money", card="opt"),
        Column("state", gettext("State"), card="st"),
    )
    listing = Listing(
        id="coupons", columns=columns, rows=[_row(entry, surface) for entry in found], caption=gettext("Coupons"),
        search=search, clear_href=url_for(here), next_href=url_for(here, q=search or None, after=more) if more else "",
    )  # fmt: skip
    return page("coupons/list.html", coupons=listing, new_href=url_for(f"{surface}.new_coupon"))


def _row(entry: Entry, surface: str) -> Mapping[str, object]:
    coupon = entry.coupon
    most = f" / {coupon.total_uses}" if coupon.total_uses is not None else ""
    return {
        "id": str(coupon.id),
        "href": url_for(f"{surface}.coupon", coupon_id=coupon.id),
        "code": coupon.code,
        "off": wording.value(coupon),
        "shop": entry.shop or gettext("every shop"),
        "uses": f"{coupon.used}{most}",
        "given": entry.given,
        "state": wording.state(coupon),
    }


def _new(merchant_id: UUID | None, surface: str, error: AppError | None) -> Answer:
    items = controls(coupon_form.schema(merchant_id, None), coupon_form.values(None), error)
    return page(
        "coupons/coupon.html", items=items, refused=refused(error), title=gettext("New coupon"), entry=None,
        action=url_for(f"{surface}.create_coupon"), list_href=url_for(f"{surface}.coupons"),
    )  # fmt: skip


def _shown(coupon_id: UUID, merchant_id: UUID | None, surface: str, error: AppError | None) -> Answer:
    entry = services.find(coupon_id, merchant_id)
    schema = coupon_form.schema(merchant_id, entry.coupon)
    return page(
        "coupons/coupon.html", items=controls(schema, coupon_form.values(entry.coupon), error), refused=refused(error),
        title=entry.coupon.code, entry=entry, sentence=wording.sentence(entry.coupon, entry.shop),
        uses=services.uses(coupon_id), action=url_for(f"{surface}.change_coupon", coupon_id=coupon_id),
        list_href=url_for(f"{surface}.coupons"), remove_href=url_for(f"{surface}.remove_coupon", coupon_id=coupon_id),
    )  # fmt: skip


def _create(merchant_id: UUID | None, surface: str) -> Answer:
    form = load(coupon_form.schema(merchant_id, None))
    made = services.create(coupon_form.draft(form, None), merchant_id)
    return see(url_for(f"{surface}.coupon", coupon_id=made), gettext("The coupon is made"))


def _change(coupon_id: UUID, merchant_id: UUID | None, surface: str) -> Answer:
    coupon = services.find(coupon_id, merchant_id).coupon
    form = load(coupon_form.schema(merchant_id, coupon))
    services.change(coupon_id, coupon_form.draft(form, coupon), merchant_id)
    return see(url_for(f"{surface}.coupon", coupon_id=coupon_id), gettext("Saved"))


def _remove(coupon_id: UUID, merchant_id: UUID | None, surface: str) -> Answer:
    services.remove(coupon_id, merchant_id)
    return see(url_for(f"{surface}.coupons"), gettext("The coupon is gone"))


@operator.get("/")
@edge(Realm.OPERATOR, "coupons.view")
def coupons() -> Answer:
    """List every coupon."""
    return _list(None, "coupons_operator")


@operator.get("/new")
@edge(Realm.OPERATOR, "coupons.manage")
def new_coupon(error: AppError | None = None) -> Answer:
    """Show an empty coupon."""
    return _new(None, "coupons_operator", error)


@operator.post("/new")
@edge(Realm.OPERATOR, "coupons.manage", again=new_coupon)
def create_coupon() -> Answer:
    """Make a coupon of the marketplace."""
    return _create(None, "coupons_operator")


@operator.get("/<uuid:coupon_id>")
@edge(Realm.OPERATOR, "coupons.view")
def coupon(coupon_id: UUID, error: AppError | None = None) -> Answer:
    """Show a coupon and its uses."""
    return _shown(coupon_id, None, "coupons_operator", error)


@operator.post("/<uuid:coupon_id>")
@edge(Realm.OPERATOR, "coupons.manage", again=coupon)
def change_coupon(coupon_id: UUID) -> Answer:
    """Change a coupon."""
    return _change(coupon_id, None, "coupons_operator")


@operator.post("/<uuid:coupon_id>/remove")
@edge(Realm.OPERATOR, "coupons.manage", again=coupon)
def remove_coupon(coupon_id: UUID) -> Answer:
    """Delete a coupon that nobody has used."""
    return _remove(coupon_id, None, "coupons_operator")


@merchant.get("/", endpoint="coupons")
@edge(Realm.MERCHANT, "coupons.offer")
def own_coupons() -> Answer:
    """List the merchant's own coupons."""
    return _list(_own(), "coupons_merchant")


@merchant.get("/new", endpoint="new_coupon")
@edge(Realm.MERCHANT, "coupons.offer")
def new_own_coupon(error: AppError | None = None) -> Answer:
    """Show an empty coupon of an own shop."""
    return _new(_own(), "coupons_merchant", error)


@merchant.post("/new", endpoint="create_coupon")
@edge(Realm.MERCHANT, "coupons.offer", again=new_own_coupon)
def create_own_coupon() -> Answer:
    """Make a coupon of an own shop."""
    return _create(_own(), "coupons_merchant")


@merchant.get("/<uuid:coupon_id>", endpoint="coupon")
@edge(Realm.MERCHANT, "coupons.offer")
def own_coupon(coupon_id: UUID, error: AppError | None = None) -> Answer:
    """Show an own coupon and its uses."""
    return _shown(coupon_id, _own(), "coupons_merchant", error)


@merchant.post("/<uuid:coupon_id>", endpoint="change_coupon")
@edge(Realm.MERCHANT, "coupons.offer", again=own_coupon)
def change_own_coupon(coupon_id: UUID) -> Answer:
    """Change an own coupon."""
    return _change(coupon_id, _own(), "coupons_merchant")


@merchant.post("/<uuid:coupon_id>/remove", endpoint="remove_coupon")
@edge(Realm.MERCHANT, "coupons.offer", again=own_coupon)
def remove_own_coupon(coupon_id: UUID) -> Answer:
    """Delete an own coupon that nobody has used."""
    return _remove(coupon_id, _own(), "coupons_merchant")
