"""Payouts from an account's balance to its bank: under way, paid, failed, and brought back after they were paid."""

from dataclasses import replace

from web.sandbox.stripe.errors import invalid
from web.sandbox.stripe.params import (
    EXPAND,
    Reader,
    amount,
    choice,
    currency,
    list_fields,
    merged_metadata,
    metadata,
    text,
)
from web.sandbox.stripe.resources import accounts, balance
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document

_ARRIVES_AFTER_SECONDS = 2 * 24 * 3600
_OPEN = ("pending", "in_transit")
_FAILURES = {
    "no_account": "The bank account details on file are probably incorrect. No bank account was found.",
    "account_closed": "The bank account has been closed.",
}
_CREATE: dict[str, Reader] = {
    **EXPAND,
    "amount": amount,
    "currency": currency,
    "description": text,
    "metadata": metadata,
    "method": choice("standard", "instant"),
    "statement_descriptor": text,
}


def create(call: Call) -> Document:
    """Send what is available of an account's balance to its bank."""
    session, params = call.session, call.params
    bank = accounts.bank_of(session)
    minor, code, id_ = params["amount"], params["currency"], new_id("po")
    if balance.available(session, code) < minor:
        message = "You have insufficient funds in your Stripe account for this payout."
        raise invalid(message, code="balance_insufficient", param="amount")
    if len(params.get("statement_descriptor", "")) > 22:
        raise invalid("Statement descriptors can have up to 22 characters.", param="statement_descriptor")
    booked = balance.record(session, "payout", id_, -minor, code)
    payout = session.insert(_document(session, id_, booked["id"], bank, params))
    session.emit("payout.created", payout)
    return payout


def settle(session: Session, payout: Document, outcome: str) -> Document:
    """Record what the bank made of a payout: "pay", "fail", or "return" after it was paid."""
    allowed = {"pay": _OPEN, "fail": _OPEN, "return": ("paid",)}
    if payout["status"] not in allowed[outcome]:
        raise invalid(f"The payout is {payout['status']}.")
    if outcome == "pay":
        payout |= {"status": "paid"}
        session.emit("payout.paid", session.update(payout))
        return payout
    code = "account_closed" if outcome == "return" else "no_account"
    return _back(session, payout, "payout_failure", code)


def settle_due(session: Session) -> None:
    """Let every payout arrive, or fail, whose time has come."""
    for status in _OPEN:
        for account, payout in session.store.everywhere("payout", status):
            if payout["arrival_date"] <= session.now():
                settle(replace(session, account=account), payout, payout["_fate"])


def cancel(call: Call) -> Document:
    """Cancel a payout that has not left yet."""
    payout = call.session.get("payout", call.id)
    if payout["status"] != "pending":
        raise invalid("Payouts can only be canceled while they are pending.", code="payout_not_cancellable")
    return _back(call.session, payout, "payout_cancel", None)


def _back(session: Session, payout: Document, type_: str, code: str | None) -> Document:
    category = "payout_reversal"
    booked = balance.record(session, type_, payout["id"], payout["amount"], payout["currency"], category=category)
    payout |= {
        "failure_balance_transaction": booked["id"],
        "failure_code": code,
        "failure_message": _FAILURES[code] if code else None,
        "status": "failed" if code else "canceled",
    }
    session.emit("payout.failed" if code else "payout.canceled", session.update(payout))
    return payout


def retrieve(call: Call) -> Document:
    """Read a payout, as far as it is by now."""
    settle_due(call.session)
    return call.session.get("payout", call.id)


def list_all(call: Call) -> Document:
    """List payouts, newest first."""
    settle_due(call.session)
    matches: dict[str, str] = {name: call.params[name] for name in ("status", "destination") if name in call.params}
    return as_list("/v1/payouts", *call.session.page("payout", call.params, matches))


def _document(session: Session, id_: str, booked: str, bank: Document, params: Document) -> Document:
    return {
        "id": id_,
        "object": "payout",
        "amount": params["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": session.now() + _ARRIVES_AFTER_SECONDS,
        "automatic": False,
        "balance_transaction": booked,
        "created": session.now(),
        "currency": params["currency"],
        "description": params.get("description"),
        "destination": bank["id"],
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "method": params.get("method", "standard"),
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
        "_fate": bank["fate"],
    }


ROUTES = (
    Route("POST", "/v1/payouts", _CREATE, create, required=("amount", "currency")),
    Route("GET", "/v1/payouts", list_fields(status=text, destination=text), list_all),
    Route("GET", "/v1/payouts/{payout}", EXPAND, retrieve),
    Route("POST", "/v1/payouts/{payout}/cancel", EXPAND, cancel),
)
