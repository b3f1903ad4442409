"""Debts that are not waited for, the schedule, and money moved from a provider to the bank."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.billing.payouts import banking, claiming, clawbacks, debts, running, terms
from core.billing.payouts.models import ClawbackRow, PayoutRow
from core.billing.payouts.terms import Terms
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.core.billing.settling import claim, earn, euros, merchant, unpaid
from tests.market import balances
from tests.working import run_due

ADA, BEN = uuid4(), uuid4()


def test_an_invoiced_debt_lets_later_sales_be_paid_in_full(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
        debt = debts.invoice(key)
        assert (balances()[f"receivable:{key}"], unpaid(key)) == (400, 0)
        earn(key, 1000)
        assert claiming.outlook(key).amount == euros(1000)
        for _time in range(2):
            debts.receive(debt)
        assert (balances()["psp:bank"], debts.find(debt).state) == (400, "paid")
        with pytest.raises(Conflict):
            debts.invoice(key)


def test_writing_off_takes_two_persons_and_a_reason(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
        planned = clawbacks.plan(key)
        with pytest.raises(Invalid):
            debts.ask_write_off(key, " ", by=ADA)
        debt = debts.ask_write_off(key, "Insolvent", by=ADA)
        with pytest.raises(Denied):
            debts.write_off(debt, by=ADA)
        assert unpaid(key) == -400
        debts.write_off(debt, by=BEN)
        assert (balances()["write_off"], unpaid(key), debts.find(debt).state) == (400, 0, "written_off")
        assert session().scalars(select(ClawbackRow.state).where(ClawbackRow.id == planned)).one() == "written_off"


def test_a_debt_that_shrank_since_is_not_written_off(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
        debt = debts.ask_write_off(key, "Insolvent", by=ADA)
        with pytest.raises(Conflict):
            debts.ask_write_off(key, "Again", by=ADA)
        earn(key, 300)
        with pytest.raises(Conflict):
            debts.write_off(debt, by=BEN)
        assert ("write_off" in balances(), unpaid(key)) == (False, -100)
        debts.reject(debt, by=BEN)
        assert debts.find(debt).state == "rejected"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Terms("daily"), date(2026, 12, 2)), (Terms("weekly", weekday=0), date(2026, 12, 7)),
        (Terms("weekly", weekday=1), date(2026, 12, 8)), (Terms("monthly", month_day=28), date(2026, 12, 28)),
        (Terms("monthly", month_day=1), date(2027, 1, 1)), (Terms("manual"), None),
    ],
)  # fmt: skip
def test_the_next_day_of_each_schedule(wanted: Terms, expected: date | None) -> None:
    assert wanted.next_day(date(2026, 12, 1)) == expected


def test_the_schedule_pays_who_is_due_once_and_makes_up_for_missed_days(tenant: Tenant) -> None:
    with transaction():
        terms.change(Terms(every="weekly", weekday=0, minimum_minor=300))
        weekly, daily, poor, own = (merchant() for _number in range(4))
        for key, minor in ((weekly, 1000), (daily, 500), (poor, 200), (own, 900)):
            earn(key, minor)
        terms.change(Terms(every="daily"), daily)
        terms.change(Terms(every="manual"), own)
        assert running.run(date(2026, 12, 5)) == 1
        assert running.run(date(2026, 12, 5)) == 0
    run_due(tenant)
    with transaction():
        assert paid_to() == [daily]
        # Monday the 7th was missed.
        assert running.run(date(2026, 12, 8)) == 2
    run_due(tenant)
    with transaction():
        assert paid_to() == [daily, weekly]
        assert (unpaid(poor), unpaid(own)) == (200, 900)


def paid_to() -> list[object]:
    return list(session().scalars(select(PayoutRow.merchant_id).order_by(PayoutRow.id)))


def test_the_job_of_a_payout_is_one_of_its_commit(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, 100)
        payout = claim(key)
        rows = session().scalars(select(OutboxRow).where(OutboxRow.handler == "payouts.send")).all()
        assert [row.payload for row in rows] == [{"payout": str(payout)}]


def test_money_is_moved_from_a_provider_to_the_bank_once(tenant: Tenant) -> None:
    with transaction():
        earn(merchant(), 1000)
        assert banking.withdraw("stripe", euros(600), key="w1")
        assert not banking.withdraw("stripe", euros(300), key="w1")
        assert banking.purses() == [("bank", euros(600)), ("stripe", euros(400))]
        with pytest.raises(Conflict):
            banking.withdraw("stripe", euros(401), key="w2")
        with pytest.raises(Invalid):
            banking.withdraw("stripe", euros(0), key="w3")
        assert banking.purses() == [("bank", euros(600)), ("stripe", euros(400))]
