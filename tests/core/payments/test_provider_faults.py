"""Faults around the provider: one purchase, one payment and one refund there, whatever goes wrong on the way."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select, text

from core.billing.cancelling import cancel_paid
from core.checkout import settle
from core.kernel.db import db, session
from core.kernel.errors import Unavailable
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.orders.models import OrderRow, PurchaseRow
from core.payments import payments, stripe
from core.payments.models import PaymentRefundRow, PaymentRow
from tests.cases.client import Client
from tests.core.payments.conftest import ADDRESS, Provider, start, state_of, until, work
from tests.market import balances, buy, orders_of

ORDER = {"email": "ada@example.com", "address": ADDRESS}


def _place(guest: Client, key: str) -> requests.Response:
    headers = {"Host": f"{guest.host}:{guest.port}", "Cart-Token": guest.cart or "", "Idempotency-Key": key}
    return requests.post(f"http://127.0.0.1:{guest.port}/api/v1/purchases", json=ORDER, headers=headers, timeout=30)


def _purchases() -> list[UUID]:
    with transaction():
        return list(session().scalars(select(PurchaseRow.id)))


def test_twenty_identical_requests_at_once_make_one_purchase_one_payment_and_one_capture(
    provider: Provider, guest: Client
) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _n: _place(guest, "double-click"), range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    placed = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert [str(purchase) for purchase in _purchases()] == list(placed)
    again = _place(guest, "double-click").json()
    assert {again["id"]} == placed
    assert [intent["id"] for intent in provider.intents_of(again["id"])] == [again["payment"]["reference"]]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _n: provider.pay(again["payment"]["reference"]), range(5)))
    until(lambda: state_of(UUID(again["id"])) == "captured")
    with transaction():
        assert balances()["psp:stripe"] == again["total_minor"]


def test_answer_lost_after_the_payment_was_made_leaves_one_payment(provider: Provider, guest: Client) -> None:
    provider.fail_next("drop_after")
    answer = _place(guest, "lost")
    assert answer.status_code == 201
    assert len(provider.intents_of(answer.json()["id"])) == 1


@pytest.mark.parametrize("mode", ["500", "429", "drop_before"])
def test_fault_of_the_provider_is_a_clear_refusal_and_the_purchase_stays_payable(
    provider: Provider, guest: Client, mode: str
) -> None:
    provider.fail_next(mode, times=3)
    refused = _place(guest, "faulty")
    assert (refused.status_code, refused.json()["code"]) == (503, "payments.unreachable")
    assert refused.headers["Retry-After"]
    (purchase,) = _purchases()
    assert state_of(purchase) == "created"
    assert provider.intents_of(purchase) == []
    again = _place(guest, "faulty")
    assert (again.status_code, again.json()["id"]) == (201, str(purchase))
    assert len(provider.intents_of(purchase)) == 1


@pytest.mark.parametrize("mode", ["500", "429"])
def test_fault_that_passes_is_not_noticed(provider: Provider, guest: Client, mode: str) -> None:
    provider.fail_next(mode, times=2)
    assert _place(guest, "passing").status_code == 201


def test_hanging_provider_is_given_up_after_one_timeout(
    provider: Provider, good: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe, "_TIMEOUT", 2.5)
    stripe.configure(provider.config)
    provider.fail_next("hang", seconds=4)
    began = time.monotonic()
    try:
        with pytest.raises(Unavailable, match="unreachable"):
            start(good)
    finally:
        monkeypatch.undo()
        stripe.configure(provider.config)
    assert time.monotonic() - began < 4


def test_no_transaction_is_open_while_the_provider_is_asked(app: Flask, provider: Provider, guest: Client) -> None:
    provider.fail_next("hang", seconds=1.5)
    request = threading.Thread(target=_place, args=(guest, "slow"))
    request.start()
    until(lambda: len(_purchases()) == 1)
    time.sleep(0.5)
    with db.engines["galleria_platform"].connect() as connection:
        waiting = "select count(*) from pg_stat_activity where state like 'idle in%' and datname = current_database()"
        assert connection.execute(text(waiting)).scalar_one() == 0
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert request.is_alive()
    request.join()


def _expire(payment: payments.Payment) -> None:
    with transaction():
        settle._expire({"purchase": str(payment.purchase_id)})


def _state(payment: payments.Payment) -> str:
    with transaction():
        return str(session().scalar(select(PurchaseRow.state).where(PurchaseRow.id == payment.purchase_id)))


def test_late_payment_of_goods_that_are_still_there_is_taken(provider: Provider, started: payments.Payment) -> None:
    _expire(started)
    provider.pay(started.provider_ref or "")
    until(lambda: _state(started) == "paid")
    with transaction():
        assert balances()["psp:stripe"] == 2000


def test_late_payment_of_goods_that_are_gone_is_sent_back_once(
    provider: Provider, tenant: Tenant, good: UUID, started: payments.Payment
) -> None:
    _expire(started)
    with transaction():
        buy({good: 5})
    provider.pay(started.provider_ref or "")
    until(lambda: _state(started) == "cancelled")
    work(tenant, "payments.refund")
    work(tenant, "payments.refund")
    (sent,) = provider.objects("refunds", payment_intent=started.provider_ref)
    with transaction():
        assert (sent["amount"], balances()) == (2000, {})


def test_expired_payment_that_the_provider_has_cancelled_cannot_be_paid(
    provider: Provider, tenant: Tenant, started: payments.Payment
) -> None:
    _expire(started)
    work(tenant, "payments.cancel")
    assert provider.pay(started.provider_ref or "").json()["status"] == "canceled"
    with transaction():
        assert [order.state for order in orders_of(started.purchase_id)] == ["cancelled"]


def test_cancelling_too_late_finds_the_payment_without_any_webhook(
    provider: Provider, tenant: Tenant, started: payments.Payment
) -> None:
    provider.control({"webhooks": "pause"})
    provider.pay(started.provider_ref or "")
    _expire(started)
    work(tenant, "payments.cancel")
    assert _state(started) == "paid"


def _cancel_the_paid(payment: payments.Payment) -> None:
    with transaction():
        row = session().scalars(select(PaymentRow).where(PaymentRow.id == payment.id).with_for_update()).one()
        if row.state != "captured":
            payments.captured(row, "card")
        order = session().scalars(select(OrderRow).where(OrderRow.purchase_id == payment.purchase_id)).one()
        cancel_paid(order.id, "Broken in storage", "once")


def test_refund_killed_between_the_provider_and_our_commit_is_made_once(
    provider: Provider, tenant: Tenant, started: payments.Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.control({"webhooks": "pause"})
    provider.pay(started.provider_ref or "")
    _cancel_the_paid(started)

    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(payments, "note_refund", die)
    with pytest.raises(KeyboardInterrupt):
        work(tenant, "payments.refund")
    with transaction():
        assert session().scalar(select(PaymentRefundRow.state)) == "intended"
    monkeypatch.undo()
    work(tenant, "payments.refund")
    (sent,) = provider.objects("refunds", payment_intent=started.provider_ref)
    with transaction():
        row = session().scalars(select(PaymentRefundRow)).one()
        assert (row.state, row.provider_ref, row.amount_minor) == ("succeeded", sent["id"], sent["amount"])
        assert session().scalar(select(func.count()).select_from(PaymentRefundRow)) == 1
