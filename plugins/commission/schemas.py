"""What goes in and out of commission's forms and API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.http.schemas import Strict
from core.kernel.errors import _

_CURRENCY = validate.Regexp(r"[A-Z]{3}$")


def _minor(**options: object) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(min=0, max=2**53), **options)  # type: ignore[arg-type]


def _bps(**options: object) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(min=0, max=10_000), **options)  # type: ignore[arg-type]


def _amounts() -> fields.Dict:
    return fields.Dict(keys=fields.String(validate=_CURRENCY), values=_minor(), load_default=dict)


def _bases(**options: object) -> fields.String:
    return fields.String(validate=validate.OneOf(["net", "gross"], [_("Net price"), _("Price with tax")]), **options)  # type: ignore[arg-type]


def _policies(**options: object) -> fields.String:
    labels = [_("Give it back in proportion"), _("Keep it"), _("Keep the fixed part")]
    return fields.String(validate=validate.OneOf(["proportional", "keep", "keep_fixed"], labels), **options)  # type: ignore[arg-type]


class CommissionSettingsSchema(Strict):
    """A tenant's settings of commission."""

    fee_tax_bps = fields.Integer(
        load_default=2000,
        validate=validate.Range(min=0, max=3000),
        metadata={
            "label": _("Tax on commission"),
            "hint": _("In hundredths of a per cent: 2000 is 20 %."),
            "group": _("Tax"),
        },
    )
    base = _bases(
        load_default="net",
        metadata={"label": _("A new rate is a share of"), "group": _("New rates")},
    )
    on_refund = _policies(
        load_default="proportional",
        metadata={"label": _("When an order of a new rate is refunded"), "group": _("New rates")},
    )
    no_match = fields.String(
        load_default="zero",
        validate=validate.OneOf(["zero", "block"], [_("Charge nothing"), _("Do not let it be published")]),
        metadata={"label": _("A product that no rate fits"), "group": _("New rates")},
    )
    notice_days = fields.Integer(
        load_default=15,
        validate=validate.Range(min=0, max=60),
        metadata={
            "label": _("Days of notice before other rates count"),
            "hint": _("Merchants get a letter when a list is released. The European Union asks for at least 15 days."),
            "group": _("Changing the list"),
        },
    )
    second_person = fields.Boolean(
        load_default=True,
        metadata={
            "label": _("A second person releases each list after the first"),
            "group": _("Changing the list"),
        },
    )


class PriceBandSchema(Strict):
    """Listed prices of one unit: `from_minor` and above, below `to_minor`; null has no end."""

    from_minor = _minor(load_default=None, allow_none=True)
    to_minor = _minor(load_default=None, allow_none=True)


class PeriodSchema(Strict):
    """Days of the marketplace's calendar: from `start`, before `end`; null has no end."""

    start = fields.Date(load_default=None, allow_none=True)
    end = fields.Date(load_default=None, allow_none=True)


class RateWhenSchema(Strict):
    """A rate's conditions: all that are given must hold, the keys inside one are alternatives."""

    category = fields.List(fields.UUID(), metadata={"description": "These categories and all below them."})
    product = fields.List(fields.UUID(), metadata={"description": "These listings."})
    shop = fields.List(fields.UUID())
    merchant = fields.List(fields.UUID())
    price = fields.Dict(
        keys=fields.String(validate=_CURRENCY),
        values=fields.Nested(PriceBandSchema),
        metadata={"description": "A price band by currency; an order in another currency does not fit."},
    )
    period = fields.Nested(PeriodSchema)
    model = fields.List(
        fields.String(validate=validate.Regexp(r"[a-z][a-z0-9_]*(:[^,]{1,80})?$")),
        metadata={"description": 'Operating models: "ordinary", a plugin that labels orders, or "plugin:value".'},
    )


class TierSchema(Strict):
    """A percentage up to a monthly volume, this volume included; the last one has no bound."""

    up_to_minor = _minor(load_default=None, allow_none=True)
    percent_bps = _bps(required=True)


class RateIn(Strict):
    """A rate of the list. Amounts are minor units by currency: {"EUR": 50}."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=80))
    when = fields.Nested(RateWhenSchema, load_default=dict)
    percent_bps = _bps(load_default=0)
    per_unit = _amounts()
    per_line = _amounts()
    floor = _amounts()
    cap = _amounts()
    base = _bases(load_default=None, allow_none=True)
    on_refund = _policies(load_default=None, allow_none=True)
    tiers = fields.Dict(
        keys=fields.String(validate=_CURRENCY),
        values=fields.List(fields.Nested(TierSchema)),
        load_default=dict,
        metadata={"description": "By currency; they take the place of percent_bps there."},
    )
    tier_mode = fields.String(load_default="marginal", validate=validate.OneOf(["marginal", "whole"]))
    with_delivery = fields.Boolean(load_default=False)
    tax_bps = _bps(load_default=None, allow_none=True, metadata={"description": "Null: the marketplace's setting."})


class RateListIn(Strict):
    """The whole list, in order. `version` is the one that was read, if that matters."""

    rates = fields.List(fields.Nested(RateIn), required=True)
    version = fields.Integer(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=validate.Length(max=200))
    effective_on = fields.Date(load_default=None, allow_none=True)


class DraftIn(Strict):
    """The draft's whole list, in order. `revision` is the one that was read, if that matters."""

    rates = fields.List(fields.Nested(RateIn), required=True)
    revision = fields.Integer(load_default=None, allow_none=True)


class SubmitIn(Strict):
    """From which day the draft is to count (null: at once), and why."""

    effective_on = fields.Date(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=validate.Length(max=200))
    revision = fields.Integer(load_default=None, allow_none=True)


class CommissionReasonIn(Strict):
    """Why; the other person reads it."""

    reason = fields.String(load_default="", validate=validate.Length(max=200))


class RateOut(Schema):
    """A rate as it stands in a list, with the same in words and why it can never count, if so."""

    id = fields.UUID()
    name = fields.String()
    when = fields.Dict()
    percent_bps = fields.Integer()
    per_unit = fields.Dict(keys=fields.String(), values=fields.Integer())
    per_line = fields.Dict(keys=fields.String(), values=fields.Integer())
    floor = fields.Dict(keys=fields.String(), values=fields.Integer())
    cap = fields.Dict(keys=fields.String(), values=fields.Integer())
    base = fields.String()
    on_refund = fields.String()
    tiers = fields.Dict()
    tier_mode = fields.String()
    with_delivery = fields.Boolean()
    tax_bps = fields.Integer(allow_none=True)
    reachable = fields.Boolean()
    hidden_because = fields.String()
    sentence = fields.String()


class RateListOut(Schema):
    """A version with its rates in order."""

    version = fields.Integer()
    rates = fields.List(fields.Nested(RateOut))


class DraftOut(Schema):
    """The list that is being worked on; `earliest_on` is the first day from which it may count, null for at once."""

    state = fields.String()
    revision = fields.Integer()
    based_on = fields.Integer()
    reason = fields.String()
    effective_on = fields.Date(allow_none=True)
    earliest_on = fields.Date(allow_none=True)
    needs_second_person = fields.Boolean()
    rates = fields.List(fields.Nested(RateOut))


class ReleasedOut(Schema):
    """What became of a draft: waiting for a second person, or the version that it is now."""

    state = fields.String()
    version = fields.Integer(allow_none=True)


class RateVersionOut(Schema):
    """A version in the history; `since` is when it counts or counted from."""

    version = fields.Integer()
    at = fields.AwareDateTime()
    since = fields.AwareDateTime()
    is_withdrawn = fields.Boolean()
    author = fields.String()
    reason = fields.String()
    rates = fields.Integer()


class RateVersionsOut(Schema):
    """Every version, newest first."""

    data = fields.List(fields.Nested(RateVersionOut))


class CommissionTrialIn(Strict):
    """A made-up line. The price is of one unit, with tax; `volume_minor` is the month's sales before it (null: now)."""

    category_id = fields.UUID(required=True)
    shop_id = fields.UUID(required=True)
    listing_id = fields.UUID(load_default=None, allow_none=True)
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=1_000_000))
    price_minor = _minor(required=True)
    currency = fields.String(load_default=None, allow_none=True, validate=_CURRENCY)
    tax_bps = _bps(load_default=0)
    volume_minor = _minor(load_default=None, allow_none=True)


class CommissionTrialOut(Schema):
    """What it would cost, null without a rate that fits, and why."""

    fee_minor = fields.Integer(allow_none=True)
    tax_minor = fields.Integer(allow_none=True)
    currency = fields.String()
    sentences = fields.List(fields.String())
    explanation = fields.Dict()


class FutureListOut(Schema):
    """A list that is to count later, as far as it concerns the merchant."""

    version = fields.Integer()
    since = fields.AwareDateTime()
    rates = fields.List(fields.Nested(RateOut))


class OwnFeesOut(Schema):
    """The rates that a merchant's lines may fall under, now and later."""

    version = fields.Integer()
    fee_tax_bps = fields.Integer()
    rates = fields.List(fields.Nested(RateOut))
    upcoming = fields.List(fields.Nested(FutureListOut))


class SimulationIn(Strict):
    """A list to try on the orders of a period (`end` excluded); without rates the draft, or else today's list."""

    rates = fields.List(fields.Nested(RateIn), load_default=None, allow_none=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True)


class ReplayIn(Strict):
    """A period of the marketplace's calendar; `end` is excluded."""

    start = fields.Date(required=True)
    end = fields.Date(required=True)


class RunOut(Schema):
    """How far a run has come: `done` of `most` orders."""

    id = fields.UUID()
    state = fields.String()
    done = fields.Integer()
    most = fields.Integer()
    start = fields.Date(attribute="start_on")
    end = fields.Date(attribute="end_on")


class OutcomeOut(Schema):
    """A merchant, shop or category: amounts with the fees' tax, in minor units."""

    id = fields.String()
    name = fields.String()
    currency = fields.String()
    lines = fields.Integer()
    sold_minor = fields.Integer()
    was_minor = fields.Integer()
    now_minor = fields.Integer()
    change_minor = fields.Integer()
    is_negative = fields.Boolean()


class SimulationOut(RunOut):
    """What another list would have made of past orders. Nothing was posted.

    `orders_below_zero` counts orders of which the merchant would get less than nothing.
    """

    changed = fields.Integer()
    orders_below_zero = fields.Integer()
    totals = fields.List(fields.Nested(OutcomeOut))
    merchants = fields.List(fields.Nested(OutcomeOut))
    shops = fields.List(fields.Nested(OutcomeOut))
    categories = fields.List(fields.Nested(OutcomeOut))


class ReplayOut(RunOut):
    """What came out of working the charges of a period out again; there must be no difference."""

    lines = fields.Integer()
    charged = fields.Integer()
    different = fields.Integer()
    sums = fields.Dict()
    differences = fields.List(fields.Dict())
