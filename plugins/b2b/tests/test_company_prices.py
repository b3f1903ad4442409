"""Price lists, bands and packs through pages and API, in the cart and to the cent; what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.catalogue.models import ListingRow, VariantRow
from core.hooks.data import Seed
from core.kernel import clock
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import transaction
from core.orders.models import AppliedRow, LineRow
from core.payments import payments
from plugins.b2b import seeding
from plugins.b2b.price_models import ListCompanyRow, PriceListRow, PriceRow, QuantityRow
from plugins.b2b.tests.ground import COMPANY, People, people, switch_on
from tests.market import Shop, make_good, make_shop
from tests.plugin_rows import make_key

BB2 = [(10, 1_100), (50, 950)]


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "start", lambda payment: payment)


@pytest.fixture
def ground(app: Flask, tenant: Tenant) -> Iterator[People]:
    """A marketplace with companies, bound, and its people; "shop" keeps the prices of a merchant."""
    on = switch_on(tenant)
    with bind(on):
        found = people(app, on)
        merchant(found, "shop")
        yield found


def merchant(ground: People, name: str) -> Shop:
    with transaction():
        shop = make_shop()
        ground.heads[name] = make_key("merchant", "*", merchant_id=shop.merchant_id)
        ground.ids[name] = shop.id
        ground.ids[f"{name}.merchant"] = shop.merchant_id
    return shop


def good(ground: People, price: int = 1_200, name: str = "shop") -> tuple[UUID, str]:
    """Add a good of a merchant; return it and its SKU."""
    with transaction():
        key = make_good(Shop(ground.ids[name], ground.ids[f"{name}.merchant"]), price, stock=500)
        return key, session().get_one(VariantRow, (current().id, key)).sku


def listed(sku: str, *steps: tuple[int, int], **more: object) -> dict[str, object]:
    prices = [{"sku": sku, "from_quantity": count, "unit_minor": minor} for count, minor in steps]
    return {"name": "Trade", "is_for_all": True, "prices": prices, **more}


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text


def counts() -> list[int]:
    kinds = (PriceListRow, ListCompanyRow, PriceRow, QuantityRow)
    with transaction():
        return [int(session().scalar(select(func.count()).select_from(kind)) or 0) for kind in kinds]


@pytest.mark.parametrize(("quantity", "total"), [(9, 10_800), (10, 11_000), (49, 53_900), (50, 47_500)])
def test_bb2_the_cart_costs_what_the_band_says_and_names_the_list(ground: People, quantity: int, total: int) -> None:
    ground.company()
    variant, sku = good(ground)
    assert ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2)).status_code == 201
    cart = ground.fill("ann", variant, quantity)
    assert cart["total_minor"] == total
    off = total - quantity * 1_200
    assert [(one["label"], one["amount_minor"]) for one in cart["reasons"]] == (
        [("Price list Trade", off)] if off else []
    )
    shown = "50 × Good" in ground.see("ann", "GET", "/cart").text
    assert shown is (quantity == 49)


def test_an_order_keeps_its_price_and_the_reason_when_the_list_changes(ground: People) -> None:
    ground.company()
    variant, sku = good(ground)
    made = ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2)).json
    ground.fill("ann", variant, 10)
    placed = ground.place("ann", expected_total_minor=11_000)
    assert placed.status_code == 201, placed.text
    assert ground.ask("shop", "DELETE", f"/b2b/price-lists/{made['id']}").status_code == 204
    with transaction():
        line = session().scalars(select(LineRow)).one()
        reason = session().scalars(select(AppliedRow)).one()
    assert (line.unit_price_minor, line.gross_minor, line.net_minor, line.tax_minor) == (1_200, 11_000, 9_167, 1_833)
    assert (reason.reason, reason.amount_minor, reason.funded_by) == (f"b2b:{made['id']}.10", -1_000, "merchant")


def test_a_list_that_changes_before_placing_is_told_and_not_charged(ground: People) -> None:
    ground.company()
    variant, sku = good(ground)
    made = ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2)).json
    ground.fill("ann", variant, 10)
    ground.ask("shop", "PUT", f"/b2b/price-lists/{made['id']}", listed(sku, (10, 1_150)))
    refused(ground.place("ann", expected_total_minor=11_000), 409, "checkout.changed")
    assert ground.place("ann", expected_total_minor=11_500).status_code == 201


def test_a_list_for_named_companies_holds_for_them_alone(ground: People) -> None:
    ground.company()
    ground.join("eve")
    other = ground.ask("eve", "POST", "/b2b/company", {**COMPANY, "reg_no": "9"}).json
    ground.decide(other["id"], "approve")
    variant, sku = good(ground)
    body = listed(sku, *BB2, is_for_all=False, companies=["ie 123456"])
    assert ground.ask("shop", "POST", "/b2b/price-lists", body).json["companies"] == ["IE123456"]
    assert ground.fill("ann", variant, 10)["total_minor"] == 11_000
    assert ground.fill("eve", variant, 10)["total_minor"] == 12_000


def test_who_buys_for_themselves_or_for_no_company_pays_the_shops_price(ground: People) -> None:
    ground.company()
    ground.join("bob")
    variant, sku = good(ground)
    ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2))
    assert ground.fill("bob", variant, 10)["total_minor"] == 12_000
    assert ground.fill("ann", variant, 10, **{"for": "myself"})["total_minor"] == 12_000


@pytest.mark.parametrize(
    ("more", "counting"),
    [
        ({}, True), ({"is_active": False}, False), ({"valid_from": 1}, False), ({"valid_to": -1}, False),
        ({"valid_from": 0, "valid_to": 0}, True),
    ],
)  # fmt: skip
def test_a_list_counts_while_it_is_in_use_both_days_included(
    ground: People, more: dict[str, object], counting: bool
) -> None:
    ground.company()
    variant, sku = good(ground)
    today = clock.today(current().timezone)
    given = {
        k: v if isinstance(v, bool) else (today + timedelta(days=int(str(v)))).isoformat() for k, v in more.items()
    }
    assert ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2, **given)).status_code == 201
    assert ground.fill("ann", variant, 10)["total_minor"] == (11_000 if counting else 12_000)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"prices": []}, "prices"),
        ({"prices": [{"sku": "NONE", "from_quantity": 1, "unit_minor": 1}]}, "prices"),
        ({"is_for_all": False}, "companies"),
        ({"is_for_all": False, "companies": ["404"]}, "companies"),
        ({"valid_from": "2027-02-01", "valid_to": "2027-01-31"}, "valid_to"),
    ],
)
def test_a_list_with_a_wrong_field_is_refused_at_the_field(
    ground: People, change: dict[str, object], field: str
) -> None:
    _variant, sku = good(ground)
    answer = ground.ask("shop", "POST", "/b2b/price-lists", {**listed(sku, *BB2), **change})
    refused(answer, 422, "b2b.price_list")
    assert field in answer.text
    assert counts() == [0, 0, 0, 0]


def test_one_name_and_one_price_from_a_quantity_on(ground: People) -> None:
    _variant, sku = good(ground)
    refused(ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, (5, 9), (5, 8))), 422, "b2b.price_list")
    assert ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2)).status_code == 201
    before = counts()
    refused(ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2)), 409, "b2b.list_taken")
    assert counts() == before


def test_a_merchant_neither_sees_nor_prices_what_is_anothers(ground: People) -> None:
    _variant, sku = good(ground)
    made = ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2)).json
    merchant(ground, "rival")
    before = counts()
    assert ground.ask("rival", "GET", "/b2b/price-lists").json["data"] == []
    for method, body in (("GET", None), ("PUT", listed(sku, (1, 1))), ("DELETE", None)):
        assert ground.ask("rival", method, f"/b2b/price-lists/{made['id']}", body).status_code == 404
    refused(ground.ask("rival", "POST", "/b2b/price-lists", listed(sku, (1, 1))), 422, "b2b.price_list")
    refused(
        ground.ask("rival", "PUT", "/b2b/quantities", {"data": [{"sku": sku, "minimum": 2}]}), 422, "b2b.price_list"
    )
    assert counts() == before


@pytest.mark.parametrize(
    ("quantity", "code", "said"),
    [(9, "b2b.minimum", "Take 10"), (12, "b2b.step", "Take 15"), (15, "", "")],
)
def test_a_company_buys_from_the_minimum_on_and_in_packs(ground: People, quantity: int, code: str, said: str) -> None:
    ground.company()
    variant, sku = good(ground)
    body = {"data": [{"sku": sku, "minimum": 10, "step": 5}]}
    assert ground.ask("shop", "PUT", "/b2b/quantities", body).status_code == 200
    cart = ground.fill("ann", variant, quantity)
    assert [one["code"] for one in cart["violations"]] == ([code] if code else [])
    assert said in ground.see("ann", "GET", "/cart").text
    placed = ground.place("ann")
    assert placed.status_code == (409 if code else 201)
    if code:
        refused(placed, 409, code)
        again = ground.ask("ann", "PUT", "/cart/answers", {"answers": {"b2b.for": "myself"}})
        assert again.json["violations"] == []


@pytest.mark.parametrize(("minimum", "step"), [(10, 3), (5, 10)])
def test_a_minimum_is_a_multiple_of_the_pack(ground: People, minimum: int, step: int) -> None:
    _variant, sku = good(ground)
    body = {"data": [{"sku": sku, "minimum": minimum, "step": step}]}
    refused(ground.ask("shop", "PUT", "/b2b/quantities", body), 422, "b2b.price_list")
    assert counts() == [0, 0, 0, 0]


def test_the_product_page_shows_a_companys_people_the_table_and_nobody_else(ground: People) -> None:
    ground.company()
    ground.join("bob")
    variant, sku = good(ground)
    ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2))
    ground.ask("shop", "PUT", "/b2b/quantities", {"data": [{"sku": sku, "minimum": 10, "step": 5}]})
    with transaction():
        listing = session().scalars(select(ListingRow)).one()
    page = ground.see("ann", "GET", f"/products/{listing.slug}").text
    for words in ("Prices for Quayside Design Ltd", "€11.00", "€9.50", "sold to companies from 10 on", "in packs of 5"):
        assert words in page
    assert "Prices for" not in ground.see("bob", "GET", f"/products/{listing.slug}").text
    (offer,) = ground.ask("ann", "GET", f"/b2b/listings/{listing.id}/prices").json["data"]
    assert (offer["variant_id"], offer["minimum"], offer["step"]) == (str(variant), 10, 5)
    assert offer["prices"] == [
        {"from_quantity": 1, "unit_minor": 1_200}, {"from_quantity": 10, "unit_minor": 1_100},
        {"from_quantity": 50, "unit_minor": 950},
    ]  # fmt: skip


def test_the_merchants_pages_make_change_and_delete_a_list(ground: People) -> None:
    ground.company()
    _variant, sku = good(ground)
    assert "No price lists yet" in ground.see("shop", "GET", "/merchant/b2b/").text
    form = {"name": "Trade", "audience": "named", "companies": "IE123456", "prices": f"{sku}; 10; 11", "is_active": "1"}
    wrong = ground.see("shop", "POST", "/merchant/b2b/new", {**form, "prices": f"{sku}; 10; 11\n{sku}; x; 1"})
    assert (wrong.status_code, "Line 2: a quantity is a whole number" in wrong.text) == (422, True)
    for bad in (f"{sku}; 10", f"{sku}; 10; free", f"{sku}; 0; 1", "NONE; 1; 1"):
        assert ground.see("shop", "POST", "/merchant/b2b/new", {**form, "prices": bad}).status_code == 422
    assert ground.see("shop", "POST", "/merchant/b2b/new", form).status_code == 303
    assert "Trade" in ground.see("shop", "GET", "/merchant/b2b/").text
    with transaction():
        key = session().scalars(select(PriceListRow.id)).one()
    path = f"/merchant/b2b/lists/{key}"
    assert "Quayside Design Ltd" in ground.see("shop", "GET", path).text
    assert ground.see("shop", "POST", path, {**form, "audience": "all", "prices": f"{sku};5;9.5"}).status_code == 303
    assert counts() == [1, 0, 1, 0]
    assert ground.see("shop", "POST", "/merchant/b2b/quantities", {"packs": f"{sku}; 10; 5"}).status_code == 303
    assert f"{sku}; 10; 5" in ground.see("shop", "GET", "/merchant/b2b/quantities").text
    assert ground.see("shop", "POST", f"{path}/remove", {}).status_code == 303
    assert counts() == [0, 0, 0, 1]


def test_goods_less_the_reasons_make_the_total_of_a_cart(ground: People) -> None:
    ground.company()
    variant, sku = good(ground)
    ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2))
    ground.fill("ann", variant, 50)
    page = ground.see("ann", "GET", "/cart").text
    for amount in ("€600.00", "−€125.00", "€475.00"):
        assert amount in page


def test_another_marketplaces_lists_are_out_of_reach(
    ground: People, app: Flask, make_tenant: Callable[..., Tenant]
) -> None:
    _variant, sku = good(ground)
    made = ground.ask("shop", "POST", "/b2b/price-lists", listed(sku, *BB2)).json
    other = switch_on(make_tenant())
    with bind(other):
        there = people(app, other)
        merchant(there, "shop")
        assert there.ask("shop", "GET", "/b2b/price-lists").json["data"] == []
        assert there.ask("shop", "GET", f"/b2b/price-lists/{made['id']}").status_code == 404
        assert there.ask("shop", "DELETE", f"/b2b/price-lists/{made['id']}").status_code == 404
    assert counts() == [1, 0, 2, 0]


def test_the_demonstration_has_a_list_of_each_merchant_once(ground: People) -> None:
    good(ground)
    with transaction():
        keys = tuple(session().scalars(select(ListingRow.id)))
    seed = Seed(7, (ground.ids["shop.merchant"],), keys, ())
    for _time in range(2):
        with transaction():
            seeding.seed(seed)
        assert counts() == [1, 0, 3, 1]
