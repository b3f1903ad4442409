"""A merchant's shops: the list, opening one, and its settings by tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask_babel import gettext
from marshmallow import Schema

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.kernel.errors import AppError, _
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from core.media import uploads
from core.media.pictures import CleanPicture
from core.merchants import delivery, directory, shop_settings, shops
from core.merchants.values import Shop
from web import files
from web.badges import badge
from web.merchant.surface import blueprint, menu
from web.schemas.merchants import AddressIn, HolidayIn, HoursIn, PoliciesIn, ProfileIn, ShopIn, countries
from web.submitting import controls, load, refused

menu.add("Settings", 10, "Shops", "merchant.all_shops", "store", "shop.manage")

TABS: Mapping[str, str] = {
    "profile": _("Profile"),
    "delivery": _("Delivery"),
    "policies": _("Returns and policies"),
    "address": _("Return address"),
    "hours": _("Hours"),
    "holiday": _("Holiday"),
    "closing": _("Close"),
}
_PICTURES = {"logo": shop_settings.set_logo, "banner": shop_settings.set_banner}
_FORMS: Mapping[str, type[Schema]] = {
    "profile": ProfileIn, "policies": PoliciesIn, "address": AddressIn, "hours": HoursIn, "holiday": HolidayIn,
}  # fmt: skip


@blueprint.get("/shops")
@edge(Realm.MERCHANT, "shop.manage")
def all_shops() -> Answer:
    """List the merchant's shops."""
    mine = shops.of_merchant(principal().merchant_id)
    selling = shops.selling(shop.id for shop in mine)
    rows = [
        {
            "name": shop.name, "address": f"/shops/{shop.slug}", "city": shop.city,
            "state": badge("shop", "selling" if shop.id in selling else _shown_state(shop)),
            "href": url_for("merchant.shop", shop_id=shop.id), "id": str(shop.id),
        }
        for shop in mine
    ]  # fmt: skip
    columns = (
        Column("name", gettext("Shop")),
        Column("address", gettext("Address"), card="sub"),
        Column("city", gettext("Town"), card="opt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )
    return page("merchant/shops.html", shops=Listing("shops", columns, rows, gettext("Your shops")))


@blueprint.get("/shops/new")
@edge(Realm.MERCHANT, "shop.manage")
def new_shop(error: AppError | None = None) -> Answer:
    """Show the form for a further shop."""
    return page("merchant/shop_new.html", items=controls(ShopIn(), {}, error), said=refused(error))


@blueprint.post("/shops/new")
@edge(Realm.MERCHANT, "shop.manage", again=new_shop)
def create_shop() -> Answer:
    """Open a further shop."""
    made = shops.create(principal().merchant_id, **load(ShopIn()))
    return see(
        url_for("merchant.shop", shop_id=made.id, tab="delivery"), gettext("The shop is there. Set up delivery next.")
    )


@blueprint.get("/shops/<uuid:shop_id>")
@edge(Realm.MERCHANT, "shop.manage")
def shop(shop_id: UUID, error: AppError | None = None) -> Answer:
    """Show one tab of a shop's settings."""
    tab = request.args.get("tab", "profile")
    tab = tab if tab in TABS else "profile"
    merchant_id = principal().merchant_id
    found = shops.find(merchant_id, shop_id)
    items = controls(_FORMS[tab](), _values(tab, found), error, {"country": countries()}) if tab in _FORMS else []
    return page(
        f"merchant/shop_{tab if tab in ('profile', 'delivery', 'holiday', 'closing') else 'form'}.html",
        shop=found, tab=tab, tabs=tabs_of(found, tab), items=items, said=refused(error),
        is_selling=shops.is_selling(shop_id), options=delivery.of_shop(merchant_id, shop_id),
        siblings=shops.of_merchant(merchant_id), merchant=directory.find(merchant_id),
    )  # fmt: skip


@blueprint.post("/shops/<uuid:shop_id>")
@edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN, again=shop)
def save_shop(shop_id: UUID) -> Answer:
    """Save one tab of a shop's settings."""
    tab = request.args.get("tab", "profile")
    sent = {field: files.picture(field) for field in _PICTURES}
    with transaction():
        _SAVE[tab if tab in _SAVE else "profile"](principal().merchant_id, shop_id)
        _save_pictures(principal().merchant_id, shop_id, sent)
    return see(url_for("merchant.shop", shop_id=shop_id, tab=tab), gettext("Saved"))


@blueprint.post("/shops/<uuid:shop_id>/state")
@edge(Realm.MERCHANT, "shop.manage", again=shop)
def move_shop(shop_id: UUID) -> Answer:
    """End a holiday, close a shop, or open it again."""
    act = {"open": shops.end_holiday, "close": shops.close, "reopen": shops.reopen}.get(request.form.get("action", ""))
    if act is not None:
        act(principal().merchant_id, shop_id)
    return see(url_for("merchant.shop", shop_id=shop_id, tab=request.args.get("tab", "closing")), gettext("Saved"))


def tabs_of(found: Shop, here: str) -> list[View]:
    """Return the tabs of a shop's settings."""
    return [
        View(gettext(title), url_for("merchant.shop", shop_id=found.id, tab=name), current=name == here)
        for name, title in TABS.items()
    ]


def _shown_state(found: Shop) -> str:
    return "not_ready" if found.state == "open" else found.state


def _values(tab: str, found: Shop) -> Mapping[str, object]:
    if tab == "policies":
        return {"return_days": found.return_days, **found.policies}
    if tab == "address":
        return {"country": current().country, "name": found.name, **found.return_address}
    if tab == "hours":
        return found.hours
    if tab == "holiday":
        until = found.holiday_until
        day = until.astimezone(ZoneInfo(current().timezone)).date() if until else None
        return {"until": day, "note": found.holiday_note}
    return asdict(found)


def _save_profile(merchant_id: UUID | None, shop_id: UUID) -> None:
    given = load(ProfileIn())
    shop_settings.describe(merchant_id, shop_id, name=given["name"], story=given["story"], city=given["city"])
    shop_settings.rename_address(merchant_id, shop_id, given["slug"])


def _save_pictures(
    merchant_id: UUID | None, shop_id: UUID, sent: Mapping[str, tuple[CleanPicture, str] | None]
) -> None:
    for field, put in _PICTURES.items():
        given = sent[field]
        if given is not None:
            put(merchant_id, shop_id, uploads.keep_picture(*given, merchant_id))
        elif request.form.get(f"no_{field}"):
            put(merchant_id, shop_id, None)


def _save_policies(merchant_id: UUID | None, shop_id: UUID) -> None:
    given = load(PoliciesIn())
    days = given.pop("return_days")
    shop_settings.set_policies(merchant_id, shop_id, given, return_days=days)


def _save_address(merchant_id: UUID | None, shop_id: UUID) -> None:
    shop_settings.set_return_address(merchant_id, shop_id, load(AddressIn()))


def _save_hours(merchant_id: UUID | None, shop_id: UUID) -> None:
    shop_settings.set_hours(merchant_id, shop_id, load(HoursIn()))


def _save_holiday(merchant_id: UUID | None, shop_id: UUID) -> None:
    given = load(HolidayIn())
    day = given["until"]
    until = datetime.combine(day, time(), ZoneInfo(current().timezone)) if day else None
    shops.start_holiday(merchant_id, shop_id, note=given["note"], until=until)


_SAVE: Mapping[str, Callable[[UUID | None, UUID], None]] = {
    "profile": _save_profile,
    "policies": _save_policies,
    "address": _save_address,
    "hours": _save_hours,
    "holiday": _save_holiday,
}
