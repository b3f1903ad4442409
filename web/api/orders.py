"""Orders in the API: for their merchant and the operator, and (to see, confirm, and ask) for their buyer or guest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields, validate

from core.billing import refund_decisions, release, views
from core.billing.charges import StoredCharge
from core.billing.refund import Refund, RefundRequest
from core.billing.views import OrderView, RefundView
from core.fulfilment import shipping
from core.fulfilment.shipping import Parcel, Shipment
from core.http.edge import principal
from core.identity.approvals import Approval
from core.identity.principals import Realm
from core.kernel.errors import Denied, Invalid, Missing, Unauthenticated, _
from core.kernel.money import Money
from core.orders import progress, queries, requests
from core.orders.queries import TABS, LineView, OrderSummary, Wanted
from web.api.surface import Strict, api_edge, resource
from web.order_words import reasons
from web.price_words import PriceTold, told_prices
from web.purchases import visible_order

blueprint = resource("orders", "/orders", "A shop's part of a purchase: accept, send, refund, complete")
Json = Mapping[str, object]


class ListQuery(Strict):
    """How a list is narrowed and paged. `tab` groups states as the console does."""

    tab = fields.String(load_default="all", validate=validate.OneOf(list(TABS)))
    q = fields.String(load_default="", validate=validate.Length(max=80))
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class PartIn(Strict):
    """So many units of a line."""

    line_id = fields.UUID(required=True)
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 999_999))


class ParcelIn(Strict):
    """What is sent; without lines everything that is left."""

    carrier = fields.String(required=True, validate=validate.Length(1, 80))
    tracking = fields.String(load_default="", validate=validate.Length(max=120))
    tracking_url = fields.String(load_default="", validate=validate.Length(max=500))
    lines = fields.List(fields.Nested(PartIn), load_default=None, allow_none=True)


class RefundPartIn(Strict):
    """So many units of a line, or so much money for it while its goods stay where they are."""

    line_id = fields.UUID(required=True)
    quantity = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 999_999))
    amount_minor = fields.Integer(strict=True, load_default=0, validate=validate.Range(0))


class RefundIn(Strict):
    """What goes back to the buyer. The Idempotency-Key, or `key`, names the refund: the same one refunds once."""

    lines = fields.List(fields.Nested(RefundPartIn), load_default=list)
    delivery_minor = fields.Integer(strict=True, load_default=0, validate=validate.Range(0))
    reason = fields.String(load_default="", validate=validate.Length(max=500))
    restock = fields.Boolean(load_default=False)
    key = fields.String(load_default="", validate=validate.Length(max=255))


class ReasonIn(Strict):
    """Why; the other side reads it."""

    reason = fields.String(load_default="", validate=validate.Length(max=500))


def _scope(permission: str) -> UUID | None:
    """Return the merchant whose orders staff may touch; None for the operator's staff. Raise Denied for others."""
    who = principal()
    if who.is_guest:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    who.require(permission)
    if who.realm is Realm.OPERATOR:
        return None
    if who.realm is Realm.MERCHANT and who.merchant_id is not None:
        return who.merchant_id
    raise Denied("orders.not_staff", _("Only the shop or the marketplace may do this"))


def _visible(order_id: UUID) -> OrderView:
    """Return an order to its merchant, the operator, its buyer or its guest. Raise Missing for others."""
    if principal().realm in (Realm.OPERATOR, Realm.MERCHANT) and not principal().is_guest:
        return views.order(order_id, merchant_id=_scope("orders.view"))
    return visible_order(progress.find(order_id).purchase_id, order_id)


def dumped(order: OrderView) -> Json:
    """Return an order as the API shows it; amounts in minor units, frozen at placing."""
    return {
        "id": str(order.id), "number": order.number, "state": order.state, "purchase_id": str(order.purchase_id),
        "shop_id": str(order.shop.id), "merchant_id": str(order.merchant_id), "currency": order.total.currency,
        "goods_minor": order.goods.minor, "discount_minor": order.discount.minor, "tax_minor": order.tax.minor,
        "delivery_minor": order.delivery.minor, "total_minor": order.total.minor,
        "refunded_minor": order.refunded.minor, "placed_at": order.placed_at.isoformat(),
        "delivery": order.delivery_label, "address": dict(order.address), "cancel_reason": order.cancel_reason,
        "lines": [_line(line, order) for line in order.lines], "parcels": [_parcel(p) for p in order.parcels],
        "refunds": [_refund(r) for r in order.refunds],
    }  # fmt: skip


def _line(line: LineView, order: OrderView) -> Json:
    fee, fee_tax = views.fee_of(order.charges, line.id, order.total.currency)
    return {
        "id": str(line.id), "variant_id": str(line.variant_id), "listing_id": str(line.listing_id), "sku": line.sku,
        "title": line.title, "quantity": line.quantity, "shipped": line.shipped, "refunded": line.refunded,
        "gross_minor": line.gross.minor, "merchant_discount_minor": line.merchant_discount.minor,
        "platform_discount_minor": line.platform_discount.minor, "discounted_minor": line.discounted.minor,
        "net_minor": line.net.minor, "tax_minor": line.tax.minor, "fee_minor": fee.minor, "fee_tax_minor": fee_tax.minor,
    }  # fmt: skip


def _parcel(parcel: Parcel) -> Json:
    return {
        "id": str(parcel.id), "carrier": parcel.carrier, "tracking": parcel.tracking, "state": parcel.state,
        "tracking_url": parcel.tracking_url, "shipped_at": parcel.shipped_at.isoformat(),
        "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else None,
        "lines": [{"line_id": str(key), "quantity": units} for key, units in parcel.units.items()],
    }  # fmt: skip


def _refund(one: RefundView | Refund) -> Json:
    return {
        "id": str(one.id), "number": one.number, "amount_minor": one.amount.minor, "currency": one.amount.currency,
        "delivery_minor": one.delivery.minor, "reason": one.reason,
    }  # fmt: skip


def _summary(one: OrderSummary) -> Json:
    return {
        "id": str(one.id), "number": one.number, "state": one.state, "purchase_id": str(one.purchase_id),
        "shop_id": str(one.shop_id), "merchant_id": str(one.merchant_id), "buyer": one.buyer, "units": one.units,
        "total_minor": one.total.minor, "currency": one.total.currency, "placed_at": one.placed_at.isoformat(),
    }  # fmt: skip


@blueprint.get("")
@blueprint.arguments(ListQuery, location="query")
@api_edge(Realm.MERCHANT, login=False)
def list_orders(query: dict[str, Any]) -> Json:
    """List orders, newest first: a merchant's own, or every one for the operator."""
    wanted = Wanted(_scope("orders.view"), query["tab"], query["q"], query["cursor"], query["limit"])
    found, following = queries.orders(wanted)
    return {"data": [_summary(one) for one in found], "next": str(following) if following else None}


@blueprint.get("/<uuid:order_id>")
@api_edge(Realm.MERCHANT, login=False)
def show_order(order_id: UUID) -> Json:
    """Return an order in full."""
    return dumped(_visible(order_id))


@blueprint.get("/<uuid:order_id>/explanation")
@api_edge(Realm.MERCHANT, login=False)
def explain_order(order_id: UUID) -> Json:
    """Say how each price and each charge of an order came about, as data and in sentences, to its shop or operator."""
    order = views.order(order_id, merchant_id=_scope("orders.view"))
    said = reasons(order)
    return {
        "currency": order.total.currency,
        "prices": [_price(told) for told in told_prices(order)],
        "charges": [_charge(one, said[one.id].striptags()) for one in order.charges],
    }


def _price(told: PriceTold) -> Json:
    line = told.story.line
    return {
        "line_id": str(line.id), "title": line.title, "quantity": line.quantity, "listed_minor": told.story.listed.minor,
        "steps": [
            {"label": step.label, "amount_minor": step.amount.minor, "funded_by": step.funded_by or None,
             "plugin": step.plugin or None, "reason": step.reason or None}
            for step in told.story.steps
        ],
        "net_minor": line.net.minor, "tax_minor": line.tax.minor, "tax_bps": line.tax_bps,
        "tax_inside": told.story.is_tax_inside, "platform_discount_minor": line.platform_discount.minor,
        "paid_minor": line.paid.minor, "sentences": list(told.sentences),
    }  # fmt: skip


def _charge(one: StoredCharge, sentence: str) -> Json:
    """A charge; how it came about stands there as data for the operator, whose rates may name other merchants."""
    is_operator = principal().realm is Realm.OPERATOR
    return {
        "id": str(one.id), "line_id": str(one.line_id) if one.line_id else None, "plugin": one.plugin,
        "kind": one.kind, "payer": one.payer, "payee": one.payee, "amount_minor": one.amount.minor,
        "tax_minor": one.tax.minor, "basis_minor": one.basis.minor, "rate_bps": one.rate_bps,
        "on_refund": one.on_refund, "reversed_minor": one.reversed.minor, "reversed_tax_minor": one.reversed_tax.minor,
        "sentence": sentence, "explanation": one.explanation if is_operator else None,
    }  # fmt: skip


@blueprint.post("/<uuid:order_id>/accept")
@api_edge(Realm.MERCHANT, "orders.fulfil")
def accept_order(order_id: UUID) -> Json:
    """Take an order on."""
    progress.accept(order_id, merchant_id=_scope("orders.fulfil"))
    return dumped(_visible(order_id))


def _units(parts: list[dict[str, Any]]) -> dict[UUID, int]:
    units = {part["line_id"]: part["quantity"] for part in parts}
    if len(units) != len(parts):
        raise Invalid("orders.line_twice", _("A line is named twice"))
    return units


@blueprint.post("/<uuid:order_id>/parcels")
@blueprint.arguments(ParcelIn)
@api_edge(Realm.MERCHANT, "orders.fulfil")
def send_parcel(body: dict[str, Any], order_id: UUID) -> tuple[Json, int]:
    """Send a parcel; the order is shipped once nothing is left to send."""
    chosen = None if body["lines"] is None else _units(body["lines"])
    sent = Shipment(body["carrier"], body["tracking"], body["tracking_url"], chosen)
    key = shipping.ship(order_id, sent, merchant_id=_scope("orders.fulfil"))
    order = _visible(order_id)
    parcel = next(one for one in order.parcels if one.id == key)
    return {**_parcel(parcel), "order": dumped(order)}, 201


@blueprint.post("/<uuid:order_id>/parcels/<uuid:parcel_id>/deliver")
@api_edge(Realm.MERCHANT, "orders.fulfil")
def deliver_parcel(order_id: UUID, parcel_id: UUID) -> Json:
    """Note that a parcel has arrived."""
    shipping.deliver_parcel(order_id, parcel_id, merchant_id=_scope("orders.fulfil"))
    return dumped(_visible(order_id))


@blueprint.post("/<uuid:order_id>/confirm-receipt")
@api_edge(Realm.BUYER, login=False)
def confirm_receipt(order_id: UUID) -> Json:
    """Take the buyer's word that everything has arrived."""
    _as_buyer(order_id)
    shipping.deliver(order_id, by_buyer=True)
    return dumped(_visible(order_id))


@blueprint.post("/<uuid:order_id>/ask-to-cancel")
@blueprint.arguments(ReasonIn)
@api_edge(Realm.BUYER, login=False)
def ask_to_cancel(body: dict[str, Any], order_id: UUID) -> Json:
    """Ask the shop to cancel a paid order."""
    _as_buyer(order_id)
    requests.ask_to_cancel(order_id, body["reason"])
    return dumped(_visible(order_id))


def _as_buyer(order_id: UUID) -> None:
    """Raise Missing unless the one who asks is the buyer, or the guest, whose order it is."""
    if principal().realm is not Realm.BUYER:
        raise Missing("orders.no_order", _("There is no such order"))
    _visible(order_id)


@blueprint.post("/<uuid:order_id>/cancel")
@blueprint.arguments(ReasonIn)
@api_edge(Realm.MERCHANT, login=False)
def cancel_order(body: dict[str, Any], order_id: UUID) -> Json | tuple[Json, int]:
    """Cancel a paid order of which nothing has left: everything goes back. 202 if a second person must agree first."""
    merchant_id, by = _scope("orders.refund"), principal().person_id
    asked = refund_decisions.cancel(order_id, body["reason"], f"cancel:{order_id}", by=by, merchant_id=merchant_id)
    return dumped(_visible(order_id)) if asked is None else (_waits(asked), 202)


@blueprint.post("/<uuid:order_id>/refunds")
@blueprint.arguments(RefundIn)
@api_edge(Realm.MERCHANT, login=False)
def refund_order(body: dict[str, Any], order_id: UUID) -> tuple[Json, int]:
    """Give money back for units of lines and for delivery, once under a key. 202 if a second person must agree first."""
    merchant_id = _scope("orders.refund")
    order = progress.find(order_id, merchant_id=merchant_id)
    key = body["key"] or request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Invalid("refunds.no_key", _("Name the refund by an Idempotency-Key, so that a repeat changes nothing"))
    delivery = Money(body["delivery_minor"], order.currency) if body["delivery_minor"] else None
    units, amounts = _refunded_parts(body["lines"], order.currency)
    wanted = RefundRequest(
        order_id, units, f"api:{order.merchant_id}:{key}", body["reason"], delivery,
        restock=body["restock"], merchant_id=merchant_id, amounts=amounts,
    )  # fmt: skip
    done = refund_decisions.refund(wanted, by=principal().person_id)
    return (_refund(done), 201) if isinstance(done, Refund) else (_waits(done), 202)


def _waits(asked: Approval) -> Json:
    amount = asked.amount or Money.zero("EUR")
    return {"decision_id": str(asked.id), "state": asked.state, "amount_minor": amount.minor,
            "currency": amount.currency}  # fmt: skip


def _refunded_parts(parts: list[dict[str, Any]], currency: str) -> tuple[dict[UUID, int], dict[UUID, Money]]:
    """Return units and amounts by line. Raise Invalid for a line that has neither, or both, or stands twice."""
    if any(bool(part["quantity"]) == bool(part["amount_minor"]) for part in parts):
        raise Invalid("refunds.units_or_amount", _("Name either units or an amount for each line"))
    _units(parts)
    amounts = {part["line_id"]: Money(part["amount_minor"], currency) for part in parts if part["amount_minor"]}
    return {part["line_id"]: part["quantity"] for part in parts if part["quantity"]}, amounts


@blueprint.post("/<uuid:order_id>/complete")
@api_edge(Realm.OPERATOR, "orders.complete")
def complete_order(order_id: UUID) -> Json:
    """Complete an order before its time; its money is released."""
    release.complete(order_id)
    return dumped(_visible(order_id))
