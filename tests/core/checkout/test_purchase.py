"""From a cart to paid, shipped, completed and refunded orders, to the cent."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.billing.refund import RefundRequest, refund
from core.billing.release import complete
from core.catalogue.reservations import OutOfStock
from core.catalogue.stock_models import MovementRow, StockRow
from core.checkout import settle
from core.fulfilment.shipping import Shipment, deliver, ship
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.ledger.verify import verify
from core.orders.models import LineRow, OrderRow, PurchaseRow
from core.payments import payments
from core.payments.models import PaymentRow
from tests.market import balances, buy, euros, make_good, make_shop, orders_of
from tests.statements import noted
from tests.working import sealed


def _pay(purchase_id: UUID) -> None:
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase_id).with_for_update()).one()
    payments.captured(row, "card")


def _stock(variant_id: UUID) -> tuple[int, int]:
    row = session().scalars(select(StockRow).where(StockRow.variant_id == variant_id)).one()
    return row.available, row.reserved


def test_purchase_across_three_shops_makes_an_order_each(tenant: Tenant) -> None:
    with transaction():
        goods = [make_good(make_shop(delivery=d), price) for d, price in ((490, 5999), (350, 1250), (0, 320))]
        purchase = buy({goods[0]: 1, goods[1]: 2, goods[2]: 1})
        orders = orders_of(purchase)
    assert [o.total_minor for o in orders] == [5999 + 490, 2500 + 350, 320]
    assert {o.state for o in orders} == {"pending_payment"}


def test_placing_twice_under_one_key_places_once(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000, stock=5)
        first = buy({good: 2}, key="same")
        second = buy({good: 2}, key="same")
        assert first == second
        assert _stock(good) == (3, 2)


def test_capture_and_release_move_money_from_buyer_to_merchant(tenant: Tenant) -> None:
    with transaction():
        shop = make_shop(delivery=490)
        purchase = buy({make_good(shop, 5999): 1})
        _pay(purchase)
        held = balances()
        (order,) = orders_of(purchase)
        ship(order.id, Shipment("Post"))
        deliver(order.id)
        complete(order.id)
        released = balances()
    assert held == {"psp:stripe": 6489, f"held:{shop.merchant_id}": -6489}
    assert released == {"psp:stripe": 6489, f"payable:{shop.merchant_id}": -6489}


def test_payment_event_that_comes_twice_captures_once(tenant: Tenant) -> None:
    with transaction():
        purchase = buy({make_good(make_shop(), 1000): 1})
        _pay(purchase)
        _pay(purchase)
        assert balances()["psp:stripe"] == 1000


def test_too_few_units_place_nothing(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000, stock=3)
        buy({good: 2}, key="first")
    with pytest.raises((OutOfStock, Conflict)), transaction():
        buy({good: 2}, key="second")
    with transaction():
        assert _stock(good) == (1, 2)
        assert len(session().scalars(select(PurchaseRow)).all()) == 1


def test_cancelling_before_payment_returns_the_stock(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000, stock=3)
        purchase = buy({good: 2})
    with transaction():
        settle.cancel(purchase)
    with transaction():
        assert _stock(good) == (3, 0)
        assert [o.state for o in orders_of(purchase)] == ["cancelled"]
        assert balances() == {}


def test_late_payment_takes_stock_again_while_there_is_some(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000, stock=3)
        purchase = buy({good: 2})
    with transaction():
        settle._expire({"purchase": str(purchase)})
        assert _stock(good) == (3, 0)
    with transaction():
        _pay(purchase)
    with transaction():
        assert _stock(good) == (1, 2)
        assert [o.state for o in orders_of(purchase)] == ["paid"]


def test_late_payment_without_stock_is_sent_back_in_full(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000, stock=2)
        late = buy({good: 2})
    with transaction():
        settle._expire({"purchase": str(late)})
        buy({good: 2}, key="other")
    with transaction():
        _pay(late)
    with transaction():
        (order,) = orders_of(late)
        assert (order.state, order.cancel_reason) == ("cancelled", "late_payment")
        assert balances() == {}
        assert _stock(good) == (0, 2)


def test_refunds_in_steps_sum_to_the_whole_and_a_repeated_key_changes_nothing(tenant: Tenant) -> None:
    with transaction():
        shop = make_shop()
        purchase = buy({make_good(shop, 333): 3})
        _pay(purchase)
        (order,) = orders_of(purchase)
        (line,) = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).all()
        for n in range(3):
            request = RefundRequest(order.id, {line.id: 1}, f"key-{n}")
            assert refund(request) == refund(request)
        assert balances() == {}
        with pytest.raises(Conflict):
            refund(RefundRequest(order.id, {line.id: 1}, "one more"))


def test_same_refund_key_for_another_request_is_refused(tenant: Tenant) -> None:
    with transaction():
        purchase = buy({make_good(make_shop(), 500): 3})
        _pay(purchase)
        (order,) = orders_of(purchase)
        (line,) = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).all()
        refund(RefundRequest(order.id, {line.id: 1}, "k"))
        before = balances()
        with pytest.raises(Conflict):
            refund(RefundRequest(order.id, {line.id: 2}, "k"))
        assert balances() == before


def test_own_goods_are_released_to_own_sales_and_tax(tenant: Tenant) -> None:
    with transaction():
        purchase = buy({make_good(make_shop(house=True), 3600): 1})
        _pay(purchase)
        (order,) = orders_of(purchase)
        complete(order.id)
        assert balances() == {"psp:stripe": 3600, "own_sales": -3000, "own_tax": -600}


def test_movements_explain_what_is_on_hand(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000, stock=5)
        purchase = buy({good: 2})
        _pay(purchase)
        (order,) = orders_of(purchase)
        ship(order.id, Shipment("Post"))
        session().flush()
        moved = session().scalars(select(MovementRow.quantity).where(MovementRow.variant_id == good)).all()
        assert sum(moved) == sum(_stock(good)) == 3


def test_changed_total_is_refused_and_nothing_is_placed(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000)
    with pytest.raises(Conflict, match="changed"), transaction():
        buy({good: 1}, expected=euros(900))
    with transaction():
        assert session().scalars(select(OrderRow)).all() == []


def test_ledger_verifies_after_sealing(tenant: Tenant) -> None:
    with transaction():
        purchase = buy({make_good(make_shop(), 1000): 1})
        _pay(purchase)
    assert sealed("journal") == 1
    with transaction():
        proof = verify()
    assert proof.is_clean
    assert proof.entries == 1


def test_goods_are_locked_before_the_series_of_numbers_which_comes_last(tenant: Tenant) -> None:
    with transaction():
        good = make_good(make_shop(), 1000)
        with noted() as sent:
            buy({good: 1})
    numbered = next(at for at, statement in enumerate(sent) if statement.startswith("insert into counters"))
    locked = next(at for at, statement in enumerate(sent) if statement.endswith("for update of s"))
    assert locked < numbered
    assert [statement.split()[2] for statement in sent[numbered + 1 :]] == ['"purchases"', '"orders"']


def test_a_refused_placing_leaves_no_gap_in_the_numbers(tenant: Tenant) -> None:
    with transaction():
        shop = make_shop()
        good, rare = make_good(shop, 1000), make_good(shop, 1000, stock=1)
        first = buy({good: 1})
    with pytest.raises(Conflict), transaction():
        buy({rare: 1}, expected=euros(1))
    with transaction():
        second = buy({good: 1})
        numbers = [session().get_one(PurchaseRow, (tenant.id, key)).number for key in (first, second)]
    assert int(numbers[1][1:]) == int(numbers[0][1:]) + 1
