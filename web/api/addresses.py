"""A buyer's addresses over the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.customers import addresses
from core.identity.principals import Realm
from web.api.surface import Strict, api_edge, resource
from web.store.account import customer_id

blueprint = resource("addresses", "/me/addresses", "Where a buyer's parcels go")
_LINE = validate.Length(max=120)


class PlaceSchema(Strict):
    """An address as it stands on a parcel."""

    name = fields.String(required=True, validate=_LINE)
    line1 = fields.String(required=True, validate=_LINE)
    line2 = fields.String(load_default="", validate=_LINE)
    postcode = fields.String(load_default="", validate=_LINE)
    city = fields.String(required=True, validate=_LINE)
    region = fields.String(load_default="", validate=_LINE)
    country = fields.String(required=True, validate=validate.Length(equal=2))
    phone = fields.String(load_default="", validate=_LINE)


class AddressOut(Schema):
    """A stored address."""

    id = fields.UUID()
    place = fields.Nested(PlaceSchema)
    is_default = fields.Boolean()


class AddressesOut(Schema):
    """All of them, the default first."""

    data = fields.List(fields.Nested(AddressOut))
    next = fields.String(allow_none=True)


@blueprint.get("/")
@blueprint.response(200, AddressesOut)
@api_edge(Realm.BUYER)
def list_addresses() -> Any:
    """List the addresses."""
    return {"data": addresses.addresses(customer_id()), "next": None}


@blueprint.post("/")
@blueprint.arguments(PlaceSchema)
@blueprint.response(201, AddressOut)
@api_edge(Realm.BUYER)
def add_address(body: Mapping[str, str]) -> Any:
    """Keep an address."""
    buyer = customer_id()
    return addresses.address(buyer, addresses.add(buyer, addresses.place(body)))


@blueprint.put("/<uuid:address_id>")
@blueprint.arguments(PlaceSchema)
@blueprint.response(200, AddressOut)
@api_edge(Realm.BUYER)
def edit_address(body: Mapping[str, str], address_id: UUID) -> Any:
    """Replace an address."""
    addresses.edit(customer_id(), address_id, addresses.place(body))
    return addresses.address(customer_id(), address_id)


@blueprint.put("/<uuid:address_id>/default")
@blueprint.response(200, AddressOut)
@api_edge(Realm.BUYER)
def default_address(address_id: UUID) -> Any:
    """Make it the default."""
    addresses.make_default(customer_id(), address_id)
    return addresses.address(customer_id(), address_id)


@blueprint.delete("/<uuid:address_id>")
@blueprint.response(204)
@api_edge(Realm.BUYER)
def remove_address(address_id: UUID) -> Any:
    """Forget an address."""
    addresses.remove(customer_id(), address_id)
    return ""
