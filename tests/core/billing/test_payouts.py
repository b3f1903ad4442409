"""Payouts: the claim by stamping, what a provider's words do, and what keeps money back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core.billing import release
from core.billing.payouts import claiming, deciding, holds, reserves, settling, terms
from core.billing.payouts.models import ItemRow, PayoutRow, ReserveRow
from core.billing.payouts.terms import Terms
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid, Missing
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.merchants import house, reviewing
from core.payments import bank_accounts, payments
from core.payments.adapters import Sent, SentState
from core.payments.bank_accounts import Details
from core.payments.models import PaymentRow
from tests.core.billing.settling import claim, earn, euros, merchant, unpaid
from tests.market import balances, buy, make_good, make_shop, orders_of

ADA, BEN = uuid4(), uuid4()


def row_of(payout_id) -> PayoutRow:
    session().flush()
    return session().scalars(select(PayoutRow).where(PayoutRow.id == payout_id)).one()


def items_of(payout_id) -> list[int]:
    """Return what each money event adds to a payout, in their order."""
    query = select(func.sum(ItemRow.amount_minor)).where(ItemRow.payout_id == payout_id)
    return [int(minor) for minor in session().scalars(query.group_by(ItemRow.entry_id).order_by(ItemRow.entry_id))]


def say(payout_id, state: SentState, **more: str) -> None:
    settling.note(payout_id, Sent("ref", state, **more))


def test_s11_a_negative_balance_is_carried_and_then_paid_with_its_rows(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, 2514)
        first = claim(key)
        say(first, SentState.PAID)
        earn(key, -1082)
        earn(key, -1082)
        assert unpaid(key) == -2164
        earn(key, 1500)
        assert (unpaid(key), claiming.claim(key)) == (-664, None)
        earn(key, 3000)
        assert claiming.claim(key, minimum=euros(2337)) is None
        second = claim(key, 2000)
        assert (row_of(second).amount_minor, items_of(second)) == (2336, [-1082, -1082, 1500, 3000])
        say(second, SentState.PAID)
        assert (unpaid(key), row_of(second).state) == (0, "paid")
        assert {account for account in balances() if not account.startswith("psp:")} == set()


def test_claiming_again_sweeps_nothing(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
        claim(key)
        assert claiming.claim(key) is None
        assert session().scalar(select(func.count()).select_from(PayoutRow)) == 1


def test_what_is_earned_after_the_claim_waits_for_the_next(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
        first = claim(key)
        earn(key, -300)
        earn(key, 500)
        assert items_of(first) == [1000]
        assert items_of(claim(key)) == [-300, 500]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("sent", "sent"), ("sent paid", "paid"), ("paid sent", "paid"), ("sent sent paid paid", "paid"),
        ("failed", "failed"), ("failed failed sent", "failed"), ("sent failed", "failed"),
        ("sent paid returned", "returned"), ("returned paid sent", "returned"), ("paid failed", "returned"),
        ("taken", "claimed"), ("taken paid taken", "paid"),
    ],
)  # fmt: skip
def test_words_of_a_provider_may_come_twice_and_in_any_order(tenant: Tenant, words: str, state: str) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
        before = balances()
        payout = claim(key)
        for word in words.split():
            say(payout, SentState(word))
        assert row_of(payout).state == state
        if state in ("failed", "returned"):
            assert (balances(), unpaid(key)) == (before, 1000)
        else:
            assert unpaid(key) == 0
        if state == "paid":
            assert [account for account in balances() if not account.startswith("psp:")] == []


def test_a_payment_after_a_failure_is_shown_to_a_person(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
        payout = claim(key)
        say(payout, SentState.FAILED, failure="No such account")
        say(payout, SentState.PAID)
        row = row_of(payout)
        assert (row.state, bool(row.trouble), row.failure) == ("failed", True, "No such account")
        deciding.settle_trouble(payout)
        assert row_of(payout).trouble == ""


def test_a_returned_payout_opens_its_rows_for_the_next(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
        first = claim(key)
        say(first, SentState.PAID)
        say(first, SentState.RETURNED, failure="Account closed")
        earn(key, 50)
        second = claim(key)
        assert (items_of(first), items_of(second)) == ([1000], [1000, 50])
        assert row_of(second).number != row_of(first).number


def test_above_the_limit_a_second_person_sends_it(tenant: Tenant) -> None:
    with transaction():
        terms.change(Terms(approval_above_minor=999))
        key = merchant()
        earn(key, 1000)
        payout = claim(key, by=ADA)
        assert row_of(payout).state == "awaiting_approval"
        with pytest.raises(Denied):
            deciding.approve(payout, by=ADA)
        assert row_of(payout).state == "awaiting_approval"
        assert deciding.approve(payout, by=BEN)
        assert row_of(payout).state == "claimed"
        with pytest.raises(Conflict):
            deciding.approve(payout, by=BEN)


def test_what_the_schedule_made_above_the_limit_needs_two_persons(tenant: Tenant) -> None:
    with transaction():
        terms.change(Terms(approval_above_minor=999))
        key = merchant()
        earn(key, 1000)
        payout = claim(key)
        assert not deciding.approve(payout, by=ADA)
        assert row_of(payout).state == "awaiting_approval"
        assert deciding.approve(payout, by=BEN)


def test_a_payout_is_called_off_only_before_the_provider_was_asked(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
        before = balances()
        payout = claim(key)
        with pytest.raises(Invalid):
            deciding.cancel(payout, " ")
        deciding.cancel(payout, "Wrong amount")
        assert (balances(), unpaid(key), row_of(payout).state) == (before, 1000, "cancelled")
        again = claim(key)
        row_of(again).asked_at = clock.now()
        with pytest.raises(Conflict):
            deciding.cancel(again, "Too late")
        assert (unpaid(key), row_of(again).state) == (0, "claimed")


def test_the_house_and_strangers_are_not_paid(tenant: Tenant) -> None:
    with transaction():
        with pytest.raises(Conflict):
            claiming.claim(house.house_id())
        with pytest.raises(Missing):
            claiming.claim(uuid4())


def test_holds_keep_all_an_amount_or_nothing_back(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        for minor in (1000, 2000, -500, 700):
            earn(key, minor)
        hold = holds.place(key, "A dispute is open", amount=euros(1500))
        part = claim(key)
        assert (items_of(part), unpaid(key)) == ([1000, -500, 700], 2000)
        assert claiming.outlook(key).amount == euros(0)
        holds.lift(hold)
        assert claiming.outlook(key).amount == euros(2000)
        holds.place(key, "Stop", until=clock.now() + timedelta(days=1))
        assert claiming.claim(key) is None
        assert unpaid(key) == 2000


def test_the_same_key_holds_once_and_a_hold_needs_a_reason(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        assert holds.place(key, "Case 7", key="case:7") == holds.place(key, "Case 7", key="case:7")
        for wrong in ({"message": ""}, {"message": "x", "amount": euros(0)}, {"message": "x", "until": clock.now()}):
            with pytest.raises(Invalid):
                holds.place(key, **wrong)
        assert len(claiming.outlook(key).holds) == 1


def test_nothing_is_paid_without_an_account_or_while_a_changed_one_rests(tenant: Tenant) -> None:
    with transaction():
        key = merchant(bank=False)
        earn(key, 1000)
        assert [hold.code for hold in claiming.outlook(key).holds] == ["no_account"]
        bank_accounts.write(key, Details("Merchant Ltd", "IE29 AIBK 9311 5212 3456 78", country="ie"))
        assert claiming.outlook(key).holds == ()
        changed = bank_accounts.write(key, Details("Somebody", "GB82WEST12345698765432", country="GB"))
        assert (changed.rests, changed.masked) == (True, "GB •••• 5432")
        assert [hold.code for hold in claiming.outlook(key).holds] == ["account_rests"]
        assert claiming.claim(key) is None
        bank_accounts.end_rest(key)
        assert row_of(claim(key)).account == str(changed.id)


def test_bank_details_that_cannot_be_right_are_refused_by_field(tenant: Tenant) -> None:
    wrong = {
        "number": Details("A", "IE29AIBK93115212345679", country="IE"), "holder": Details(" ", "IE29AIBK93115212345678", country="IE"),
        "bank_code": Details("A", "12345678", country="GB"), "country": Details("A", "IE29AIBK93115212345678"),
    }  # fmt: skip
    with transaction():
        key = merchant(bank=False)
        for name, details in wrong.items():
            with pytest.raises(Invalid) as refusal:
                bank_accounts.write(key, details)
            assert [fault.path for fault in refusal.value.fields] == [name]
        assert bank_accounts.of_merchant(key) is None


def test_the_number_is_sealed_and_shown_by_its_end(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        account = bank_accounts.of_merchant(key)
        assert account is not None
        stored = bank_accounts._present(key)
        assert stored is not None
        assert ("93115212345678" in stored.sealed_number, account.masked) == (False, "IE •••• 5678")
        assert bank_accounts.opened(stored) == "IE29AIBK93115212345678"


def _completed(price: int) -> tuple:
    """Complete a paid order of one good; return its merchant and its order."""
    shop = make_shop()
    bank_accounts.write(shop.merchant_id, Details("M", "IE29AIBK93115212345678", country="IE"))
    purchase = buy({make_good(shop, price): 1})
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase)).one()
    payments.captured(row, "card")
    (order,) = orders_of(purchase)
    release.complete(order.id)
    return shop.merchant_id, order


def test_s12_a_tenth_of_a_release_is_kept_for_thirty_days(tenant: Tenant) -> None:
    with transaction():
        terms.change(Terms(reserve_bps=1000, reserve_days=30))
        key, _order = _completed(6009)
        assert (balances()[f"reserve:{key}"], balances()[f"payable:{key}"]) == (-601, -5408)
        payout = claim(key)
        assert (row_of(payout).amount_minor, items_of(payout)) == (5408, [6009, -601])
        kept = session().scalars(select(ReserveRow)).one()
        assert kept.due_at - kept.held_at == timedelta(days=30)
        reviewing.close(key, "Gone")
        assert balances()[f"reserve:{key}"] == -601
        for _time in range(2):
            reserves.free({"reserve": str(kept.id)})
        assert f"reserve:{key}" not in balances()
        assert items_of(claim(key)) == [601]


@pytest.mark.parametrize(
    "wrong",
    [{"every": "hourly"}, {"month_day": 31}, {"minimum_minor": -1}, {"reserve_bps": 10_001}, {"adapter": "none"}],
)
def test_terms_that_do_not_hold_together_are_refused(tenant: Tenant, wrong: dict) -> None:
    with transaction():
        with pytest.raises(Invalid):
            terms.change(Terms(**wrong))
        assert terms.of_marketplace() == Terms()


def test_a_merchant_has_the_marketplaces_terms_until_it_has_its_own(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        terms.change(Terms(minimum_minor=500, approval_above_minor=9))
        assert terms.of_merchant(key).minimum == euros(500)
        terms.change(Terms(every="daily", minimum_minor=700), key)
        mine = terms.of_merchant(key)
        assert (mine.minimum_minor, mine.approval_above_minor, mine.is_own) == (700, 9, True)
        terms.forget(key)
        assert terms.of_merchant(key).minimum_minor == 500
