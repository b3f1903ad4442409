"""Quotes over HTTP: a company's requests, counters and acceptance below /quotes, a merchant's answers below /asked-quotes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.http.edge import edge
from core.http.schemas import Strict
from core.identity.principals import Realm
from plugins.b2b import quote_reading, quotes, requisition_api
from plugins.b2b.merchant_views import own
from plugins.b2b.quotes import Offer
from plugins.b2b.requisition_api import RequisitionsQuery
from plugins.b2b.store_views import own_id, own_seat

blueprint = requisition_api.blueprint
_UNITS = validate.Range(1, 999)
_MESSAGE: dict[str, Any] = {"load_default": "", "validate": validate.Length(max=1_000)}


class QuoteUnitsIn(Strict):
    """So many units of a variant."""

    variant_id = fields.UUID(required=True)
    quantity = fields.Integer(required=True, strict=True, validate=_UNITS)


class QuoteCounterIn(Strict):
    """Other quantities, and words."""

    lines = fields.List(fields.Nested(QuoteUnitsIn), required=True)
    message = fields.String(**_MESSAGE)


class QuoteAskIn(QuoteCounterIn):
    """What a shop is asked to quote."""

    shop_id = fields.UUID(required=True)


class QuoteOfferLineIn(Strict):
    """A line of an offer."""

    sku = fields.String(required=True, validate=validate.Length(min=1, max=100))
    quantity = fields.Integer(required=True, strict=True, validate=_UNITS)
    unit_minor = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10**12))


class QuoteOfferIn(Strict):
    """An offer; without `freight_minor` the shop's own delivery price counts; `is_held` keeps the units aside."""

    lines = fields.List(fields.Nested(QuoteOfferLineIn), required=True)
    days = fields.Integer(load_default=14, strict=True, validate=validate.Range(1, 180))
    freight_minor = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 10**12))
    is_held = fields.Boolean(load_default=False)
    message = fields.String(**_MESSAGE)


class QuoteDeclineIn(Strict):
    """Why there is no offer."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class QuoteAcceptIn(Strict):
    """The revision that was seen, and a stored address; without one the default."""

    revision = fields.Integer(required=True, strict=True)
    address_id = fields.UUID(load_default=None, allow_none=True)


class QuoteLineOut(Schema):
    """A line; `unit_minor` None where no price is named yet."""

    variant_id = fields.UUID()
    title = fields.String()
    sku = fields.String()
    quantity = fields.Integer()
    unit_minor = fields.Integer(allow_none=True)


class QuoteRevisionOut(Schema):
    """What one side ("company", "merchant") wrote."""

    number = fields.Integer()
    side = fields.String()
    lines = fields.List(fields.Nested(QuoteLineOut))
    freight_minor = fields.Integer(allow_none=True)
    message = fields.String()
    at = fields.AwareDateTime()


class QuoteOut(Schema):
    """A quote; `state` is asked, offered, accepted, declined, withdrawn or expired."""

    id = fields.UUID()
    number = fields.String()
    company = fields.String()
    shop_id = fields.UUID()
    state = fields.String()
    revision = fields.Integer()
    is_held = fields.Boolean()
    reason = fields.String()
    purchase_id = fields.UUID(allow_none=True)
    expires_at = fields.AwareDateTime()
    revisions = fields.List(fields.Nested(QuoteRevisionOut))


class QuotesOut(Schema):
    """A page of quotes; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(QuoteOut))
    next = fields.String(allow_none=True)


def _revision(one: quote_reading.Revision) -> dict[str, Any]:
    names = ("variant_id", "title", "sku", "quantity")
    lines = [
        {**{name: getattr(line, name) for name in names}, "unit_minor": line.unit.minor if line.unit else None}
        for line in one.lines
    ]
    freight = None if one.freight is None else one.freight.minor
    return {"number": one.number, "side": one.side, "lines": lines, "freight_minor": freight, "message": one.message,
            "at": one.at}  # fmt: skip


def _shown(one: quote_reading.Quote) -> dict[str, Any]:
    names = (
        "id",
        "number",
        "company",
        "shop_id",
        "state",
        "revision",
        "is_held",
        "reason",
        "purchase_id",
        "expires_at",
    )
    return {**{name: getattr(one, name) for name in names}, "revisions": [_revision(r) for r in one.revisions]}


def _units(body: dict[str, Any]) -> dict[UUID, int]:
    return {one["variant_id"]: one["quantity"] for one in body["lines"]}


@blueprint.get("/quotes")
@blueprint.arguments(RequisitionsQuery, location="query")
@blueprint.response(200, QuotesOut)
@edge(Realm.BUYER)
def all_quotes(query: dict[str, Any]) -> Any:
    """List the company's quotes, newest first."""
    found, more = quote_reading.of_company(own_seat().company.id, query["cursor"], query["limit"])
    return {"data": [_shown(one) for one in found], "next": str(more) if more else None}


@blueprint.post("/quotes")
@blueprint.arguments(QuoteAskIn)
@blueprint.response(201, QuoteOut)
@edge(Realm.BUYER)
def ask(body: dict[str, Any]) -> Any:
    """Ask a shop for a quote."""
    seat = own_seat()
    made = quotes.ask(seat, body["shop_id"], _units(body), body["message"])
    return _shown(quote_reading.for_seat(seat, made))


@blueprint.get("/quotes/<uuid:quote_id>")
@blueprint.response(200, QuoteOut)
@edge(Realm.BUYER)
def quote(quote_id: UUID) -> Any:
    """Return a quote of one's company."""
    return _shown(quote_reading.for_seat(own_seat(), quote_id))


@blueprint.post("/quotes/<uuid:quote_id>/counter")
@blueprint.arguments(QuoteCounterIn)
@blueprint.response(201, QuoteOut)
@edge(Realm.BUYER)
def counter(body: dict[str, Any], quote_id: UUID) -> Any:
    """Answer an offer with other quantities or words."""
    seat = own_seat()
    quotes.counter(seat, quote_id, _units(body), body["message"])
    return _shown(quote_reading.for_seat(seat, quote_id))


@blueprint.post("/quotes/<uuid:quote_id>/accept")
@blueprint.arguments(QuoteAcceptIn)
@blueprint.response(201, QuoteOut)
@edge(Realm.BUYER)
def accept(body: dict[str, Any], quote_id: UUID) -> Any:
    """Buy exactly what is offered; the purchase is to be paid."""
    seat = own_seat()
    quotes.accept(seat, own_id(), quote_id, body["revision"], body["address_id"])
    return _shown(quote_reading.for_seat(seat, quote_id))


@blueprint.post("/quotes/<uuid:quote_id>/withdraw")
@blueprint.response(204)
@edge(Realm.BUYER)
def withdraw(quote_id: UUID) -> Any:
    """Take a request back, or leave an offer."""
    quotes.withdraw(own_seat(), quote_id)
    return "", 204


@blueprint.get("/asked-quotes")
@blueprint.arguments(RequisitionsQuery, location="query")
@blueprint.response(200, QuotesOut)
@edge(Realm.MERCHANT, "b2b.sell")
def asked_quotes(query: dict[str, Any]) -> Any:
    """List what companies asked the merchant for, newest first."""
    found, more = quote_reading.of_merchant(own(), query["cursor"], query["limit"])
    return {"data": [_shown(one) for one in found], "next": str(more) if more else None}


@blueprint.post("/asked-quotes/<uuid:quote_id>/offer")
@blueprint.arguments(QuoteOfferIn)
@blueprint.response(201, QuoteOut)
@edge(Realm.MERCHANT, "b2b.sell")
def answer(body: dict[str, Any], quote_id: UUID) -> Any:
    """Offer, or replace the offer by another."""
    lines = [(one["sku"], one["quantity"], one["unit_minor"]) for one in body.pop("lines")]
    quotes.answer(own(), quote_id, Offer(lines=lines, **body))
    return _shown(quote_reading.for_merchant(own(), quote_id))


@blueprint.post("/asked-quotes/<uuid:quote_id>/decline")
@blueprint.arguments(QuoteDeclineIn)
@blueprint.response(201, QuoteOut)
@edge(Realm.MERCHANT, "b2b.sell")
def decline(body: dict[str, Any], quote_id: UUID) -> Any:
    """Offer nothing, and say why."""
    quotes.decline(own(), quote_id, body["reason"])
    return _shown(quote_reading.for_merchant(own(), quote_id))
