"""Placing in the API: a cart becomes a purchase, its payment is made at the provider, its orders can be read."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from uuid import UUID

from flask import request
from marshmallow import fields, validate
from sqlalchemy import select

from core.billing import charges
from core.billing.charges import StoredCharge
from core.checkout import cart as carts
from core.checkout import settle
from core.checkout.place import ADDRESS_FIELDS, Placing, place
from core.http.edge import Tx, principal
from core.identity.principals import Realm
from core.kernel.db import session
from core.kernel.errors import Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.secrets import digest
from core.kernel.tenancy import current
from core.kernel.tx import read_only, transaction
from core.orders.models import LineRow, OrderRow, PurchaseRow
from core.payments import payments
from core.payments.payments import Payment
from web.api.surface import Strict, api_edge, resource
from web.purchases import visible
from web.shopping import owner, token, viewer

blueprint = resource("purchases", "/purchases", "Carts that were placed: one payment, an order for each shop")


class AddressIn(Strict):
    """Where to deliver."""

    name = fields.String(required=True)
    line1 = fields.String(required=True)
    line2 = fields.String(load_default="")
    postcode = fields.String(load_default="")
    city = fields.String(required=True)
    region = fields.String(load_default="")
    country = fields.String(required=True, validate=validate.Length(equal=2))
    phone = fields.String(load_default="")


class PurchaseIn(Strict):
    """What a buyer confirms; another total than the expected one is refused."""

    email = fields.Email(required=True)
    address = fields.Nested(AddressIn, required=True)
    expected_total_minor = fields.Integer(strict=True, load_default=None, allow_none=True)
    answers = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    purchase: PurchaseRow
    orders: list[OrderRow]
    lines: list[LineRow]
    charges: dict[UUID, list[StoredCharge]]
    payment: Payment


def _mine(purchase_id: UUID) -> PurchaseRow:
    """Return a purchase of the one who asks: its buyer, its guest, or the operator. Raise Missing otherwise."""
    row = session().scalars(select(PurchaseRow).where(PurchaseRow.id == purchase_id)).one_or_none()
    if row is not None and principal().realm is Realm.OPERATOR and principal().may("orders.view"):
        return row
    visible(purchase_id)
    if row is None:
        raise Missing("checkout.no_purchase", _("There is no such purchase"))
    return row


def _find(purchase_id: UUID) -> _Found:
    row = _mine(purchase_id)
    orders = list(session().scalars(select(OrderRow).where(OrderRow.purchase_id == row.id).order_by(OrderRow.number)))
    ids = [order.id for order in orders]
    lines = list(session().scalars(select(LineRow).where(LineRow.order_id.in_(ids)).order_by(LineRow.position)))
    return _Found(row, orders, lines, charges.of_orders(ids), payments.of_purchase(row.id))


def _dumped(found: _Found) -> dict[str, object]:
    row, payment = found.purchase, found.payment
    return {
        "id": str(row.id), "number": row.number, "state": row.state, "currency": row.currency,
        "total_minor": row.total_minor, "placed_at": row.placed_at.isoformat(),
        "payment": {"provider": payment.provider, "reference": payment.provider_ref, "state": payment.state,
                    "client_secret": payment.client_secret, "failure": payment.failure or None},
        "orders": [_order(order, found) for order in found.orders],
    }  # fmt: skip


def _order(order: OrderRow, found: _Found) -> dict[str, object]:
    by_line = {c.line_id: c for c in found.charges[order.id] if c.payer == "merchant"}
    return {
        "id": str(order.id), "number": order.number, "state": order.state, "shop_id": str(order.shop_id),
        "merchant_id": str(order.merchant_id), "total_minor": order.total_minor,
        "delivery_minor": order.delivery_minor,
        "lines": [_line(line, by_line.get(line.id)) for line in found.lines if line.order_id == order.id],
    }  # fmt: skip


def _line(line: LineRow, charge: StoredCharge | None) -> dict[str, object]:
    return {
        "id": str(line.id), "variant_id": str(line.variant_id), "sku": line.sku, "title": line.title,
        "quantity": line.quantity, "gross_minor": line.gross_minor,
        "merchant_discount_minor": line.merchant_discount_minor,
        "platform_discount_minor": line.platform_discount_minor, "discounted_minor": line.discounted_minor,
        "net_minor": line.net_minor, "tax_minor": line.tax_minor,
        "fee_minor": charge.amount.minor if charge else 0, "fee_tax_minor": charge.tax.minor if charge else 0,
    }  # fmt: skip


def _key() -> str:
    """Return the placing key: the caller's, or one that never repeats. Raise Invalid for one that is too long."""
    given = request.headers.get("Idempotency-Key", "")
    if len(given) > 255:
        raise Invalid("idempotency.key", _("An idempotency key has at most 255 characters"))
    return f"{principal().identity}:{digest(token() or '')[:12]}:{given}" if given else f"once:{new_id()}"


@blueprint.post("")
@blueprint.arguments(PurchaseIn)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def create(body: dict[str, object]) -> tuple[dict[str, object], int]:
    """Place what is chosen in the cart and create its payment. The same Idempotency-Key places once."""
    with transaction():
        placing = _placing(body)
        purchase_id = place(carts.find(owner()), placing)
        settle.settle_free(purchase_id)
    with read_only():
        payment = payments.of_purchase(purchase_id)
    payments.start(payment)
    with read_only():
        return _dumped(_find(purchase_id)), 201


def _placing(body: dict[str, object]) -> Placing:
    address = typing.cast("dict[str, str]", body["address"])
    expected = typing.cast("int | None", body["expected_total_minor"])
    return Placing(
        viewer=viewer(),
        email=str(body["email"]),
        address={name: address.get(name, "") for name in ADDRESS_FIELDS},
        key=_key(),
        expected=None if expected is None else Money(expected, current().currency),
        guest_token=token() or "",
        answers=typing.cast("dict[str, str]", body["answers"]),
    )


@blueprint.get("/<uuid:purchase_id>")
@api_edge(Realm.BUYER, login=False)
def show(purchase_id: UUID) -> dict[str, object]:
    """Return a purchase with its orders."""
    return _dumped(_find(purchase_id))


@blueprint.post("/<uuid:purchase_id>/cancel")
@api_edge(Realm.BUYER, login=False)
def cancel(purchase_id: UUID) -> dict[str, object]:
    """Cancel a purchase before it is paid."""
    _mine(purchase_id)
    settle.cancel(purchase_id)
    return _dumped(_find(purchase_id))
