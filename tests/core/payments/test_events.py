"""The provider's events: in any order, twice, too early, of strangers, forged."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from core.billing.refund import RefundRequest, refund
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction
from core.orders.models import LineRow, PurchaseRow
from core.payments import events, payments
from core.payments.models import PaymentRefundRow, PaymentRow, ProviderEventRow
from tenants import provisioning, values
from tests.core.payments.conftest import SECRETS, Provider, signed, start, until
from tests.market import balances, buy, make_good, make_shop, orders_of

Event = dict[str, Any]
_PAYMENT = ("payment_intent.created", "payment_intent.processing", "payment_intent.payment_failed",
            "payment_intent.succeeded", "charge.succeeded")  # fmt: skip
_REFUND = ("charge.refunded", "refund.updated", "our note")
SAMPLES = int(os.environ.get("EVENT_SAMPLES", "12"))  # 100 took two minutes on a loaded machine, all alike.


@pytest.fixture
def recorded(provider: Provider, started: payments.Payment) -> Mapping[str, Event]:
    """One event of each kind as the provider makes them: declined once, then paid, then sent back."""
    reference = started.provider_ref or ""
    provider.control({"webhooks": "pause"})
    provider.pay(reference, "decline")
    provider.pay(reference)
    before = {event["type"]: event for event in provider.objects("events")}
    payments.stripe.refund(reference, started.amount, key=f"refund:{started.id}", tenant="")
    found = {event["type"]: event for event in provider.objects("events")} | before
    (returned,) = provider.objects("refunds", payment_intent=reference)
    shell = found["payment_intent.created"]
    found["payment_intent.processing"] = {
        **shell, "type": "payment_intent.processing", "data": {"object": {**shell["data"]["object"], "status": "processing"}},
    }  # fmt: skip
    found["refund.updated"] = {**shell, "type": "refund.updated", "data": {"object": returned}}
    return {kind: found[kind] for kind in (*_PAYMENT, *_REFUND[:2])}


def _about(event: Event, payment: PaymentRow, refund_id: UUID | None) -> Event:
    """Return the recorded event as if it were about another payment and refund of ours."""
    copy: Event = json.loads(json.dumps(event))
    obj = copy["data"]["object"]
    copy["id"] = f"evt_{uuid4().hex}"
    metadata = {"galleria_tenant": str(payment.tenant_id), "galleria_purchase": str(payment.purchase_id)}
    if copy["type"].startswith("refund."):
        metadata["galleria_refund"] = f"refund:{refund_id}"
        obj["id"] = f"re_{payment.id.hex}"
    elif copy["type"].startswith("payment_intent."):
        obj["id"] = f"pi_{payment.id.hex}"
    obj["metadata"] = metadata
    return copy


def _shuffled(seed: int) -> list[str]:
    """Return kinds in random order, each up to three times; what is about the refund comes after the capture."""
    dice = random.Random(seed)
    order = [kind for kind in _PAYMENT for _ in range(dice.randint(1, 3))]
    dice.shuffle(order)
    first = order.index("payment_intent.succeeded") + 1
    for kind in [kind for kind in _REFUND for _ in range(dice.randint(1, 2))]:
        order.insert(dice.randint(first, len(order)), kind)
    return order


def _deliver(event: Event, *, twice: bool) -> None:
    for _ in range(2 if twice else 1):
        if events.store(event) is not None:
            session().flush()
            query = select(ProviderEventRow.id).where(ProviderEventRow.event_ref == event["id"])
            events.handle({"event": str(session().scalars(query).one())})


def _send_back(purchase: UUID) -> UUID:
    (order,) = orders_of(purchase)
    line = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).one()
    refund(RefundRequest(order.id, {line.id: 1}, f"back:{order.id}"))
    session().flush()
    return session().scalars(select(PaymentRefundRow.id).where(PaymentRefundRow.order_id == order.id)).one()


def _play(good: UUID, recorded: Mapping[str, Event], seed: int) -> tuple[object, ...]:
    """Place a purchase, deliver its events in the order of the seed, and return everything that came of it."""
    refund_id: UUID | None = None
    with transaction():
        purchase = buy({good: 1}, key=f"seed-{seed}")
        payment = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase)).one()
        for kind in _shuffled(seed):
            if payment.state == "captured" and refund_id is None:
                refund_id = _send_back(purchase)
            if kind == "our note":
                row = session().get_one(PaymentRefundRow, (payment.tenant_id, refund_id))
                row.provider_ref = f"re_{payment.id.hex}"
                payments.note_refund(row, "pending")
            else:
                _deliver(_about(recorded[kind], payment, refund_id), twice=seed % 2 == 0)
        session().flush()
        (order,) = orders_of(purchase)
        back = session().scalars(select(PaymentRefundRow).where(PaymentRefundRow.payment_id == payment.id)).one()
        bought = session().get_one(PurchaseRow, (payment.tenant_id, purchase))
        return (bought.state, order.state, payment.state, payment.method, payment.failure,
                payment.provider_ref == f"pi_{payment.id.hex}", back.state, back.amount_minor,
                back.provider_ref == f"re_{payment.id.hex}", tuple(sorted(balances().items())))  # fmt: skip


def test_every_order_and_repetition_of_events_ends_the_same(tenant: Tenant, recorded: Mapping[str, Event]) -> None:
    with transaction():
        good = make_good(make_shop(), 1000, stock=SAMPLES)
    ends = set()
    for seed in range(SAMPLES):
        ends.add(_play(good, recorded, seed))
    assert len(ends) == 1, ends


def test_event_that_comes_before_we_know_the_reference_finds_its_purchase(
    app: Flask, tenant: Tenant, good: UUID, recorded: Mapping[str, Event]
) -> None:
    with transaction():
        purchase = buy({good: 1})
        payment = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase)).one()
    body = json.dumps(_about(recorded["payment_intent.succeeded"], payment, None)).encode()
    answer = app.test_client().post("/webhooks/stripe", data=body, headers=signed(body), base_url="http://localhost")
    with transaction():
        found = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase)).one()
        assert (answer.status_code, found.state, found.provider_ref) == (204, "captured", f"pi_{payment.id.hex}")


def _post(app: Flask, event: Event, headers: Mapping[str, str] | None = None) -> int:
    body = json.dumps(event).encode()
    client = app.test_client()
    return client.post("/webhooks/stripe", data=body, headers=headers or signed(body),
                       base_url="http://localhost").status_code  # fmt: skip


def _stored(event: Event) -> list[tuple[UUID, bool]]:
    with bind(None), platform_transaction():
        query = select(ProviderEventRow.tenant_id, ProviderEventRow.handled_at.is_not(None))
        return [tuple(row) for row in session().execute(query.where(ProviderEventRow.event_ref == event["id"]))]


def test_event_of_a_payment_that_is_not_here_waits_without_effect(
    app: Flask, tenant: Tenant, make_tenant: Any, recorded: Mapping[str, Event]
) -> None:
    elsewhere = PaymentRow(id=new_id(), tenant_id=make_tenant().id, purchase_id=new_id())
    event = _about(recorded["payment_intent.succeeded"], elsewhere, None)
    with transaction():
        before = balances()
    assert _post(app, event) == 204
    assert _stored(event) == [(elsewhere.tenant_id, False)]
    with bind(values.find(elsewhere.tenant_id)), transaction():
        waiting = session().scalars(select(OutboxRow).where(OutboxRow.handler == events.HANDLER)).one()
        assert (waiting.done_at, waiting.dead_at, balances()) == (None, None, {})
        assert "payments.unknown" in (waiting.last_error or "")
    with transaction():
        assert balances() == before


def test_event_of_another_tenants_payment_moves_nothing_in_either(
    app: Flask, tenant: Tenant, make_tenant: Any, started: payments.Payment, recorded: Mapping[str, Event]
) -> None:
    row = PaymentRow(id=started.id, tenant_id=make_tenant().id, purchase_id=started.purchase_id)
    event = _about(recorded["payment_intent.succeeded"], row, None)
    event["data"]["object"]["id"] = started.provider_ref
    assert _post(app, event) == 204
    with transaction():
        assert balances() == {}
    with bind(values.find(row.tenant_id)), transaction():
        assert balances() == {}


def test_event_of_nobody_is_kept_and_not_tried_again(app: Flask, tenant: Tenant, recorded: Mapping[str, Event]) -> None:
    with bind(None), platform_transaction():
        provisioning.ensure_platform()
    event = {**recorded["charge.succeeded"], "id": f"evt_{uuid4().hex}"}
    event["data"]["object"]["metadata"] = {}
    assert _post(app, event) == 204
    assert _stored(event) == [(values.PLATFORM.id, False)]
    with bind(values.PLATFORM), transaction():
        assert session().scalars(select(OutboxRow).where(OutboxRow.handler == events.HANDLER)).all() == []


@pytest.mark.parametrize("fault", ["no signature", "another secret", "six minutes old", "tampered"])
def test_event_that_the_provider_did_not_just_sign_is_refused_and_not_kept(
    app: Flask, tenant: Tenant, recorded: Mapping[str, Event], fault: str
) -> None:
    event = {**recorded["payment_intent.succeeded"], "id": f"evt_{uuid4().hex}"}
    body = json.dumps(event).encode()
    headers = {
        "no signature": {"Stripe-Signature": ""},
        "another secret": signed(body, "whsec_other"),
        "six minutes old": signed(body, age=360),
        "tampered": signed(body.replace(b"2000", b"2001") + b" "),
    }[fault]
    assert _post(app, event, headers) == 403
    assert _stored(event) == []


@pytest.mark.parametrize("secret", SECRETS)
def test_while_the_secret_changes_both_are_valid(
    app: Flask, tenant: Tenant, recorded: Mapping[str, Event], secret: str
) -> None:
    event = {**recorded["charge.succeeded"], "id": f"evt_{uuid4().hex}"}
    assert _post(app, event, signed(json.dumps(event).encode(), secret)) == 204
    assert len(_stored(event)) == 1


def test_webhooks_that_come_twice_and_shuffled_over_http_capture_once(
    provider: Provider, tenant: Tenant, good: UUID
) -> None:
    for mode in ("duplicate", "shuffle"):
        provider.control({"webhooks": mode})
    payment = start(good)
    provider.pay(payment.provider_ref or "", "decline")
    provider.pay(payment.provider_ref or "")

    def is_paid() -> bool:
        with transaction():
            return balances().get("psp:stripe") == 2000

    until(is_paid)
