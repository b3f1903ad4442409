"""Differences between provider and journal in people's words: what, why, and what the suggested entry does."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.accounting.reconciliation.differences import Difference
from core.accounting.reconciliation.rules import TO_BANK, Kind
from core.accounting.reconciliation.summary import LATER, UNREAD
from web import order_words
from web.rendering import write_date

PROVIDERS = {"stripe": "Stripe", "bank": _l("Bank transfer by hand"), "bank_transfer": _l("Bank transfer by hand")}
KINDS = {
    Kind.TIMING: _l("On its way"),
    Kind.MISSING_IN_LEDGER: _l("Missing in the journal"),
    Kind.MISSING_AT_PROVIDER: _l("Missing at the provider"),
    Kind.AMOUNT: _l("Another amount"),
    Kind.FEE: _l("Fee without entry"),
    Kind.CURRENCY: _l("Another currency"),
    Kind.DUPLICATE: _l("Twice at the provider"),
    Kind.UNKNOWN_SOURCE: _l("Nothing explains it"),
}
STATES = {
    "live": _l("Not ended"),
    "open": _l("To settle"),
    "waiting": _l("On its way"),
    "asked": _l("With a second person"),
    "settled": _l("Entry posted"),
    "dismissed": _l("Dismissed"),
    "resolved": _l("Ended by itself"),
}
_CATEGORIES = {
    "charge": _l("Payments of buyers"),
    "refund": _l("Refunds"),
    "refund_failure": _l("Refunds that came back"),
    "dispute": _l("Disputes"),
    "dispute_reversal": _l("Disputes won"),
    "transfer": _l("Transfers to merchants"),
    "transfer_reversal": _l("Transfers taken back"),
    "payout": _l("Moved to your bank"),
    "payout_reversal": _l("Came back from your bank"),
    "payout_failure": _l("Came back from your bank"),
    "payout_cancel": _l("Came back from your bank"),
    "topup": _l("Paid in from your bank"),
    "topup_reversal": _l("Paid in, and taken back"),
    "fee": _l("Fees charged by themselves"),
    "network_cost": _l("Costs of card networks"),
    "tax": _l("Taxes on fees"),
    "other_adjustment": _l("Adjustments of the provider"),
}
_AREAS = {
    "payment": _l("Payment"),
    "back": _l("Refund"),
    "dispute": _l("Dispute"),
    "payout": _l("Payout"),
    "withdrawal": _l("Moved to your bank"),
    "entry": _l("Entry by hand"),
}
_PARTS = {
    LATER: _l("The other side has it after this period"),
    UNREAD: _l("Came since the last comparison"),
    "waiting": _l("On its way"),
    "asked": _l("Waits for a second person"),
    "dismissed": _l("Dismissed with a reason"),
}
_WHY = {
    Kind.AMOUNT: _l(
        "Both sides have it, with different amounts. The entry writes the difference off; if it belongs elsewhere, "
        "dismiss it and write an entry by hand."
    ),
    Kind.FEE: _l("The provider has taken a fee that the journal does not have. The entry books it as a cost."),
    Kind.CURRENCY: _l(
        "Both sides have it, in different currencies. Nothing is converted: the entry takes out what the journal has "
        "and puts in what the provider has, against unexplained money."
    ),
    Kind.MISSING_AT_PROVIDER: _l(
        "The journal says that money moved, but the provider does not know of it. Ask the provider first; the entry "
        "takes it back in the journal."
    ),
    Kind.UNKNOWN_SOURCE: _l(
        "Money moved at the provider and nothing here explains it. Find out what it is; until then the entry keeps it "
        "as unexplained money."
    ),
}
_MISSING = {
    "payment": _l(
        "The provider took a payment that the journal does not have. The entry keeps it as owed to the buyer until "
        "you send it back or settle the order."
    ),
    "back": _l(
        "The provider sent a refund, or got one back, that the journal does not have. The entry keeps the amount as "
        "owed to the buyer."
    ),
    "dispute": _l("Disputed money moved at the provider and the journal does not have it. The entry books it."),
    "payout": _l(
        "Money of a merchant's payout moved at the provider and the journal does not have it. The entry books it."
    ),
}
_TWICE = {
    "payment": _l(
        "The provider took the same payment twice. The entry keeps the second as owed to the buyer: send it back."
    ),
    "back": _l("The same refund was sent twice. The entry writes the second off."),
}
_TO_BANK_SAID = _l("Money went to your bank account or came from it, and nobody noted that. The entry notes it.")
_TWICE_SAID = _l("The provider moved the same amount twice. The entry books the second as it stands there.")
_BOOKED = _l("The provider has something that the journal does not have. The entry books it.")


def provider(name: str) -> str:
    """Name a provider."""
    return str(PROVIDERS.get(name, name))


def kind(name: str) -> str:
    """Name a kind of difference."""
    return str(KINDS[Kind(name)])


def category(code: str) -> str:
    """Name a provider's category, or an event of the journal."""
    if code in order_words.KINDS:
        return order_words.kind(code)
    return str(_CATEGORIES.get(code, code.replace("_", " ").capitalize()))


def title(found: Difference) -> str:
    """Say what a difference is about."""
    area = found.subject.partition(":")[0]
    return str(_AREAS[area]) if area in _AREAS else category(found.clue)


def why(found: Difference) -> str:
    """Explain a difference, and what its entry would do."""
    area = found.subject.partition(":")[0]
    if found.kind is Kind.TIMING:
        day = write_date(found.waits_until) if found.waits_until else ""
        said: str = gettext("One side has it and the other not yet, which is usual. It counts as missing from %(day)s on.",
                       day=day)  # fmt: skip
        return said
    if found.kind is Kind.MISSING_IN_LEDGER:
        return str(_TO_BANK_SAID if found.clue in TO_BANK and area != "payout" else _MISSING.get(area, _BOOKED))
    if found.kind is Kind.DUPLICATE:
        return str(_TWICE.get(area, _TWICE_SAID))
    return str(_WHY[found.kind])


def part(state: str, kind_of: str) -> str:
    """Name a line that explains why both closings differ."""
    return str(_PARTS[state]) if state in _PARTS else kind(kind_of)
