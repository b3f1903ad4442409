"""Why a buyer's bank disputes a payment, and where a dispute stands, in people's words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.billing.disputes import Dispute
from web.order_words import gettext
from web.rendering import write_date

_REASONS = {
    "product_not_received": _l("Goods not received"),
    "product_unacceptable": _l("Goods not as described"),
    "fraudulent": _l("The cardholder did not buy this"),
    "duplicate": _l("Charged twice"),
    "credit_not_processed": _l("A refund was promised and did not come"),
    "subscription_canceled": _l("A subscription was cancelled"),
    "unrecognized": _l("The cardholder does not know this payment"),
    "general": _l("No reason given"),
}


_DEEDS = {
    "dispute.opened": _l("Opened"),
    "dispute.answered": _l("A shop has answered"),
    "dispute.submit": _l("To be handed in"),
    "dispute.accept": _l("The loss is to be accepted"),
    "dispute.refused": _l("Refused by the provider"),
    "dispute.submitted": _l("Handed in"),
    "dispute.won": _l("Won"),
    "dispute.lost": _l("Lost"),
}


def deed(action: str) -> str:
    """Say what was done with a dispute."""
    return str(_DEEDS.get(action, action))


def reason(code: str) -> str:
    """Return why a payment is disputed."""
    return str(_REASONS.get(code, code.replace("_", " ").capitalize() or gettext("No reason given")))


def next_step(dispute: Dispute) -> str:
    """Say where a dispute stands and what comes next."""
    if dispute.asked == "submit":
        return gettext("The answers are on their way to the buyer's bank.")
    if dispute.asked == "accept":
        return gettext("The loss is being accepted.")
    if dispute.state == "open":
        by = dispute.answer_by
        if by is None:
            return gettext("Merchants may answer; then everything is handed in as one bundle.")
        return gettext("Merchants may answer until %(day)s; then everything is handed in as one bundle.",
                       day=write_date(by))  # fmt: skip
    sentences = {
        "submitted": gettext("The buyer's bank has the answers and decides. This may take weeks."),
        "won": gettext("The buyer's bank has decided for the shops. The money is back."),
        "lost": gettext("The buyer keeps the money. Each shop was charged its part."),
    }
    return sentences[dispute.state]
