"""Quotes through API and pages: asked, offered, countered, accepted once and bought as offered; else nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.catalogue.models import VariantRow
from core.catalogue.stock_models import StockRow
from core.customers import addresses
from core.hooks.data import DataSubject
from core.kernel import clock
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.errors import AppError
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import transaction
from core.orders.models import AppliedRow, OrderRow
from core.payments import payments
from plugins.b2b import own_data, quotes, reading, sweeping
from plugins.b2b.deal_models import QuoteRow, RevisionRow
from plugins.b2b.models import MemberRow
from plugins.b2b.tests.ground import People, people, rows, switch_on
from tenants import plugins as tenant_plugins
from tests.market import ADDRESS, make_good, make_shop
from tests.plugin_rows import make_key
from tests.threads import together, wide_pool
from tests.working import run_due


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "start", lambda payment: payment)


@pytest.fixture
def ground(app: Flask, tenant: Tenant) -> Iterator[People]:
    """A company of "ann", and "shop", which sells "good" at 10.00 and delivers for 5.00."""
    on = switch_on(tenant)
    with bind(on):
        found = people(app, on)
        found.company()
        with transaction():
            addresses.add(found.ids["ann"], addresses.place(ADDRESS))
            shop = make_shop(delivery=500)
            found.heads["shop"] = make_key("merchant", "*", merchant_id=shop.merchant_id)
            found.ids |= {"shop": shop.id, "merchant": shop.merchant_id, "good": make_good(shop, 1_000, stock=500)}
        yield found


def sku(ground: People, name: str = "good") -> str:
    with transaction():
        return session().get_one(VariantRow, (current().id, ground.ids[name])).sku


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text


def ask(ground: People, units: int = 200) -> Any:
    lines = [{"variant_id": str(ground.ids["good"]), "quantity": units}]
    body = {"shop_id": str(ground.ids["shop"]), "lines": lines, "message": "For the fair"}
    asked = ground.ask("ann", "POST", "/b2b/quotes", body)
    assert asked.status_code == 201, asked.text
    return asked.json


def offer(ground: People, key: str, units: int = 200, unit: int = 875, **more: object) -> Any:
    body = {"lines": [{"sku": sku(ground), "quantity": units, "unit_minor": unit}], **more}
    return ground.ask("shop", "POST", f"/b2b/asked-quotes/{key}/offer", body)


def accept(ground: People, key: str, revision: int, who: str = "ann") -> Any:
    return ground.ask(who, "POST", f"/b2b/quotes/{key}/accept", {"revision": revision})


def shelf() -> tuple[int, int]:
    with transaction():
        row = session().scalars(select(StockRow)).one()
        return row.available, row.reserved


def state(ground: People, key: str) -> str:
    return str(ground.ask("ann", "GET", f"/b2b/quotes/{key}").json["state"])


def test_bb3_an_offer_is_bought_at_exactly_its_lines_and_its_delivery(ground: People) -> None:
    asked = ask(ground)
    assert (asked["number"], asked["state"], asked["revisions"][0]["lines"][0]["unit_minor"]) == (
        "QT10001", "asked", None,
    )  # fmt: skip
    offered = offer(ground, asked["id"], freight_minor=12_000).json
    assert (offered["state"], offered["revision"]) == ("offered", 2)
    accepted = accept(ground, asked["id"], 2)
    assert accepted.status_code == 201, accepted.text
    with transaction():
        order = session().scalars(select(OrderRow)).one()
        reasons = {(one.label, one.amount_minor) for one in session().scalars(select(AppliedRow))}
    assert (order.goods_minor, order.delivery_minor, order.total_minor) == (175_000, 12_000, 187_000)
    assert str(order.purchase_id) == accepted.json["purchase_id"]
    assert reasons == {("Quote QT10001", -25_000), ("Delivery of quote QT10001", 11_500)}
    assert rows()["b2b_bought"] == 1


@pytest.mark.parametrize("unit", [875, 1_000, 1_200])
def test_the_quotes_price_counts_whatever_the_shop_and_its_lists_ask(ground: People, unit: int) -> None:
    listed = [{"sku": sku(ground), "from_quantity": 1, "unit_minor": 500}]
    asked = ask(ground, 2)
    offer(ground, asked["id"], 2, unit)
    body = {"name": "Trade", "is_for_all": True, "prices": listed}
    assert ground.ask("shop", "POST", "/b2b/price-lists", body).status_code == 201
    assert accept(ground, asked["id"], 2).status_code == 201
    with transaction():
        assert session().scalars(select(OrderRow)).one().goods_minor == 2 * unit


def test_an_older_revision_is_not_accepted_and_the_newest_once(ground: People) -> None:
    asked = ask(ground)
    offer(ground, asked["id"])
    offer(ground, asked["id"], unit=850)
    refused(accept(ground, asked["id"], 2), 409, "b2b.quote_changed")
    assert state(ground, asked["id"]) == "offered"
    first = accept(ground, asked["id"], 3).json["purchase_id"]
    assert accept(ground, asked["id"], 3).json["purchase_id"] == first
    refused(accept(ground, asked["id"], 2), 409, "b2b.quote.not_now")
    with transaction():
        assert len(session().scalars(select(OrderRow)).all()) == 1


def test_many_accept_at_once_and_one_purchase_comes_about(ground: People, app: Flask, config: Config) -> None:
    asked = ask(ground)
    offer(ground, asked["id"], is_held=True)

    def act() -> UUID:
        with transaction():
            seat = reading.seat(ground.ids["ann"])
            assert seat is not None
            return quotes.accept(seat, ground.ids["ann"], UUID(asked["id"]), 2)

    with wide_pool(app, config):
        found = together(app, [act] * 6)
    bought = {one for one in found if isinstance(one, UUID)}
    assert len(bought) == 1
    assert {one.code for one in found if isinstance(one, AppError)} <= {"b2b.quote.not_now"}
    assert all(isinstance(one, UUID | AppError) for one in found)
    with transaction():
        assert [one.purchase_id for one in session().scalars(select(OrderRow))] == list(bought)
    assert shelf() == (300, 200)


def test_a_counter_ends_the_offer_and_asks_anew(ground: People) -> None:
    asked = ask(ground)
    offer(ground, asked["id"])
    body = {"lines": [{"variant_id": str(ground.ids["good"]), "quantity": 300}], "message": "300, at 8.00?"}
    countered = ground.ask("ann", "POST", f"/b2b/quotes/{asked['id']}/counter", body).json
    assert (countered["state"], countered["revision"]) == ("asked", 3)
    refused(accept(ground, asked["id"], 2), 409, "b2b.quote.not_now")
    assert offer(ground, asked["id"], 300, 800).json["revision"] == 4
    sides = [one["side"] for one in ground.ask("ann", "GET", f"/b2b/quotes/{asked['id']}").json["revisions"]]
    assert sides == ["company", "merchant", "company", "merchant"]


@pytest.mark.parametrize("ending", ["accept", "counter", "withdraw", "expire", "revise"])
def test_goods_that_an_offer_keeps_aside_are_free_when_it_ends(ground: People, ending: str) -> None:
    asked = ask(ground)
    assert offer(ground, asked["id"], is_held=True).json["is_held"] is True
    assert shelf() == (300, 200)
    if ending == "accept":
        assert accept(ground, asked["id"], 2).status_code == 201
    elif ending == "counter":
        body = {"lines": [{"variant_id": str(ground.ids["good"]), "quantity": 1}]}
        ground.ask("ann", "POST", f"/b2b/quotes/{asked['id']}/counter", body)
    elif ending == "withdraw":
        ground.ask("ann", "POST", f"/b2b/quotes/{asked['id']}/withdraw")
    elif ending == "revise":
        offer(ground, asked["id"], 10)
    else:
        with transaction():
            row = session().scalars(select(QuoteRow)).one()
            row.expires_at = clock.now() - timedelta(seconds=1)
            timer = session().scalars(select(OutboxRow).where(OutboxRow.handler == "b2b.expire_quote",
                                                              OutboxRow.done_at.is_(None))).one()  # fmt: skip
            timer.next_at = clock.now()
        run_due()
        assert state(ground, asked["id"]) == "expired"
    assert shelf() == ((300, 200) if ending == "accept" else (500, 0))


def test_the_last_units_that_are_kept_aside_are_sold_to_nobody_else(ground: People) -> None:
    asked = ask(ground, 500)
    offer(ground, asked["id"], 500, is_held=True)
    ground.join("bob")
    cart = ground.ask("bob", "POST", "/cart/lines", {"variant_id": str(ground.ids["good"]), "quantity": 1})
    assert cart.status_code == 409
    assert accept(ground, asked["id"], 2).status_code == 201


def test_what_is_not_there_is_not_kept_aside(ground: People) -> None:
    asked = ask(ground, 501)
    answer = offer(ground, asked["id"], 501, is_held=True)
    assert answer.status_code == 409
    assert (state(ground, asked["id"]), shelf()) == ("asked", (500, 0))


def test_time_ends_a_request_by_the_sweep_too_and_not_before(ground: People) -> None:
    asked = ask(ground)
    with transaction():
        sweeping.expire_quote(current(), asked["id"])
        sweeping.nightly(current())
    assert state(ground, asked["id"]) == "asked"
    with transaction():
        session().scalars(select(QuoteRow)).one().expires_at = clock.now() - timedelta(seconds=1)
    refused(offer(ground, asked["id"]), 409, "b2b.quote.not_now")
    with transaction():
        sweeping.nightly(current())
    assert state(ground, asked["id"]) == "expired"
    with transaction():
        assert quotes.sweep() == 0


def test_an_offer_that_is_over_is_not_accepted_though_no_timer_ran(ground: People) -> None:
    asked = ask(ground)
    offer(ground, asked["id"])
    with transaction():
        session().scalars(select(QuoteRow)).one().expires_at = clock.now() - timedelta(seconds=1)
    refused(accept(ground, asked["id"], 2), 409, "b2b.quote.not_now")
    assert rows()["b2b_bought"] == 0


@pytest.mark.parametrize("units", [0, 1_000])
def test_a_request_names_products_of_the_shop_in_numbers_that_are_sold(ground: People, units: int) -> None:
    line = {"variant_id": str(ground.ids["good"]), "quantity": units}
    answer = ground.ask("ann", "POST", "/b2b/quotes", {"shop_id": str(ground.ids["shop"]), "lines": [line]})
    assert answer.status_code == 422
    other = {"shop_id": str(UUID(int=5)), "lines": [{**line, "quantity": 1}]}
    refused(ground.ask("ann", "POST", "/b2b/quotes", other), 422, "b2b.quote")
    refused(ground.ask("ann", "POST", "/b2b/quotes", {**other, "lines": []}), 422, "b2b.quote")
    assert rows()["b2b_quotes"] == 0


def test_an_offer_of_something_else_than_the_shops_goods_is_refused(ground: People) -> None:
    asked = ask(ground)
    body = {"lines": [{"sku": "NONE", "quantity": 1, "unit_minor": 1}]}
    refused(ground.ask("shop", "POST", f"/b2b/asked-quotes/{asked['id']}/offer", body), 422, "b2b.quote")
    assert state(ground, asked["id"]) == "asked"


def test_a_shop_declines_with_a_reason(ground: People) -> None:
    asked = ask(ground)
    path = f"/b2b/asked-quotes/{asked['id']}/decline"
    refused(ground.ask("shop", "POST", path, {"reason": "  "}), 422, "b2b.quote")
    assert ground.ask("shop", "POST", path, {"reason": "Sold out until May"}).json["state"] == "declined"
    refused(offer(ground, asked["id"]), 409, "b2b.quote.not_now")


def test_nobody_accepts_above_their_limit_and_another_of_the_company_does(ground: People) -> None:
    asked = ask(ground)
    offer(ground, asked["id"])
    ground.hire("bob", "buyer", 1_000)
    with transaction():
        addresses.add(ground.ids["bob"], addresses.place(ADDRESS))
    refused(accept(ground, asked["id"], 2, "bob"), 409, "b2b.own_limit")
    assert state(ground, asked["id"]) == "offered"
    assert accept(ground, asked["id"], 2).status_code == 201


def test_without_an_address_nothing_is_accepted(ground: People) -> None:
    asked = ask(ground)
    offer(ground, asked["id"])
    ground.hire("bob")
    refused(accept(ground, asked["id"], 2, "bob"), 409, "b2b.no_address")
    assert state(ground, asked["id"]) == "offered"


def test_a_quote_named_in_a_cart_counts_for_its_lines_alone_and_is_accepted_with_it(ground: People) -> None:
    asked = ask(ground, 2)
    offer(ground, asked["id"], 2)
    ground.fill("ann", ground.ids["good"], 2)
    answers = {"answers": {"b2b.quote": asked["id"]}}
    assert ground.ask("ann", "PUT", "/cart/answers", answers).json["total_minor"] == 2 * 875 + 500
    assert ground.place("ann").status_code == 201
    assert state(ground, asked["id"]) == "accepted"
    ground.fill("ann", ground.ids["good"], 2)
    assert ground.ask("ann", "PUT", "/cart/answers", answers).json["total_minor"] == 2 * 1_000 + 500


def test_another_shop_company_and_marketplace_see_nothing(
    ground: People, app: Flask, make_tenant: Callable[..., Tenant]
) -> None:
    asked = ask(ground)
    with transaction():
        ground.heads["rival"] = make_key("merchant", "*", merchant_id=make_shop().merchant_id)
    assert ground.ask("rival", "GET", "/b2b/asked-quotes").json["data"] == []
    body = {"lines": [{"sku": sku(ground), "quantity": 1, "unit_minor": 1}]}
    assert ground.ask("rival", "POST", f"/b2b/asked-quotes/{asked['id']}/offer", body).status_code == 404
    ground.join("eve")
    other = {"name": "Other", "reg_no": "9", "country": "IE", "invoice_email": "x@other.example"}
    ground.decide(ground.ask("eve", "POST", "/b2b/company", other).json["id"], "approve")
    assert ground.ask("eve", "GET", f"/b2b/quotes/{asked['id']}").status_code == 404
    there = switch_on(make_tenant())
    with bind(there):
        strangers = people(app, there)
        strangers.company()
        assert strangers.ask("ann", "GET", f"/b2b/quotes/{asked['id']}").status_code == 404
    assert state(ground, asked["id"]) == "asked"


def test_switching_off_ends_offers_and_frees_the_goods(ground: People) -> None:
    asked = ask(ground)
    offer(ground, asked["id"], is_held=True)
    with transaction():
        assert tenant_plugins.disable("b2b") == "disabled"
    with transaction():
        assert session().scalars(select(QuoteRow.state)).one() == "expired"
    assert shelf() == (500, 0)


def test_the_pages_lead_from_the_cart_over_an_offer_to_the_payment(ground: People) -> None:
    assert "No quotes yet" in ground.see("ann", "GET", "/b2b/quotes").text
    assert "No quotes yet" in ground.see("shop", "GET", "/merchant/b2b/quotes").text
    ground.fill("ann", ground.ids["good"], 20)
    new = f"/b2b/quotes/new/{ground.ids['shop']}"
    assert new in ground.see("ann", "GET", "/cart").text
    assert 'value="20"' in ground.see("ann", "GET", new).text
    assert ground.see("ann", "POST", new, {"units_0": "x"}).status_code == 422
    sent = ground.see("ann", "POST", new, {"units_0": "200", "message": "For the fair"})
    assert sent.status_code == 303
    page = sent.headers["Location"]
    desk = f"/merchant{page}"
    shown = ground.see("shop", "GET", desk).text
    assert "For the fair" in shown
    assert f"{sku(ground)}; 200; 10.00" in shown
    wrong = ground.see("shop", "POST", desk, {"lines": f"{sku(ground)}; 200", "days": "7"})
    assert (wrong.status_code, "Line 1: three entries are wanted" in wrong.text) == (422, True)
    form = {"lines": f"{sku(ground)}; 200; 8.75", "freight": "120", "days": "7", "message": "From stock"}
    assert ground.see("shop", "POST", desk, form).status_code == 303
    offered = ground.see("ann", "GET", page).text
    for words in ("€8.75", "€1,750.00", "Delivery: €120.00", "From stock", "Accept and pay"):
        assert words in offered
    assert ground.see("ann", "POST", f"{page}/accept", {"revision": "1"}).status_code == 422
    bought = ground.see("ann", "POST", f"{page}/accept", {"revision": "2"})
    assert (bought.status_code, bought.headers["Location"].endswith("/pay")) == (303, True)
    assert "See the order" in ground.see("ann", "GET", page).text


def test_a_persons_words_go_with_them_and_the_quote_stays(ground: People) -> None:
    ask(ground)
    subject = DataSubject("customer", ground.ids["ann"])
    with transaction():
        files = {one.name: one.content for one in own_data.export(subject)}
        assert b"For the fair" in files["b2b/quote_revisions.json"]
        own_data.erase(subject)
    with transaction():
        assert session().scalars(select(RevisionRow.message)).one() == ""
        assert session().scalars(select(MemberRow.is_active)).one() is False
