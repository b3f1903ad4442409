"""A guest's way from a product to a paid purchase, in steps that journeys share."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

ADDRESS = {"email": "ada@buyers.example", "name": "Ada Byrne", "line1": "1 Quay Street", "postcode": "D01 F5P2",
           "city": "Dublin"}  # fmt: skip
GOOD_CARD, DECLINED_CARD = "4242 4242 4242 4242", "4000 0000 0000 0002"


def add(page: Page, slug: str, *, variant: int = 0) -> None:
    """Open a product, choose one of its variants, and add it to the cart."""
    page.goto(f"/products/{slug}")
    choose(page, variant)
    with page.expect_response(lambda answer: answer.url.endswith("/cart/lines")) as answered:
        page.click("#buy button.brand")
    assert answered.value.ok


def choose(page: Page, variant: int) -> None:
    """Choose the n-th value of the first option."""
    chip = page.locator(".buybox .chip.variant").nth(variant)
    if chip.get_attribute("aria-current") != "true":
        chip.click()
        expect(page.locator(".buybox .chip.variant").nth(variant)).to_have_attribute("aria-current", "true")


def fill_address(page: Page, **other: str) -> None:
    """Fill the checkout's form; country is known."""
    for name, value in {**ADDRESS, **other}.items():
        page.fill(f"#place [name={name}]", value)


def order_button(page: Page) -> Locator:
    """Return the button that places the purchase."""
    return page.locator("#order")


def place(page: Page) -> str:
    """Place the purchase; return its id."""
    order_button(page).click()
    page.wait_for_url(re.compile(r"/checkout/[0-9a-f-]+/(pay|done)"))
    return page.url.split("/")[-2]


def pay(page: Page, card: str = GOOD_CARD) -> None:
    """Go on to the provider's page and pay there."""
    page.locator("a.btn.brand").click()
    page.wait_for_url(re.compile("/_hosted/pay/"))
    give_card(page, card)


def give_card(page: Page, card: str) -> None:
    """Fill the card's form on the provider's page, and send it."""
    for name, value in {"number": card, "expiry": "12/34", "cvc": "123"}.items():
        page.fill(f"[name={name}]", value)
    page.click("form [type=submit]")
