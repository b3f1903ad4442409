"""Disputes: a buyer's bank takes a charge's money back, hears evidence, and decides."""

from typing import Any

from web.sandbox.stripe.errors import invalid
from web.sandbox.stripe.params import (
    EXPAND,
    Reader,
    boolean,
    group,
    list_fields,
    merged_metadata,
    metadata,
    text,
    unset_or,
)
from web.sandbox.stripe.resources import balance
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document

FEE_MINOR = 1500
_DUE_AFTER_SECONDS = 9 * 24 * 3600
_LONGEST_TEXT = 20_000
_FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
    "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
_TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip


def _evidence_text(path: str, raw: Any) -> str:
    found = text(path, raw)
    if len(found) > _LONGEST_TEXT:
        raise invalid(f"Evidence may have up to {_LONGEST_TEXT} characters.", param=path)
    return found


_UPDATE: dict[str, Reader] = {
    **EXPAND,
    "evidence": group(dict.fromkeys(_TEXTS, unset_or(_evidence_text)) | dict.fromkeys(_FILES, unset_or(text))),
    "metadata": metadata,
    "submit": boolean,
}


def open_on(session: Session, charge: Document, minor: int | None, reason: str) -> Document:
    """Let a buyer's bank dispute a charge: its money and a fee are taken at once."""
    if charge["disputed"] or not charge["captured"]:
        raise invalid(f"Charge {charge['id']} cannot be disputed.")
    disputed = charge["amount_captured"] - charge["amount_refunded"] if minor is None else minor
    if not 0 < disputed <= charge["amount_captured"]:
        raise invalid("The amount is more than was taken.", param="amount")
    id_, code = new_id("du"), charge["currency"]
    booked = balance.record(session, "adjustment", id_, -disputed, code, fee=FEE_MINOR, category="dispute")
    dispute = session.insert(_document(session, id_, charge, disputed, reason) | {"balance_transactions": [booked]})
    session.update({**charge, "disputed": True})
    session.emit("charge.dispute.created", dispute)
    session.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def decide(session: Session, dispute: Document, *, won: bool) -> Document:
    """Record the bank's decision; money of a dispute that was won comes back, the fee does not."""
    if dispute["status"] in {"won", "lost"}:
        raise invalid(f"The dispute is {dispute['status']}.")
    dispute |= {"status": "won" if won else "lost"}
    if won:
        code = dispute["currency"]
        back = balance.record(
            session, "adjustment", dispute["id"], dispute["amount"], code, category="dispute_reversal"
        )
        dispute["balance_transactions"] = [*dispute["balance_transactions"], back]
    session.emit("charge.dispute.closed", session.update(dispute))
    if won:
        session.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def update(call: Call) -> Document:
    """Hand evidence in; it goes to the bank unless `submit` is false, and once there it is not taken back."""
    session, params = call.session, call.params
    dispute = session.get("dispute", call.id)
    evidence, details = params.get("evidence", {}), dispute["evidence_details"]
    if evidence and (dispute["status"] != "needs_response" or details["due_by"] < session.now()):
        raise invalid("This dispute no longer takes evidence.", code="dispute_closed")
    for name in set(_FILES) & set(evidence):
        if evidence[name] is not None:
            session.get("file", evidence[name], f"evidence[{name}]")
    dispute["evidence"] |= evidence
    dispute["metadata"] = merged_metadata(dispute["metadata"], params.get("metadata", {}))
    details["has_evidence"] = any(value for name, value in dispute["evidence"].items() if name != "enhanced_evidence")
    if evidence and params.get("submit", True):
        details["submission_count"] += 1
        dispute["status"] = "under_review"
    session.emit("charge.dispute.updated", session.update(dispute))
    return dispute


def close(call: Call) -> Document:
    """Accept a dispute as lost."""
    return decide(call.session, call.session.get("dispute", call.id), won=False)


def retrieve(call: Call) -> Document:
    """Read a dispute."""
    return call.session.get("dispute", call.id)


def list_all(call: Call) -> Document:
    """List disputes, newest first."""
    matches: dict[str, str] = {name: call.params[name] for name in ("charge", "payment_intent") if name in call.params}
    return as_list("/v1/disputes", *call.session.page("dispute", call.params, matches))


def _document(session: Session, id_: str, charge: Document, minor: int, reason: str) -> Document:
    evidence: Document = dict.fromkeys([*_TEXTS, *_FILES])
    return {
        "id": id_,
        "object": "dispute",
        "amount": minor,
        "charge": charge["id"],
        "created": session.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": evidence | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": session.now() + _DUE_AFTER_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }


ROUTES = (
    Route("GET", "/v1/disputes", list_fields(charge=text, payment_intent=text), list_all),
    Route("GET", "/v1/disputes/{dispute}", EXPAND, retrieve),
    Route("POST", "/v1/disputes/{dispute}", _UPDATE, update),
    Route("POST", "/v1/disputes/{dispute}/close", EXPAND, close),
)
