"""Closing months and entries by hand: two people, in order, and a refusal changes nothing."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from core.accounting import closing, manual, reading
from core.hooks.money import Posting
from core.kernel.errors import Conflict, Denied, Invalid, Missing
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.ledger import books
from tests.core.accounting.books import FEB, JAN, sale, state
from tests.market import balances, euros, make_shop

ANNA, BORIS = uuid4(), uuid4()


def stated(tenant: Tenant) -> None:
    """Issue January."""
    with transaction():
        sale(make_shop().merchant_id, date(2026, 1, 5), 5_000)
    state(JAN)


def test_a_month_is_closed_by_two_people(tenant: Tenant) -> None:
    stated(tenant)
    with transaction():
        wish = closing.ask_to_close(JAN, by=ANNA)
        with pytest.raises(Denied, match=r"approvals\.own"):
            closing.approve(wish.id, by=ANNA)
        assert books.books().closed_until is None
        closing.approve(wish.id, by=BORIS)
        assert (books.books().closed_until, closing.waiting()) == (FEB, [])


def test_a_month_without_statements_is_not_closed(tenant: Tenant) -> None:
    with transaction():
        sale(make_shop().merchant_id, date(2026, 1, 5), 5_000)
        with pytest.raises(Conflict, match="state_first"):
            closing.ask_to_close(JAN, by=ANNA)
        assert closing.waiting() == []


def test_a_month_that_is_not_over_is_not_closed(tenant: Tenant) -> None:
    with transaction(), pytest.raises(Conflict, match="month_not_over"):
        closing.ask_to_close(date(2999, 1, 1), by=ANNA)


def test_a_closed_month_is_opened_again_by_two_people(tenant: Tenant) -> None:
    stated(tenant)
    with transaction():
        closing.approve(closing.ask_to_close(JAN, by=ANNA).id, by=BORIS)
        with pytest.raises(Conflict, match="closed_already"):
            closing.ask_to_close(JAN, by=ANNA)
        closing.approve(closing.ask_to_reopen(JAN, by=BORIS).id, by=ANNA)
        assert books.books().closed_until == JAN


def test_a_wish_is_void_when_the_books_have_moved(tenant: Tenant) -> None:
    stated(tenant)
    state(FEB)
    with transaction():
        wish = closing.ask_to_close(JAN, by=ANNA)
        books.close_until(date(2026, 3, 1))
        with pytest.raises(Conflict, match=r"approvals\.changed"):
            closing.approve(wish.id, by=BORIS)
        assert books.books().closed_until == date(2026, 3, 1)


def test_a_refused_wish_is_gone(tenant: Tenant) -> None:
    stated(tenant)
    with transaction():
        wish = closing.ask_to_close(JAN, by=ANNA)
        closing.reject(wish.id, by=BORIS)
        with pytest.raises(Missing):
            closing.approve(wish.id, by=BORIS)
        assert books.books().closed_until is None


def test_an_entry_by_hand_moves_nothing_before_a_second_person_posts_it(tenant: Tenant) -> None:
    with transaction():
        key = manual.draft("Bank charge", JAN, [Posting("world", "psp_cost", euros(250), "charge")], by=ANNA)
        with pytest.raises(Denied):
            manual.approve(key, by=ANNA)
        assert balances() == {}
        entry_id = manual.approve(key, by=BORIS)
        assert balances() == {"psp_cost": 250, "world": -250}
        (found,), _more = manual.listed()
        assert (found.state, found.entry_id) == ("posted", entry_id)
        with pytest.raises(Conflict, match="decided"):
            manual.approve(key, by=BORIS)
        assert balances() == {"psp_cost": 250, "world": -250}


def test_an_entry_that_is_turned_down_moves_nothing(tenant: Tenant) -> None:
    with transaction():
        key = manual.draft("Bank charge", JAN, [Posting("world", "fee", euros(1), "x")], by=ANNA)
        manual.reject(key, by=BORIS)
        with pytest.raises(Conflict):
            manual.approve(key, by=BORIS)
        assert balances() == {}


@pytest.mark.parametrize(
    ("source", "destination", "amount"),
    [("world", "fees", 1), ("payable:nobody", "fee", 1), (f"payable:{UUID(int=7)}", "fee", 1), ("fee", "fee", 1),
     ("world", "fee", 0), ("world", "fee", -5), ("psp:unknown", "fee", 1)],
)  # fmt: skip
def test_an_entry_by_hand_with_a_wrong_posting_is_refused(
    tenant: Tenant, source: str, destination: str, amount: int
) -> None:
    with transaction():
        with pytest.raises(Invalid):
            manual.draft("Why", JAN, [Posting(source, destination, euros(amount), "x")], by=ANNA)
        assert manual.listed()[0] == []


@pytest.mark.parametrize(("reason", "day", "count"), [("", JAN, 1), ("Why", date(2999, 1, 1), 1), ("Why", JAN, 0)])
def test_an_entry_by_hand_needs_a_reason_a_past_day_and_a_posting(
    tenant: Tenant, reason: str, day: date, count: int
) -> None:
    with transaction():
        with pytest.raises(Invalid):
            manual.draft(reason, day, [Posting("world", "fee", euros(1), "x")] * count, by=ANNA)
        assert manual.listed()[0] == []


def test_an_entry_by_hand_on_a_merchants_account_stands_in_its_statement(tenant: Tenant) -> None:
    with transaction():
        merchant = make_shop().merchant_id
        sale(merchant, date(2026, 1, 5), 5_000)
        goodwill = Posting(f"payable:{merchant}", "write_off", euros(300), "goodwill")
        manual.approve(manual.draft("Goodwill", JAN, [goodwill], by=ANNA), by=BORIS)
    state(JAN)
    with read_only():
        (found,), _more = reading.listed(merchant_id=merchant)
        assert {t.section: t.amount.minor for t in found.payable.totals} == {"orders": 5_000, "other": 300}
