"""Statements: every posting once, opening is the last closing, sums are the ledger's, late entries go to the next."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.accounting import documents, reading, statements
from core.accounting.models import StatementRow, StatementRunRow
from core.accounting.reading import Statement
from core.accounting.sections import POTS
from core.billing import accounts
from core.hooks.money import Posting
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.ledger import balances, books, journal
from core.ledger.models import EntryRow, PostingRow
from tests.core.accounting.books import FEB, JAN, MAR, sale, state
from tests.market import euros, make_shop


def totals(found: Statement, pot: str = "payable") -> dict[str, int]:
    """Return the totals of an account in minor units."""
    return {t.section: t.amount.minor for p in found.pots if p.name == pot for t in p.totals}


def only(month: date, merchant_id: UUID) -> Statement:
    """Return a merchant's statement of a month."""
    found, _following = reading.listed(month=month, merchant_id=merchant_id)
    return found[0]


def test_a_statement_says_where_the_money_came_from_and_went(tenant: Tenant) -> None:
    with transaction():
        merchant = make_shop().merchant_id
        sale(merchant, date(2026, 1, 31), 10_000, 800, 160)
    state(JAN)
    with read_only():
        found = only(JAN, merchant)
        assert totals(found) == {"orders": 10_000, "order_fees": -800, "fee_tax": -160}
        assert totals(found, "held") == {"sales": 10_000, "released": -10_000}
        assert (found.payable.opening.minor, found.payable.closing.minor) == (0, 9_040)
        assert (found.number, reading.is_unchanged(found)) == ("ST-10001", True)


def test_the_opening_is_the_last_closing_even_without_movements(tenant: Tenant) -> None:
    with transaction():
        merchant = make_shop().merchant_id
        sale(merchant, date(2026, 1, 5), 5_000)
    state(JAN)
    state(FEB)
    with read_only():
        found = only(FEB, merchant)
        assert (found.payable.opening.minor, found.payable.closing.minor, totals(found)) == (5_000, 5_000, {})
        assert reading.is_unchanged(found)


def test_a_late_entry_stands_in_the_next_statement_by_its_own_date(tenant: Tenant) -> None:
    with transaction():
        merchant = make_shop().merchant_id
        sale(merchant, date(2026, 1, 5), 5_000)
    state(JAN)
    with transaction():
        sale(merchant, date(2026, 1, 31), 700)
    state(FEB)
    with read_only():
        assert only(JAN, merchant).payable.closing.minor == 5_000
        assert totals(only(FEB, merchant)) == {"orders": 700}
        rows, _more = reading.behind(only(FEB, merchant), "payable", "orders")
        assert [row.effective_on for row in rows] == [date(2026, 1, 31)]


def test_months_are_issued_in_order_and_only_when_they_are_over(tenant: Tenant) -> None:
    with transaction():
        sale(make_shop().merchant_id, date(2026, 1, 5), 5_000)
    with transaction():
        with pytest.raises(Conflict, match=r"accounting\.not_next"):
            statements.start(FEB)
        with pytest.raises(Conflict, match=r"accounting\.month_not_over"):
            statements.start(date(2999, 1, 1))
        assert session().scalars(select(StatementRunRow)).all() == []


def test_a_second_run_of_a_month_changes_nothing(tenant: Tenant) -> None:
    with transaction():
        sale(make_shop().merchant_id, date(2026, 1, 5), 5_000, 500)
    first = state(JAN)
    with read_only():
        before = [(row.id, row.hash) for row in session().scalars(select(StatementRow))]
    assert state(JAN) == first
    with read_only():
        assert [(row.id, row.hash) for row in session().scalars(select(StatementRow))] == before
        assert len(documents.listed()[0]) == 1


def test_the_fees_of_a_month_get_an_invoice_with_its_rate(tenant: Tenant) -> None:
    with transaction():
        merchant = make_shop().merchant_id
        sale(merchant, date(2026, 1, 5), 10_000, 833, 167)
        sale(merchant, date(2026, 1, 6), 1_000, 80, 16)
    state(JAN)
    with read_only():
        (paper,), _more = documents.listed(merchant_id=merchant)
        assert (paper.kind, paper.number, paper.net.minor, paper.tax.minor) == ("fee_invoice", "FI-10001", 913, 183)
        assert [(one.rate_bps, one.net.minor, one.tax.minor) for one in paper.taxes] == [(2000, 913, 183)]
        assert paper.settled == paper.gross


def test_more_fees_given_back_than_taken_make_a_credit_note(tenant: Tenant) -> None:
    with transaction():
        merchant = make_shop().merchant_id
        payable = accounts.payable(merchant)
        journal.post("r", "refund.settled", [Posting(payable, accounts.FEE, euros(100), "fees given back")],
                     effective_on=date(2026, 1, 9))  # fmt: skip
    state(JAN)
    with read_only():
        (paper,), _more = documents.listed(merchant_id=merchant)
        assert (paper.kind, paper.number, paper.gross.minor) == ("fee_credit", "FC-10001", 100)


def test_numbers_have_no_gap_over_merchants_and_months(tenant: Tenant) -> None:
    with transaction():
        for _n in range(3):
            sale(make_shop().merchant_id, date(2026, 1, 5), 1_000, 100)
    state(JAN)
    state(FEB)
    with read_only():
        numbers = sorted(session().scalars(select(StatementRow.number)))
        assert numbers == [f"ST-{n}" for n in range(10_001, 10_007)]


def test_an_entry_of_a_closed_day_is_dated_to_the_first_open_day(tenant: Tenant) -> None:
    with transaction():
        books.close_until(FEB)
    with transaction():
        merchant = make_shop().merchant_id
        sale(merchant, date(2026, 1, 31), 100)
    with read_only():
        assert set(session().scalars(select(EntryRow.effective_on))) == {FEB}
    with transaction():
        books.close_until(None)
        sale(merchant, date(2026, 1, 31), 100)
        assert set(session().scalars(select(EntryRow.effective_on))) == {FEB, date(2026, 1, 31)}


_ENDS = (
    "held",
    "payable",
    "reserve",
    "psp:x",
    "fee",
    "fee_tax",
    "promo_expense",
    "in_transit:p",
    "oddity:y",
    "write_off",
)
_KINDS = ("payment.captured", "order.released", "refund.settled", "payout.sent", "payout.returned", "reserve.held",
          "billing.item", "dispute.lost", "balance.written_off", "journal.manual", "order.released.reversed",
          "later.plugin")  # fmt: skip
_EVENTS = st.lists(
    st.tuples(st.sampled_from(_KINDS), st.integers(0, 1), st.sampled_from(_ENDS), st.sampled_from(_ENDS),
              st.integers(1, 10_000), st.integers(0, 89), st.integers(0, 2)),
    min_size=1, max_size=40,
)  # fmt: skip


def _post(events: list[tuple[str, int, str, str, int, int, int]], merchants: list[UUID], phase: int) -> None:
    for kind, who, source, destination, amount, day, when in events:
        if when != phase or source == destination:
            continue
        ends = [f"{end}:{merchants[who]}" if end in POTS else end for end in (source, destination)]
        posting = Posting(ends[0], ends[1], euros(amount), "any")
        journal.post(f"any:{uuid4()}", kind, [posting], effective_on=JAN + timedelta(days=day))


@given(_EVENTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_every_posting_of_a_merchant_is_in_exactly_one_total(make_tenant, events) -> None:  # type: ignore[no-untyped-def]
    with bind(make_tenant()):
        with transaction():
            merchants = [make_shop().merchant_id, make_shop().merchant_id]
            sale(merchants[0], JAN, 1)
        for phase, month in enumerate((JAN, FEB, MAR)):
            with transaction():
                _post(events, merchants, phase)
            state(month)
        with read_only():
            for merchant in merchants:
                _compare(merchant)


def _compare(merchant: UUID) -> None:
    """Check a merchant's statements against the journal itself."""
    found = list(reversed(reading.listed(merchant_id=merchant)[0]))
    for place, pot in enumerate(POTS):
        account = f"{pot}:{merchant}"
        before = euros(0)
        behind: list[UUID] = []
        for one in found:
            mine = one.pots[place]
            assert mine.opening == before
            assert mine.opening.minor + sum(t.amount.minor for t in mine.totals) == mine.closing.minor
            for t in mine.totals:
                rows, more = reading.behind(one, pot, t.section, limit=500)
                assert (sum(r.amount.minor for r in rows), len(rows), more) == (t.amount.minor, t.rows, None)
                behind += [row.id for row in rows]
            before = mine.closing
        touched = select(PostingRow.id).where((PostingRow.source == account) | (PostingRow.destination == account))
        assert sorted(behind) == sorted(session().scalars(touched))
        assert before == -balances.balance(account, "EUR")
