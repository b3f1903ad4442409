"""S42: the process may die anywhere between us and the provider; there is one key, one transfer and one row."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.billing.payouts import clawbacks, sending, settling
from core.billing.payouts.models import ClawbackRow, PayoutRow
from core.kernel.db import session
from core.kernel.errors import Unavailable
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.payments import adapters
from core.payments.adapters import Sent, SentState
from tests.core.billing.settling import Died, FakeProvider, claim, earn, merchant, provider, unpaid, use
from tests.market import balances


@pytest.fixture
def fake(tenant: Tenant) -> Iterator[FakeProvider]:
    """A provider that the marketplace pays out by."""
    with provider() as made:
        with transaction():
            use(made)
        yield made


def owing() -> tuple[UUID, UUID]:
    """Return a merchant with 10.00 earned and claimed, and the payout."""
    with transaction():
        key = merchant(bank=False)
        earn(key, 1000)
        return key, claim(key)


def row_of(payout_id: UUID) -> PayoutRow:
    with transaction():
        return session().scalars(select(PayoutRow).where(PayoutRow.id == payout_id)).one()


def send(payout_id: UUID) -> None:
    sending.send({"payout": str(payout_id)})


def test_a_payout_is_sent_and_noted(fake: FakeProvider) -> None:
    _key, payout = owing()
    send(payout)
    row = row_of(payout)
    assert (row.state, row.provider_ref, fake.moved) == ("sent", f"tr_{row.number}", 1000)
    with transaction():
        assert balances() == {"psp:stripe": 1000, "psp:fake": -1000}


@pytest.mark.parametrize("place", ["find", "before", "after", "noting"])
def test_killed_anywhere_there_is_one_transfer_and_one_row(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    key, payout = owing()
    if place == "noting":

        def die(_payout: UUID, _sent: Sent) -> None:
            raise Died(place)

        monkeypatch.setattr(sending, "note", die)
    fake.dies = place
    with pytest.raises(Died):
        send(payout)
    monkeypatch.undo()
    assert row_of(payout).state == "claimed"
    for _again in range(2):
        send(payout)
    assert (row_of(payout).state, fake.moved, len(fake.transfers)) == ("sent", 1000, 1)
    with transaction():
        assert session().scalar(select(func.count()).select_from(PayoutRow)) == 1
        assert (unpaid(key), balances()) == (0, {"psp:stripe": 1000, "psp:fake": -1000})


def test_a_provider_that_is_away_is_asked_later_about_the_same_payout(fake: FakeProvider) -> None:
    key, payout = owing()
    fake.away = True
    for _try in range(3):
        with pytest.raises(Unavailable):
            send(payout)
    with transaction():
        assert unpaid(key) == 0
    fake.away = False
    send(payout)
    assert (row_of(payout).state, fake.moved) == ("sent", 1000)


def test_a_refusal_opens_the_rows_again(fake: FakeProvider) -> None:
    key, payout = owing()
    fake.refuses = "The account is closed"
    send(payout)
    row = row_of(payout)
    assert (row.state, row.failure, fake.moved) == ("failed", "The account is closed", 0)
    with transaction():
        assert unpaid(key) == 1000


def test_news_that_comes_before_our_own_note_is_not_undone_by_it(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    _key, payout = owing()
    slow = fake.pay_out

    def pay_out(order: adapters.PayoutOrder) -> Sent:
        sent = slow(order)
        for state in (SentState.PAID, SentState.SENT, SentState.PAID):
            with transaction():
                adapters.tell(payout, Sent(sent.ref, state, "bank-1"))
        return sent

    monkeypatch.setattr(fake, "pay_out", pay_out)
    send(payout)
    assert (row_of(payout).state, row_of(payout).bank_ref) == ("paid", "bank-1")
    with transaction():
        assert balances() == {"psp:stripe": 1000, "psp:fake": -1000}


def test_a_silent_payout_is_stuck_is_shown_and_is_never_made_again(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, payout = owing()
    monkeypatch.setattr(sending, "STUCK_AFTER", sending.STUCK_AFTER * 0)
    with transaction():
        assert sending.stuck() == [payout]
        assert unpaid(key) == 0
        sending.ask_again(payout)
    send(payout)
    with transaction():
        assert sending.stuck() == []


def test_what_nobody_knows_of_is_left_alone(fake: FakeProvider) -> None:
    key, payout = owing()
    with transaction():
        settling.note(key, Sent("x", SentState.PAID))
    assert row_of(payout).state == "claimed"


def in_debt(fake: FakeProvider) -> tuple[UUID, UUID]:
    """Return a merchant that was paid 10.00 and owes 4.00 of it, and the clawback that is planned."""
    key, payout = owing()
    send(payout)
    with transaction():
        settling.note(payout, Sent("x", SentState.PAID))
        earn(key, -400)
        planned = clawbacks.plan(key)
        assert planned is not None
        assert clawbacks.plan(key) == planned
        return key, planned


def clawback(key: UUID) -> ClawbackRow:
    with transaction():
        return session().scalars(select(ClawbackRow).where(ClawbackRow.id == key)).one()


@pytest.mark.parametrize("place", ["", "take_before", "take_after"])
def test_what_is_owed_is_fetched_once_wherever_it_dies(fake: FakeProvider, place: str) -> None:
    key, planned = in_debt(fake)
    fake.dies = place
    if place:
        with pytest.raises(Died):
            clawbacks.take_back({"clawback": str(planned)})
    for _again in range(2):
        clawbacks.take_back({"clawback": str(planned)})
    row = clawback(planned)
    assert (row.state, row.taken_minor, fake.moved) == ("reversed", 400, 600)
    with transaction():
        assert unpaid(key) == 0
        assert balances() == {"psp:stripe": 600, "psp:fake": -600}


def test_without_balance_it_fails_and_a_person_tries_again_or_carries_it(fake: FakeProvider) -> None:
    key, planned = in_debt(fake)
    fake.balance = 0
    clawbacks.take_back({"clawback": str(planned)})
    assert (clawback(planned).state, fake.moved) == ("failed", 1000)
    fake.balance = None
    with transaction():
        clawbacks.again(planned)
    clawbacks.take_back({"clawback": str(planned)})
    assert (clawback(planned).state, fake.moved) == ("reversed", 600)
    with transaction():
        assert unpaid(key) == 0


def test_what_two_payouts_hold_together_is_fetched_from_both(fake: FakeProvider) -> None:
    key, first = owing()
    send(first)
    with transaction():
        earn(key, 500)
        second = claim(key)
    send(second)
    with transaction():
        earn(key, -1200)
        planned = clawbacks.plan(key)
    clawbacks.take_back({"clawback": str(planned)})
    assert (row_of(second).taken_back_minor, row_of(first).taken_back_minor) == (500, 700)
    assert fake.moved == 300


def test_a_payout_that_comes_back_after_a_part_was_fetched_owes_the_rest(fake: FakeProvider) -> None:
    key, planned = in_debt(fake)
    clawbacks.take_back({"clawback": str(planned)})
    with transaction():
        payout = session().scalars(select(PayoutRow.id)).one()
        settling.note(payout, Sent("x", SentState.RETURNED))
        assert unpaid(key) == 600
        assert balances() == {"psp:stripe": 600, f"payable:{key}": -600}


def test_where_nothing_can_be_fetched_it_is_carried(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
        planned = clawbacks.plan(key)
        row = session().scalars(select(ClawbackRow)).one()
        assert (row.id, row.state, bool(row.failure)) == (planned, "carried", True)
        earn(key, 1000)
        assert clawbacks.plan(key) is None
        assert unpaid(key) == 600
