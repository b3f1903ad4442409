"""Stock in the API: levels by place, bookings, and the movements that explain them."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from core.catalogue import stock
from core.http.answers import Answer
from core.identity.principals import Realm
from web.api.answers import answer, cursor, limit, listed
from web.api.surface import api_edge, resource
from web.schemas.catalogue import Body, StockBody
from web.sellers import merchant_id

blueprint: Blueprint = resource("stock", "/stock", "How many of each variant lie where")


@blueprint.get("/")
@api_edge(Realm.MERCHANT, "listings.view")
def levels() -> Answer:
    """List levels by variant and place; ?low=1 only those that are low."""
    found = stock.levels(merchant_id(), search=request.args.get("q", ""), only_low=request.args.get("low") == "1",
                         after=cursor(), limit=limit())  # fmt: skip
    return listed(found.rows, found.next)


@blueprint.get("/locations")
@api_edge(Realm.MERCHANT, "listings.view")
def locations() -> Answer:
    """List the merchant's places."""
    return listed(stock.locations(merchant_id()))


@blueprint.get("/<uuid:variant_id>/movements")
@api_edge(Realm.MERCHANT, "listings.view")
def movements(variant_id: UUID) -> Answer:
    """List a variant's movements, newest first, each with the balance after it."""
    rows = stock.movements(variant_id, merchant_id=merchant_id(), before=cursor(), limit=limit())
    return listed(rows, rows[-1].id if len(rows) == limit() else None)


@blueprint.post("/<uuid:variant_id>")
@blueprint.arguments(StockBody)
@api_edge(Realm.MERCHANT, "stock.edit")
def book(body: Body, variant_id: UUID) -> Answer:
    """Set what was counted, book a receipt, or set the number that counts as low."""
    merchant, place = merchant_id(), body["location_id"]
    stock.own(variant_id, merchant)
    if body["on_hand"] is not None:
        stock.adjust(variant_id, body["on_hand"], body["reason"], place)
    if body["receive"] is not None:
        stock.receive(variant_id, body["receive"], kind="receipt", reason=body["reason"], location_id=place)
    if body["low_at"] is not None:
        stock.warn_at(variant_id, body["low_at"], place)
    return answer({"data": stock.levels(merchant, variant_id=variant_id).rows})
