"""Amounts as Stripe counts them, which is not in every currency as ISO 4217 does. Nothing else converts them."""

from __future__ import annotations

from fractions import Fraction

from core.kernel.errors import Conflict, _
from core.kernel.money import Money, exponent, round_half_up

# What Stripe counts in whole units. ISO 4217 gives MGA two digits, the others none.
_WHOLE = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
# Three digits, of which the last must be nought: card networks know two.
_THREE = frozenset("BHD JOD KWD OMR TND".split())
# Counted with two digits, though there are no hundredths: both must be nought.
_WHOLE_OF_TWO = frozenset("ISK UGX".split())
# Charged to the hundredth, paid out in whole units alone.
_PAID_OUT_WHOLE = frozenset("HUF TWD".split())


def digits(currency: str) -> int:
    """Return how many digits after the point Stripe's amounts of a currency have."""
    if currency in _WHOLE:
        return 0
    return 3 if currency in _THREE else 2


def charged(amount: Money) -> int:
    """Return an amount as Stripe charges, refunds and transfers it. Raise Conflict if it cannot be said exactly."""
    return _said(amount, _step(amount.currency))


def paid_out(amount: Money) -> int:
    """Return an amount as Stripe pays it to a bank. Raise Conflict if the bank would get no exact amount."""
    return _said(amount, 100 if amount.currency in _PAID_OUT_WHOLE else _step(amount.currency))


def charge_step(currency: str) -> Money:
    """Return the smallest amount of which every charge must be a multiple."""
    minor = Fraction(_step(currency) * 10 ** exponent(currency), 10 ** digits(currency))
    return Money(max(1, -(-minor.numerator // minor.denominator)), currency)


def payout_step(currency: str) -> Money:
    """Return the smallest amount of which every payout must be a multiple."""
    step = 100 if currency in _PAID_OUT_WHOLE else _step(currency)
    minor = Fraction(step * 10 ** exponent(currency), 10 ** digits(currency))
    return Money(max(1, -(-minor.numerator // minor.denominator)), currency)


def received(value: int, currency: str) -> Money:
    """Return what an amount of Stripe's is in our minor units; its currency may be in lower case."""
    code = currency.upper()
    minor = Fraction(value * 10 ** exponent(code), 10 ** digits(code))
    if minor.denominator != 1:
        raise Conflict("payments.amount_not_exact", _("The provider's amount cannot be said in this currency"))
    return Money(int(minor), code)


def nearest(value: int, currency: str) -> Money:
    """Return what an amount of Stripe's is in our minor units, rounded half up where it cannot be said exactly.

    Stripe takes its fees to the hundredth even in currencies that have none.
    """
    code = currency.upper()
    return Money(round_half_up(Fraction(value * 10 ** exponent(code), 10 ** digits(code))), code)


def _step(currency: str) -> int:
    if currency in _WHOLE_OF_TWO:
        return 100
    return 10 if currency in _THREE else 1


def _said(amount: Money, step: int) -> int:
    value = Fraction(amount.minor * 10 ** digits(amount.currency), 10 ** exponent(amount.currency))
    if value.denominator != 1 or int(value) % step:
        raise Conflict(
            "payments.amount_not_possible", _("The payment provider cannot move exactly {amount}"), amount=amount
        )
    return int(value)
