"""Approvals over HTTP: asked for from one's cart, decided by another, put back into the cart as agreed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.http.edge import edge
from core.http.schemas import Strict
from core.identity.principals import Realm
from plugins.b2b import price_api, requisitions
from plugins.b2b.store_views import own_id, own_seat

blueprint = price_api.blueprint


class RequisitionIn(Strict):
    """What to tell the approvers."""

    note = fields.String(load_default="", validate=validate.Length(max=500))


class RequisitionDecisionIn(Strict):
    """What to do; a rejection needs a reason."""

    event = fields.String(required=True, validate=validate.OneOf(["approve", "reject", "withdraw"]))
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class RequisitionLineOut(Schema):
    """A line with what its units cost as agreed."""

    variant_id = fields.UUID()
    title = fields.String()
    sku = fields.String()
    quantity = fields.Integer()
    gross_minor = fields.Integer(attribute="gross.minor")


class RequisitionOut(Schema):
    """A basket that was asked for; `state` is waiting, approved, rejected, withdrawn, lapsed or placed."""

    id = fields.UUID()
    author = fields.String()
    approver = fields.String()
    lines = fields.List(fields.Nested(RequisitionLineOut))
    total_minor = fields.Integer(attribute="total.minor")
    note = fields.String()
    reason = fields.String()
    state = fields.String()
    purchase_id = fields.UUID(allow_none=True)
    asked_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()


class RequisitionsOut(Schema):
    """A page of approvals; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(RequisitionOut))
    next = fields.String(allow_none=True)


class RequisitionsQuery(Strict):
    """Which page."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.UUID(load_default=None, allow_none=True)


@blueprint.get("/requisitions")
@blueprint.arguments(RequisitionsQuery, location="query")
@blueprint.response(200, RequisitionsOut)
@edge(Realm.BUYER)
def all_requisitions(query: dict[str, Any]) -> Any:
    """List what was asked for, newest first: one's own, for approvers and admins the company's."""
    found, more = requisitions.seen(own_seat(), query["cursor"], query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.post("/requisitions")
@blueprint.arguments(RequisitionIn)
@blueprint.response(201, RequisitionOut)
@edge(Realm.BUYER)
def ask(body: dict[str, Any]) -> Any:
    """Ask for what is chosen in one's cart."""
    return requisitions.find(own_seat(), requisitions.ask(own_id(), body["note"]))


@blueprint.get("/requisitions/<uuid:requisition_id>")
@blueprint.response(200, RequisitionOut)
@edge(Realm.BUYER)
def requisition(requisition_id: UUID) -> Any:
    """Return what was asked for."""
    return requisitions.find(own_seat(), requisition_id)


@blueprint.post("/requisitions/<uuid:requisition_id>/decisions")
@blueprint.arguments(RequisitionDecisionIn)
@blueprint.response(201, RequisitionOut)
@edge(Realm.BUYER)
def decide(body: dict[str, Any], requisition_id: UUID) -> Any:
    """Approve or reject what somebody asked for, or take one's own back."""
    seat = own_seat()
    if body["event"] == "withdraw":
        requisitions.withdraw(seat, requisition_id)
    else:
        requisitions.decide(seat, requisition_id, body["event"], body["reason"])
    return requisitions.find(seat, requisition_id)


@blueprint.post("/requisitions/<uuid:requisition_id>/cart")
@blueprint.response(204)
@edge(Realm.BUYER)
def fill_cart(requisition_id: UUID) -> Any:
    """Put what was approved into one's cart, to be placed at the agreed prices."""
    requisitions.fill_cart(own_seat(), own_id(), requisition_id)
    return "", 204
