"""Letting people in by hand: the platform names a marketplace's operators, an operator takes in merchants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.http.edge import Tx
from core.identity import accounts
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import bind, current
from core.kernel.tx import transaction
from core.merchants import delivery, house, onboarding
from core.merchants.delivery import Terms
from core.merchants.onboarding import Newcomer
from tenants import values
from web.api.surface import Strict, api_edge, resource

operators = resource("operators", "/tenants/<uuid:tenant_id>/operators", "The people who run a marketplace")
newcomers = resource("newcomers", "/newcomers", "Merchants whom the operator takes in by hand")
_TEXT = validate.Length(min=1, max=120)


class PersonIn(Strict):
    """Someone who can sign in at once with this password."""

    email = fields.Email(required=True)
    name = fields.String(required=True, validate=_TEXT)
    password = fields.String(required=True, load_only=True, validate=validate.Length(min=10, max=300))


class PersonOut(Schema):
    """The account that was made."""

    id = fields.UUID()


class NewcomerIn(Strict):
    """A merchant with a first shop; `owner` may sign in to it."""

    name = fields.String(required=True, validate=_TEXT)
    email = fields.Email(required=True)
    kind = fields.String(load_default="company", validate=validate.OneOf(["person", "company"]))
    country = fields.String(load_default="", validate=validate.Length(max=2))
    shop_name = fields.String(load_default="", validate=validate.Length(max=80))
    shop_slug = fields.String(load_default="", validate=validate.Length(max=60))
    delivery_label = fields.String(load_default="Standard", validate=_TEXT)
    delivery_minor = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0))
    owner = fields.Nested(PersonIn, load_default=None, allow_none=True)


class HouseIn(Strict):
    """Who works for the marketplace's own shop, and what its delivery costs."""

    owner = fields.Nested(PersonIn, required=True)
    delivery_label = fields.String(load_default="Standard", validate=_TEXT)
    delivery_minor = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0))


class NewcomerOut(Schema):
    """The merchant and its shop."""

    merchant_id = fields.UUID()
    shop_id = fields.UUID()


@operators.post("")
@operators.arguments(PersonIn)
@operators.response(201, PersonOut)
@api_edge(Realm.PLATFORM, "tenants.manage", tx=Tx.OWN)
def add_operator(body: dict[str, str], tenant_id: UUID) -> Any:
    """Make an owner of a marketplace."""
    tenant = values.find(tenant_id)
    if tenant is None:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    with bind(tenant), transaction():
        user_id = accounts.create_staff(Realm.OPERATOR, body["email"], body["name"], body["password"])
    return {"id": user_id}


@newcomers.post("")
@newcomers.arguments(NewcomerIn)
@newcomers.response(201, NewcomerOut)
@api_edge(Realm.OPERATOR, "merchants.review")
def take_in(body: dict[str, Any]) -> Any:
    """Take in a merchant: approved, with an open shop that can sell."""
    owner = body.pop("owner")
    price = Money(body.pop("delivery_minor"), current().currency)
    merchant_id, shop_id = onboarding.take_in(Newcomer(**body, delivery=price))
    if owner:
        accounts.create_staff(Realm.MERCHANT, owner["email"], owner["name"], owner["password"], merchant_id=merchant_id)
    return {"merchant_id": merchant_id, "shop_id": shop_id}


@newcomers.put("/house")
@newcomers.arguments(HouseIn)
@newcomers.response(200, NewcomerOut)
@api_edge(Realm.OPERATOR, "merchants.review")
def open_house(body: dict[str, Any]) -> Any:
    """Open the marketplace's own shop where there is none, and let someone work for it."""
    merchant_id, shop_id = house.house_id(), house.ensure_house_shop()
    if not delivery.of_shop(merchant_id, shop_id):
        price = Money(body["delivery_minor"], current().currency)
        delivery.add(merchant_id, shop_id, Terms(body["delivery_label"], price))
    owner = body["owner"]
    accounts.create_staff(Realm.MERCHANT, owner["email"], owner["name"], owner["password"], merchant_id=merchant_id)
    return {"merchant_id": merchant_id, "shop_id": shop_id}
