"""A use belongs to one purchase, limits hold, and a cancelled purchase gives its use back once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select

from core.hooks.checkout import PurchaseDraft, PurchaseStage
from core.hooks.data import DataSubject
from core.hooks.events import OrderChange, OrderEvent
from core.hooks.types import Basket, Line, OrderSnapshot, Stage, Viewer
from core.kernel import clock
from core.kernel.db import db, session
from core.kernel.errors import Conflict, Invalid, Missing
from core.kernel.money import Money, total
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from plugins.coupons import redeeming, services
from plugins.coupons.models import CouponRow, RedemptionRow
from plugins.coupons.services import CouponDraft
from tests.plugin_rows import make_key, make_shop

TEN = CouponDraft("TEN", "EUR", amount_minor=1000, platform_bps=10_000)


def basket(*codes: str, customer_id: UUID | None = None, at: datetime | None = None) -> Basket:
    line = Line(uuid4(), uuid4(), uuid4(), uuid4(), uuid4(), 1, Money(5000, "EUR"), shop_id=uuid4())
    return Basket((line,), Viewer(customer_id, "en", "IE"), "EUR", at or clock.now(), stage=Stage.BASKET, codes=codes)


def place(bought: Basket, purchase_id: UUID) -> list[str]:
    """Place a purchase as core does and return the codes of the refusals."""
    rows = tuple(redeeming.discounts(bought))
    cost = total((row.amount for row in rows), "EUR") + Money(5000, "EUR")
    draft = PurchaseDraft(PurchaseStage.PLACE, bought, cost, purchase_id, adjustments=rows)
    return [violation.code for violation in redeeming.check(draft)]


def hint(bought: Basket) -> list[tuple[str, str]]:
    draft = PurchaseDraft(PurchaseStage.BASKET, bought, Money(5000, "EUR"))
    return [(violation.code, violation.message) for violation in redeeming.check(draft)]


def used() -> int:
    session().expire_all()
    return session().scalars(select(CouponRow.used)).one()


def cancelled(purchase_id: UUID) -> OrderEvent:
    nothing = Money.zero("EUR")
    order = OrderSnapshot(uuid4(), purchase_id, uuid4(), None, clock.now(), (), {}, nothing, nothing, nothing, nothing)
    return OrderEvent(uuid4(), clock.now(), OrderChange.CANCELLED, order)


def test_a_purchase_claims_one_use_however_often_it_is_asked(tenant: Tenant) -> None:
    with transaction():
        services.create(TEN, None)
        purchase_id = uuid4()
        bought = basket("ten")
        assert place(bought, purchase_id) == place(bought, purchase_id) == []
        row = session().scalars(select(RedemptionRow)).one()
        assert (row.purchase_id, row.amount_minor, used()) == (purchase_id, 1000, 1)


def test_the_last_use_goes_to_one_purchase(tenant: Tenant) -> None:
    with transaction():
        services.create(CouponDraft("LAST", "EUR", amount_minor=100, total_uses=1), None)
        assert place(basket("LAST"), uuid4()) == []
        assert place(basket("LAST"), uuid4()) == ["coupons.used_up"]
        assert used() == 1


def test_each_buyer_uses_it_so_many_times(tenant: Tenant) -> None:
    with transaction():
        services.create(CouponDraft("ONCE", "EUR", percent_bps=1000, uses_per_customer=1), None)
        buyer = uuid4()
        assert place(basket("ONCE", customer_id=buyer), uuid4()) == []
        assert place(basket("ONCE", customer_id=buyer), uuid4()) == ["coupons.used_by_you"]
        assert place(basket("ONCE", customer_id=uuid4()), uuid4()) == []
        assert hint(basket("ONCE")) == [("coupons.sign_in", "Sign in to use the coupon ONCE.")]


def test_a_cancelled_purchase_gives_its_use_back_once(tenant: Tenant) -> None:
    with transaction():
        services.create(TEN, None)
        purchase_id = uuid4()
        place(basket("TEN"), purchase_id)
        redeeming.release(cancelled(purchase_id))
        redeeming.release(cancelled(purchase_id))
        assert used() == 0


def test_an_unknown_code_is_named_without_repeating_what_was_typed(tenant: Tenant) -> None:
    with transaction():
        assert hint(basket("{0}%s")) == [("coupons.unknown", "There is no coupon ?. Check the code for slips.")]
        assert hint(basket("nope")) == [("coupons.unknown", "There is no coupon NOPE. Check the code for slips.")]


def test_a_basket_without_codes_asks_nothing_of_the_database(tenant: Tenant) -> None:
    asked: list[str] = []
    with transaction():
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        assert redeeming.discounts(basket()) == ()
        assert hint(basket()) == []
        assert asked == []


def test_a_merchant_offers_for_its_own_shops_and_pays_itself(tenant: Tenant) -> None:
    with transaction():
        mine, other = make_shop(), make_shop()
        for draft in (
            CouponDraft("A1", "EUR", amount_minor=1, shop_id=other.id),
            CouponDraft("A1", "EUR", amount_minor=1),
            CouponDraft("A1", "EUR", amount_minor=1, shop_id=mine.id, platform_bps=1),
        ):
            with pytest.raises(Invalid):
                services.create(draft, mine.merchant_id)
        theirs = services.create(CouponDraft("B1", "EUR", amount_minor=1, shop_id=other.id), other.merchant_id)
        with pytest.raises(Missing):
            services.find(theirs, mine.merchant_id)


def test_a_code_is_taken_once_and_a_used_coupon_is_not_deleted(tenant: Tenant) -> None:
    with transaction():
        coupon_id = services.create(TEN, None)
        with pytest.raises(Conflict):
            services.create(CouponDraft("ten", "EUR", percent_bps=1), None)
        place(basket("TEN"), uuid4())
        with pytest.raises(Conflict):
            services.remove(coupon_id, None)


def test_a_buyers_uses_are_exported_and_forgotten_but_still_counted(tenant: Tenant) -> None:
    with transaction():
        services.create(TEN, None)
        buyer = DataSubject("customer", uuid4())
        place(basket("TEN", customer_id=buyer.id), uuid4())
        assert b'"TEN"' in services.export(buyer)[0].content
        assert [erasure.erased for erasure in services.erase(buyer)] == [1]
        assert services.export(buyer) == ()
        assert used() == 1


def test_coupons_are_made_over_the_api_by_operator_and_merchant(app: Flask, tenant: Tenant) -> None:
    with transaction():
        shop = make_shop()
        operator, merchant = make_key("operator", "*"), make_key("merchant", "*", merchant_id=shop.merchant_id)
    client, base = app.test_client(), f"http://{tenant.slug}.localhost"
    given = {"code": "five", "percent_bps": 500, "platform_bps": 5000}
    made = client.post("/api/v1/coupons/", json=given, base_url=base, headers=operator)
    assert made.status_code == 201, made.text
    own = {"code": "OURS", "amount_minor": 300, "shop_id": str(shop.id)}
    assert client.post("/api/v1/coupons/own", json=own, base_url=base, headers=merchant).status_code == 201
    listed = client.get("/api/v1/coupons/", base_url=base, headers=operator).json
    assert [coupon["code"] for coupon in listed["data"]] == ["OURS", "FIVE"]
    theirs = client.get("/api/v1/coupons/own", base_url=base, headers=merchant).json
    assert [coupon["code"] for coupon in theirs["data"]] == ["OURS"]
    url = f"/api/v1/coupons/own/{made.json['id']}"
    assert client.get(url, base_url=base, headers=merchant).status_code == 404
