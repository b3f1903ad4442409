"""Payouts through Stripe: one transfer and one bank payment, whatever goes wrong, comes twice or out of order (S42)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from sqlalchemy import select

from core.kernel import clock, errors
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.payments import adapters, events, provider_accounts, stripe
from core.payments.adapters import PayoutOrder, Sent, SentState
from core.payments.models import ProviderEventRow
from core.payments.stripe import payouts
from core.payments.stripe.payouts import PAYOUTS
from tests.core.payments.conftest import KEY, Provider, until, work
from tests.market import make_shop

Told = list[tuple[UUID, Sent]]
JOBS = ("payments.event", "payments.payout_paid", "payments.payout_home", "payments.account_changed")


@pytest.fixture
def account(provider: Provider, tenant: Tenant) -> provider_accounts.ProviderAccount:
    """A merchant whose account at the provider may be paid; the platform's own balance there is full."""
    with transaction():
        merchant_id = make_shop().merchant_id
    opened = provider_accounts.open_for(merchant_id)
    provider.control({"account": opened.ref, "state": "active"}, "/account")
    provider.control({"amount": 1_000_000, "currency": "eur"}, "/fund")
    return provider_accounts.refresh(merchant_id)


@pytest.fixture
def order(account: provider_accounts.ProviderAccount) -> PayoutOrder:
    return PayoutOrder(uuid4(), account.merchant_id, account.ref, Money(2336, "EUR"), "P-2026-1")


@pytest.fixture
def told() -> Iterator[Told]:
    found: Told = []

    def listen(payout_id: UUID, sent: Sent) -> None:
        found.append((payout_id, sent))

    adapters.when_payout_changed(listen)
    yield found
    adapters._listeners.remove(listen)


def transfers(provider: Provider, order: PayoutOrder) -> list[dict[str, Any]]:
    return provider.objects("transfers", transfer_group=f"payout:{order.payout_id}")


def bank_payments(provider: Provider, order: PayoutOrder) -> list[dict[str, Any]]:
    headers = {"Stripe-Account": order.account}
    return list(requests.get(f"{provider.url}/v1/payouts", auth=(KEY, ""), headers=headers, timeout=10).json()["data"])


def left(provider: Provider, order: PayoutOrder) -> int:
    headers = {"Stripe-Account": order.account}
    balance = requests.get(f"{provider.url}/v1/balance", auth=(KEY, ""), headers=headers, timeout=10).json()
    return sum(row["amount"] for row in balance["available"] + balance["pending"])


def settle(tenant: Tenant) -> None:
    """Do what events have asked for, and what that has asked for."""
    for _round in range(3):
        work(tenant, *JOBS)


def once(provider: Provider, order: PayoutOrder) -> bool:
    (transfer,), (payout,) = transfers(provider, order), bank_payments(provider, order)
    return (transfer["amount"], transfer["reversed"], payout["amount"]) == (2336, False, 2336)


def test_payout_is_a_transfer_and_a_bank_payment_with_our_ids_in_both(
    provider: Provider, order: PayoutOrder, tenant: Tenant
) -> None:
    sent = PAYOUTS.pay_out(order)
    (transfer,), (payout,) = transfers(provider, order), bank_payments(provider, order)
    assert (sent.ref, sent.bank_ref, sent.state) == (transfer["id"], payout["id"], SentState.SENT)
    marks = {"galleria_tenant": str(tenant.id), "galleria_payout": str(order.payout_id)}
    assert transfer["metadata"] == payout["metadata"] == marks
    assert payout["statement_descriptor"] == "P-2026-1"


def test_same_payout_again_returns_the_first_answer_and_moves_nothing(provider: Provider, order: PayoutOrder) -> None:
    assert PAYOUTS.find(order) is None
    first = PAYOUTS.pay_out(order)
    assert PAYOUTS.pay_out(order) == PAYOUTS.find(order) == first
    assert once(provider, order)


@pytest.mark.parametrize("path", ["/v1/transfers", "/v1/payouts"])
@pytest.mark.parametrize("mode", ["500", "429", "drop_before", "drop_after"])
@pytest.mark.parametrize("times", [1, 4])
def test_fault_at_either_step_leaves_one_transfer_and_one_bank_payment(
    provider: Provider, order: PayoutOrder, path: str, mode: str, times: int
) -> None:
    provider.fail_next(mode, path, times=times)
    for _try in range(3):
        try:
            PAYOUTS.pay_out(order)
        except errors.Unavailable:
            continue
    provider.control({"reset": True})
    found = PAYOUTS.find(order) or PAYOUTS.pay_out(order)
    assert found.state is SentState.SENT
    assert once(provider, order)


@pytest.mark.parametrize("path", ["/v1/transfers", "/v1/payouts"])
def test_hanging_provider_is_given_up_and_asked_again_later(
    provider: Provider, order: PayoutOrder, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe, "_TIMEOUT", 2.5)
    stripe.configure(provider.config)
    provider.fail_next("hang", path, seconds=4, method="POST")
    try:
        with pytest.raises(errors.Unavailable):
            PAYOUTS.pay_out(order)
        PAYOUTS.pay_out(order)
    finally:
        monkeypatch.undo()
        stripe.configure(provider.config)
    assert once(provider, order)


def test_process_that_dies_after_the_transfer_goes_on_where_it_stopped(
    provider: Provider, order: PayoutOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(payouts, "_to_bank", die)
        with pytest.raises(KeyboardInterrupt):
            PAYOUTS.pay_out(order)
    assert (len(transfers(provider, order)), bank_payments(provider, order)) == (1, [])
    assert PAYOUTS.find(order) is None
    PAYOUTS.pay_out(order)
    assert once(provider, order)


def test_money_that_has_not_settled_is_waited_for(
    provider: Provider, order: PayoutOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = PayoutOrder(uuid4(), order.merchant_id, order.account, Money(90_000_000, "EUR"), "P-2")
    with pytest.raises(errors.Unavailable, match="not_settled"):
        PAYOUTS.pay_out(huge)
    assert transfers(provider, huge) == []
    provider.control({"amount": 90_000_000, "currency": "eur"}, "/fund")
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=1))
    assert PAYOUTS.pay_out(huge).state is SentState.SENT


def test_payout_that_the_banks_side_refuses_leaves_the_money_at_home(provider: Provider, order: PayoutOrder) -> None:
    before = left(provider, order)

    def refuse(*_given: object) -> None:
        raise stripe.stripe.InvalidRequestError("No such bank", param=None, code="payouts_not_allowed")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(payouts, "_to_bank", refuse)
        with pytest.raises(errors.Conflict, match="refused"):
            PAYOUTS.pay_out(order)
    assert left(provider, order) == before
    assert [t["reversed"] for t in transfers(provider, order)] == [True]
    assert PAYOUTS.pay_out(order).state is SentState.SENT
    assert [t["reversed"] for t in transfers(provider, order)] == [False, True]


def test_account_that_is_not_ready_is_refused_and_nothing_moves(provider: Provider, order: PayoutOrder) -> None:
    provider.control({"account": order.account, "state": "rejected"}, "/account")
    with pytest.raises(errors.Conflict, match="refused"):
        PAYOUTS.pay_out(order)
    assert transfers(provider, order) == []


def test_money_is_taken_back_once_and_as_far_as_it_is_there(
    provider: Provider, order: PayoutOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = PAYOUTS.pay_out(order)
    with pytest.raises(errors.Conflict, match="balance_short"):
        PAYOUTS.take_back(order, sent, Money(500, "EUR"), key="claim-1")
    later = PayoutOrder(uuid4(), order.merchant_id, order.account, Money(600, "EUR"), "P-3")
    PAYOUTS.pay_out(later)
    provider.control({"payout": PAYOUTS.find(later).bank_ref, "outcome": "fail"}, "/payout")  # type: ignore[union-attr]
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=1))
    first = PAYOUTS.take_back(order, sent, Money(500, "EUR"), key="claim-1")
    assert PAYOUTS.take_back(order, sent, Money(500, "EUR"), key="claim-1") == first
    assert transfers(provider, order)[0]["amount_reversed"] == 500


def test_bank_confirms_and_settlement_is_told_once_a_thing(
    provider: Provider, order: PayoutOrder, tenant: Tenant, told: Told
) -> None:
    sent = PAYOUTS.pay_out(order)
    provider.control({"webhooks": "duplicate"})
    provider.control({"payout": sent.bank_ref, "outcome": "pay"}, "/payout")
    until(lambda: _stored("payout.paid") == 1)
    settle(tenant)
    assert told == [(order.payout_id, Sent(sent.ref, SentState.PAID, sent.bank_ref))]


@pytest.mark.parametrize("first", ["fail", "return"])
def test_payout_that_fails_comes_home_before_settlement_is_told(
    provider: Provider, order: PayoutOrder, tenant: Tenant, told: Told, first: str
) -> None:
    before = left(provider, order)
    sent = PAYOUTS.pay_out(order)
    if first == "return":
        provider.control({"payout": sent.bank_ref, "outcome": "pay"}, "/payout")
        until(lambda: _stored("payout.paid") == 1)
    provider.control({"payout": sent.bank_ref, "outcome": first}, "/payout")
    until(lambda: _stored("payout.failed") == 1)
    settle(tenant)
    state = SentState.RETURNED if first == "return" else SentState.FAILED
    assert told[-1][1].state is state
    assert told[-1][1].failure in ("no_account", "account_closed")
    assert left(provider, order) == before
    assert transfers(provider, order)[0]["reversed"] is True
    assert PAYOUTS.find(order).state is SentState.FAILED  # type: ignore[union-attr]
    assert PAYOUTS.pay_out(order).state is SentState.FAILED
    assert len(transfers(provider, order)) == 1


@pytest.mark.parametrize("seed", range(8))
def test_events_in_any_order_and_twice_end_in_the_same_state(
    provider: Provider, order: PayoutOrder, tenant: Tenant, told: Told, seed: int
) -> None:
    provider.control({"webhooks": "pause"})
    sent = PAYOUTS.pay_out(order)
    for outcome in ("pay", "return"):
        provider.control({"payout": sent.bank_ref, "outcome": outcome}, "/payout")
    headers = {"Stripe-Account": order.account}
    listed = requests.get(f"{provider.url}/v1/events", auth=(KEY, ""), headers=headers, timeout=10).json()["data"]
    found = [event for event in listed if event["data"]["object"]["id"] == sent.bank_ref] * 2
    random.Random(seed).shuffle(found)
    for event in found:
        with transaction():
            events.store(event)
        settle(tenant)
    states = [news.state for _payout, news in told]
    assert states[-1] in (SentState.FAILED, SentState.RETURNED)
    assert len({*states} & {SentState.FAILED, SentState.RETURNED}) == 1
    assert transfers(provider, order)[0]["amount_reversed"] == 2336


def test_transfer_that_somebody_reversed_at_the_provider_is_told(
    provider: Provider, order: PayoutOrder, tenant: Tenant, told: Told
) -> None:
    sent = PAYOUTS.pay_out(order)
    provider.control({"payout": sent.bank_ref, "outcome": "fail"}, "/payout")
    provider.control({"webhooks": "pause"})
    answer = requests.post(f"{provider.url}/v1/transfers/{sent.ref}/reversals", auth=(KEY, ""), timeout=10)
    event = next(e for e in provider.objects("events", type="transfer.reversed"))
    assert (answer.status_code, event["data"]["object"]["id"]) == (200, sent.ref)
    with transaction():
        events.store(event)
    work(tenant, "payments.event")
    assert (order.payout_id, Sent(sent.ref, SentState.RETURNED, failure="transfer_reversed")) in told


def test_events_of_payouts_that_are_not_ours_move_nothing(tenant: Tenant, told: Told) -> None:
    body = {"id": f"evt_{uuid4().hex}", "type": "payout.failed", "created": 1,
            "data": {"object": {"id": "po_x", "status": "failed", "metadata": {}}}}  # fmt: skip
    with transaction():
        events.store(body)
    settle(tenant)
    assert told == []


def test_every_kind_of_event_that_is_handled_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "payments.md").read_text("utf8")
    listed = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert listed == set(events.HANDLED)


def _stored(kind: str) -> int:
    with transaction():
        query = select(ProviderEventRow.id).where(ProviderEventRow.kind == kind)
        return len(session().scalars(query).all())
