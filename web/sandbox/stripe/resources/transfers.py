"""Transfers of the platform's money to connected accounts, and their reversals, never of more than was sent."""

from dataclasses import replace

from web.sandbox.stripe.errors import invalid
from web.sandbox.stripe.params import (
    EXPAND,
    PAGING,
    Reader,
    amount,
    currency,
    list_fields,
    merged_metadata,
    metadata,
    text,
)
from web.sandbox.stripe.resources import accounts, balance
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document

_CREATE: dict[str, Reader] = {
    **EXPAND,
    "amount": amount,
    "currency": currency,
    "description": text,
    "destination": text,
    "metadata": metadata,
    "source_transaction": text,
    "transfer_group": text,
}


def create(call: Call) -> Document:
    """Send money to a connected account: what is available, or what one charge brings once it has settled."""
    session, params = call.session, call.params
    accounts.require_transfers(session, params["destination"])
    minor, code, id_ = params["amount"], params["currency"], new_id("tr")
    settles = _settles(session, params) if "source_transaction" in params else _spendable(session, minor, code)
    booked = balance.record(session, "transfer", id_, -minor, code, available_on=settles)
    there = replace(session, account=params["destination"])
    payment = new_id("py")
    balance.record(there, "payment", payment, minor, code, category="charge", available_on=settles)
    transfer = session.insert(
        {
            "id": id_,
            "object": "transfer",
            "amount": minor,
            "amount_reversed": 0,
            "balance_transaction": booked["id"],
            "created": session.now(),
            "currency": code,
            "description": params.get("description"),
            "destination": params["destination"],
            "destination_payment": payment,
            "livemode": False,
            "metadata": merged_metadata({}, params.get("metadata", {})),
            "reversals": as_list(f"/v1/transfers/{id_}/reversals", [], False),
            "reversed": False,
            "source_transaction": params.get("source_transaction"),
            "source_type": "card",
            "transfer_group": params.get("transfer_group", f"group_{id_}"),
        }
    )
    session.emit("transfer.created", transfer)
    return transfer


def _settles(session: Session, params: Document) -> int:
    """Give the moment from which a charge's money can be had."""
    charge = session.get("charge", params["source_transaction"], "source_transaction")
    if charge["currency"] != params["currency"] or charge["amount_captured"] < params["amount"]:
        raise invalid("The transfer is more than its source transaction brought.", param="source_transaction")
    settles: int = session.get("balance_transaction", charge["balance_transaction"])["available_on"]
    return settles


def _spendable(session: Session, minor: int, code: str) -> int:
    if balance.available(session, code) < minor:
        message = (
            "You have insufficient available funds in your Stripe account. "
            "Try adding funds directly to your available balance."
        )
        raise invalid(message, code="balance_insufficient")
    return session.now()


def reverse(call: Call) -> Document:
    """Take a transfer back, wholly or in part, as far as the connected account's balance goes."""
    session, params = call.session, call.params
    transfer = session.get("transfer", call.id)
    left = transfer["amount"] - transfer["amount_reversed"]
    minor = params.get("amount", left)
    if minor > left or left == 0:
        raise invalid(f"Transfer {call.id} has only {left} left to reverse.", param="amount")
    code, there = transfer["currency"], replace(session, account=transfer["destination"])
    if balance.held(there, code) < minor:
        message = "The connected account has insufficient funds to reverse this transfer."
        raise invalid(message, code="balance_insufficient")
    id_ = new_id("trr")
    booked = balance.record(session, "transfer_refund", id_, minor, code, category="transfer_reversal")
    balance.record(there, "payment_refund", new_id("pyr"), -minor, code, category="refund")
    reversal = session.insert(
        {
            "id": id_,
            "object": "transfer_reversal",
            "amount": minor,
            "balance_transaction": booked["id"],
            "created": session.now(),
            "currency": code,
            "destination_payment_refund": None,
            "metadata": merged_metadata({}, params.get("metadata", {})),
            "source_refund": None,
            "transfer": call.id,
        }
    )
    _count(session, transfer, reversal)
    return reversal


def _count(session: Session, transfer: Document, reversal: Document) -> None:
    reversed_ = transfer["amount_reversed"] + reversal["amount"]
    rows = [reversal, *transfer["reversals"]["data"]]
    transfer |= {
        "amount_reversed": reversed_,
        "reversed": reversed_ == transfer["amount"],
        "reversals": as_list(transfer["reversals"]["url"], rows, False),
    }
    session.emit("transfer.reversed", session.update(transfer))


def retrieve(call: Call) -> Document:
    """Read a transfer."""
    return call.session.get("transfer", call.id)


def update(call: Call) -> Document:
    """Change a transfer's metadata."""
    transfer = call.session.get("transfer", call.id)
    transfer["metadata"] = merged_metadata(transfer["metadata"], call.params.get("metadata", {}))
    call.session.emit("transfer.updated", call.session.update(transfer))
    return transfer


def list_all(call: Call) -> Document:
    """List transfers, newest first."""
    names = ("destination", "transfer_group")
    matches: dict[str, str] = {name: call.params[name] for name in names if name in call.params}
    return as_list("/v1/transfers", *call.session.page("transfer", call.params, matches))


def list_reversals(call: Call) -> Document:
    """List a transfer's reversals, newest first."""
    call.session.get("transfer", call.id)
    rows, has_more = call.session.page("transfer_reversal", call.params, {"transfer": call.id})
    return as_list(f"/v1/transfers/{call.id}/reversals", rows, has_more)


ROUTES = (
    Route("POST", "/v1/transfers", _CREATE, create, required=("amount", "currency", "destination")),
    Route("GET", "/v1/transfers", list_fields(destination=text, transfer_group=text), list_all),
    Route("GET", "/v1/transfers/{transfer}", EXPAND, retrieve),
    Route("POST", "/v1/transfers/{transfer}", {**EXPAND, "metadata": metadata}, update),
    Route("POST", "/v1/transfers/{id}/reversals", {**EXPAND, "amount": amount, "metadata": metadata}, reverse),
    Route("GET", "/v1/transfers/{id}/reversals", PAGING, list_reversals),
)
