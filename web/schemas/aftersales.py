"""Bodies of after-sales in the API."""

from __future__ import annotations

from marshmallow import fields, validate

from core.aftersales import answering
from core.aftersales.deciding import Outcome
from core.aftersales.queries import TABS
from core.aftersales.reasons import REASONS, Ground, Kind
from web.api.orders import PartIn
from web.api.surface import Strict


class ListQuery(Strict):
    """How a list is narrowed and paged. `tab` groups states by who is next."""

    tab = fields.String(load_default="all", validate=validate.OneOf(list(TABS)))
    q = fields.String(load_default="", validate=validate.Length(max=80))
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class AskIn(Strict):
    """What a buyer asks for. `amount_minor` is for a claim, `variant_id` for an exchange."""

    order_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(Kind)))
    reason = fields.String(required=True, validate=validate.OneOf(list(REASONS)))
    lines = fields.List(fields.Nested(PartIn), required=True)
    text = fields.String(load_default="", validate=validate.Length(max=2000))
    amount_minor = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1))
    variant_id = fields.UUID(load_default=None, allow_none=True)
    is_sealed = fields.Boolean(load_default=False)


class TextIn(Strict):
    """A reason or a message; the others read it."""

    text = fields.String(load_default="", validate=validate.Length(max=2000))


class OfferIn(TextIn):
    """An amount for the buyer, who keeps the goods."""

    amount_minor = fields.Integer(required=True, strict=True, validate=validate.Range(1))


class SentIn(Strict):
    """With whom goods go."""

    carrier = fields.String(required=True, validate=validate.Length(1, 80))
    tracking = fields.String(load_default="", validate=validate.Length(max=120))
    tracking_url = fields.String(load_default="", validate=validate.Length(max=500))


class InspectIn(TextIn):
    """What was found: `is_ok` with what becomes of the goods and what is kept for wear, or not in order."""

    is_ok = fields.Boolean(required=True)
    condition = fields.String(load_default="", validate=validate.OneOf(["", *answering.CONDITIONS]))
    less_minor = fields.Integer(strict=True, load_default=0, validate=validate.Range(0))


class DecideIn(TextIn):
    """The operator's decision; `amount_minor` is for a refund of less than the whole."""

    outcome = fields.String(required=True, validate=validate.OneOf(list(Outcome)))
    amount_minor = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1))


class ExclusionIn(Strict):
    """Why a category (the operator) or the listing of an article number (a merchant) cannot be sent back."""

    ground = fields.String(required=True, validate=validate.OneOf(list(Ground)))
    category_id = fields.UUID(load_default=None, allow_none=True)
    sku = fields.String(load_default="", validate=validate.Length(max=120))
