"""Those who run the marketplace, in a real browser: a merchant sends, an operator counts, the platform opens another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor
from tests.journeys.seed import Market, buy


@pytest.mark.parametrize(("width", "lang"), [(1440, "en"), (390, "zh")])
def test_merchant_sends_an_order_and_the_buyer_follows_it(
    visitor: Visitor, site: Market, width: int, lang: str
) -> None:
    bought = buy(site, "slip")
    page = visitor.signed_in("slip", width=width, lang=lang)
    page.goto("/merchant/orders")
    page.locator(f"a:has-text('{bought.orders[0]['number']}'):visible").first.click()
    page.click("form[action$='/accept'] button")
    page.click("[data-open=ship]")
    page.fill("#ship-form [name=carrier]", "An Post")
    page.fill("#ship-form [name=tracking]", "RR123456785IE")
    page.click("button[form=ship-form]")
    expect(page.locator("main")).to_contain_text("RR123456785IE")
    page.click("form[action*='/parcels/'] button")
    expect(page.locator("form[action*='/parcels/']")).to_have_count(0)
    buyer = visitor.window(width, cart=bought.token)
    buyer.goto(f"/orders/{bought.id}")
    expect(buyer.locator("main section.card header .badge").first).to_have_text("Delivered")
    expect(buyer.locator("main")).to_contain_text("RR123456785IE")


@pytest.mark.parametrize(("width", "lang"), [(1440, "en"), (390, "zh")])
def test_operator_sees_the_money_with_its_fees(visitor: Visitor, site: Market, width: int, lang: str) -> None:
    number = buy(site, "slip").orders[0]["number"]
    page = visitor.signed_in("operator", width=width, lang=lang)
    page.goto("/operator/ledger")
    expect(page.locator("main")).to_contain_text("€")
    page.goto("/operator/orders")
    page.locator(f"a:has-text('{number}'):visible").first.click()
    expect(page.locator("main")).to_contain_text("10%")
    expect(page.locator("main")).to_contain_text("Kitchen and textiles")


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (390, "en")])
def test_platform_opens_a_marketplace_that_answers(visitor: Visitor, site: Market, width: int, lang: str) -> None:
    page = visitor.signed_in("platform", width=width, lang=lang)
    page.goto(f"http://localhost:{site.port}/platform/tenants/new")
    page.fill("[name=name]", "Meadow Lane")
    page.fill("[name=slug]", f"meadow-{width}")
    page.click("#onboard [type=submit]")
    page.wait_for_url(re.compile("/platform/tenants/[0-9a-f-]{36}"))
    expect(page.locator(".banner.ok")).to_be_visible()
    page.goto(f"http://meadow-{width}.localhost:{site.port}/")
    expect(page.locator("h1")).to_have_text("Meadow Lane")
