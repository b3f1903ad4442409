"""A merchant's shops and their delivery options in the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from core.http.answers import Answer
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.money import Money
from core.merchants import delivery, shop_settings, shops
from core.merchants.delivery import Terms
from core.merchants.values import DeliveryOption
from web.api.surface import Strict, api_edge, resource
from web.schemas.merchants import AddressIn, HoursIn, PoliciesIn, ShopIn

blueprint = resource("shops", "/shops", "Shops of a merchant: settings, holidays, delivery options")


class ShopOut(Strict):
    """A shop."""

    id = fields.UUID()
    merchant_id = fields.UUID()
    slug = fields.String()
    name = fields.String()
    story = fields.String()
    city = fields.String()
    state = fields.String()
    holiday_note = fields.String()
    holiday_until = fields.AwareDateTime(allow_none=True)
    logo_id = fields.UUID(allow_none=True)
    banner_id = fields.UUID(allow_none=True)
    policies = fields.Dict(keys=fields.String(), values=fields.String())
    return_address = fields.Dict(keys=fields.String(), values=fields.String())
    hours = fields.Dict(keys=fields.String(), values=fields.String())
    return_days = fields.Integer()
    created_at = fields.AwareDateTime()


class ShopsOut(Strict):
    """All shops of the merchant."""

    data = fields.List(fields.Nested(ShopOut))
    next = fields.String(allow_none=True)


class ShopChange(Strict):
    """What may be changed of a shop; what is left out stays."""

    name = fields.String(validate=validate.Length(min=1, max=80))
    slug = fields.String(validate=validate.Length(min=1, max=60))
    city = fields.String(validate=validate.Length(max=80))
    story = fields.String(validate=validate.Length(max=20_000))
    logo_id = fields.UUID(allow_none=True)
    banner_id = fields.UUID(allow_none=True)


class HolidayIn(Strict):
    """A break; with `until` (aware) the shop opens by itself then."""

    until = fields.AwareDateTime(load_default=None, allow_none=True)
    note = fields.String(load_default="", validate=validate.Length(max=500))


class AmountField(Strict):
    """An amount in minor units."""

    amount_minor = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    currency = fields.String(required=True, validate=validate.Length(equal=3))


class OptionIn(Strict):
    """A delivery option; days are working days."""

    code = fields.String(load_default="", validate=validate.Length(max=30))
    label = fields.String(required=True, validate=validate.Length(min=1, max=80))
    price = fields.Nested(AmountField, required=True)
    free_from = fields.Nested(AmountField, load_default=None, allow_none=True)
    min_days = fields.Integer(load_default=1, validate=validate.Range(0, 120))
    max_days = fields.Integer(load_default=5, validate=validate.Range(0, 120))
    is_active = fields.Boolean(load_default=True)


class OptionOut(OptionIn):
    """A delivery option as it is kept."""

    id = fields.UUID()
    shop_id = fields.UUID()
    position = fields.Integer()


class OptionsOut(Strict):
    """All delivery options of a shop, in order."""

    data = fields.List(fields.Nested(OptionOut))
    next = fields.String(allow_none=True)


@blueprint.get("/")
@blueprint.response(200, ShopsOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def listed() -> Answer:
    """List the merchant's shops."""
    return _value({"data": shops.of_merchant(principal().merchant_id), "next": None})


@blueprint.post("/")
@blueprint.arguments(ShopIn)
@blueprint.response(201, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def create(body: dict[str, str]) -> Answer:
    """Open a further shop."""
    return _value(shops.create(principal().merchant_id, **body))


@blueprint.get("/<uuid:shop_id>")
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def one(shop_id: UUID) -> Answer:
    """Return one of the merchant's shops."""
    return _value(shops.find(principal().merchant_id, shop_id))


@blueprint.patch("/<uuid:shop_id>")
@blueprint.arguments(ShopChange)
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def change(body: dict[str, Any], shop_id: UUID) -> Answer:
    """Change name, address, town, story or pictures of a shop."""
    merchant_id = principal().merchant_id
    known = asdict(shops.find(merchant_id, shop_id))
    texts = {name: body.get(name, known[name]) for name in ("name", "story", "city")}
    shop_settings.describe(merchant_id, shop_id, **texts)
    if "slug" in body:
        shop_settings.rename_address(merchant_id, shop_id, body["slug"])
    if "logo_id" in body:
        shop_settings.set_logo(merchant_id, shop_id, body["logo_id"])
    if "banner_id" in body:
        shop_settings.set_banner(merchant_id, shop_id, body["banner_id"])
    return _value(shops.find(merchant_id, shop_id))


@blueprint.put("/<uuid:shop_id>/policies")
@blueprint.arguments(PoliciesIn)
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def put_policies(body: dict[str, Any], shop_id: UUID) -> Answer:
    """Set the policies of a shop."""
    days = body.pop("return_days")
    return _value(shop_settings.set_policies(principal().merchant_id, shop_id, body, return_days=days))


@blueprint.put("/<uuid:shop_id>/return-address")
@blueprint.arguments(AddressIn)
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def put_return_address(body: Mapping[str, str], shop_id: UUID) -> Answer:
    """Set where buyers send goods back."""
    return _value(shop_settings.set_return_address(principal().merchant_id, shop_id, body))


@blueprint.put("/<uuid:shop_id>/hours")
@blueprint.arguments(HoursIn)
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def put_hours(body: Mapping[str, str], shop_id: UUID) -> Answer:
    """Set the opening hours of a shop."""
    return _value(shop_settings.set_hours(principal().merchant_id, shop_id, body))


@blueprint.put("/<uuid:shop_id>/holiday")
@blueprint.arguments(HolidayIn)
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def start_holiday(body: Mapping[str, Any], shop_id: UUID) -> Answer:
    """Send a shop on holiday."""
    return _value(shops.start_holiday(principal().merchant_id, shop_id, note=body["note"], until=body["until"]))


@blueprint.delete("/<uuid:shop_id>/holiday")
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def end_holiday(shop_id: UUID) -> Answer:
    """End a shop's holiday."""
    return _value(shops.end_holiday(principal().merchant_id, shop_id))


@blueprint.post("/<uuid:shop_id>/<any(close, reopen):act>")
@blueprint.response(200, ShopOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def move(shop_id: UUID, act: str) -> Answer:
    """Close a shop, or open it again."""
    carry_out = shops.close if act == "close" else shops.reopen
    return _value(carry_out(principal().merchant_id, shop_id))


@blueprint.get("/<uuid:shop_id>/delivery-options")
@blueprint.response(200, OptionsOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def options(shop_id: UUID) -> Answer:
    """List a shop's delivery options."""
    found = delivery.of_shop(principal().merchant_id, shop_id)
    return _value({"data": [_plain(option) for option in found], "next": None})


@blueprint.post("/<uuid:shop_id>/delivery-options")
@blueprint.arguments(OptionIn)
@blueprint.response(201, OptionOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def add_option(body: dict[str, Any], shop_id: UUID) -> Answer:
    """Offer a further way of delivery."""
    code = body["code"]
    return _value(_plain(delivery.add(principal().merchant_id, shop_id, _terms(body), code=code)))


@blueprint.put("/<uuid:shop_id>/delivery-options/<uuid:option_id>")
@blueprint.arguments(OptionIn)
@blueprint.response(200, OptionOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def change_option(body: dict[str, Any], shop_id: UUID, option_id: UUID) -> Answer:
    """Change a delivery option; its code stays."""
    return _value(_plain(delivery.change(principal().merchant_id, shop_id, option_id, _terms(body))))


@blueprint.delete("/<uuid:shop_id>/delivery-options/<uuid:option_id>")
@blueprint.response(204)
@api_edge(Realm.MERCHANT, "shop.manage")
def remove_option(shop_id: UUID, option_id: UUID) -> Answer:
    """Stop offering a way of delivery."""
    delivery.remove(principal().merchant_id, shop_id, option_id)
    return ""


def _terms(body: Mapping[str, Any]) -> Terms:
    return Terms(
        body["label"], _money(body["price"]), _money(body["free_from"]) if body["free_from"] else None,
        min_days=body["min_days"], max_days=body["max_days"], is_active=body["is_active"],
    )  # fmt: skip


def _money(body: Mapping[str, Any]) -> Money:
    return Money(body["amount_minor"], body["currency"])


def _plain(option: DeliveryOption) -> dict[str, object]:
    def amount(value: Money | None) -> dict[str, object] | None:
        return None if value is None else {"amount_minor": value.minor, "currency": value.currency}

    return {**asdict(option), "price": amount(option.price), "free_from": amount(option.free_from)}


def _value(value: object) -> Answer:
    """Hand a value on to the response's schema."""
    shown: Any = value
    return shown
