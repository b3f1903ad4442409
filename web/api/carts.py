"""The cart in the API: a buyer's by session, a guest's by the token in the header Cart-Token."""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields, validate

from core.checkout import cart as carts
from core.checkout.cart import Cart
from core.checkout.models import CartRow
from core.checkout.quote import Quote, QuoteLine, ShopQuote, quote
from core.hooks.checkout import CheckoutField
from core.hooks.types import answer_key
from core.http.errors import refusal
from core.identity.principals import Realm
from core.kernel.money import Money
from web.api.surface import Strict, api_edge, resource
from web.shopping import owner, viewer

blueprint = resource("carts", "/cart", "What a buyer means to buy")


class LineIn(Strict):
    """Units of a variant to add."""

    variant_id = fields.UUID(required=True)
    quantity = fields.Integer(load_default=1, validate=validate.Range(1, carts.MOST_UNITS), strict=True)


class QuantityIn(Strict):
    """How many units a line has; 0 takes it out."""

    quantity = fields.Integer(required=True, validate=validate.Range(0, carts.MOST_UNITS), strict=True)


class CodeIn(Strict):
    """A coupon's code."""

    code = fields.String(required=True, validate=validate.Length(1, 40))


class AnswersIn(Strict):
    """Answers to checkout questions by name; an empty one takes the answer back."""

    answers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class DeliveryIn(Strict):
    """A shop's way of delivery."""

    code = fields.String(required=True)


def _minor(amount: Money | None) -> int | None:
    return amount.minor if amount is not None else None


def _line(line: QuoteLine) -> dict[str, object]:
    priced = line.priced
    return {
        "id": str(line.id), "variant_id": str(line.good.variant_id), "title": line.good.title, "sku": line.good.sku,
        "quantity": line.quantity, "is_selected": line.is_selected, "unit_price_minor": line.good.price.minor,
        "price_when_added_minor": _minor(line.was_seen), "problem": line.problem or None,
        "gross_minor": _minor(priced.gross if priced else None), "paid_minor": _minor(priced.paid if priced else None),
    }  # fmt: skip


def _shop(shop: ShopQuote) -> dict[str, object]:
    return {
        "shop_id": str(shop.shop_id), "name": shop.name, "lines": [_line(line) for line in shop.lines],
        "delivery_minor": shop.delivery.minor,
        "deliveries": [
            {"code": c.code, "label": c.label, "price_minor": c.price.minor, "min_days": c.min_days,
             "max_days": c.max_days, "is_chosen": c.is_chosen}
            for c in shop.choices
        ],
    }  # fmt: skip


def _field(field: CheckoutField, found: Quote) -> dict[str, object]:
    return {
        "name": answer_key(field.name, field.line_id), "label": field.label, "kind": field.kind.value,
        "required": field.required, "choices": [{"value": v, "label": label} for v, label in field.choices],
        "answer": found.basket.answer(field.name, field.line_id),
    }  # fmt: skip


def dumped(found: Quote, token: str | None) -> dict[str, object]:
    """Return a quote as JSON; `token` is a new guest's, to be sent back as Cart-Token."""
    return {
        "token": token, "currency": found.basket.currency, "total_minor": found.total.minor,
        "can_place": found.can_place, "codes": list(found.codes), "shops": [_shop(shop) for shop in found.shops],
        "reasons": [{"label": r.label, "amount_minor": r.amount.minor} for r in found.reasons],
        "fields": [_field(field, found) for field in found.fields],
        "violations": [{"code": v.code, "message": refusal(v)} for v in found.violations],
    }  # fmt: skip


def _answer(row: CartRow | Cart | None, token: str | None = None) -> dict[str, object]:
    return dumped(quote(row, viewer()), token)


@blueprint.get("")
@api_edge(Realm.BUYER, login=False)
def show() -> dict[str, object]:
    """Return the cart as it can be bought now."""
    return _answer(carts.find(owner()))


@blueprint.post("/lines")
@blueprint.arguments(LineIn)
@api_edge(Realm.BUYER, login=False)
def add(body: dict[str, object]) -> tuple[dict[str, object], int]:
    """Add units of a variant; a guest without a token gets one."""
    row, fresh = carts.open_cart(owner())
    carts.add(row, UUID(str(body["variant_id"])), int(str(body["quantity"])))
    return _answer(row, fresh), 201


@blueprint.patch("/lines/<uuid:line_id>")
@blueprint.arguments(QuantityIn)
@api_edge(Realm.BUYER, login=False)
def change(body: dict[str, int], line_id: UUID) -> dict[str, object]:
    """Set how many units a line has."""
    row, _fresh = carts.open_cart(owner())
    carts.set_quantity(row, line_id, body["quantity"])
    return _answer(row)


@blueprint.post("/codes")
@blueprint.arguments(CodeIn)
@api_edge(Realm.BUYER, login=False)
def add_code(body: dict[str, str]) -> tuple[dict[str, object], int]:
    """Add a coupon's code; whether it counts shows in the reasons, why not in the violations."""
    row, fresh = carts.open_cart(owner())
    carts.add_code(row, body["code"])
    return _answer(row, fresh), 201


@blueprint.delete("/codes/<code>")
@api_edge(Realm.BUYER, login=False)
def remove_code(code: str) -> dict[str, object]:
    """Take a code out."""
    row, _fresh = carts.open_cart(owner())
    carts.remove_code(row, code)
    return _answer(row)


@blueprint.put("/deliveries/<uuid:shop_id>")
@blueprint.arguments(DeliveryIn)
@api_edge(Realm.BUYER, login=False)
def choose_delivery(body: dict[str, str], shop_id: UUID) -> dict[str, object]:
    """Choose how a shop delivers."""
    row, _fresh = carts.open_cart(owner())
    carts.choose_delivery(row, shop_id, body["code"])
    return _answer(row)


@blueprint.put("/answers")
@blueprint.arguments(AnswersIn)
@api_edge(Realm.BUYER, login=False)
def answer(body: dict[str, dict[str, str]]) -> dict[str, object]:
    """Answer checkout questions; the total that comes back counts them."""
    row, fresh = carts.open_cart(owner())
    carts.answer(row, body["answers"])
    return _answer(row, fresh)
