"""One deed for many listings or orders over the API; what is refused stays as it was and is named with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from core.catalogue import bulk as listings
from core.http.answers import Answer
from core.http.errors import message
from core.identity.principals import Realm
from core.orders import bulk as orders
from web.api.listings import blueprint as listing_blueprint
from web.api.orders import blueprint as order_blueprint
from web.api.surface import Strict, api_edge
from web.sellers import merchant_id, seller

Values = Mapping[str, Any]


class ManyOrdersIn(Strict):
    """Which orders are meant."""

    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, orders.MOST))


class ManyListingsIn(Strict):
    """Which listings are meant, and what is done with them."""

    action = fields.String(required=True, validate=validate.OneOf(list(listings.DEEDS)))
    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, listings.MOST))


class RefusalOut(Schema):
    """One that stayed as it was."""

    name = fields.String()
    code = fields.String()
    message = fields.String()


class OutcomeOut(Schema):
    """What came of it; `waiting` are done in the background, because they are many."""

    done = fields.List(fields.UUID())
    refused = fields.List(fields.Nested(RefusalOut))
    waiting = fields.Integer()


@listing_blueprint.post("/bulk")
@listing_blueprint.arguments(ManyListingsIn)
@listing_blueprint.response(200, OutcomeOut)
@api_edge(Realm.MERCHANT, "listings.edit")
def act_on_listings(body: Values) -> Answer:
    """Hand in, hide, show, archive or restore many of the merchant's listings."""
    found = listings.carry_out(body["action"], body["ids"], seller())
    refused = [{"name": r.title, "code": r.error.code, "message": message(r.error)} for r in found.refused]
    return {"done": found.done, "refused": refused, "waiting": found.waiting}


@order_blueprint.post("/bulk/accept")
@order_blueprint.arguments(ManyOrdersIn)
@order_blueprint.response(200, OutcomeOut)
@api_edge(Realm.MERCHANT, "orders.fulfil")
def accept_orders(body: Values) -> Answer:
    """Take many of the merchant's orders on."""
    found = orders.accept(body["ids"], merchant_id=merchant_id())
    refused = [{"name": r.number, "code": r.error.code, "message": message(r.error)} for r in found.refused]
    return {"done": found.done, "refused": refused, "waiting": found.waiting}
