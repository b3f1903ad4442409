"""What goes in and out of commission's forms and API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.http.schemas import Strict
from core.kernel.errors import _


def _amounts() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"[A-Z]{3}$")),
        values=fields.Integer(strict=True, validate=validate.Range(min=0, max=2**53)),
        load_default=dict,
    )


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


class RateWhenSchema(Strict):
    """A rate's conditions: all that are given must hold, the keys inside one are alternatives."""

    category = fields.List(fields.UUID(), metadata={"description": "These categories and all below them."})
    shop = fields.List(fields.UUID())
    merchant = fields.List(fields.UUID())


class RateIn(Strict):
    """A rate of the list. Amounts are minor units by currency: {"EUR": 50}."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=80))
    when = fields.Nested(RateWhenSchema, load_default=dict)
    percent_bps = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=10_000))
    per_unit = _amounts()
    per_line = _amounts()
    floor = _amounts()
    cap = _amounts()
    base = _bases(load_default=None, allow_none=True)
    on_refund = _policies(load_default=None, allow_none=True)


class RateListIn(Strict):
    """The whole list, in order; saved as a new version. `version` is the one that was read, if that matters."""

    rates = fields.List(fields.Nested(RateIn), required=True)
    version = fields.Integer(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=validate.Length(max=200))


class RateOut(Schema):
    """A rate as it stands in a version."""

    id = fields.UUID()
    name = fields.String()
    when = fields.Dict(keys=fields.String(), values=fields.List(fields.UUID()))
    percent_bps = fields.Integer()
    per_unit = fields.Dict(keys=fields.String(), values=fields.Integer())
    per_line = fields.Dict(keys=fields.String(), values=fields.Integer())
    floor = fields.Dict(keys=fields.String(), values=fields.Integer())
    cap = fields.Dict(keys=fields.String(), values=fields.Integer())
    base = fields.String()
    on_refund = fields.String()
    reachable = fields.Boolean()
    sentence = fields.String()


class RateListOut(Schema):
    """A version with its rates in order."""

    version = fields.Integer()
    rates = fields.List(fields.Nested(RateOut))


class RateVersionOut(Schema):
    """A version in the history."""

    version = fields.Integer()
    at = fields.AwareDateTime()
    author = fields.String()
    reason = fields.String()
    rates = fields.Integer()


class RateVersionsOut(Schema):
    """Every version, newest first."""

    data = fields.List(fields.Nested(RateVersionOut))


class CommissionTrialIn(Strict):
    """A made-up line. The price is of one unit, with tax."""

    category_id = fields.UUID(required=True)
    shop_id = fields.UUID(required=True)
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=1_000_000))
    price_minor = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=2**53))
    currency = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"[A-Z]{3}$"))
    tax_bps = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=10_000))


class CommissionTrialOut(Schema):
    """What it would cost, null without a rate that fits, and why."""

    fee_minor = fields.Integer(allow_none=True)
    tax_minor = fields.Integer(allow_none=True)
    currency = fields.String()
    sentences = fields.List(fields.String())
    explanation = fields.Dict()
