"""A company in a browser: registered, approved, priced by quantity, and bought for; each of its pages fit for anyone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.buying import add, fill_address, pay, place
from tests.journeys.conftest import Visitor
from tests.journeys.seed import Market
from tests.journeys.test_account import enter, looked_at, register

COMPANY = {"name": "Quayside Design Ltd", "reg_no": "IE 123-456", "invoice_email": "ap@quay.example"}


@pytest.fixture
def firm(site: Market) -> Iterator[Market]:
    """The marketplace with a price list of a shop for all companies."""
    variant = site.goods("slip")[0]["variants"][0]
    price = {"sku": variant["sku"], "from_quantity": 2, "unit_minor": variant["price"]["amount_minor"] - 100}
    listed = site.sellers["slip"].post("/b2b/price-lists", {"name": "Trade", "is_for_all": True, "prices": [price]})
    yield site
    site.sellers["slip"].call("DELETE", f"/b2b/price-lists/{listed['id']}")


def registered(visitor: Visitor, site: Market) -> Page:
    """Return the window of a buyer who has registered a company, which the operator has approved."""
    email = f"firm-{secrets.token_hex(3)}@buyers.example"
    register(site, email)
    page = visitor.window()
    page.goto("/sign-in")
    enter(page, email)
    page.goto("/b2b/")
    for name, value in COMPANY.items():
        page.fill(f"main [name={name}]", value)
    page.click("main form[action='/b2b/'] [type=submit]")
    expect(page.locator("main h1")).to_have_text(COMPANY["name"])
    desk = visitor.signed_in("operator")
    desk.goto("/operator/b2b/?state=applied")
    desk.click("main table a")
    desk.click("main form[action$='/approve'] button")
    expect(desk.locator("main form[action$='/close']")).to_be_visible()
    found = looked_at(desk, "operator-company", desk.url)
    assert [*found, *looked_at(desk, "operator-companies", "/operator/b2b/")] == []
    return page


def test_a_company_is_approved_and_buys_at_its_price_under_its_own_number(visitor: Visitor, firm: Market) -> None:
    page = registered(visitor, firm)
    good = firm.goods("slip")[0]
    page.goto(f"/products/{good['slug']}")
    expect(page.locator("main").get_by_text(f"Prices for {COMPANY['name']}").first).to_be_visible()
    for _unit in range(2):
        add(page, good["slug"])
    page.goto("/cart")
    expect(page.locator("main dl.totals")).to_contain_text("Price list Trade")
    page.goto("/checkout")
    fill_address(page)
    page.fill("#place [name='answer-b2b.number']", "PO-4711")
    place(page)
    pay(page)
    page.wait_for_url("**/done**")
    page.goto("/b2b/")
    expect(page.locator("main")).to_contain_text("PO-4711")
    paths = ("b2b/", "b2b/people/new", "b2b/places/new", "b2b/requisitions", "b2b/quotes")
    found = [fault for path in paths for fault in looked_at(page, f"buyer-{path.replace('/', '-')}", f"/{path}")]
    assert found == []
