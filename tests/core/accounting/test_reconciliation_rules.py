"""What a difference is and what ends it, for any figures: after the suggested entry both sides agree to the cent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounting.reconciliation.rules import Kind, Moved, Side, judge, suggestion
from core.kernel.money import Money

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WAIT = timedelta(days=3)
OLD = NOW - timedelta(days=10)
SUBJECTS = ("payment:1", "back:refund:1", "dispute:du_1", "payout:1", "withdrawal:po_1", "movement:txn_1", "entry:1")
CATEGORIES = ("charge", "refund", "refund_failure", "dispute", "transfer", "payout", "topup", "fee", "anything")

_money = st.builds(Money, st.integers(-10_000, 10_000), st.sampled_from(["EUR", "JPY"]))
_moments = st.sampled_from([OLD, NOW - timedelta(days=1), NOW])


@st.composite
def _moved(draw: st.DrawFn) -> Moved:
    amount = draw(_money)
    return Moved(draw(st.sampled_from(CATEGORIES)), amount, Money(draw(st.integers(-50, 500)), amount.currency),
                 draw(_moments))  # fmt: skip


@st.composite
def _side(draw: st.DrawFn) -> Side:
    amount = draw(_money)
    return Side("payment.captured", amount, Money(draw(st.integers(-50, 500)), amount.currency), draw(_moments))


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def charge(minor: int, fee: int = 0, at: datetime = OLD, category: str = "charge") -> Moved:
    return Moved(category, euros(minor), euros(fee), at)


def side(minor: int, fee: int = 0, at: datetime = OLD) -> Side:
    return Side("payment.captured", euros(minor), euros(fee), at)


@given(st.sampled_from(SUBJECTS), st.lists(_moved(), max_size=5), st.lists(_side(), max_size=5))
def test_after_the_suggested_entry_both_sides_agree_in_every_currency(
    subject: str, moved: list[Moved], sides: list[Side]
) -> None:
    verdict = judge(subject, moved, sides, NOW, WAIT)
    postings = suggestion("stripe", subject, verdict) if verdict else ()
    for currency in ("EUR", "JPY"):
        there = sum(one.amount.minor - one.fee.minor for one in moved if one.amount.currency == currency)
        here = sum(one.amount.minor for one in sides if one.amount.currency == currency)
        into = sum(p.amount.minor for p in postings if p.destination == "psp:stripe" and p.amount.currency == currency)
        out = sum(p.amount.minor for p in postings if p.source == "psp:stripe" and p.amount.currency == currency)
        assert here + into - out == there
    assert all(p.amount.minor > 0 and p.source != p.destination for p in postings)


@pytest.mark.parametrize(
    ("subject", "moved", "sides", "kind", "others"),
    [
        ("payment:1", [charge(1000, 59)], [side(1000), side(-59, 59)], None, []),
        ("payment:1", [charge(1000)], [], Kind.MISSING_IN_LEDGER, ["liability:late_payments"]),
        ("payment:1", [charge(1000, at=NOW)], [], Kind.TIMING, ["liability:late_payments"]),
        ("payment:1", [], [side(1000)], Kind.MISSING_AT_PROVIDER, ["liability:late_payments"]),
        ("payment:1", [], [side(1000, at=NOW)], Kind.TIMING, ["liability:late_payments"]),
        ("payment:1", [charge(999)], [side(1000)], Kind.AMOUNT, ["write_off"]),
        ("payment:1", [charge(1000, 59)], [side(1000)], Kind.FEE, ["psp_cost"]),
        ("payment:1", [charge(1000), charge(1000)], [side(1000)], Kind.DUPLICATE, ["liability:late_payments"]),
        ("back:refund:1", [charge(-500, category="refund")] * 2, [side(-500)], Kind.DUPLICATE, ["write_off"]),
        ("back:refund:1", [charge(-500, category="refund"), charge(500, category="refund_failure")], [side(-500)],
         Kind.MISSING_IN_LEDGER, ["liability:late_payments"]),
        ("dispute:du_1", [charge(-500, 1500, category="dispute")], [side(-500)], Kind.FEE, ["psp_cost"]),
        ("dispute:du_1", [charge(-500, category="dispute")], [], Kind.MISSING_IN_LEDGER, ["dispute_receivable"]),
        ("payout:7", [], [side(-500)], Kind.MISSING_AT_PROVIDER, ["in_transit:7"]),
        ("withdrawal:po_1", [charge(-500, at=NOW, category="payout")], [], Kind.MISSING_IN_LEDGER, ["psp:bank"]),
        ("movement:txn_1", [charge(500, at=NOW, category="topup")], [], Kind.MISSING_IN_LEDGER, ["psp:bank"]),
        ("movement:txn_1", [charge(-70, at=NOW, category="fee")], [], Kind.FEE, ["psp_cost"]),
        ("movement:txn_1", [charge(500, at=NOW)], [], Kind.UNKNOWN_SOURCE, ["liability:unexplained"]),
        ("entry:1", [], [side(500)], Kind.MISSING_AT_PROVIDER, ["liability:unexplained"]),
    ],
)  # fmt: skip
def test_each_kind_has_its_name_and_its_other_account(
    subject: str, moved: list[Moved], sides: list[Side], kind: Kind | None, others: list[str]
) -> None:
    verdict = judge(subject, moved, sides, NOW, WAIT)
    assert (verdict.kind if verdict else None) is kind
    found = suggestion("stripe", subject, verdict) if verdict else ()
    assert [({one.source, one.destination} - {"psp:stripe"}).pop() for one in found] == others


def test_other_currency_takes_one_out_and_puts_the_other_in() -> None:
    verdict = judge("payment:1", [charge(1000)], [Side("x", Money(900, "USD"), Money(0, "USD"), OLD)], NOW, WAIT)
    assert verdict is not None
    assert verdict.kind is Kind.CURRENCY
    assert [(p.source, p.destination, str(p.amount)) for p in suggestion("stripe", "payment:1", verdict)] == [
        ("liability:unexplained", "psp:stripe", str(euros(1000))),
        ("psp:stripe", "liability:unexplained", str(Money(900, "USD"))),
    ]


def test_what_is_on_its_way_says_until_when() -> None:
    verdict = judge("payment:1", [charge(1000, at=NOW)], [], NOW, WAIT)
    assert verdict is not None
    assert verdict.waits_until == NOW + WAIT
    later = judge("payment:1", [charge(1000, at=NOW)], [], NOW + WAIT, WAIT)
    assert later is not None
    assert later.kind is Kind.MISSING_IN_LEDGER
