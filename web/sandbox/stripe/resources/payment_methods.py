"""Payment methods: cards, Alipay and WeChat Pay. Of a card number only the last four digits are kept."""

import hashlib

from web.sandbox.stripe.cards import Card, by_number, named
from web.sandbox.stripe.errors import StripeError, invalid, missing_parameter, no_such
from web.sandbox.stripe.params import (
    BILLING_DETAILS,
    EXPAND,
    Reader,
    choice,
    group,
    integer,
    merged_metadata,
    metadata,
    text,
)
from web.sandbox.stripe.session import Call, Route, Session, new_id
from web.sandbox.stripe.wire import Document

TYPES = ("card", "alipay", "wechat_pay")
ADDRESS_NAMES = ("city", "country", "line1", "line2", "postal_code", "state")
_CARD: dict[str, Reader] = {
    "number": text,
    "exp_month": integer,
    "exp_year": integer,
    "cvc": text,
    "token": text,
}
DATA_FIELDS: dict[str, Reader] = {
    "type": choice(*TYPES),
    "alipay": group({}),
    "allow_redisplay": choice("always", "limited", "unspecified"),
    "billing_details": BILLING_DETAILS,
    "metadata": metadata,
    "wechat_pay": group({}),
}
_FIELDS: dict[str, Reader] = {**EXPAND, **DATA_FIELDS, "card": group(_CARD)}


def create(call: Call) -> Document:
    """Create a payment method."""
    return make(call.session, call.params)


def make(session: Session, params: Document) -> Document:
    """Store a payment method of a given type, with a card's details where it is one."""
    type_ = params.get("type")
    if type_ is None:
        raise missing_parameter("type")
    details: Document = {type_: {}}
    if type_ == "card":
        if "card" not in params:
            raise missing_parameter("card")
        details = {"card": _card_details(session, params["card"])}
    return session.insert(_document(session, type_, details, params))


def resolve(session: Session, id_: str, param: str = "payment_method") -> Document:
    """Find a payment method, or make a fresh one for the name of a test card such as "pm_card_visa"."""
    if found := session.find("payment_method", id_):
        return found
    if id_.startswith("pm_") and (card := named(id_)):
        return session.insert(_document(session, "card", {"card": _described(card, 12, _year(session) + 5)}, {}))
    raise no_such("payment_method", id_, param=param)


def retrieve(call: Call) -> Document:
    """Read a payment method."""
    return call.session.get("payment_method", call.id, "payment_method")


def attach(call: Call) -> Document:
    """Give a payment method to a customer."""
    session, customer_id = call.session, call.params["customer"]
    method = resolve(session, call.id)
    session.get("customer", customer_id, "customer")
    if method["customer"] not in {None, customer_id}:
        raise invalid(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_unexpected_state",
        )
    if method["type"] != "card":
        raise invalid(f"A payment method of type {method['type']} cannot be attached to a customer.")
    attached = session.update({**method, "customer": customer_id})
    session.emit("payment_method.attached", attached)
    return attached


def _document(session: Session, type_: str, details: Document, params: Document) -> Document:
    billing: Document = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    billing |= params.get("billing_details", {})
    billing["address"] = {**dict.fromkeys(ADDRESS_NAMES), **(billing["address"] or {})}
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": params.get("allow_redisplay", "unspecified"),
        "billing_details": billing,
        **details,
        "created": session.now(),
        "customer": None,
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "type": type_,
    }


def _card_details(session: Session, params: Document) -> Document:
    if token := params.get("token"):
        card = named(token)
        if card is None:
            raise no_such("token", token, param="card[token]")
        return _described(card, 12, _year(session) + 5)
    for name in ("number", "exp_month", "exp_year"):
        if name not in params:
            raise missing_parameter(f"card[{name}]")
    month, year = params["exp_month"], params["exp_year"]
    card = by_number(params["number"], "number")
    _check_expiry(session, month, year)
    if not params.get("cvc", "123").isdecimal() or len(params.get("cvc", "123")) not in {3, 4}:
        message = "Your card's security code is invalid."
        raise StripeError(402, "card_error", message, code="invalid_cvc", param="cvc")
    return _described(card, month, year)


def _check_expiry(session: Session, month: int, year: int) -> None:
    if not 1 <= month <= 12:
        message = "Your card's expiration month is invalid."
        raise StripeError(402, "card_error", message, code="invalid_expiry_month", param="exp_month")
    this_year = _year(session)
    if not this_year <= year <= this_year + 50:
        message = "Your card's expiration year is invalid."
        raise StripeError(402, "card_error", message, code="invalid_expiry_year", param="exp_year")


def _year(session: Session) -> int:
    return 1970 + session.now() // 31_556_952


def _described(card: Card, month: int, year: int) -> Document:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "unchecked"},
        "country": "US",
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


ROUTES = (
    Route("POST", "/v1/payment_methods", _FIELDS, create),
    Route("GET", "/v1/payment_methods/{payment_method}", EXPAND, retrieve),
    Route(
        "POST",
        "/v1/payment_methods/{payment_method}/attach",
        {**EXPAND, "customer": text},
        attach,
        required=("customer",),
    ),
)
