"""The same over HTTP, below /api/v1/thanks."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from core.http.edge import edge
from core.http.schemas import Strict
from core.identity.principals import Realm
from core.kernel.tenancy import current
from galleria_thanks import services
from galleria_thanks.settings import Settings

blueprint = Blueprint("api_thanks", __name__, description="Thanks to buyers who came back")


class RegularOut(Schema):
    """A buyer who gets the discount."""

    customer_id = fields.UUID()
    name = fields.String()
    orders = fields.Integer()


class RegularsOut(Schema):
    """The most loyal buyers, most orders first."""

    data = fields.List(fields.Nested(RegularOut))


class RegularsQuery(Strict):
    """How many."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


@blueprint.get("/regulars")
@blueprint.arguments(RegularsQuery, location="query")
@blueprint.response(200, RegularsOut)
@edge(Realm.OPERATOR, "thanks.view")
def regulars(query: dict[str, Any]) -> Any:
    """List the buyers who get the discount."""
    return {"data": services.regulars(Settings.of(current()).after_orders, limit=query["limit"])}
