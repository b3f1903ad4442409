"""SO1, SO2 and SO3 to the cent through the HTTP API: receipts, average cost, sales, returns and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.aftersales import answering, asking, moves, returning
from core.aftersales.asking import Ask
from core.billing import release
from core.billing.refund import RefundRequest, refund
from core.fulfilment.shipping import Shipment, deliver, ship
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.merchants.models import ShopRow
from core.orders.models import LineRow, OrderRow
from core.payments import payments
from core.payments.models import PaymentRow
from plugins.commission import services as commission
from plugins.self_operated import following, items
from plugins.self_operated.models import CostRow, ItemRow
from tests.core.aftersales.making import ADDRESS
from tests.market import Shop, balances, buy, make_good, make_shop, orders_of
from tests.plugin_rows import make_key
from tests.working import run_due

OWN = "self_operated"
Ask_ = Callable[..., Mapping[str, object]]


@pytest.fixture
def retail(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A marketplace that sells its own goods beside its merchants'."""
    made = make_tenant(preset="retail")
    with bind(made):
        yield made


@pytest.fixture
def own_shop(retail: Tenant) -> Shop:
    with transaction():
        shop = make_shop(house=True)
        session().query(ShopRow).filter_by(id=shop.id).one().return_address = dict(ADDRESS)
        return shop


@pytest.fixture
def ask(app: Flask, retail: Tenant) -> Callable[..., object]:
    """Call the API as the operator: ask(method, path, expected status, body)."""
    with transaction():
        key = make_key("operator", "*")
    client, base = app.test_client(), f"http://{retail.slug}.localhost"

    def call(method: str, path: str, status: int = 200, body: object = None) -> object:
        answer = client.open(f"/api/v1/self_operated{path}", method=method, json=body, base_url=base, headers=key)
        assert answer.status_code == status, answer.text
        return answer.json if answer.data else None

    return call


def receive(ask: Callable[..., object], *lines: tuple[UUID, int, int], freight: int = 0) -> str:
    body = {
        "supplier_name": "Northwind", "freight_minor": freight,
        "lines": [{"offer_id": str(key), "quantity": units, "unit_cost_minor": cost} for key, units, cost in lines],
    }  # fmt: skip
    made = ask("POST", "/receipts", 201, body)
    return str(ask("POST", f"/receipts/{made['id']}/post")["id"])  # type: ignore[index]


def sell(units: Mapping[UUID, int]) -> list[UUID]:
    """Place and pay a purchase and return its orders, own goods first."""
    with transaction():
        purchase = buy(units)
        row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase).with_for_update()).one()
        payments.captured(row, "card")
        return [row.id for row in sorted(orders_of(purchase), key=lambda order: not order.is_house)]


def arrive(order_id: UUID, units: Mapping[UUID, int] | None = None) -> None:
    with transaction():
        ship(order_id, Shipment("Post", units=units))
        if units is None:
            deliver(order_id)
    run_due()


def complete(order_id: UUID) -> None:
    with transaction():
        release.complete(order_id)
    run_due()


def send_back(order_id: UUID, units: int, condition: str) -> None:
    """Return units of an order's only line by an after-sales case that ends with an inspection."""
    with transaction():
        line = session().scalars(select(LineRow).where(LineRow.order_id == order_id)).one()
        case_id = asking.request(Ask(order_id, "return", "damaged", {line.id: units}, text="It has a crack"))
        case = moves.find(case_id)
        if case.state == "requested":
            answering.approve(case_id)
        returning.send_back(case_id, "Post")
        answering.receive(case_id)
        answering.accept_goods(case_id, condition)
    run_due()


def owned() -> dict[str, int]:
    with transaction():
        found = {
            name.removeprefix(f"{OWN}:"): minor for name, minor in balances().items() if name.startswith(f"{OWN}:")
        }
        assert items.broken_sums() == []
        return found


def test_so1_own_goods_beside_a_third_partys(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        commission.publish([commission.RateDraft("all", percent_bps=1000)])
        mug, lamp = make_good(own_shop, 3600, stock=0), make_good(make_shop(), 2400)
    receive(ask, (mug, 10, 1200))
    receive(ask, (mug, 5, 1500))
    item = ask("GET", f"/items/{mug}")
    assert (item["on_hand"], item["average"]["amount_minor"], item["on_shelf"]) == (15, 1300, 15)  # type: ignore[index]
    own, other = sell({mug: 1, lamp: 1})
    for order_id in (own, other):
        arrive(order_id)
        complete(order_id)
    with transaction():
        found = balances()
    third = next(name for name in found if name.startswith("payable:"))
    assert found == {
        "psp:stripe": 6000, "own_sales": -3000, "own_tax": -600, third: -2160, "fee": -200, "fee_tax": -40,
        "self_operated:stock": 18_200, "self_operated:cogs": 1300, "self_operated:received": -19_500,
    }  # fmt: skip
    report = ask("GET", "/margin")
    assert report["whole"]["margin"]["amount_minor"] == 1700  # type: ignore[index]
    assert owned() == {"stock": 18_200, "cogs": 1300, "received": -19_500}


def test_so2_three_units_leave_one_by_one(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        mug = make_good(own_shop, 3600, stock=0)
    receive(ask, (mug, 3, 333), freight=1)
    costs = []
    for _unit in range(3):
        (order_id,) = sell({mug: 1})
        arrive(order_id)
        with transaction():
            costs.append(session().scalars(select(CostRow.cost_minor).where(CostRow.order_id == order_id)).one())
    assert costs == [333, 334, 333]
    with transaction():
        item = session().scalars(select(ItemRow)).one()
        assert (item.on_hand, item.value_minor) == (0, 0)
    assert owned() == {"shipped": 1000, "received": -1000}


def test_so3_one_back_sellable_and_one_broken_after_completion(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        mug = make_good(own_shop, 3990, stock=0)
    receive(ask, (mug, 3, 1333), freight=1)
    (order_id,) = sell({mug: 3})
    arrive(order_id)
    send_back(order_id, 1, "resell")
    send_back(order_id, 1, "scrap")
    assert owned() == {"shipped": 1333, "stock": 1333, "shrinkage": 1334, "received": -4000}
    complete(order_id)
    with transaction():
        found = balances()
    assert found == {
        "psp:stripe": 3990, "own_sales": -3325, "own_tax": -665, "self_operated:stock": 1333,
        "self_operated:shrinkage": 1334, "self_operated:cogs": 1333, "self_operated:received": -4000,
    }  # fmt: skip


def test_so3_after_completion_by_refunds_with_and_without_restocking(
    own_shop: Shop, ask: Callable[..., object]
) -> None:
    with transaction():
        mug = make_good(own_shop, 3990, stock=0)
    receive(ask, (mug, 3, 1333), freight=1)
    (order_id,) = sell({mug: 3})
    arrive(order_id)
    complete(order_id)
    assert owned() == {"cogs": 4000, "received": -4000}
    with transaction():
        line = session().scalars(select(LineRow.id).where(LineRow.order_id == order_id)).one()
        refund(RefundRequest(order_id, {line: 1}, "one", restock=True))
    run_due()
    with transaction():
        refund(RefundRequest(order_id, {line: 1}, "two"))
    run_due()
    assert owned() == {"cogs": 1333, "stock": 1333, "shrinkage": 1334, "received": -4000}
    with transaction():
        following.follow(order_id)
    assert owned() == {"cogs": 1333, "stock": 1333, "shrinkage": 1334, "received": -4000}


def test_a_refund_of_money_alone_or_of_unsent_units_moves_no_goods(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        mug = make_good(own_shop, 3990, stock=0)
    receive(ask, (mug, 3, 1000))
    (order_id,) = sell({mug: 3})
    with transaction():
        line = session().scalars(select(LineRow.id).where(LineRow.order_id == order_id)).one()
        refund(RefundRequest(order_id, {line: 1}, "unsent"))
    run_due()
    arrive(order_id)
    complete(order_id)
    assert owned() == {"cogs": 2000, "stock": 1000, "received": -3000}


def test_goods_sold_before_a_receipt_cost_nothing_and_history_stays(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        mug = make_good(own_shop, 3600, stock=5)
    (order_id,) = sell({mug: 2})
    arrive(order_id)
    receive(ask, (mug, 4, 1000))
    complete(order_id)
    item = ask("GET", f"/items/{mug}")
    assert (item["on_hand"], item["uncosted"]) == (4, 2)  # type: ignore[index]
    assert owned() == {"stock": 4000, "received": -4000}


def test_with_cost_at_shipment_nothing_is_left_for_the_release(own_shop: Shop, ask: Callable[..., object]) -> None:
    ask("PUT", "/settings", 200, {"cogs_at": "shipment"})
    from tenants import values  # noqa: PLC0415

    found = values.find(own_tenant())
    assert found is not None
    with bind(found):
        with transaction():
            mug = make_good(own_shop, 3600, stock=0)
        receive(ask, (mug, 3, 1000))
        (order_id,) = sell({mug: 1})
        arrive(order_id)
        assert owned() == {"cogs": 1000, "stock": 2000, "received": -3000}
        complete(order_id)
        assert owned() == {"cogs": 1000, "stock": 2000, "received": -3000}


def own_tenant() -> UUID:
    from core.kernel.tenancy import current_id  # noqa: PLC0415

    return current_id()


def test_a_release_values_what_no_event_has_told_of_yet(own_shop: Shop, ask: Callable[..., object]) -> None:
    with transaction():
        mug = make_good(own_shop, 3600, stock=0)
    receive(ask, (mug, 3, 1000))
    (order_id,) = sell({mug: 1})
    with transaction():
        ship(order_id, Shipment("Post"))
        deliver(order_id)
        release.complete(order_id)
        assert session().get_one(OrderRow, (own_tenant(), order_id)).state == "completed"
    assert owned() == {"cogs": 1000, "stock": 2000, "received": -3000}
    run_due()
    assert owned() == {"cogs": 1000, "stock": 2000, "received": -3000}
