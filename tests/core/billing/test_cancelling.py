"""Cancelling paid orders, refunds of what was never sent, and what a preview leaves alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.billing import views
from core.billing.cancelling import cancel_paid
from core.billing.refund import RefundRequest, preview, refund
from core.billing.release import complete
from core.catalogue.stock_models import StockRow
from core.fulfilment.shipping import Shipment, deliver, ship
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.orders import requests
from core.orders.models import LineRow, OrderRow
from core.payments import log, payments
from core.payments.models import PaymentRow
from tests.market import balances, buy, euros, make_good, make_shop, orders_of


def paid(*, units: int = 2, delivery: int = 490) -> tuple[OrderRow, LineRow, UUID]:
    """Place and pay an order of so many units at 10.00; return it with its line and variant."""
    good = make_good(make_shop(delivery=delivery), 1000, stock=5)
    purchase = buy({good: units})
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase).with_for_update()).one()
    payments.captured(row, "card")
    (order,) = orders_of(purchase)
    line = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).one()
    return order, line, good


def stock(variant_id: UUID) -> tuple[int, int]:
    """Return (available, reserved)."""
    session().flush()
    query = select(StockRow.available, StockRow.reserved).where(StockRow.variant_id == variant_id)
    return tuple(session().execute(query).one())


def test_cancelling_gives_everything_back_and_frees_the_stock(tenant: Tenant) -> None:
    with transaction():
        order, _line, good = paid()
        cancel_paid(order.id, "Broken in storage", "k")
        assert balances() == {}
        assert (order.state, order.cancel_reason) == ("cancelled", "Broken in storage")
        assert stock(good) == (5, 0)


def test_cancelling_twice_refunds_once(tenant: Tenant) -> None:
    with transaction():
        order, _line, good = paid()
        cancel_paid(order.id, "Broken", "k")
        cancel_paid(order.id, "Broken", "k")
        assert [r.amount.minor for r in views.order(order.id).refunds] == [2490]
        assert stock(good) == (5, 0)


def test_an_order_that_is_partly_sent_is_not_cancelled(tenant: Tenant) -> None:
    with transaction():
        order, line, good = paid()
        ship(order.id, Shipment("Post", units={line.id: 1}))
        before = balances()
        with pytest.raises(Conflict, match="partly_sent"):
            cancel_paid(order.id, "No", "k")
        assert (balances(), stock(good), order.state) == (before, (3, 1), "paid")


def test_cancelling_needs_a_reason_and_the_right_merchant(tenant: Tenant) -> None:
    with transaction():
        order, _line, _good = paid()
        before = balances()
        with pytest.raises(Invalid):
            cancel_paid(order.id, " ", "k")
        with pytest.raises(Missing):
            cancel_paid(order.id, "No", "k", merchant_id=make_shop().merchant_id)
        assert (balances(), order.state) == (before, "paid")


def test_units_never_sent_go_back_on_sale_with_their_refund(tenant: Tenant) -> None:
    with transaction():
        order, line, good = paid()
        refund(RefundRequest(order.id, {line.id: 1}, "k"))
        assert stock(good) == (4, 1)


def test_sent_units_go_back_on_sale_only_when_they_are_restocked(tenant: Tenant) -> None:
    with transaction():
        order, line, good = paid()
        ship(order.id, Shipment("Post"))
        refund(RefundRequest(order.id, {line.id: 1}, "k1"))
        assert stock(good) == (3, 0)
        refund(RefundRequest(order.id, {line.id: 1}, "k2", restock=True))
        assert stock(good) == (4, 0)


def test_refunding_the_last_unsent_unit_ships_a_partly_sent_order(tenant: Tenant) -> None:
    with transaction():
        order, line, _good = paid()
        ship(order.id, Shipment("Post", units={line.id: 1}))
        refund(RefundRequest(order.id, {line.id: 1}, "k"))
        assert order.state == "shipped"


def test_a_preview_says_the_amount_and_moves_nothing(tenant: Tenant) -> None:
    with transaction():
        order, line, good = paid()
        request = RefundRequest(order.id, {line.id: 1}, "k")
        before = balances()
        seen = preview(request)
        assert (balances(), stock(good), line.refunded) == (before, (3, 2), 0)
        assert refund(request).amount == seen.amount


def test_asking_to_cancel_twice_is_one_note_and_too_late_once_sent(tenant: Tenant) -> None:
    with transaction():
        order, _line, _good = paid()
        requests.ask_to_cancel(order.id, "Wrong size")
        requests.ask_to_cancel(order.id, "Wrong size")
        found = views.order(order.id)
        assert [m.kind for m in found.moments].count("cancel_asked") == 1
        assert found.is_cancel_asked
        ship(order.id, Shipment("Post"))
        with pytest.raises(Conflict):
            requests.ask_to_cancel(order.id, "")


def test_private_notes_are_not_in_what_buyers_read(tenant: Tenant) -> None:
    with transaction():
        order, _line, _good = paid()
        requests.add_note(order.id, "Ask the warehouse")
        session().flush()
        assert "note" in [m.kind for m in views.order(order.id).moments]
        bought = views.purchase(order.purchase_id)
        assert "note" not in [m.kind for one in bought.orders for m in one.moments]


def test_a_merchants_view_of_another_merchants_order_is_missing(tenant: Tenant) -> None:
    with transaction():
        order, _line, _good = paid()
        with pytest.raises(Missing):
            views.order(order.id, merchant_id=make_shop().merchant_id)


@pytest.mark.parametrize("is_released", [False, True])
def test_an_amount_and_then_the_units_give_back_exactly_what_was_paid(tenant: Tenant, is_released: bool) -> None:
    with transaction():
        order, line, good = paid()
        ship(order.id, Shipment("Post"))
        deliver(order.id)
        if is_released:
            complete(order.id)
        cut = refund(RefundRequest(order.id, {}, "cut", "Scratched", amounts={line.id: euros(499)}))
        first = refund(RefundRequest(order.id, {line.id: 1}, "one"))
        second = refund(RefundRequest(order.id, {line.id: 1}, "two", delivery=euros(490), restock=True))
        assert [cut.amount.minor, first.amount.minor, second.amount.minor] == [499, 751, 750 + 490]
        assert {name: minor for name, minor in balances().items() if minor} == {}
        assert stock(good) == (4, 0)


def test_an_amount_beyond_what_is_left_is_refused_and_moves_nothing(tenant: Tenant) -> None:
    with transaction():
        order, line, _good = paid()
        refund(RefundRequest(order.id, {}, "cut", amounts={line.id: euros(1500)}))
        before = balances()
        for amounts, units in (({line.id: euros(501)}, {}), ({line.id: euros(1)}, {line.id: 1})):
            with pytest.raises((Conflict, Invalid)):
                refund(RefundRequest(order.id, units, "more", amounts=amounts))
        with pytest.raises(Conflict, match="key_reused"):
            refund(RefundRequest(order.id, {}, "cut", amounts={line.id: euros(2)}))
        assert (balances(), line.refunded) == (before, 0)


@pytest.mark.parametrize(("provider", "state"), [("stripe", "intended"), ("history", "outside"), ("demo", "outside")])
def test_money_that_no_provider_here_took_is_settled_outside(tenant: Tenant, provider: str, state: str) -> None:
    with transaction():
        order, line, _good = paid()
        payment = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == order.purchase_id)).one()
        payment.provider = provider
        session().flush()
        refund(RefundRequest(order.id, {line.id: 1}, "k"))
        session().flush()
        assert [one.state for one in log.sent_back(payment.id)] == [state]
        waiting = select(OutboxRow.id).where(OutboxRow.handler == "payments.refund")
        assert len(session().scalars(waiting).all()) == (state == "intended")
