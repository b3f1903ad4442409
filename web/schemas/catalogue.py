"""Bodies and answers of the catalogue's writing side in the API: money in minor units, moments with their zone."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from web.api.surface import Strict


class Amount(Strict):
    """An amount in minor units."""

    amount_minor = fields.Integer(required=True, strict=True)
    currency = fields.String(required=True, validate=validate.Length(equal=3))


class VariantIn(Strict):
    """One variant. Without `id` it is found again by its options, else by its SKU."""

    id = fields.UUID(load_default=None, allow_none=True)
    options = fields.List(fields.String(), load_default=list)
    price = fields.Nested(Amount, required=True)
    was = fields.Nested(Amount, load_default=None, allow_none=True)
    sku = fields.String(load_default="")
    weight_g = fields.Integer(load_default=0)
    barcode = fields.String(load_default="")


class VariantsIn(Strict):
    """The whole options matrix of a listing; what is left out is taken off sale."""

    option_names = fields.List(fields.String(), load_default=list)
    variants = fields.List(fields.Nested(VariantIn), required=True)
    version = fields.Integer(load_default=None, allow_none=True)


class PictureBody(Strict):
    """A picture in its place."""

    media_id = fields.UUID(required=True)
    alt = fields.String(load_default="")


class ListingBody(Strict):
    """What a listing says; with PATCH, what is left out stays."""

    title = fields.String()
    category_id = fields.UUID()
    description = fields.String()
    brand = fields.String()
    attributes = fields.Dict(keys=fields.String(), values=fields.String())
    tags = fields.List(fields.String())
    tax_bps = fields.Integer(allow_none=True)
    publish_at = fields.AwareDateTime(allow_none=True)
    unpublish_at = fields.AwareDateTime(allow_none=True)
    pictures = fields.List(fields.Nested(PictureBody))


class NewListing(ListingBody):
    """A new listing, with its variants if they are known already."""

    title = fields.String(required=True)
    category_id = fields.UUID(required=True)
    shop_id = fields.UUID(load_default=None, allow_none=True)
    external_key = fields.String(load_default=None, allow_none=True)
    option_names = fields.List(fields.String(), load_default=list)
    variants = fields.List(fields.Nested(VariantIn), load_default=list)


class ListingChange(ListingBody):
    """A change; `version` refuses it if somebody else was faster."""

    version = fields.Integer(load_default=None, allow_none=True)


class Decision(Strict):
    """Why; the merchant reads it."""

    reason = fields.String(load_default="")


class OptionBody(Strict):
    """One answer to an attribute of kind choice."""

    code = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AttributeBody(Strict):
    """A typed attribute of a category."""

    code = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["text", "number", "choice", "yes_no"]))
    unit = fields.String(load_default="")
    options = fields.List(fields.Nested(OptionBody), load_default=list)
    is_required = fields.Boolean(load_default=False)
    is_facet = fields.Boolean(load_default=False)
    position = fields.Integer(load_default=0)


class CategoryBody(Strict):
    """A new category; without a slug one is made from the name."""

    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    parent_id = fields.UUID(load_default=None, allow_none=True)
    slug = fields.String(load_default="")


class CategoryChange(Strict):
    """A change of a category; `place` is among its siblings."""

    names = fields.Dict(keys=fields.String(), values=fields.String())
    parent_id = fields.UUID(allow_none=True)
    place = fields.Integer()
    is_active = fields.Boolean()


class StockBody(Strict):
    """Units: `on_hand` sets what was counted (a reason is needed), `receive` adds, `low_at` sets the warning."""

    on_hand = fields.Integer(allow_none=True, load_default=None)
    receive = fields.Integer(allow_none=True, load_default=None)
    low_at = fields.Integer(allow_none=True, load_default=None)
    reason = fields.String(load_default="")
    location_id = fields.UUID(load_default=None, allow_none=True)


class ImportBody(Strict):
    """An import of a kept file: where products go, and whether it only tries."""

    media_id = fields.UUID(required=True)
    shop_id = fields.UUID(load_default=None, allow_none=True)
    default_category_id = fields.UUID(required=True)
    types = fields.Dict(keys=fields.String(), values=fields.UUID(), load_default=dict)
    tags = fields.Dict(keys=fields.String(), values=fields.UUID(), load_default=dict)
    is_dry_run = fields.Boolean(load_default=True)


Body = dict[str, Any]
