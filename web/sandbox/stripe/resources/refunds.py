"""Refunds of charges, never of more than was taken."""

from web.sandbox.stripe.cards import Behaviour, by_last4
from web.sandbox.stripe.errors import invalid, missing_parameter, unexpected_state
from web.sandbox.stripe.params import (
    EXPAND,
    Reader,
    amount,
    choice,
    list_fields,
    merged_metadata,
    metadata,
    text,
)
from web.sandbox.stripe.resources import balance
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document, public

_CREATE: dict[str, Reader] = {
    **EXPAND,
    "amount": amount,
    "charge": text,
    "metadata": metadata,
    "payment_intent": text,
    "reason": choice("duplicate", "fraudulent", "requested_by_customer"),
}


def create(call: Call) -> Document:
    """Refund a charge, named itself or by its payment intent, wholly or in part."""
    session, params = call.session, call.params
    charge = _charge(session, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    minor = params.get("amount", left)
    if minor > left:
        message = (
            f"Refund amount ({_shown(minor, charge)}) is greater than unrefunded amount on charge "
            f"({_shown(left, charge)})"
        )
        raise invalid(message, param="amount")
    refund = session.insert(_document(session, charge, minor, params))
    session.emit("refund.created", refund)
    _count(session, charge, minor)
    return refund


def settle(session: Session, refund: Document, *, succeeded: bool) -> Document:
    """Record what the buyer's bank made of a refund; a failed one comes back into the balance."""
    if refund["status"] not in {"pending", "succeeded"}:
        raise invalid(f"The refund is {refund['status']}.")
    previous = {"status": refund["status"]}
    if succeeded:
        changed = {**refund, "status": "succeeded"}
    else:
        returned = balance.record_refund_failure(session, refund["id"], refund["amount"], refund["currency"])
        reason = {"failure_reason": "lost_or_stolen_card", "failure_balance_transaction": returned}
        changed = {**refund, "status": "failed", **reason}
        charge = session.get("charge", refund["charge"])
        charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
        session.update(charge)
        session.emit("refund.failed", changed)
    session.emit("refund.updated", session.update(changed), previous)
    session.emit("charge.refund.updated", changed, previous)
    return changed


def retrieve(call: Call) -> Document:
    """Read a refund."""
    return call.session.get("refund", call.id)


def update(call: Call) -> Document:
    """Change a refund's metadata."""
    refund = call.session.get("refund", call.id)
    if "metadata" not in call.params:
        return refund
    previous = {"metadata": refund["metadata"]}
    changed = {**refund, "metadata": merged_metadata(refund["metadata"], call.params["metadata"])}
    call.session.emit("refund.updated", call.session.update(changed), previous)
    return changed


def list_all(call: Call) -> Document:
    """List refunds, newest first."""
    matches: dict[str, str] = {name: call.params[name] for name in ("charge", "payment_intent") if name in call.params}
    return as_list("/v1/refunds", *call.session.page("refund", call.params, matches))


def _charge(session: Session, params: Document) -> Document:
    if "charge" in params and "payment_intent" in params:
        raise invalid("You may only specify one of these parameters: charge, payment_intent.", param="charge")
    if "charge" in params:
        charge = session.get("charge", params["charge"], "charge")
        if not charge["captured"]:
            raise invalid(f"Charge {charge['id']} has not been captured.", code="charge_not_refundable")
        return charge
    if "payment_intent" not in params:
        raise missing_parameter("payment_intent")
    intent = session.get("payment_intent", params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise unexpected_state(message, public(intent))
    return session.get("charge", intent["latest_charge"])


def _count(session: Session, charge: Document, minor: int) -> None:
    previous = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    refunded = charge["amount_refunded"] + minor
    charge |= {"amount_refunded": refunded, "refunded": refunded == charge["amount_captured"]}
    session.emit("charge.refunded", session.update(charge), previous)


def _document(session: Session, charge: Document, minor: int, params: Document) -> Document:
    id_ = new_id("re" if charge["id"].startswith("ch_") else "pyr")
    details = charge["payment_method_details"]
    type_ = details["type"]
    late = type_ == "card" and by_last4(details["card"]["last4"]).behaviour is Behaviour.REFUNDS_LATE
    reference = {
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    }
    return {
        "id": id_,
        "object": "refund",
        "amount": minor,
        "balance_transaction": balance.record_refund(session, id_, minor, charge["currency"]),
        "charge": charge["id"],
        "created": session.now(),
        "currency": charge["currency"],
        "destination_details": {"type": type_, type_: reference if type_ == "card" else {}},
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if late else "succeeded",
        "transfer_reversal": None,
    }


def _shown(minor: int, charge: Document) -> str:
    return f"{minor} {charge['currency']} in the smallest unit"


ROUTES = (
    Route("POST", "/v1/refunds", _CREATE, create),
    Route("GET", "/v1/refunds", list_fields(charge=text, payment_intent=text), list_all),
    Route("GET", "/v1/refunds/{refund}", EXPAND, retrieve),
    Route("POST", "/v1/refunds/{refund}", {**EXPAND, "metadata": metadata}, update),
)
