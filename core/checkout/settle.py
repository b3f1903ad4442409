"""What becomes of a placed purchase: paid, cancelled by the buyer, run out, or paid too late."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.billing import capture
from core.catalogue import reservations
from core.catalogue.reservations import OutOfStock
from core.checkout.place import hold_stock
from core.hooks.events import PaymentChange, PaymentEvent
from core.hooks.runtime import move, publish
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.orders import progress, timeline
from core.orders.models import OrderRow, PurchaseRow
from core.orders.snapshot import snapshot
from core.orders.states import PURCHASE
from core.payments import payments
from core.payments.models import PaymentRow


def _locked(purchase_id: UUID) -> tuple[PurchaseRow, Sequence[OrderRow]]:
    rows = lock(PurchaseRow, [purchase_id])
    if not rows:
        raise Missing("checkout.no_purchase", _("There is no such purchase"))
    ids = session().scalars(select(OrderRow.id).where(OrderRow.purchase_id == purchase_id)).all()
    return rows[0], lock(OrderRow, ids)


@payments.when_captured
def settle(payment: PaymentRow) -> None:
    """Carry out what a payment means for its purchase: pay it, or deal with its being late."""
    purchase, orders = _locked(payment.purchase_id)
    if purchase.state == "paid":
        return
    if purchase.state == "pending":
        reservations.allocate(purchase.id)
        _pay(purchase, orders, payment)
    elif purchase.state == "expired" and _hold_again(orders):
        _pay(purchase, orders, payment)
    else:
        _send_back_late(purchase, orders, payment)


def _hold_again(orders: Sequence[OrderRow]) -> bool:
    """Reserve once more for a payment that came after the reservation had run out; False if goods are gone."""
    try:
        with session().begin_nested():
            hold_stock([snapshot(order.id) for order in orders], None)
    except OutOfStock:
        return False
    return True


def _pay(purchase: PurchaseRow, orders: Sequence[OrderRow], payment: PaymentRow) -> None:
    now = clock.now()
    move(PURCHASE, purchase, "paid")
    purchase.paid_at, purchase.expires_at = now, None
    jobs.cancel(f"purchase.expire:{purchase.id}")
    for order in orders:
        progress.advance(order, "paid", at=now)
        frozen = snapshot(order.id)
        capture.post_capture(frozen, payment.provider)
        publish(PaymentEvent(new_id(), now, PaymentChange.CAPTURED, order.id, frozen.total), subject=order.id)
    jobs.soon("messages.order_placed", {"purchase": str(purchase.id)})


def _send_back_late(purchase: PurchaseRow, orders: Sequence[OrderRow], payment: PaymentRow) -> None:
    amount = Money(payment.amount_minor, payment.currency)
    payment.state = "late"
    capture.post_late(f"payment:{payment.id}:late", payment.provider, amount)
    payments.send_back(payment.id, amount, key=f"late:{payment.id}")
    if purchase.state == "expired":
        move(PURCHASE, purchase, "cancelled", reason="late_payment")
    for order in orders:
        if order.state == "pending_payment":
            order.cancel_reason = "late_payment"
            progress.advance(order, "cancelled", reason="late_payment")
        else:
            timeline.note(order.id, "late_payment", {"amount_minor": amount.minor, "currency": amount.currency})
    jobs.soon("messages.payment_late", {"purchase": str(purchase.id)})


def cancel(purchase_id: UUID) -> None:
    """Cancel a purchase that is not paid: stock and coupons come back. Raise Conflict once it is paid."""
    purchase, orders = _locked(purchase_id)
    if purchase.state == "paid":
        raise Conflict("checkout.paid_already", _("This is paid already; ask the shop to cancel"))
    if purchase.state == "cancelled":
        return
    reservations.release(purchase.id)
    move(PURCHASE, purchase, "cancelled")
    jobs.cancel(f"purchase.expire:{purchase.id}")
    payments.ask_to_cancel(purchase.id)
    _cancel_orders(orders, "buyer")


def _cancel_orders(orders: Sequence[OrderRow], reason: str) -> None:
    for order in orders:
        if order.state == "pending_payment":
            order.cancel_reason = reason
            progress.advance(order, "cancelled", reason=reason)


@jobs.job("checkout.expire")
def _expire(payload: jobs.Payload) -> None:
    """Give the goods back when nobody has paid in time; the orders end once the provider has given the payment up."""
    purchase, _orders = _locked(UUID(payload["purchase"]))
    if purchase.state != "pending":
        return
    reservations.release(purchase.id)
    move(PURCHASE, purchase, "expired")
    payments.ask_to_cancel(purchase.id)


@payments.when_cancelled
def _given_up(payment: PaymentRow) -> None:
    purchase, orders = _locked(payment.purchase_id)
    if purchase.state == "expired":
        _cancel_orders(orders, "not_paid")


def settle_free(purchase_id: UUID) -> None:
    """Settle a purchase that costs nothing: no provider is asked."""
    if payments.of_purchase(purchase_id).provider == "none":
        query = select(PaymentRow).where(PaymentRow.purchase_id == purchase_id).with_for_update()
        payments.captured(session().scalars(query).one(), "none")
