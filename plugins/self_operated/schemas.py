"""What goes in and out of the forms and the API of own goods."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.http.schemas import Strict
from core.kernel.errors import _


class OwnGoodsSettingsSchema(Strict):
    """The mark that stands on own goods, in each language; never empty."""

    badge_en = fields.String(
        load_default="Sold by us",
        validate=[validate.Length(min=1, max=12), validate.Regexp(r".*\w", error=_("Use at least one letter."))],
        metadata={"label": _("Mark in English"), "group": _("Mark of own goods")},
    )
    badge_zh = fields.String(
        load_default="自营",
        validate=[validate.Length(min=1, max=12), validate.Regexp(r".*\w", error=_("Use at least one letter."))],
        metadata={"label": _("Mark in Chinese"), "group": _("Mark of own goods")},
    )
    cogs_at = fields.String(
        load_default="completion",
        validate=validate.OneOf(
            ["completion", "shipment"], [_("When the order is complete"), _("When the goods are sent")]
        ),
        metadata={"label": _("Own goods become cost of goods sold"), "group": _("Cost of own goods")},
    )
    below_cost = fields.String(
        load_default="warn",
        validate=validate.OneOf(["warn", "block"], [_("Point it out"), _("Do not let it be published")]),
        metadata={"label": _("A price below average cost"), "group": _("Cost of own goods")},
    )
    receipt_limit = fields.String(
        load_default="10000.00",
        validate=validate.Regexp(r"(?=.*[1-9])\d{1,12}(\.\d{1,4})?$", error=_("Give an amount above zero")),
        metadata={
            "label": _("A second person posts receipts above"),
            "hint": _("In the marketplace's currency, freight included."),
            "group": _("A second person"),
        },
    )
    count_tolerance_bps = fields.Integer(
        load_default=100,
        validate=validate.Range(min=0, max=2000),
        metadata={
            "label": _("A second person agrees to count differences above"),
            "hint": _("In hundredths of a per cent of the units expected: 100 is 1 %."),
            "group": _("A second person"),
        },
    )
    low_days = fields.Integer(
        load_default=7,
        validate=validate.Range(min=0, max=365),
        metadata={"label": _("Stock is low when it lasts for fewer days than"), "group": _("Supply")},
    )
    high_days = fields.Integer(
        load_default=90,
        validate=validate.Range(min=0, max=365),
        metadata={"label": _("Stock is high when it lasts for more days than"), "group": _("Supply")},
    )


class OwnGoodsMoney(Schema):
    """An amount in minor units."""

    amount_minor = fields.Integer(attribute="minor")
    currency = fields.String()


class OwnItemOut(Schema):
    """An own offer: units and value by the books, what the shelf says, price, margin of one unit, and supply.

    `average` is null without units; `cover_days` without sales. `reorder_at` is the number at which to order again.
    """

    offer_id = fields.UUID(attribute="offer.id")
    listing_id = fields.UUID(attribute="offer.listing_id")
    title = fields.String(attribute="offer.title")
    sku = fields.String(attribute="offer.sku")
    state = fields.String(attribute="offer.state")
    on_hand = fields.Integer()
    on_shelf = fields.Integer()
    value = fields.Nested(OwnGoodsMoney)
    average = fields.Nested(OwnGoodsMoney, allow_none=True)
    price = fields.Nested(OwnGoodsMoney, attribute="offer.price")
    net_price = fields.Nested(OwnGoodsMoney, attribute="net")
    margin_bps = fields.Integer(allow_none=True)
    cover_days = fields.Integer(allow_none=True)
    reorder_at = fields.Integer()
    is_low = fields.Boolean()
    is_high = fields.Boolean()
    is_below_cost = fields.Boolean()
    uncosted = fields.Integer()


class OwnItemsPage(Schema):
    """A page of own offers; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(OwnItemOut))
    next = fields.String(allow_none=True)


class OwnMovementOut(Schema):
    """A change of units and value; `balance` and `balance_value` are what was there right after it."""

    id = fields.UUID()
    at = fields.AwareDateTime()
    kind = fields.String()
    quantity = fields.Integer()
    value = fields.Nested(OwnGoodsMoney)
    balance = fields.Integer()
    balance_value = fields.Nested(OwnGoodsMoney)
    by_name = fields.String()


class OwnItemWithMovementsOut(OwnItemOut):
    """An own offer with its newest movements."""

    movements = fields.List(fields.Nested(OwnMovementOut))


class OwnGoodsQuery(Strict):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.UUID(load_default=None, allow_none=True)


class ReceiptLineIn(Strict):
    """Units of an own offer and what one of them costs, in minor units of the marketplace's currency."""

    offer_id = fields.UUID(required=True)
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=1_000_000))
    unit_cost_minor = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=10**12))


class ReceiptIn(Strict):
    """Goods that came in. With `is_on_shelf` the units are in stock already and only their cost is booked."""

    supplier_name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    is_person = fields.Boolean(load_default=False)
    supplier_ref = fields.String(load_default="", validate=validate.Length(max=80))
    external_key = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=120))
    is_on_shelf = fields.Boolean(load_default=False)
    freight_minor = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=10**12))
    received_on = fields.Date(load_default=None, allow_none=True)
    lines = fields.List(fields.Nested(ReceiptLineIn), required=True, validate=validate.Length(min=1, max=200))


class ReceiptLineOut(Schema):
    """A line of a receipt; `landed` is its cost with its share of freight."""

    offer_id = fields.UUID()
    title = fields.String()
    quantity = fields.Integer()
    unit_cost = fields.Nested(OwnGoodsMoney)
    landed = fields.Nested(OwnGoodsMoney)


class ReceiptHeadOut(Schema):
    """A receipt without its lines."""

    id = fields.UUID()
    number = fields.String()
    state = fields.String()
    supplier_name = fields.String()
    supplier_ref = fields.String()
    external_key = fields.String(allow_none=True)
    is_on_shelf = fields.Boolean()
    received_on = fields.Date()
    freight = fields.Nested(OwnGoodsMoney)
    total = fields.Nested(OwnGoodsMoney)
    author = fields.String()
    posted_by = fields.String()
    approved_by = fields.String()
    posted_at = fields.AwareDateTime(allow_none=True)


class ReceiptOut(ReceiptHeadOut):
    """A receipt; `waiting` is the decision that waits for a second person."""

    lines = fields.List(fields.Nested(ReceiptLineOut))
    waiting = fields.UUID(attribute="waits.id", allow_none=True)


class ReceiptsPage(Schema):
    """A page of receipts without their lines; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(ReceiptHeadOut))
    next = fields.String(allow_none=True)


class CountIn(Strict):
    """Which own offers are counted; none means all."""

    offer_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))


class CountedIn(Strict):
    """What was counted, by offer; null takes a number back."""

    counted = fields.Dict(
        keys=fields.UUID(),
        values=fields.Integer(strict=True, allow_none=True, validate=validate.Range(min=0, max=10**9)),
        required=True,
    )


class CountLineOut(Schema):
    """An offer of a count; `value` is what the difference is worth."""

    offer_id = fields.UUID()
    title = fields.String()
    expected = fields.Integer(allow_none=True)
    counted = fields.Integer(allow_none=True)
    difference = fields.Integer(allow_none=True)
    value = fields.Nested(OwnGoodsMoney)


class CountHeadOut(Schema):
    """A stock-taking without its lines; `counted` of `most` lines are filled in."""

    id = fields.UUID()
    state = fields.String()
    author = fields.String()
    approved_by = fields.String()
    created_at = fields.AwareDateTime()
    counted = fields.Integer()
    most = fields.Integer()


class CountOut(CountHeadOut):
    """A stock-taking; `waiting` is the decision that waits for a second person."""

    lines = fields.List(fields.Nested(CountLineOut))
    waiting = fields.UUID(attribute="waits.id", allow_none=True)


class CountsPage(Schema):
    """A page of counts without their lines; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(CountHeadOut))
    next = fields.String(allow_none=True)


class MarginQuery(Strict):
    """The days of a report, both included; the last 30 without them."""

    start = fields.Date(load_default=None, allow_none=True)
    last = fields.Date(load_default=None, allow_none=True)


class MarginSumOut(Schema):
    """What own goods brought in a period: net sales of completed orders less what they cost."""

    units = fields.Integer()
    net_sales = fields.Nested(OwnGoodsMoney)
    cogs = fields.Nested(OwnGoodsMoney)
    margin = fields.Nested(OwnGoodsMoney)
    margin_bps = fields.Integer(allow_none=True)
    stock_value = fields.Nested(OwnGoodsMoney)
    days_on_hand = fields.Integer(allow_none=True)
    shrinkage = fields.Nested(OwnGoodsMoney)


class MarginRowOut(MarginSumOut):
    """What one own offer brought in a period."""

    offer_id = fields.UUID()
    title = fields.String()


class MarginOut(Schema):
    """The report of margins with its sums."""

    start = fields.Date()
    last = fields.Date()
    rows = fields.List(fields.Nested(MarginRowOut))
    whole = fields.Nested(MarginSumOut)
    own_share_bps = fields.Integer(allow_none=True)
