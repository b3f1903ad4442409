"""Races for stock: two hundred buyers at once, carts that share goods, payment against expiry. Each has a control."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from psycopg import IntegrityError
from sqlalchemy import func, select, update

from core.catalogue import reservations
from core.catalogue.reservations import OutOfStock, Want
from core.catalogue.stock_models import LocationRow, ReservationRow, StockRow
from core.checkout import settle
from core.kernel import clock
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.orders.models import PurchaseRow
from core.payments import payments
from core.payments.models import PaymentRefundRow, PaymentRow
from tests.market import buy, make_good, make_shop
from tests.statements import noted
from tests.threads import together, wide_pool

BUYERS, UNITS = 200, 10


@pytest.fixture(autouse=True)
def _many_connections(app: Flask, config: Config, tenant: Tenant) -> Iterator[None]:
    with wide_pool(app, config):
        yield


def _shelf(stock: int, count: int = 1) -> list[UUID]:
    with transaction():
        shop = make_shop()
        return [make_good(shop, 1000, stock=stock) for _ in range(count)]


def _take(*variants: UUID) -> None:
    """Do what placing does last: hold one unit of each, in a transaction of one's own."""
    purchase, order = new_id(), new_id()
    with transaction():
        wants = [Want(purchase, order, new_id(), variant, 1) for variant in variants]
        reservations.reserve(wants, clock.now())


def _counts(variant: UUID) -> tuple[int, int, int]:
    """Return what is available, what the shelf says is reserved, and the units that buyers were promised."""
    with transaction():
        shelf = session().execute(select(StockRow.available, StockRow.reserved).where(StockRow.variant_id == variant))
        promised = select(func.sum(ReservationRow.quantity)).where(ReservationRow.variant_id == variant)
        return *shelf.one(), int(session().scalar(promised) or 0)


def test_two_hundred_buyers_of_ten_units_get_exactly_ten(app: Flask) -> None:
    (good,) = _shelf(UNITS)
    answers = together(app, [lambda: _take(good)] * BUYERS)
    assert answers.count(None) == UNITS
    assert sum(isinstance(answer, OutOfStock) for answer in answers) == BUYERS - UNITS
    assert _counts(good) == (0, UNITS, UNITS)


def _unlocked(variant_ids: set[UUID]) -> dict[UUID, list[reservations._Shelf]]:
    query = select(StockRow.id, StockRow.variant_id, StockRow.location_id, StockRow.available)
    rows = session().execute(query.where(StockRow.variant_id.in_(variant_ids))).all()
    return {row.variant_id: [reservations._Shelf(row.id, row.location_id, row.available)] for row in rows}


def _write_what_was_read(taken: dict[UUID, int]) -> None:
    for key in taken:
        session().execute(update(StockRow).where(StockRow.id == key).values(available=UNITS - 1))


def test_control_reading_without_the_lock_oversells(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reservations, "_locked_shelves", _unlocked)
    monkeypatch.setattr(reservations, "_move_to_reserved", _write_what_was_read)
    (good,) = _shelf(UNITS)
    answers = together(app, [lambda: _take(good)] * BUYERS)
    assert answers.count(None) > UNITS
    assert _counts(good)[2] > UNITS


def test_without_the_lock_the_tables_own_check_still_refuses(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reservations, "_locked_shelves", _unlocked)
    (good,) = _shelf(UNITS)
    answers = together(app, [lambda: _take(good)] * BUYERS)
    assert answers.count(None) == UNITS
    assert any(isinstance(answer, IntegrityError) for answer in answers)
    assert _counts(good) == (0, UNITS, UNITS)


def test_carts_that_share_goods_in_any_order_do_not_deadlock(app: Flask) -> None:
    goods = _shelf(1000, count=20)

    def shop(seed: int) -> None:
        order = random.Random(seed)
        for _ in range(10):
            _take(*order.sample(goods, 5))

    assert together(app, [lambda seed=seed: shop(seed) for seed in range(16)]) == [None] * 16
    assert sum(_counts(good)[2] for good in goods) == 16 * 10 * 5
    assert all(_counts(good)[:2] == (1000 - _counts(good)[2], _counts(good)[2]) for good in goods)


def test_goods_in_several_places_are_locked_in_the_order_in_which_they_are_given_back(app: Flask) -> None:
    (good,) = _shelf(1)
    with transaction():
        first = session().query(LocationRow).one()
        first.position = 9
        place = LocationRow(id=new_id(), merchant_id=first.merchant_id, name="Serves first", position=1)
        session().add_all([place, StockRow(variant_id=good, location_id=place.id, available=1)])
    assert place.id > first.id

    with transaction():
        shelves = reservations._locked_shelves({good})[good]
    assert [shelf.location_id for shelf in shelves] == [place.id, first.id]
    with noted() as sent:
        _take(good)
    (locking,) = [statement for statement in sent if "for update" in statement]
    assert locking.endswith("order by s.variant_id, s.location_id for update of s")


def _pay(purchase: UUID) -> None:
    with transaction():
        row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase).with_for_update()).one()
        payments.captured(row, "card")


def _expire(purchase: UUID) -> None:
    with transaction():
        settle._expire({"purchase": str(purchase)})


def test_expiry_and_payment_at_one_instant_never_leave_a_paid_order_without_stock(app: Flask) -> None:
    goods = _shelf(1, count=12)
    with transaction():
        purchases = [buy({good: 1}) for good in goods]
    rivals = [lambda good=good: _take(good) for good in goods]
    pays = [lambda purchase=purchase: _pay(purchase) for purchase in purchases]
    ends = [lambda purchase=purchase: _expire(purchase) for purchase in purchases]
    answers = together(app, [act for acts in zip(pays, ends, rivals, strict=True) for act in acts])
    assert [a for a in answers if a is not None and not isinstance(a, OutOfStock)] == []
    for good, purchase, rival in zip(goods, purchases, answers[2::3], strict=True):
        with transaction():
            state = session().scalar(select(PurchaseRow.state).where(PurchaseRow.id == purchase))
            holds = select(func.count()).where(ReservationRow.purchase_id == purchase,
                                               ReservationRow.state == "allocated")  # fmt: skip
            back = select(func.count()).select_from(PaymentRefundRow).join(
                PaymentRow, PaymentRow.id == PaymentRefundRow.payment_id).where(PaymentRow.purchase_id == purchase)  # fmt: skip
            found = (state, session().scalar(holds), session().scalar(back))
        assert found == (("cancelled", 0, 1) if rival is None else ("paid", 1, 0))
        assert _counts(good)[:2] == (0, 1)
