"""What becomes of an invoice when its payment does: kept apart, because payments and invoices both go through here."""

from web.sandbox.stripe.session import Session
from web.sandbox.stripe.wire import Document


def paid(session: Session, invoice: Document, *, out_of_band: bool) -> Document:
    """Record that nothing is left to be paid on an invoice."""
    amount = invoice["amount_due"]
    invoice |= {
        "status": "paid",
        "attempted": True,
        "amount_paid": amount,
        "amount_paid_off_stripe": amount if out_of_band else 0,
        "amount_remaining": 0,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status_transitions": {**invoice["status_transitions"], "paid_at": session.now()},
    }
    session.emit("invoice.paid", session.update(invoice))
    return invoice


def payment_succeeded(session: Session, intent: Document) -> None:
    """Note that the payment of an invoice, if it is one's, has succeeded."""
    if id_ := intent.get("_invoice"):
        invoice = session.get("invoice", id_)
        invoice["attempt_count"] += 1
        paid(session, invoice, out_of_band=False)


def payment_failed(session: Session, intent: Document) -> None:
    """Note that a try to pay an invoice, if it is one's, has failed."""
    if id_ := intent.get("_invoice"):
        invoice = session.get("invoice", id_)
        invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
        session.emit("invoice.payment_failed", session.update(invoice))
