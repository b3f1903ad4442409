"""Refunds by units and amounts, in any order, before and after release: the same end, and never more than was paid."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.billing import views
from core.billing.models import ChargeRow
from core.billing.parts import left_of
from core.billing.refund import RefundRequest, refund
from core.billing.release import complete
from core.fulfilment.shipping import Shipment, deliver, ship
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.ledger.verify import verify
from core.orders.models import LineRow, OrderRow
from core.payments import payments
from core.payments.models import PaymentRow
from plugins.commission import services as commission
from plugins.coupons import services as coupons
from tests.market import balances, buy, make_good, make_shop, orders_of

Wish = tuple[int, str, int]
wishes = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["units", "amount"]), st.integers(1, 9999)), max_size=6)
goods = st.lists(st.tuples(st.integers(1, 9999), st.integers(1, 4)), min_size=2, max_size=2)


@pytest.fixture
def priced(tenant: Tenant) -> Tenant:
    """A marketplace with a rate that has a floor, and a coupon that it funds by three quarters."""
    with transaction():
        rate = commission.RateDraft(name="all", percent_bps=830, floor={"EUR": 50}, per_unit={"EUR": 7})
        commission.publish([rate])
        coupons.create(coupons.CouponDraft("SAVE", "EUR", percent_bps=1370, platform_bps=7500), None)
    return tenant


def _arrived(wanted: list[tuple[int, int]]) -> tuple[OrderRow, list[LineRow]]:
    shop = make_shop(delivery=490)
    purchase = buy({make_good(shop, price, tax_bps=2300): units for price, units in wanted}, codes=("SAVE",))
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase).with_for_update()).one()
    payments.captured(row, "card")
    (order,) = orders_of(purchase)
    ship(order.id, Shipment("Post"))
    deliver(order.id)
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order.id).order_by(LineRow.position)).all()
    return order, list(lines)


def _carry_out(order: OrderRow, line: LineRow, wish: Wish, key: str) -> None:
    _place, kind, number = wish
    left = left_of([line])[line.id]
    if kind == "units" and line.refunded < line.quantity:
        units = {line.id: (number - 1) % (line.quantity - line.refunded) + 1}
        refund(RefundRequest(order.id, units, key))
    elif kind == "amount" and left:
        amount = Money((number - 1) % left.minor + 1, left.currency)
        done = refund(RefundRequest(order.id, {}, key, amounts={line.id: amount}))
        assert done.amount == amount


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(wanted=goods, asked=wishes, released_after=st.integers(0, 7))
def test_any_mixture_of_refunds_ends_with_everything_back(
    priced: Tenant, wanted: list[tuple[int, int]], asked: list[Wish], released_after: int
) -> None:
    with transaction():
        order, lines = _arrived(wanted)
        for number, wish in enumerate(asked):
            if number == released_after:
                complete(order.id)
            _carry_out(order, lines[wish[0]], wish, f"{order.id}:{number}")
            assert views.order(order.id).refunded <= views.order(order.id).total
        rest = {line.id: line.quantity - line.refunded for line in lines if line.refunded < line.quantity}
        delivery = Money(order.delivery_minor, order.currency)
        refund(RefundRequest(order.id, rest, f"{order.id}:rest", delivery=delivery))
        complete(order.id)
        found = views.order(order.id)
        charges = session().scalars(select(ChargeRow).where(ChargeRow.order_id == order.id)).all()
        assert (found.refunded, balances()) == (found.total, {})
        assert all(c.reversed_minor == c.amount_minor and c.reversed_tax_minor == c.tax_minor for c in charges)


def test_the_ledger_proves_itself_after_mixed_refunds(priced: Tenant) -> None:
    with transaction():
        order, lines = _arrived([(2390, 4), (500, 1)])
        for number, wish in enumerate([(0, "amount", 333), (0, "units", 1), (0, "amount", 77), (1, "amount", 100)]):
            _carry_out(order, lines[wish[0]], wish, f"step-{number}")  # type: ignore[arg-type]
    with transaction():
        assert verify().is_clean
