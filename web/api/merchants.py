"""Merchants in the API: the operator reviews them, a merchant reads itself and applies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields, validate

from core.http.answers import Answer
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Invalid, _
from core.merchants import applying, directory, documents, reviewing
from core.merchants.applying import KINDS, Application
from core.merchants.values import Merchant
from web.api.surface import Strict, api_edge, resource
from web.schemas.merchants import AddressIn

blueprint = resource("merchants", "/merchants", "Who sells, and who wants to")

LIMIT = 50


class MerchantOut(Strict):
    """A merchant."""

    id = fields.UUID()
    name = fields.String()
    kind = fields.String()
    country = fields.String()
    email = fields.String()
    phone = fields.String()
    registration_number = fields.String()
    tax_number = fields.String()
    address = fields.Dict(keys=fields.String(), values=fields.String())
    state = fields.String()
    note = fields.String()
    is_house = fields.Boolean()
    created_at = fields.AwareDateTime()
    applied_at = fields.AwareDateTime(allow_none=True)
    approved_at = fields.AwareDateTime(allow_none=True)


class MerchantsOut(Strict):
    """A page of merchants."""

    data = fields.List(fields.Nested(MerchantOut))
    next = fields.UUID(allow_none=True)


class RequirementOut(Strict):
    """Something to supply."""

    code = fields.String()
    label = fields.String()
    kind = fields.String()
    blocks = fields.List(fields.String())


class DocumentOut(Strict):
    """Something that was supplied."""

    id = fields.UUID()
    requirement = fields.String()
    media_id = fields.UUID(allow_none=True)
    state = fields.String()
    note = fields.String()
    created_at = fields.AwareDateTime()


class LackOut(Strict):
    """Something that is missing."""

    path = fields.String()
    message = fields.String()


class ApplicationOut(Strict):
    """Where an application stands."""

    merchant = fields.Nested(MerchantOut)
    required = fields.List(fields.Nested(RequirementOut))
    documents = fields.List(fields.Nested(DocumentOut))
    lacks = fields.List(fields.Nested(LackOut))
    is_editable = fields.Boolean()


class DecisionIn(Strict):
    """A decision's reason; asking, rejecting and suspending need one."""

    reason = fields.String(load_default="", validate=validate.Length(max=2000))


class MerchantIn(Strict):
    """What an applicant changes."""

    name = fields.String(validate=validate.Length(min=1, max=120))
    kind = fields.String(validate=validate.OneOf(KINDS))
    country = fields.String(validate=validate.Length(equal=2))
    email = fields.Email()
    phone = fields.String(validate=validate.Length(max=40))
    registration_number = fields.String(validate=validate.Length(max=60))
    tax_number = fields.String(validate=validate.Length(max=60))
    address = fields.Nested(AddressIn)


class DocumentIn(Strict):
    """A stored file; without one, agreement to a statement."""

    media_id = fields.UUID(load_default=None, allow_none=True)


@blueprint.get("/")
@blueprint.response(200, MerchantsOut)
@api_edge(Realm.OPERATOR, "merchants.review")
def listed() -> Answer:
    """List merchants, newest first: `state`, `q`, `limit` up to 100, `cursor`."""
    limit = max(1, min(request.args.get("limit", LIMIT, type=int), 100))
    found = directory.search(
        state=request.args.get("state"), words=request.args.get("q", ""), before=_cursor(), limit=limit + 1
    )
    return _value({"data": found[:limit], "next": found[limit - 1].id if len(found) > limit else None})


@blueprint.get("/<uuid:merchant_id>")
@blueprint.response(200, ApplicationOut)
@api_edge(Realm.OPERATOR, "merchants.review")
def one(merchant_id: UUID) -> Answer:
    """Return a merchant with what is required of it and what it has handed in."""
    return _value(applying.application(merchant_id))


@blueprint.post("/<uuid:merchant_id>/<any(approve, ask, reject, suspend, restore, close):decision>")
@blueprint.arguments(DecisionIn)
@blueprint.response(200, MerchantOut)
@api_edge(Realm.OPERATOR, "merchants.review")
def decide(body: Mapping[str, str], merchant_id: UUID, decision: str) -> Answer:
    """Approve, ask, reject, suspend, restore or close a merchant."""
    return _value(_decided(merchant_id, decision, body["reason"]))


@blueprint.get("/me")
@blueprint.response(200, ApplicationOut)
@api_edge(Realm.MERCHANT)
def me() -> Answer:
    """Return the merchant's own application."""
    return _value(applying.application(principal().merchant_id))


@blueprint.patch("/me")
@blueprint.arguments(MerchantIn)
@blueprint.response(200, ApplicationOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def change_me(body: dict[str, Any]) -> Answer:
    """Change the application while it is the applicant's turn."""
    merchant_id, address = principal().merchant_id, body.pop("address", None)
    applying.edit(merchant_id, body)
    if address is not None:
        applying.set_address(merchant_id, address)
    return _value(applying.application(merchant_id))


@blueprint.put("/me/documents/<string:requirement>")
@blueprint.arguments(DocumentIn)
@blueprint.response(200, DocumentOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def hand_in(body: Mapping[str, UUID | None], requirement: str) -> Answer:
    """Hand in a file of one's own against a requirement, or agree to a statement."""
    merchant_id, media_id = principal().merchant_id, body["media_id"]
    if media_id is None:
        return _value(documents.agree(merchant_id, requirement))
    return _value(documents.hand_in(merchant_id, requirement, media_id))


@blueprint.post("/me/submit")
@blueprint.response(200, MerchantOut)
@api_edge(Realm.MERCHANT, "shop.manage")
def submit() -> Answer:
    """Hand the application in."""
    return _value(applying.submit(principal().merchant_id))


def _value(value: Merchant | Application | object) -> Answer:
    """Hand a value on to the response's schema."""
    shown: Any = value
    return shown


def _decided(merchant_id: UUID, decision: str, reason: str) -> Merchant:
    with_reason = {"ask": reviewing.ask, "reject": reviewing.reject, "suspend": reviewing.suspend}
    if decision in with_reason:
        return with_reason[decision](merchant_id, reason)
    if decision == "close":
        return reviewing.close(merchant_id, reason)
    return reviewing.approve(merchant_id) if decision == "approve" else reviewing.restore(merchant_id)


def _cursor() -> UUID | None:
    text = request.args.get("cursor", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid("api.bad_cursor", _("The cursor is not one of ours")) from None
