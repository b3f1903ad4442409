"""Stripe's published test cards: what each does, and the names that stand for them."""

from dataclasses import dataclass
from enum import StrEnum

from web.sandbox.stripe.errors import StripeError


class Behaviour(StrEnum):
    """What happens when a card is charged."""

    SUCCEEDS = "succeeds"
    DECLINES = "declines"
    ASKS = "asks"
    REFUNDS_LATE = "refunds_late"


@dataclass(frozen=True, slots=True)
class Card:
    """A test card. `code` and `decline_code` are what Stripe answers if it declines."""

    number: str
    brand: str = "visa"
    behaviour: Behaviour = Behaviour.SUCCEEDS
    funding: str = "credit"
    code: str = ""
    decline_code: str | None = None
    message: str = ""

    @property
    def last4(self) -> str:
        """Give the last four digits, which tell the test cards apart."""
        return self.number[-4:]


def _declined(number: str, decline_code: str, message: str = "Your card was declined.") -> Card:
    return Card(
        number,
        behaviour=Behaviour.DECLINES,
        code="card_declined",
        decline_code=decline_code,
        message=message,
    )


def _refused(number: str, code: str, message: str) -> Card:
    return Card(number, behaviour=Behaviour.DECLINES, code=code, decline_code=code, message=message)


_CARDS = (
    Card("4242424242424242"),
    Card("4000056655665556", funding="debit"),
    Card("5555555555554444", brand="mastercard"),
    Card("378282246310005", brand="amex"),
    Card("6200000000000005", brand="unionpay"),
    _declined("4000000000000002", "generic_decline"),
    _declined("4000000000009995", "insufficient_funds", "Your card has insufficient funds."),
    _declined("4000000000009987", "lost_card"),
    _declined("4000000000009979", "stolen_card"),
    _refused("4000000000000069", "expired_card", "Your card has expired."),
    _refused("4000000000000127", "incorrect_cvc", "Your card's security code is incorrect."),
    _refused("4000000000000119", "processing_error", "An error occurred while processing your card."),
    Card("4000002500003155", behaviour=Behaviour.ASKS),
    Card("4000002760003184", behaviour=Behaviour.ASKS),
    Card("4000000000007726", behaviour=Behaviour.REFUNDS_LATE),
)
BY_NUMBER = {card.number: card for card in _CARDS}
_BY_LAST4 = {card.last4: card for card in _CARDS}

_TOKENS = {
    "visa": "4242424242424242",
    "visa_debit": "4000056655665556",
    "mastercard": "5555555555554444",
    "amex": "378282246310005",
    "unionpay": "6200000000000005",
    "chargeDeclined": "4000000000000002",
    "visa_chargeDeclined": "4000000000000002",
    "chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedLostCard": "4000000000009987",
    "visa_chargeDeclinedStolenCard": "4000000000009979",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedIncorrectCvc": "4000000000000127",
    "chargeDeclinedProcessingError": "4000000000000119",
    "authenticationRequired": "4000002500003155",
    "threeDSecure2Required": "4000002760003184",
    "pendingRefund": "4000000000007726",
}


def named(token: str) -> Card | None:
    """Find the card that a name such as "pm_card_visa" or "tok_visa" stands for."""
    name = token.removeprefix("pm_card_").removeprefix("tok_")
    number = _TOKENS.get(name)
    return BY_NUMBER[number] if number and token != name else None


def by_last4(last4: str) -> Card:
    """Find a test card by its last four digits, all that is kept of it."""
    return _BY_LAST4[last4]


def by_number(number: str, param: str) -> Card:
    """Find a test card. Raise StripeError for a wrong number, and for a real card, as test mode does."""
    digits = number.replace(" ", "").replace("-", "")
    if card := BY_NUMBER.get(digits):
        return card
    if not (digits.isdecimal() and 12 <= len(digits) <= 19 and _passes_luhn(digits)):
        message = "Your card number is incorrect."
        raise StripeError(402, "card_error", message, code="incorrect_number", param=param)
    message = "Your card was declined. Your request was in test mode, but used a non test card."
    raise StripeError(402, "card_error", message, code="card_declined", decline_code="test_mode_live_card", param=param)


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
