"""Disputes over a payment of several shops: shares, fee, answers, won and lost, in any order of events (R7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count, permutations
from uuid import UUID

import pytest

from core.billing import disputes, release
from core.billing.dispute_models import DisputeRow, DisputeShareRow
from core.billing.models import ChargeRow
from core.billing.refund import RefundRequest, refund
from core.kernel import clock, errors
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.ledger import verify
from core.media import uploads
from core.orders.models import LineRow, OrderRow, PurchaseRow
from core.payments import payments
from core.payments.dispute_news import DisputeNews
from core.payments.models import PaymentRow
from tests.market import balances, buy, make_good, make_shop, orders_of

FEE = 1500
_refs = count(1)


@pytest.fixture
def purchase(tenant: Tenant) -> UUID:
    """A paid purchase of two shops: 20.00 with a fee of 2.00 and tax on it of 0.40, and 10.00 with a kept fee of 1.00."""
    with transaction():
        bought = buy({make_good(make_shop(), 1000): 2, make_good(make_shop(), 1000): 1})
        row = session().query(PaymentRow).filter_by(purchase_id=bought).with_for_update().one()
        for order, fee, tax, policy in zip(
            orders_of(bought), (200, 100), (40, 0), ("proportional", "keep"), strict=True
        ):
            line = session().query(LineRow).filter_by(order_id=order.id).one()
            session().add(ChargeRow(
                id=new_id(), order_id=order.id, line_id=line.id, merchant_id=order.merchant_id, plugin="test",
                kind="fee", payer="merchant", payee="platform", amount_minor=fee, tax_minor=tax, basis_minor=1000,
                rate_bps=1000, currency=order.currency, on_refund=policy, reason="test"))  # fmt: skip
        payments.captured(row, "card")
    return bought


def told(purchase: UUID, state: str, ref: str, *, amount: int = 3000, fee: int = FEE) -> DisputeNews:
    with transaction():
        payment = session().query(PaymentRow).filter_by(purchase_id=purchase).one()
        due = clock.now() + timedelta(days=9)
        return DisputeNews(ref, payment.id, "stripe", Money(amount, "EUR"), Money(fee, "EUR"), "fraudulent", state, due)


def hear(news: DisputeNews) -> None:
    with transaction():
        disputes.hear(news)


@pytest.fixture
def opened(purchase: UUID) -> disputes.Dispute:
    hear(told(purchase, "open", f"du_{next(_refs)}"))
    with transaction():
        return disputes.search()[0]


def named(purchase: UUID) -> dict[str, int]:
    """Return the balances with merchants called by the place of their order."""
    with transaction():
        names = {str(order.merchant_id): letter for order, letter in zip(orders_of(purchase), "AB", strict=True)}
        found = balances()
    return {":".join(names.get(part, part) for part in account.split(":")): minor for account, minor in found.items()}


def complete_all(purchase: UUID) -> None:
    with transaction():
        for order in orders_of(purchase):
            release.complete(order.id)


def test_opened_dispute_takes_the_money_and_a_fee_and_is_shared_by_what_was_paid(
    purchase: UUID, opened: disputes.Dispute
) -> None:
    assert named(purchase) == {
        "psp:stripe": 3000 - 3000 - FEE, "dispute_receivable": 3000, "psp_cost": FEE, "held:A": -2000, "held:B": -1000,
    }  # fmt: skip
    with transaction():
        assert [share.amount.minor for share in disputes.shares(opened.id)] == [2000, 1000]


def test_dispute_that_is_won_brings_the_money_back_but_not_the_fee(purchase: UUID, opened: disputes.Dispute) -> None:
    hear(told(purchase, "won", opened.ref))
    assert named(purchase) == {"psp:stripe": 3000 - FEE, "psp_cost": FEE, "held:A": -2000, "held:B": -1000}


def test_dispute_that_is_lost_is_charged_to_each_merchant_and_commission_follows_its_policy(
    purchase: UUID, opened: disputes.Dispute
) -> None:
    complete_all(purchase)
    assert named(purchase)["payable:A"] == -1760
    hear(told(purchase, "lost", opened.ref))
    assert named(purchase) == {"psp:stripe": -FEE, "psp_cost": FEE, "payable:B": 100, "fee": -100}


@pytest.mark.parametrize("order", list(permutations(["release", "open", "open again", "lost"])))
def test_any_order_of_events_ends_in_the_same_balances(tenant: Tenant, purchase: UUID, order: Sequence[str]) -> None:
    ref = f"du_{next(_refs)}"
    steps: Mapping[str, Callable[[], None]] = {
        "release": lambda: complete_all(purchase),
        "open": lambda: hear(told(purchase, "open", ref)),
        "open again": lambda: hear(told(purchase, "open", ref, fee=0)),
        "lost": lambda: hear(told(purchase, "lost", ref)),
    }
    for step in order:
        steps[step]()
    hear(told(purchase, "lost", ref))
    assert named(purchase) == {"psp:stripe": -FEE, "psp_cost": FEE, "payable:B": 100, "fee": -100}
    with transaction():
        assert verify.verify().is_clean


def test_part_of_a_payment_takes_its_part_of_everything(purchase: UUID) -> None:
    complete_all(purchase)
    hear(told(purchase, "lost", "du_part", amount=1500))
    # A owes 10.00 of 20.00: half of the fee of 2.00 and of its tax comes back; B owes 5.00 and its fee is kept.
    assert named(purchase) == {
        "psp_cost": FEE, "payable:A": -880, "payable:B": -400, "fee": -200, "fee_tax": -20,
    }  # fmt: skip


def test_what_was_refunded_before_is_not_charged_again(purchase: UUID) -> None:
    with transaction():
        first = orders_of(purchase)[0]
        line = session().query(LineRow).filter_by(order_id=first.id).one()
        refund(RefundRequest(first.id, {line.id: 1}, "before"))
    hear(told(purchase, "lost", "du_after", amount=2000))
    found = named(purchase)
    assert (found["psp:stripe"], found["psp_cost"]) == (3000 - 1000 - 2000 - FEE, FEE)
    assert {name for name in found if name.startswith(("held", "dispute"))} == set()
    assert found == {"psp:stripe": -FEE, "psp_cost": FEE, "payable:B": 100, "fee": -100}


def test_more_than_orders_owe_is_written_off(purchase: UUID) -> None:
    hear(told(purchase, "lost", "du_more", amount=3100))
    assert named(purchase)["write_off"] == 100


def test_marketplace_may_have_its_merchants_pay_the_fee(tenant: Tenant, purchase: UUID) -> None:
    asked = replace(tenant, settings={**tenant.settings, "core": {"dispute_fee": "merchants"}})
    with bind(asked):
        hear(told(purchase, "lost", "du_fee"))
        found = named(purchase)
    assert found == {"psp:stripe": -FEE, "payable:A": 1000, "payable:B": 600, "fee": -100}


@pytest.mark.parametrize(("state", "code"), [("open", "refunds.disputed"), ("lost", "refunds.charged_back")])
def test_disputed_payment_is_not_refunded(purchase: UUID, opened: disputes.Dispute, state: str, code: str) -> None:
    hear(told(purchase, state, opened.ref))
    before = named(purchase)
    with transaction():
        order = orders_of(purchase)[0]
        line = session().query(LineRow).filter_by(order_id=order.id).one()
        with pytest.raises(errors.Conflict, match=code):
            refund(RefundRequest(order.id, {line.id: 1}, "disputed"))
    assert named(purchase) == before


def test_won_dispute_may_be_refunded_again(purchase: UUID, opened: disputes.Dispute) -> None:
    hear(told(purchase, "won", opened.ref))
    with transaction():
        order = orders_of(purchase)[0]
        line = session().query(LineRow).filter_by(order_id=order.id).one()
        assert refund(RefundRequest(order.id, {line.id: 1}, "after")).amount.minor == 1000


def test_late_word_never_takes_a_decision_back(purchase: UUID, opened: disputes.Dispute) -> None:
    for state in ("lost", "won", "open", "submitted"):
        hear(told(purchase, state, opened.ref))
    with transaction():
        assert disputes.find(opened.id).state == "lost"


def test_merchant_answers_its_own_share_until_its_date(
    opened: disputes.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        mine, other = disputes.shares(opened.id)
        paper = uploads.keep_document(b"%PDF-1.7 slip", "slip.pdf", mine.merchant_id)
        said = disputes.answer(mine.id, " It was delivered. ", paper, merchant_id=mine.merchant_id)
        assert (said.answer, said.media_id is not None) == ("It was delivered.", True)
    with transaction(), pytest.raises(errors.Missing):
        disputes.answer(other.id, "Not mine", None, merchant_id=mine.merchant_id)
    with transaction(), pytest.raises(errors.Missing):
        disputes.answer(other.id, "Not my paper", paper, merchant_id=other.merchant_id)
    with transaction(), pytest.raises(errors.Invalid):
        disputes.answer(mine.id, " ", None, merchant_id=mine.merchant_id)
    later = clock.now() + timedelta(days=7, hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with transaction(), pytest.raises(errors.Conflict, match="closed"):
        disputes.answer(mine.id, "Too late", None, merchant_id=mine.merchant_id)
    with transaction():
        rows = session().query(DisputeShareRow).filter_by(dispute_id=opened.id).all()
        assert sorted(row.answer for row in rows) == ["", "It was delivered."]


def test_nothing_is_handed_in_that_nobody_has_said(opened: disputes.Dispute) -> None:
    with transaction(), pytest.raises(errors.Conflict, match="nothing_to_submit"):
        disputes.ask(opened.id, "submit")
    with transaction():
        assert (disputes.find(opened.id).asked, session().query(DisputeRow).count()) == ("", 1)


def test_deadline_hands_in_what_was_answered_by_itself(opened: disputes.Dispute) -> None:
    with transaction():
        share = disputes.shares(opened.id)[0]
        disputes.answer(share.id, "It was delivered.", None, merchant_id=share.merchant_id)
        timer = session().query(OutboxRow).filter_by(handler="billing.dispute_due").one()
        assert opened.due_at is not None
        assert timer.next_at == opened.due_at - timedelta(days=2)
        disputes._due(timer.payload)
        assert disputes.find(opened.id).asked == "submit"


def test_dispute_of_another_marketplace_is_not_there(opened: disputes.Dispute, make_tenant) -> None:
    with bind(make_tenant()), transaction():
        assert disputes.search() == []
        with pytest.raises(errors.Missing):
            disputes.find(opened.id)


def test_dispute_of_a_late_payment_is_the_platforms_own(purchase: UUID, tenant: Tenant) -> None:
    with transaction():
        for order in orders_of(purchase):
            session().query(OrderRow).filter_by(id=order.id).update({"state": "cancelled"})
        session().query(PurchaseRow).filter_by(id=purchase).update({"state": "cancelled"})
    hear(told(purchase, "lost", "du_late"))
    assert named(purchase)["write_off"] == 3000
