"""Stripe's own ways of counting money: every special currency, in and out again."""

from __future__ import annotations

import pytest

from core.kernel.errors import Conflict
from core.kernel.money import Money, exponent
from core.payments.stripe import amounts


@pytest.mark.parametrize(("minor", "currency", "said"), [
    (1250, "EUR", 1250), (1250, "JPY", 1250), (12_340, "KWD", 12_340), (500, "ISK", 50_000), (500, "UGX", 50_000),
    (12_500, "MGA", 125), (1250, "HUF", 1250), (0, "EUR", 0),
])  # fmt: skip
def test_amount_is_said_as_stripe_counts_it(minor, currency, said):
    assert amounts.charged(Money(minor, currency)) == said
    assert amounts.received(said, currency.lower()) == Money(minor, currency)


@pytest.mark.parametrize(("minor", "currency"), [(12_345, "KWD"), (12_301, "BHD"), (1, "TND"), (150, "MGA")])
def test_amount_that_stripe_cannot_move_exactly_is_refused(minor, currency):
    with pytest.raises(Conflict, match="amount_not_possible"):
        amounts.charged(Money(minor, currency))


@pytest.mark.parametrize("currency", ["HUF", "TWD"])
def test_payouts_of_some_currencies_are_whole_though_charges_are_not(currency):
    assert amounts.charged(Money(1250, currency)) == 1250
    assert amounts.paid_out(Money(1300, currency)) == 1300
    with pytest.raises(Conflict, match="amount_not_possible"):
        amounts.paid_out(Money(1250, currency))


@pytest.mark.parametrize(("currency", "step"), [("EUR", 1), ("JPY", 1), ("KWD", 10), ("HUF", 100), ("TWD", 100),
                                                ("ISK", 1), ("MGA", 100)])  # fmt: skip
def test_payout_step_is_the_smallest_amount_that_can_be_paid_out(currency, step):
    assert amounts.payout_step(currency) == Money(step, currency)
    for times in (1, 7):
        amounts.paid_out(Money(step * times, currency))


def test_every_currency_of_three_digits_keeps_them():
    for currency in ("BHD", "JOD", "KWD", "OMR", "TND"):
        assert exponent(currency) == amounts.digits(currency) == 3
