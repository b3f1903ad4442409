"""A shop's delivery options: add, change, order, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.tenancy import current
from core.merchants import delivery, shops
from core.merchants.delivery import Terms
from core.merchants.values import DeliveryOption
from web.merchant.shops import tabs_of
from web.merchant.surface import blueprint
from web.schemas.merchants import DeliveryIn
from web.submitting import amount, controls, load, refused, text_of


@blueprint.get("/shops/<uuid:shop_id>/delivery/new")
@edge(Realm.MERCHANT, "shop.manage")
def new_option(shop_id: UUID, error: AppError | None = None) -> Answer:
    """Show the form for a further way of delivery."""
    return _form(shop_id, None, error)


@blueprint.post("/shops/<uuid:shop_id>/delivery/new")
@edge(Realm.MERCHANT, "shop.manage", again=new_option)
def add_option(shop_id: UUID) -> Answer:
    """Offer a further way of delivery."""
    delivery.add(principal().merchant_id, shop_id, _terms(load(DeliveryIn())))
    return see(_tab(shop_id), gettext("Saved"))


@blueprint.get("/shops/<uuid:shop_id>/delivery/<uuid:option_id>")
@edge(Realm.MERCHANT, "shop.manage")
def option(shop_id: UUID, option_id: UUID, error: AppError | None = None) -> Answer:
    """Show a delivery option."""
    return _form(shop_id, delivery.find(principal().merchant_id, shop_id, option_id), error)


@blueprint.post("/shops/<uuid:shop_id>/delivery/<uuid:option_id>")
@edge(Realm.MERCHANT, "shop.manage", again=option)
def change_option(shop_id: UUID, option_id: UUID) -> Answer:
    """Change a delivery option."""
    delivery.change(principal().merchant_id, shop_id, option_id, _terms(load(DeliveryIn())))
    return see(_tab(shop_id), gettext("Saved"))


@blueprint.post("/shops/<uuid:shop_id>/delivery/<uuid:option_id>/remove")
@edge(Realm.MERCHANT, "shop.manage")
def remove_option(shop_id: UUID, option_id: UUID) -> Answer:
    """Stop offering a way of delivery."""
    delivery.remove(principal().merchant_id, shop_id, option_id)
    return see(_tab(shop_id), gettext("Removed"))


def _tab(shop_id: UUID) -> str:
    return url_for("merchant.shop", shop_id=shop_id, tab="delivery")


def _form(shop_id: UUID, found: DeliveryOption | None, error: AppError | None) -> Answer:
    shop = shops.find(principal().merchant_id, shop_id)
    items = controls(DeliveryIn(), _values(found), error)
    return page(
        "merchant/shop_option.html", shop=shop, option=found, items=items, said=refused(error),
        tabs=tabs_of(shop, "delivery"), currency=current().currency,
    )  # fmt: skip


def _values(found: DeliveryOption | None) -> Mapping[str, object]:
    if found is None:
        return {"min_days": 2, "max_days": 5, "is_active": True}
    return {
        "label": found.label, "price": text_of(found.price), "free_from": text_of(found.free_from),
        "min_days": found.min_days, "max_days": found.max_days, "is_active": found.is_active,
    }  # fmt: skip


def _terms(given: Mapping[str, Any]) -> Terms:
    free_from = amount(given["free_from"], "free_from") if given["free_from"].strip() else None
    return Terms(
        given["label"], amount(given["price"], "price"), free_from,
        min_days=given["min_days"], max_days=given["max_days"], is_active=given["is_active"],
    )  # fmt: skip
