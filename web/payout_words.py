"""What a payment provider still needs of a merchant, and how its account stands, in people's words."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

_NEEDS = {
    "name": _l("The legal name of your business, or your own"),
    "bank": _l("A bank account"),
    "terms": _l("Your agreement to the provider's terms"),
    "proof": _l("A proof of who you are, or a tax number"),
    "address": _l("An address"),
    "birth": _l("A date of birth"),
    "people": _l("The people who own or run the business"),
    "business": _l("What the business does"),
    "contact": _l("A telephone number or an e-mail address"),
}
_STATES = {
    "new": _l("Your account is open. Tell the payment provider who you are and where your money goes."),
    "pending": _l("The payment provider checks what you have supplied. This takes minutes, at times a day or two."),
    "restricted": _l("The payment provider needs something more before it sends you money. What you earn waits."),
    "active": _l("Your account is ready. What you earn is sent to your bank account."),
    "rejected": _l("The payment provider sends you no money. Write to the marketplace; what you earn stays yours."),
}
TONES = {"new": "info", "pending": "info", "restricted": "warn", "active": "ok", "rejected": "danger"}


def needed(needs: Iterable[str]) -> list[str]:
    """Return what is missing, each in a few words."""
    return [str(_NEEDS.get(need) or gettext("Something else that the provider will show you")) for need in needs]


def standing(state: str) -> str:
    """Say what a state of an account means for the merchant."""
    return str(_STATES[state])
