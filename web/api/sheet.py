"""Prices and stock of many variants at once over the API: all changes are made, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from core.catalogue import sheet as sheets
from core.catalogue.sheet import Change, Row
from core.http.answers import Answer
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from web.api.surface import Strict, api_edge, resource
from web.sellers import merchant_id

Values = Mapping[str, Any]
blueprint = resource("price_sheet", "/price-sheet", "Prices and stock of many variants at once")


class LineIn(Strict):
    """What a variant's line is to say; what is left out stays. A former price of null is taken away."""

    variant_id = fields.UUID(required=True)
    price_minor = fields.Integer(strict=True)
    was_minor = fields.Integer(strict=True, allow_none=True)
    on_hand = fields.Integer(strict=True)


class LinesIn(Strict):
    """The lines that change, at one place (the first, if none is named), and why the stock changes."""

    place_id = fields.UUID(load_default=None)
    reason = fields.String(load_default="API", validate=validate.Length(min=1, max=120))
    lines = fields.List(fields.Nested(LineIn), required=True, validate=validate.Length(1, sheets.MOST))


class ChangedOut(Schema):
    """How many lines are different now."""

    changed = fields.Integer()


@blueprint.patch("/")
@blueprint.arguments(LinesIn)
@blueprint.response(200, ChangedOut)
@api_edge(Realm.MERCHANT, "listings.edit")
def change_lines(body: Values) -> Answer:
    """Change prices, former prices and stock of the merchant's variants."""
    wanted = {line["variant_id"]: line for line in body["lines"]}
    found = sheets.sheet(merchant_id(), place_id=body["place_id"], variant_ids=list(wanted))
    if len(found.rows) != len(wanted):
        raise Missing("catalogue.no_variant", _("There is no such variant"))
    changes = [_change(row, wanted[row.variant_id]) for row in found.rows]
    if any(one.on_hand != one.seen.on_hand for one in changes):
        principal().require("stock.edit")
    return {"changed": sheets.change(merchant_id(), found.place_id, changes, body["reason"])}


def _change(row: Row, line: Values) -> Change:
    currency = current().currency
    price = Money(line["price_minor"], currency) if "price_minor" in line else row.price
    was = row.was
    if "was_minor" in line:
        was = Money(line["was_minor"], currency) if line["was_minor"] is not None else None
    return Change(row, price, was, line.get("on_hand", row.on_hand))
