"""Bodies of complaints and of notices about rights in the API."""

from __future__ import annotations

from marshmallow import fields, validate

from core.processes.complaints import kinds
from core.processes.complaints.filing import CHANNELS
from core.processes.complaints.reading import VIEWS
from core.processes.rights.states import RIGHTS
from web.schemas.merchants import Strict

TEXT = validate.Length(max=4000)
TOPICS = sorted({topic for topics in kinds.TOPICS.values() for topic in topics})


class ComplaintIn(Strict):
    """What is filed. A buyer names `purchase_id` and `order_id`, or `shop` (its slug); a report `listing` (its slug).

    Staff names an order by `order_number` and says by which `channel` it came.
    """

    kind = fields.String(required=True, validate=validate.OneOf(list(kinds.TOPICS)))
    topic = fields.String(required=True, validate=validate.OneOf(TOPICS))
    text = fields.String(required=True, validate=validate.Length(10, 4000))
    wish = fields.String(load_default="", validate=validate.Length(max=1000))
    name = fields.String(load_default="", validate=validate.Length(max=120))
    email = fields.String(load_default="", validate=validate.Length(max=254))
    purchase_id = fields.UUID(load_default=None, allow_none=True)
    order_id = fields.UUID(load_default=None, allow_none=True)
    order_number = fields.String(load_default="", validate=validate.Length(max=40))
    shop = fields.String(load_default="", validate=validate.Length(max=200))
    listing = fields.String(load_default="", validate=validate.Length(max=200))
    about_on = fields.Date(load_default=None, allow_none=True)
    channel = fields.String(load_default="page", validate=validate.OneOf(CHANNELS))


class ComplaintListIn(Strict):
    """How the list is narrowed and paged."""

    view = fields.String(load_default="", validate=validate.OneOf(list(VIEWS)))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *kinds.TOPICS]))
    before = fields.UUID(load_default=None)


class MessageIn(Strict):
    """Something to say; `is_internal` is staff's alone."""

    text = fields.String(required=True, validate=validate.Length(1, 4000))
    is_internal = fields.Boolean(load_default=False)


class ComplaintStepIn(Strict):
    """The next step. Which fields count depends on it: `answer` takes offer and text, `decide` all of a decision."""

    step = fields.String(required=True, validate=validate.OneOf([
        "answer", "settle", "refuse", "withdraw", "confirm", "prove", "take", "call_in", "decide", "block", "report",
        "close",
    ]))  # fmt: skip
    text = fields.String(load_default="", validate=TEXT)
    offer = fields.String(load_default="", validate=validate.OneOf(["", *kinds.OFFERS]))
    outcome = fields.String(load_default="", validate=validate.OneOf(["", *kinds.OUTCOMES]))
    clause = fields.String(load_default="", validate=validate.Length(max=300))
    remedy = fields.String(load_default="none", validate=validate.OneOf(kinds.REMEDIES))
    cause = fields.String(load_default="other", validate=validate.OneOf(kinds.CAUSES))


class ComplaintMessageOut(Strict):
    """What a side said."""

    side = fields.String()
    text = fields.String()
    is_internal = fields.Boolean()
    at = fields.AwareDateTime()


class ComplaintOut(Strict):
    """A case. Name and address of whoever filed it are staff's alone, and the complainant's."""

    id = fields.UUID()
    number = fields.String()
    kind = fields.String()
    topic = fields.String()
    state = fields.String()
    channel = fields.String()
    order_id = fields.UUID(allow_none=True)
    listing_id = fields.UUID(allow_none=True)
    merchant_id = fields.UUID(allow_none=True)
    name = fields.String()
    email = fields.String()
    text = fields.String()
    wish = fields.String()
    owner_name = fields.String()
    offer = fields.String()
    answer = fields.String()
    outcome = fields.String()
    decision = fields.String()
    clause = fields.String()
    remedy = fields.String()
    proof = fields.String()
    filed_at = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    remedied_at = fields.AwareDateTime(allow_none=True)
    measure_at = fields.AwareDateTime(allow_none=True)
    reported_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    messages = fields.List(fields.Nested(ComplaintMessageOut))
    sig = fields.String()


class ComplaintsOut(Strict):
    """A page of cases, newest first."""

    data = fields.List(fields.Nested(ComplaintOut))
    next = fields.UUID(allow_none=True)


class NoticeIn(Strict):
    """A right holder's notice about goods, named by the slug of their page."""

    listing = fields.String(required=True, validate=validate.Length(1, 300))
    right_kind = fields.String(required=True, validate=validate.OneOf(RIGHTS))
    right_number = fields.String(load_default="", validate=validate.Length(max=120))
    holder = fields.String(required=True, validate=validate.Length(1, 200))
    email = fields.String(required=True, validate=validate.Length(3, 254))
    address = fields.String(load_default="", validate=validate.Length(max=500))
    text = fields.String(required=True, validate=validate.Length(20, 4000))
    evidence = fields.String(load_default="", validate=validate.Length(max=2000))
    is_true = fields.Boolean(required=True)


class NoticeStepIn(Strict):
    """The next step: staff's ask, act, refuse, excuse, uphold, lift; the merchant's counter; the holder's complete, prove."""

    step = fields.String(required=True, validate=validate.OneOf([
        "complete", "prove", "counter", "ask", "act", "refuse", "excuse", "uphold", "lift",
    ]))  # fmt: skip
    text = fields.String(load_default="", validate=TEXT)
    evidence = fields.String(load_default="", validate=validate.Length(max=2000))
    days = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 180))


class NoticeOut(Strict):
    """A notice with its result."""

    id = fields.UUID()
    number = fields.String()
    state = fields.String()
    right_kind = fields.String()
    right_number = fields.String()
    holder = fields.String()
    text = fields.String()
    listing_id = fields.UUID()
    listing = fields.String()
    merchant_id = fields.UUID()
    merchant = fields.String()
    question = fields.String()
    measure = fields.String()
    counter = fields.String()
    result = fields.String()
    received_at = fields.AwareDateTime()
    measure_at = fields.AwareDateTime(allow_none=True)
    countered_at = fields.AwareDateTime(allow_none=True)
    lifted_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    sig = fields.String()


class NoticesOut(Strict):
    """A page of notices, newest first."""

    data = fields.List(fields.Nested(NoticeOut))
    next = fields.UUID(allow_none=True)
