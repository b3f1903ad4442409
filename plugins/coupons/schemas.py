"""What goes in and out of the coupons' API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.http.schemas import Strict

_MOST = 2**53


class CouponIn(Strict):
    """A coupon. Give either `amount_minor` or `percent_bps`; amounts are minor units of `currency`."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=32))
    currency = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"[A-Z]{3}$"))
    amount_minor = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=1, max=_MOST)
    )
    percent_bps = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=1, max=10_000)
    )
    minimum_minor = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=0, max=_MOST)
    )
    shop_id = fields.UUID(load_default=None, allow_none=True)
    platform_bps = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=10_000))
    starts_at = fields.AwareDateTime(load_default=None, allow_none=True)
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True)
    total_uses = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(min=1))
    uses_per_customer = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(min=1))
    is_active = fields.Boolean(load_default=True)


class CouponOut(Schema):
    """A coupon with its use."""

    id = fields.UUID()
    code = fields.String()
    currency = fields.String()
    amount_minor = fields.Integer(allow_none=True)
    percent_bps = fields.Integer(allow_none=True)
    minimum_minor = fields.Integer(allow_none=True)
    shop_id = fields.UUID(allow_none=True)
    merchant_id = fields.UUID(allow_none=True)
    platform_bps = fields.Integer()
    starts_at = fields.AwareDateTime(allow_none=True)
    ends_at = fields.AwareDateTime(allow_none=True)
    total_uses = fields.Integer(allow_none=True)
    uses_per_customer = fields.Integer(allow_none=True)
    is_active = fields.Boolean()
    used = fields.Integer()
    given_minor = fields.Integer()
    sentence = fields.String()


class CouponsOut(Schema):
    """A page of coupons; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(CouponOut))
    next = fields.String(allow_none=True)


class CouponsQuery(Strict):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.UUID(load_default=None, allow_none=True)
