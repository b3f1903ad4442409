"""The settings of own goods."""

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


class OwnGoodsMoney(Schema):
    """An amount in minor units."""

    amount_minor = fields.Integer(attribute="minor")
    currency = fields.String()


class OwnGoodsOut(Schema):
    """An own listing with price and stock."""

    listing_id = fields.UUID()
    title = fields.String()
    shop = fields.String()
    state = fields.String()
    price = fields.Nested(OwnGoodsMoney)
    available = fields.Integer()
    reserved = fields.Integer()


class OwnGoodsPage(Schema):
    """A page of own listings; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(OwnGoodsOut))
    next = fields.String(allow_none=True)


class OwnGoodsQuery(Strict):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.UUID(load_default=None, allow_none=True)
