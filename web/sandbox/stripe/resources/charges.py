"""Charges: attempts to take money for a payment intent."""

from web.sandbox.stripe.cards import Card
from web.sandbox.stripe.params import EXPAND, list_fields, text
from web.sandbox.stripe.resources import balance
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document

_OUTCOME: Document = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 20,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def record_success(session: Session, intent: Document, method: Document) -> Document:
    """Store a charge that the buyer's bank accepted, captured at once unless the intent's capture is
    manual."""
    captured = intent["capture_method"] != "manual"
    charge = _document(session, intent, method)
    charge |= {"captured": captured, "amount_captured": intent["amount"] if captured else 0}
    if captured:
        amount, currency_code = charge["amount"], charge["currency"]
        charge["balance_transaction"] = balance.record_charge(session, charge["id"], amount, currency_code)
    session.emit("charge.succeeded", session.insert(charge))
    return charge


def record_decline(session: Session, intent: Document, method: Document, card: Card) -> Document:
    """Store a charge that the buyer's bank refused."""
    outcome = _OUTCOME | {
        "network_status": "declined_by_network",
        "reason": card.decline_code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }
    charge = _document(session, intent, method) | {
        "failure_code": card.code,
        "failure_message": card.message,
        "outcome": outcome,
        "paid": False,
        "status": "failed",
    }
    session.emit("charge.failed", session.insert(charge))
    return charge


def capture(session: Session, charge_id: str, amount: int) -> Document:
    """Take the given part of an authorised charge and release the rest."""
    charge = session.get("charge", charge_id)
    transaction = balance.record_charge(session, charge_id, amount, charge["currency"])
    charge |= {"captured": True, "amount_captured": amount, "balance_transaction": transaction}
    session.emit("charge.captured", session.update(charge))
    return charge


def release(session: Session, charge_id: str) -> None:
    """Give up an authorised charge that was never captured."""
    charge = session.get("charge", charge_id)
    charge |= {"amount_refunded": charge["amount"], "refunded": True}
    session.emit("charge.refunded", session.update(charge), {"amount_refunded": 0, "refunded": False})


def retrieve(call: Call) -> Document:
    """Read a charge."""
    return call.session.get("charge", call.id)


def list_all(call: Call) -> Document:
    """List charges, newest first."""
    names = ("payment_intent", "customer", "transfer_group")
    matches: dict[str, str] = {name: call.params[name] for name in names if name in call.params}
    return as_list("/v1/charges", *call.session.page("charge", call.params, matches))


def _document(session: Session, intent: Document, method: Document) -> Document:

    return {
        "id": new_id("ch" if method["type"] == "card" else "py"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "GALLERIA",
        "captured": False,
        "created": session.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": _OUTCOME,
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _method_details(intent, method),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }


def _method_details(intent: Document, method: Document) -> Document:
    type_ = method["type"]
    if type_ != "card":
        return {"type": type_, type_: {"fingerprint": None, "transaction_id": new_id("tr", 16)[3:]}}
    card = method["card"]
    copied = (
        "brand",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    details = {name: card[name] for name in copied}
    details |= {
        "amount_authorized": intent["amount"],
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "network": card["brand"],
        "three_d_secure": None,
        "wallet": None,
    }
    return {"type": "card", "card": details}


ROUTES = (
    Route(
        "GET",
        "/v1/charges",
        list_fields(payment_intent=text, customer=text, transfer_group=text),
        list_all,
    ),
    Route("GET", "/v1/charges/{charge}", EXPAND, retrieve),
)
