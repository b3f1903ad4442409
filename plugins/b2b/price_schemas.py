"""What goes in and out of the API of prices for companies."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.http.schemas import Strict

_COUNT = validate.Range(1, 999_999)


class CompanyBandIn(Strict):
    """A unit price from so many units on."""

    sku = fields.String(required=True, validate=validate.Length(min=1, max=100))
    from_quantity = fields.Integer(required=True, strict=True, validate=_COUNT)
    unit_minor = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10**12))


class PriceListIn(Strict):
    """A price list; `companies` are registration numbers of approved companies, none when it is for all."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=80))
    is_for_all = fields.Boolean(load_default=False)
    is_active = fields.Boolean(load_default=True)
    companies = fields.List(fields.String(validate=validate.Length(max=40)), load_default=list)
    valid_from = fields.Date(load_default=None, allow_none=True)
    valid_to = fields.Date(load_default=None, allow_none=True)
    prices = fields.List(fields.Nested(CompanyBandIn), required=True)


class CompanyBandOut(Schema):
    """A band of a list, beside the shop's own price."""

    sku = fields.String()
    title = fields.String()
    variant_id = fields.UUID()
    from_quantity = fields.Integer()
    unit_minor = fields.Integer(attribute="unit.minor")
    shop_price_minor = fields.Integer(attribute="shop_price.minor")


class PriceListHeadOut(Schema):
    """A price list; `count` is the number of its bands."""

    id = fields.UUID()
    name = fields.String()
    is_for_all = fields.Boolean()
    is_active = fields.Boolean()
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    count = fields.Integer()


class PriceListOut(PriceListHeadOut):
    """A price list with its companies and bands."""

    companies = fields.List(fields.String())
    prices = fields.List(fields.Nested(CompanyBandOut))


class PriceListsOut(Schema):
    """A merchant's price lists."""

    data = fields.List(fields.Nested(PriceListHeadOut))


class CompanyPackIn(Strict):
    """The fewest units that companies buy, and what they are multiples of."""

    sku = fields.String(required=True, validate=validate.Length(min=1, max=100))
    minimum = fields.Integer(required=True, strict=True, validate=_COUNT)
    step = fields.Integer(load_default=1, strict=True, validate=_COUNT)


class CompanyPacksIn(Strict):
    """Every quantity rule of a merchant."""

    data = fields.List(fields.Nested(CompanyPackIn), required=True)


class CompanyPackOut(Schema):
    """A quantity rule."""

    sku = fields.String()
    title = fields.String()
    minimum = fields.Integer()
    step = fields.Integer()


class CompanyPacksOut(Schema):
    """Every quantity rule of a merchant."""

    data = fields.List(fields.Nested(CompanyPackOut))


class CompanyStepOut(Schema):
    """What one unit costs from so many on."""

    from_quantity = fields.Integer()
    unit_minor = fields.Integer()


class CompanyOfferOut(Schema):
    """What one's company pays for a variant; without steps it is the shop's own price."""

    variant_id = fields.UUID()
    shop_price_minor = fields.Integer(attribute="price.minor")
    minimum = fields.Integer(attribute="pack.minimum")
    step = fields.Integer(attribute="pack.step")
    prices = fields.List(fields.Nested(CompanyStepOut))


class CompanyOffersOut(Schema):
    """What one's company pays for a listing's variants, those alone that differ from the shop's own offer."""

    data = fields.List(fields.Nested(CompanyOfferOut))
