"""Mails about orders: placed, paid too late, sent, cancelled, refunded; each with a link that works for guests too."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from core.accounting import order_documents
from core.billing import views
from core.billing.views import OrderView, PurchaseView
from core.fulfilment.shipping import Parcel
from core.kernel import jobs
from core.kernel.errors import _
from core.orders import progress
from web import signing


def register() -> None:
    """Make the jobs known; importing this module has done it."""


def _send(bought: PurchaseView, title: str, paragraphs: list[str], facts: Mapping[str, str], label: str = "") -> None:
    if not bought.email:  # the buyer's data was erased
        return
    jobs.soon(
        "mail.compose",
        {
            "template": "notice",
            "to": bought.email,
            "locale": bought.locale,
            "values": {
                "title": title,
                "paragraphs": paragraphs,
                "facts": dict(facts),
                "action_label": label or _("See the order"),
                "action_path": signing.purchase_path(bought.id),
            },
        },
    )


@jobs.job("messages.order_placed")
def order_placed(payload: jobs.Payload) -> None:
    """Confirm a paid purchase."""
    bought = views.purchase(UUID(payload["purchase"]))
    shops = ", ".join(dict.fromkeys(order.shop.name for order in bought.orders))
    _send(
        bought,
        _("Your purchase {number}"),
        [
            _("Thank you. We have received your payment of {total}."),
            _("What you bought comes from {shops}. Each shop sends its own parcel; you can follow all of them here."),
        ],
        {"number": bought.number, "total": str(bought.total), "shops": shops},
        _("Follow your orders"),
    )


@jobs.job("messages.payment_late")
def payment_late(payload: jobs.Payload) -> None:
    """Say that a payment came too late and goes back."""
    bought = views.purchase(UUID(payload["purchase"]))
    _send(
        bought,
        _("Your payment for {number} came too late"),
        [
            _("Your payment of {total} reached us after the goods had gone."),
            _("We have sent the whole amount back the way it came. We are sorry."),
        ],
        {"number": bought.number, "total": str(bought.total)},
    )


@jobs.job("messages.order_changed")
def order_changed(payload: jobs.Payload) -> None:
    """Tell the buyer what became of a paid order."""
    found = progress.find(UUID(payload["order"]))
    if found.paid_at is None:
        return
    bought = views.purchase(found.purchase_id)
    order = next(one for one in bought.orders if one.id == found.id)
    _issue_documents(found.id, payload)
    if payload["kind"] == "shipped":
        _tell_shipped(bought, order)
    elif payload["kind"] == "cancelled":
        _tell_cancelled(bought, order)
    elif payload["kind"] == "refunded" and order.state != "cancelled":
        _tell_refunded(bought, order, payload["refund"])


def _issue_documents(order_id: UUID, payload: jobs.Payload) -> None:
    """Issue the invoice when the parcel leaves, and a credit note for a refund of what was invoiced."""
    if payload["kind"] == "shipped":
        order_documents.invoice(order_id)
    elif payload["kind"] == "refunded" and order_documents.issued(order_id) is not None:
        order_documents.credit(UUID(payload["refund"]))


def _tell_shipped(bought: PurchaseView, order: OrderView) -> None:
    facts = {"number": order.number, "shop": order.shop.name, "parcels": "; ".join(map(_parcel, order.parcels))}
    paragraphs = [_("{shop} has sent your order {number}."), _("On its way: {parcels}")]
    _send(bought, _("Your order {number} is on its way"), paragraphs, facts, _("Follow the parcel"))


def _parcel(parcel: Parcel) -> str:
    return " ".join(part for part in (parcel.carrier, parcel.tracking, parcel.tracking_url) if part)


def _tell_cancelled(bought: PurchaseView, order: OrderView) -> None:
    facts = {
        "number": order.number,
        "shop": order.shop.name,
        "reason": order.cancel_reason,
        "amount": str(order.refunded),
    }
    paragraphs = [_("{shop} has cancelled your order {number}."), _("The reason: {reason}")]
    if order.refunded:
        paragraphs.append(_("{amount} goes back the way it came; that takes a few days."))
    _send(bought, _("Your order {number} was cancelled"), paragraphs, facts)


def _tell_refunded(bought: PurchaseView, order: OrderView, refund_id: str) -> None:
    refund = next(one for one in order.refunds if str(one.id) == refund_id)
    facts = {"number": order.number, "amount": str(refund.amount), "reason": refund.reason}
    paragraphs = [_("{amount} of your order {number} goes back the way it came; that takes a few days.")]
    if refund.reason:
        paragraphs.append(_("The reason: {reason}"))
    _send(bought, _("A refund for your order {number}"), paragraphs, facts)
