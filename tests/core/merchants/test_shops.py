"""Shops: limits, slugs, holidays, delivery, and whose they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid, Missing
from core.kernel.money import Money
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.merchants import delivery, house, shop_settings, shops
from core.merchants.delivery import Terms
from tests.core.merchants import making


def test_a_shop_sells_only_when_open_approved_and_with_a_delivery_option(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
        assert not shops.is_selling(shop_id)
        option_id = making.post(merchant_id, shop_id)
        assert shops.is_selling(shop_id)
        delivery.change(merchant_id, shop_id, option_id, Terms("Post", Money(550, "EUR"), is_active=False))
        assert not shops.is_selling(shop_id)


def test_on_holiday_a_shop_does_not_sell_and_opens_by_itself(tenant: Tenant) -> None:
    until = clock.now() + timedelta(days=3)
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
        making.post(merchant_id, shop_id)
        away = shops.start_holiday(merchant_id, shop_id, note="At a fair", until=until)
        assert (away.state, away.holiday_note, away.holiday_until) == ("holiday", "At a fair", until)
        assert not shops.is_selling(shop_id)
    with read_only():
        timer = session().query(OutboxRow).filter_by(handler="merchants.end_holiday").one()
        assert timer.next_at == until
    end = jobs.find("merchants.end_holiday")
    assert end is not None
    with transaction():
        end.run(timer.payload)
        assert shops.find(merchant_id, shop_id).state == "holiday"
    with time_machine.travel(until), transaction():
        end.run(timer.payload)
        assert shops.is_selling(shop_id)
        assert shops.find(merchant_id, shop_id).holiday_note == ""


def test_a_holiday_cannot_end_in_the_past(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
    with pytest.raises(Invalid), transaction():
        shops.start_holiday(merchant_id, shop_id, until=clock.now() - timedelta(minutes=1))
    with read_only():
        assert shops.find(merchant_id, shop_id).state == "open"


def test_a_merchant_has_several_shops_up_to_the_limit(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        for number in range(2, shops.DEFAULT_SHOPS_EACH + 1):
            shops.create(merchant_id, name=f"Shop {number}")
    with pytest.raises(Conflict), transaction():
        shops.create(merchant_id, name="One more")
    with read_only():
        assert len(shops.of_merchant(merchant_id)) == shops.DEFAULT_SHOPS_EACH


def test_a_slug_is_unique_and_made_of_the_name(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        made = shops.create(merchant_id, name="Café Über & Co")
        again = shops.create(merchant_id, name="Café Über & Co")
        assert made.slug == "cafe-uber-co"
        assert again.slug.startswith("cafe-uber-co-")
    with pytest.raises(Conflict), transaction():
        shops.create(merchant_id, name="Third", slug="cafe-uber-co")


def test_a_closed_shop_opens_again_only_for_a_merchant_that_may_sell(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
        assert shops.close(merchant_id, shop_id).state == "closed"
        assert shops.reopen(merchant_id, shop_id).state == "open"
        waiting = making.applied("Waiting")
    with pytest.raises(Denied), transaction():
        shops.reopen(waiting, making.shop_of(waiting))


def test_every_setting_of_a_foreign_shop_is_missing(tenant: Tenant) -> None:
    with transaction():
        mine, other = making.approved(), making.approved("Other")
        foreign = making.shop_of(other)
        option = making.post(other, foreign)
    terms = Terms("Post", Money(1, "EUR"))
    attempts = (
        lambda: shops.find(mine, foreign),
        lambda: shops.close(mine, foreign),
        lambda: shops.start_holiday(mine, foreign),
        lambda: shop_settings.describe(mine, foreign, name="Mine now"),
        lambda: shop_settings.set_hours(mine, foreign, {}),
        lambda: shop_settings.set_policies(mine, foreign, {}, return_days=1),
        lambda: shop_settings.set_return_address(mine, foreign, making.ADDRESS),
        lambda: delivery.of_shop(mine, foreign),
        lambda: delivery.add(mine, foreign, terms),
        lambda: delivery.change(mine, foreign, option, terms),
        lambda: delivery.change(mine, making.shop_of(mine), option, terms),
        lambda: delivery.remove(mine, foreign, option),
        lambda: delivery.order(mine, foreign, [option]),
    )
    for attempt in attempts:
        with pytest.raises(Missing), transaction():
            attempt()
    with read_only():
        assert shops.find(other, foreign).name == "Other"
        assert delivery.options_for([foreign])[foreign][0].price == Money(550, "EUR")


def test_options_come_in_order_free_from_their_threshold(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
        post = making.post(merchant_id, shop_id)
        courier = delivery.add(merchant_id, shop_id, Terms("Courier", Money(1490, "EUR"), min_days=0, max_days=1)).id
        delivery.order(merchant_id, shop_id, [courier, post])
        found = delivery.options_for([shop_id])[shop_id]
    assert [option.code for option in found] == ["courier", "post"]
    assert found[1].price_for(7499) == Money(550, "EUR")
    assert found[1].price_for(7500) == Money(0, "EUR")


def test_delivery_in_another_currency_or_with_turned_days_is_refused(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
    for terms, path in (
        (Terms("Post", Money(1, "USD")), "price"),
        (Terms("Post", Money(-1, "EUR")), "price"),
        (Terms("Post", Money(1, "EUR"), min_days=4, max_days=2), "max_days"),
        (Terms(" ", Money(1, "EUR")), "label"),
    ):
        with pytest.raises(Invalid) as refused, transaction():
            delivery.add(merchant_id, shop_id, terms)
        assert [fault.path for fault in refused.value.fields] == [path]
    with read_only():
        assert delivery.of_shop(merchant_id, shop_id) == ()


def test_hours_are_spans_or_nothing(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
        kept = shop_settings.set_hours(merchant_id, shop_id, {"mon": "09:00-12:30, 14:00-18:00", "sun": ""})
        assert kept.hours == {"mon": "09:00-12:30, 14:00-18:00"}
    with pytest.raises(Invalid) as refused, transaction():
        shop_settings.set_hours(merchant_id, shop_id, {"tue": "nine to five"})
    assert [fault.path for fault in refused.value.fields] == ["tue"]


def test_the_house_has_one_shop_however_often_it_is_asked_for(tenant: Tenant) -> None:
    with transaction():
        first = house.ensure_house_shop("Harbour & Hill Home", "own")
        assert house.ensure_house_shop("Another", "another") == first
        assert shops.find(house.house_id(), first).slug == "own"
