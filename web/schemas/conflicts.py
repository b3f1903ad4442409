"""Bodies of disputes between buyers and merchants in the API; amounts in minor units."""

from __future__ import annotations

from marshmallow import fields, validate

from core.processes.conflicts.talking import ELSEWHERE
from web.schemas.merchants import Strict

AMOUNT = validate.Range(0)


class ConflictIn(Strict):
    """A dispute over an order of one's own."""

    order_id = fields.UUID(required=True)
    purchase_id = fields.UUID(load_default=None, allow_none=True)
    text = fields.String(required=True, validate=validate.Length(1, 4000))
    amount_minor = fields.Integer(strict=True, load_default=0, validate=AMOUNT)
    complaint_id = fields.UUID(load_default=None, allow_none=True)


class ConflictStepIn(Strict):
    """The next step: the sides' write, offer, accept, mediate, elsewhere, withdraw; the staff's take, decide and so on."""

    step = fields.String(required=True, validate=validate.OneOf([
        "write", "offer", "accept", "mediate", "elsewhere", "withdraw", "take", "decide", "conclude", "close",
    ]))  # fmt: skip
    text = fields.String(load_default="", validate=validate.Length(max=4000))
    amount_minor = fields.Integer(strict=True, load_default=0, validate=AMOUNT)
    extra_minor = fields.Integer(strict=True, load_default=0, validate=AMOUNT)
    offer_id = fields.UUID(load_default=None, allow_none=True)
    clause = fields.String(load_default="", validate=validate.Length(max=300))
    is_fraud = fields.Boolean(load_default=False)
    stage = fields.String(load_default="", validate=validate.OneOf(["", *ELSEWHERE]))
    where = fields.String(load_default="", validate=validate.Length(max=500))
    agreement = fields.String(load_default="", validate=validate.Length(max=2000))


class ConflictMessageOut(Strict):
    """What a side said; `offer_minor` is an offer, `offer_state` open, accepted or replaced."""

    id = fields.UUID()
    side = fields.String()
    text = fields.String()
    offer_minor = fields.Integer(allow_none=True)
    offer_state = fields.String()
    at = fields.AwareDateTime()


class BundleOut(Strict):
    """A bundle of evidence; `digest` is the SHA-256 of the archive."""

    id = fields.UUID()
    digest = fields.String()
    size = fields.Integer()
    at = fields.AwareDateTime()


class ConflictOut(Strict):
    """A dispute with what was said and the bundles that were made."""

    id = fields.UUID()
    number = fields.String()
    state = fields.String()
    order_id = fields.UUID()
    merchant_id = fields.UUID()
    complaint_id = fields.UUID(allow_none=True)
    opened_by = fields.String()
    text = fields.String()
    currency = fields.String()
    asked_minor = fields.Integer()
    awarded_minor = fields.Integer()
    extra_minor = fields.Integer()
    is_paid = fields.Boolean()
    wants_mediation = fields.String()
    agreement = fields.String()
    decision = fields.String()
    clause = fields.String()
    is_fraud = fields.Boolean()
    elsewhere = fields.String()
    result = fields.String()
    opened_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    messages = fields.List(fields.Nested(ConflictMessageOut))
    bundles = fields.List(fields.Nested(BundleOut))
    sig = fields.String()


class ConflictsOut(Strict):
    """A page of disputes, newest first."""

    data = fields.List(fields.Nested(ConflictOut))
    next = fields.UUID(allow_none=True)
