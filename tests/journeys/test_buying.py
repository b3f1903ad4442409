"""Buyers in a real browser: from looking around to a paid purchase, at both widths and in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.buying import (
    DECLINED_CARD,
    GOOD_CARD,
    add,
    choose,
    fill_address,
    give_card,
    order_button,
    pay,
    place,
)
from tests.journeys.conftest import Visitor
from tests.journeys.seed import Market


def _is_wide_as_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def _slug(site: Market, shop: str, place: int = 0) -> str:
    return str(site.goods(shop)[place]["slug"])


def _fill_cart_from_three_shops(page: Page, site: Market) -> None:
    page.goto("/")
    page.fill("#q", "mug")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    page.locator(".p-card .name").first.click()
    page.wait_for_url(re.compile("/products/"))
    choose(page, 1)
    page.click("#buy button.brand")
    expect(page.locator("#cart-count")).to_have_text("1")
    add(page, _slug(site, "own"))
    add(page, _slug(site, "folio"))


@pytest.mark.parametrize(("width", "lang"), [(1440, "en"), (390, "en"), (1440, "zh"), (390, "zh")])
def test_guest_buys_from_three_shops_with_a_coupon(visitor: Visitor, site: Market, width: int, lang: str) -> None:
    page = visitor.window(width, lang)
    _fill_cart_from_three_shops(page, site)
    page.goto("/cart")
    expect(page.locator("#cart section.card:has(.line-item)")).to_have_count(3)
    page.locator("summary:has(+ form [name=code])").click()
    page.fill("#code", "WELCOME")
    page.locator("form:has(#code) button").click()
    expect(page.locator(".totals .good")).to_have_count(1)
    assert _is_wide_as_window(page)
    page.goto("/checkout")
    fill_address(page, city="")
    page.locator("#place").evaluate("form => form.noValidate = true")
    order_button(page).click()
    expect(page.locator("[name=city]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#place [name=line1]")).to_have_value("1 Quay Street")
    assert _is_wide_as_window(page)
    fill_address(page)
    purchase = place(page)
    pay(page)
    page.wait_for_url(re.compile(f"/checkout/{purchase}/done"))
    expect(page.locator(".banner.ok")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", {"en": "en", "zh": "zh-CN"}[lang])
    page.goto(f"/orders/{purchase}")
    expect(page.locator("main section.card:has(.line-item)")).to_have_count(3)
    assert _is_wide_as_window(page)


def test_declined_card_can_be_followed_by_a_good_one(visitor: Visitor, site: Market) -> None:
    page = visitor.window(390)
    add(page, _slug(site, "slip"))
    page.goto("/checkout")
    fill_address(page)
    purchase = place(page)
    pay(page, DECLINED_CARD)
    expect(page.locator("[role=alert]")).to_be_visible()
    give_card(page, GOOD_CARD)
    page.wait_for_url(re.compile(f"/checkout/{purchase}/done"))
    expect(page.locator(".banner.ok")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_other_delivery_keeps_what_was_typed(visitor: Visitor, site: Market, script: bool) -> None:
    page = visitor.window(390, script=script)
    page.goto(f"/products/{_slug(site, 'slip')}")
    page.click("#buy button.brand")
    if script:
        expect(page.locator("#cart-count")).to_have_text("1")
    page.goto("/checkout")
    fill_address(page)
    page.locator("#place input[value=pickup]").check()
    if not script:
        page.locator("#place .unscripted button").click()
    expect(page.locator("#order")).to_contain_text("26.00")
    expect(page.locator("#place [name=line1]")).to_have_value("1 Quay Street")


def test_double_click_places_once(visitor: Visitor, site: Market) -> None:
    page = visitor.window()
    add(page, _slug(site, "slip"))
    page.goto("/checkout")
    fill_address(page)
    posts: list[str] = []
    page.on("request", lambda sent: sent.method == "POST" and posts.append(sent.url))
    order_button(page).dblclick()
    page.wait_for_url(re.compile("/pay$"))
    assert len(posts) == 1


def test_purchase_works_without_script(visitor: Visitor, site: Market) -> None:
    page = visitor.window(390, script=False)
    page.goto(f"/products/{_slug(site, 'folio')}")
    page.locator(".buybox .chip.variant").nth(1).click()
    page.click("#buy button.brand")
    page.wait_for_url(re.compile("/cart"))
    page.goto("/checkout")
    fill_address(page)
    purchase = place(page)
    pay(page)
    page.wait_for_url(re.compile(f"/checkout/{purchase}/done"))
    expect(page.locator(".banner.ok")).to_be_visible()


def test_card_of_a_good_with_variants_leads_to_the_choice(visitor: Visitor, site: Market) -> None:
    page = visitor.window(390)
    page.goto("/categories/kitchen")
    page.locator(".p-card .add button").first.click()
    page.wait_for_url(re.compile("/products/"))
    expect(page.locator(".toast")).to_be_visible()


def test_mark_of_own_goods_stands_in_cart_and_on_product(visitor: Visitor, site: Market) -> None:
    page = visitor.window()
    add(page, _slug(site, "own"))
    expect(page.locator(".buybox .badge.accent")).to_have_text("Sold by us")
    page.goto("/cart")
    expect(page.locator("#cart .badge.accent")).to_have_text("Sold by us")
