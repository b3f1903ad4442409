"""Buyers over the API, for the operator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.customers import directory
from core.http.answers import Answer
from core.identity.principals import Realm
from web.api.surface import Strict, api_edge, resource

blueprint = resource("customers", "/customers", "Buyers of the marketplace")


class BuyersQuery(Strict):
    """How the list is narrowed and paged."""

    q = fields.String(load_default="", validate=validate.Length(max=80))
    kind = fields.String(load_default="", validate=validate.OneOf(directory.KINDS))
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class BuyerOut(Schema):
    """A buyer, with an account or a guest of one address."""

    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    phone = fields.String()
    has_account = fields.Boolean()
    since = fields.AwareDateTime()
    erased_at = fields.AwareDateTime(allow_none=True)


class BuyersOut(Schema):
    """A page of buyers; `next` is the cursor of the following one."""

    data = fields.List(fields.Nested(BuyerOut))
    next = fields.UUID(allow_none=True)


@blueprint.get("/")
@blueprint.arguments(BuyersQuery, location="query")
@blueprint.response(200, BuyersOut)
@api_edge(Realm.OPERATOR, "customers.view")
def list_customers(query: Mapping[str, Any]) -> Answer:
    """List buyers, newest first."""
    rows, following = directory.search(
        words=query["q"], kind=query["kind"], after=query["cursor"], limit=query["limit"]
    )
    return {"data": rows, "next": following}


@blueprint.get("/<uuid:customer_id>")
@blueprint.response(200, BuyerOut)
@api_edge(Realm.OPERATOR, "customers.view")
def get_customer(customer_id: UUID) -> Answer:
    """Return one buyer."""
    return directory.find(customer_id)  # type: ignore[return-value]  # smorest dumps it
