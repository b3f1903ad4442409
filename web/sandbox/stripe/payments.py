"""What happens to a payment intent: attempts, what buyers do about them, captures and cancellations.

The endpoints, the hosted pages and the control port all go through here, so that each leaves the same traces.
"""

from collections.abc import Callable
from enum import StrEnum
from urllib.parse import urlencode

from web.sandbox.stripe import invoicing
from web.sandbox.stripe.cards import Behaviour, Card, by_last4
from web.sandbox.stripe.errors import StripeError, invalid, unexpected_state
from web.sandbox.stripe.hosted.qr import data_url
from web.sandbox.stripe.resources import charges
from web.sandbox.stripe.session import Session
from web.sandbox.stripe.wire import Document, public

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELLABLE = (*CONFIRMABLE, "requires_capture")
_ASKS = Card("", behaviour=Behaviour.ASKS)
_AUTHENTICATION_NEEDED = Card(
    "",
    behaviour=Behaviour.DECLINES,
    code="authentication_required",
    decline_code="authentication_required",
    message="Your card was declined. This transaction requires authentication.",
)


class Outcome(StrEnum):
    """What a buyer makes of a payment that waits for them; PROCESS leaves the bank to answer later."""

    SUCCEED = "succeed"
    DECLINE = "decline"
    PROCESS = "process"


def attempt(session: Session, intent: Document, method: Document, params: Document) -> Document:
    """Try to take the money. Raise StripeError, keeping what happened, if the card declines."""
    card = by_last4(method["card"]["last4"]) if method["type"] == "card" else _ASKS
    if card.behaviour is Behaviour.ASKS and params.get("off_session"):
        card = _AUTHENTICATION_NEEDED
    if card.behaviour is Behaviour.DECLINES:
        raise _declined(session, intent, method, card)
    if card.behaviour is not Behaviour.ASKS:
        return succeed(session, {**intent, "payment_method": method["id"]}, method)
    if params.get("error_on_requires_action"):
        raise _declined(session, intent, method, _AUTHENTICATION_NEEDED)
    return _ask(session, intent, method, params.get("return_url") or intent["_return_url"])


def succeed(session: Session, intent: Document, method: Document) -> Document:
    """Record that the money was taken, or set aside where capture is manual."""
    charge = charges.record_success(session, intent, method)
    intent |= {
        "latest_charge": charge["id"],
        "next_action": None,
        "processing": None,
        "last_payment_error": None,
    }
    if charge["captured"]:
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "amount_capturable": 0}
        session.emit("payment_intent.succeeded", session.update(intent))
        invoicing.payment_succeeded(session, intent)
    else:
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        session.emit("payment_intent.amount_capturable_updated", session.update(intent))
    return intent


def settle(session: Session, intent: Document, outcome: Outcome) -> Document:
    """Record what the buyer did about a payment that waits for them or for their bank."""
    if intent["status"] not in {"requires_action", "processing"}:
        raise unexpected_state(f"The PaymentIntent waits for no one: it is {intent['status']}.", public(intent))
    steps: dict[Outcome, Callable[[Session, Document], Document]] = {
        Outcome.SUCCEED: _authorised,
        Outcome.DECLINE: _refused,
        Outcome.PROCESS: _processing,
    }
    return steps[outcome](session, intent)


def capture(session: Session, intent: Document, amount: int | None) -> Document:
    """Take an authorised amount, or a part of it, in minor units; the rest is released."""
    if intent["status"] != "requires_capture":
        message = (
            "This PaymentIntent could not be captured because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be captured: "
            "requires_capture."
        )
        raise unexpected_state(message, public(intent))
    taken = intent["amount_capturable"] if amount is None else amount
    if taken > intent["amount_capturable"]:
        message = (
            f"The requested capture amount ({taken}) is greater than the amount you can capture for "
            f"this charge "
            f"({intent['amount_capturable']})."
        )
        raise invalid(message, code="amount_too_large", param="amount_to_capture")
    charges.capture(session, intent["latest_charge"], taken)
    intent |= {"status": "succeeded", "amount_received": taken, "amount_capturable": 0}
    session.emit("payment_intent.succeeded", session.update(intent))
    return intent


def cancel(session: Session, intent: Document, reason: str | None) -> Document:
    """Cancel a payment that has not succeeded, releasing what was set aside."""
    if intent["status"] not in CANCELLABLE:
        message = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
        raise unexpected_state(message, public(intent))
    if intent["status"] == "requires_capture":
        charges.release(session, intent["latest_charge"])
    intent |= {
        "status": "canceled",
        "canceled_at": session.now(),
        "cancellation_reason": reason,
        "amount_capturable": 0,
        "next_action": None,
    }
    session.emit("payment_intent.canceled", session.update(intent))
    return intent


def action_url(session: Session, intent: Document) -> str:
    """Give the hosted page on which the buyer authorises or refuses the payment."""
    secret = urlencode({"client_secret": intent["client_secret"]})
    return f"{session.base_url}/_hosted/action/{intent['id']}?{secret}"


def _ask(session: Session, intent: Document, method: Document, return_url: str | None) -> Document:
    intent |= {
        "payment_method": method["id"],
        "status": "requires_action",
        "last_payment_error": None,
        "next_action": _next_action(session, intent, method["type"], return_url),
        "_return_url": return_url,
    }
    session.emit("payment_intent.requires_action", session.update(intent))
    return intent


def _next_action(session: Session, intent: Document, type_: str, return_url: str | None) -> Document:
    url = action_url(session, intent)
    if type_ == "wechat_pay":
        details: Document = {
            "data": f"weixin://wxpay/bizpayurl?pr={intent['id']}",
            "hosted_instructions_url": url,
            "image_data_url": data_url(intent["id"]),
            "image_url_png": f"{session.base_url}/_hosted/qr/{intent['id']}.png",
            "image_url_svg": f"{session.base_url}/_hosted/qr/{intent['id']}.svg",
        }
        return {"type": "wechat_pay_display_qr_code", "wechat_pay_display_qr_code": details}
    if type_ == "alipay":
        details = {"native_data": None, "native_url": None, "return_url": return_url, "url": url}
        return {"type": "alipay_handle_redirect", "alipay_handle_redirect": details}
    return {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}


def _authorised(session: Session, intent: Document) -> Document:
    return succeed(session, intent, session.get("payment_method", intent["payment_method"]))


def _refused(session: Session, intent: Document) -> Document:
    method = session.get("payment_method", intent["payment_method"])
    error = {
        "code": "payment_intent_authentication_failure",
        "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
        "message": (
            "The provided PaymentMethod has failed authentication. You can provide payment_method_data "
            "or a new "
            "PaymentMethod to attempt to fulfill this PaymentIntent again."
        ),
        "payment_method": method,
        "type": "invalid_request_error",
    }
    return _failed(session, intent, error)


def _processing(session: Session, intent: Document) -> Document:
    intent |= {"status": "processing", "next_action": None}
    session.emit("payment_intent.processing", session.update(intent))
    return intent


def _failed(session: Session, intent: Document, error: Document) -> Document:
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_payment_error": error,
    }
    session.emit("payment_intent.payment_failed", session.update(intent))
    invoicing.payment_failed(session, intent)
    return intent


def _declined(session: Session, intent: Document, method: Document, card: Card) -> StripeError:
    charge = charges.record_decline(session, intent, method, card)
    facts: Document = {"charge": charge["id"], "code": card.code, "decline_code": card.decline_code}
    refusal = StripeError(402, "card_error", card.message, keeps_effects=True, payment_method=method, **facts)
    failed = _failed(session, {**intent, "latest_charge": charge["id"]}, dict(refusal.error))
    refusal.error["payment_intent"] = public(failed)
    return refusal
