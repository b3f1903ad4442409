"""Sales over a span of days beside the span before, for a merchant about itself or an operator about all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from core.http.answers import Answer
from core.identity.principals import Realm
from core.kernel.errors import Denied, _
from core.orders import figures
from core.orders.figures import Day
from web.api.surface import Strict, api_edge, resource
from web.api.team import staff
from web.consoles.analytics import SPANS

blueprint = resource("analytics", "/analytics", "Sales by day")


class SpanQuery(Strict):
    """How many days up to today."""

    days = fields.Integer(load_default=30, validate=validate.OneOf(SPANS))


class DayOut(Schema):
    """Paid orders that were placed on one day."""

    on = fields.Date()
    orders = fields.Integer()
    sales_minor = fields.Integer()


class SellerOut(Schema):
    """A good and what was sold of it, tax left out."""

    listing_id = fields.UUID()
    title = fields.String()
    units = fields.Integer()
    sales_minor = fields.Integer()


class SalesOut(Schema):
    """The span's days and those of the span before, oldest first; changes are in basis points, null without a base."""

    currency = fields.String()
    days = fields.List(fields.Nested(DayOut))
    days_before = fields.List(fields.Nested(DayOut))
    sales_change_bps = fields.Integer(allow_none=True)
    orders_change_bps = fields.Integer(allow_none=True)
    best_sellers = fields.List(fields.Nested(SellerOut))


def _day(day: Day) -> Mapping[str, object]:
    return {"on": day.on, "orders": day.orders, "sales_minor": day.sales.minor}


@blueprint.get("/sales")
@blueprint.arguments(SpanQuery, location="query")
@blueprint.response(200, SalesOut)
@api_edge(Realm.BUYER, login=False)
def sales(query: Mapping[str, Any]) -> Answer:
    """Return sales by day and what sold best."""
    who = staff("orders.view")
    if who.realm not in (Realm.MERCHANT, Realm.OPERATOR):
        raise Denied("analytics.no_console", _("This belongs to the consoles"))
    found = figures.figures(days=query["days"], merchant_id=who.merchant_id)
    best = figures.best_sellers(days=query["days"], merchant_id=who.merchant_id)
    return {
        "currency": found.sales.currency, "days": [_day(day) for day in found.days],
        "days_before": [_day(day) for day in found.days_before], "sales_change_bps": found.sales_change,
        "orders_change_bps": found.orders_change,
        "best_sellers": [{"listing_id": s.listing_id, "title": s.title, "units": s.units,
                          "sales_minor": s.sales.minor} for s in best],
    }  # fmt: skip
