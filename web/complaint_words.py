"""Words of complaints and of notices about rights: a label for each code."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, LazyString] = {
    "consumer": _l("Complaint about a shop or an order"), "business": _l("Complaint of a merchant"),
    "illegal": _l("Report of illegal goods"), "privacy": _l("Request about personal data"),
}  # fmt: skip
KIND_NOTES: Mapping[str, LazyString] = {
    "consumer": _l("Something went wrong with goods, delivery, money or a shop. The shop answers first."),
    "illegal": _l("Goods that are forbidden, unsafe, counterfeit or sold without the licence they need."),
    "privacy": _l("What is held about you is wrong, used against your wish, or cannot be got from your account."),
}
TOPICS: Mapping[str, LazyString] = {
    "quality": _l("Quality of the goods"), "delivery": _l("Delivery"), "refund": _l("Refund"),
    "description": _l("Not as described"), "price": _l("Price"), "service": _l("Service of the shop"),
    "fraud": _l("Fraud"), "safety": _l("Danger to health or safety"), "food": _l("Food"), "other": _l("Something else"),
    "penalty": _l("A penalty"), "listing": _l("A listing that was taken off"), "payout": _l("A payout"),
    "fees": _l("Fees"), "ranking": _l("Ranking"), "account": _l("The account"), "forbidden": _l("Forbidden goods"),
    "unlicensed": _l("Sold without a licence"), "unsafe": _l("Unsafe goods"), "counterfeit": _l("Counterfeit goods"),
    "misleading": _l("Misleading claims"), "personal_data": _l("Personal data shown"), "access": _l("A copy of my data"),
    "correction": _l("Data that are wrong"), "deletion": _l("Data that should go"), "consent": _l("Use without consent"),
    "transfer": _l("Taking my data elsewhere"),
}  # fmt: skip
OFFERS: Mapping[str, LazyString] = {
    "refund": _l("Refund"), "exchange": _l("Exchange"), "repair": _l("Repair"), "reduction": _l("Part of the price back"),
    "explanation": _l("An explanation"), "refusal": _l("Nothing: the complaint is refused"),
}  # fmt: skip
OUTCOMES: Mapping[str, LazyString] = {
    "upheld": _l("The complaint is right"), "partly": _l("It is right in part"), "rejected": _l("It is not right"),
}  # fmt: skip
REMEDIES: Mapping[str, LazyString] = {
    "none": _l("Nothing"), "refund": _l("Refund"), "exchange": _l("Exchange"), "repair": _l("Repair"),
    "reduction": _l("Part of the price back"), "other": _l("Something else"),
}  # fmt: skip
CAUSES: Mapping[str, LazyString] = {
    "goods": _l("The goods"), "description": _l("The description"), "parcel": _l("The parcel"),
    "merchant_service": _l("Service of the shop"), "platform": _l("The marketplace"), "payment": _l("The payment"),
    "misunderstanding": _l("A misunderstanding"), "other": _l("Something else"),
}  # fmt: skip
CHANNELS: Mapping[str, LazyString] = {
    "page": _l("Form"), "mail": _l("Mail"), "phone": _l("Telephone"), "chat": _l("Chat"), "letter": _l("Letter"),
}  # fmt: skip
SIDES: Mapping[str, LazyString] = {
    "complainant": _l("Complainant"), "merchant": _l("Shop"), "operator": _l("Marketplace"),
}  # fmt: skip
RIGHTS: Mapping[str, LazyString] = {
    "trademark": _l("Trade mark"), "copyright": _l("Copyright"), "patent": _l("Patent"), "design": _l("Design"),
    "other": _l("Another right"),
}  # fmt: skip


def next_of(state: str) -> str:
    """Return in the reader's language who is next in a complaint, and what happens."""
    said = {
        "with_merchant": gettext("The shop answers next. If it says nothing in time, the marketplace decides."),
        "answered": gettext("The shop has answered. Whoever complained takes the offer or asks the marketplace."),
        "settled": gettext("The offer is taken; what was promised is to be done."),
        "platform_decides": gettext("The marketplace decides, with reasons."),
        "decided": gettext("Decided; what was decided is to be done."),
        "remedied": gettext("It is done. The case closes when whoever complained confirms it, or the marketplace."),
        "disputed": gettext("It goes on as a dispute, with the same file."),
    }
    return str(said.get(state) or gettext("Nothing is left to do."))
