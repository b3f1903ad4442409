"""What goes in and out of points' API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.http.schemas import Strict


class PointsOut(Schema):
    """A buyer's points; `worth_minor` in the marketplace's currency."""

    customer_id = fields.UUID()
    points = fields.Integer()
    held = fields.Integer()
    worth_minor = fields.Integer()
    next_expiry = fields.AwareDateTime(allow_none=True)
    next_points = fields.Integer()
    rules = fields.List(fields.String())


class PointsEntryOut(Schema):
    """A change of points."""

    id = fields.UUID()
    kind = fields.String()
    points = fields.Integer()
    at = fields.AwareDateTime()
    reason = fields.String()
    order_id = fields.UUID(allow_none=True)


class PointsEntriesOut(Schema):
    """A page of changes; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(PointsEntryOut))
    next = fields.String(allow_none=True)


class PointsMemberOut(Schema):
    """A buyer with points."""

    customer_id = fields.UUID()
    name = fields.String()
    email = fields.String()
    points = fields.Integer()
    held = fields.Integer()
    worth_minor = fields.Integer(attribute="worth.minor")


class PointsMembersOut(Schema):
    """A page of buyers; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(PointsMemberOut))
    next = fields.String(allow_none=True)


class PointsAdjustIn(Strict):
    """Points to give, or below zero to take; `expires_on` is the last day of those given."""

    points = fields.Integer(required=True, strict=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=300))
    expires_on = fields.Date(load_default=None, allow_none=True)


class PointsAdjustedOut(Schema):
    """The account after it, or the decision that waits for a second person."""

    points = fields.Integer()
    decision_id = fields.UUID(allow_none=True)


class PointsMonthOut(Schema):
    """What happened to the liability in a month, in minor units."""

    month = fields.String()
    opening = fields.Integer()
    earned = fields.Integer()
    used = fields.Integer()
    returned = fields.Integer()
    withdrawn = fields.Integer()
    expired = fields.Integer()
    adjusted = fields.Integer()
    closing = fields.Integer()


class PointsLiabilityOut(Schema):
    """What is owed in points, by the accounts and by the books."""

    months = fields.List(fields.Nested(PointsMonthOut))
    accounts_minor = fields.Integer(attribute="accounts.minor")
    ledger_minor = fields.Integer(attribute="ledger.minor")


class PointsQuery(Strict):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.UUID(load_default=None, allow_none=True)
    q = fields.String(load_default="", validate=validate.Length(max=100))
