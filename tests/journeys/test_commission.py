"""An operator changes a rate, tries it on past orders and gives it a day; a second person releases it; merchants read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SIZES, Visitor
from tests.journeys.seed import PASSWORD, Market, buy
from tests.journeys.test_pages import CONTRAST, DARK, RULES, WIDE

SECOND = {"email": "second@journeys.example", "name": "Liam Byrne", "password": PASSWORD}


@pytest.fixture
def second(site: Market, visitor: Visitor) -> Page:
    """The window of another operator."""
    site.platform.post(f"/tenants/{site.tenant_id}/operators", SECOND)
    page = visitor.window()
    page.goto("/operator/sign-in")
    page.fill("[name=email]", SECOND["email"])
    page.fill("[name=password]", SECOND["password"])
    page.click("form:has([name=password]) [type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def faults(page: Page) -> Iterator[str]:
    """Say what keeps people from using the page as it stands: at either width, in light and in dark."""
    for options in (RULES, CONTRAST):
        for found in Axe().run(page, options=options).response["violations"]:
            yield f"{page.url}: {found['id']}: {found['nodes'][0]['html'][:160]}"
        page.evaluate(DARK)
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate(WIDE) > 0:
            yield f"{page.url}: too wide at {width}"
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_rate_is_changed_tried_given_a_day_and_released_by_a_second_person(
    site: Market, visitor: Visitor, second: Page
) -> None:
    buy(site, "slip", "folio")
    operator, merchant = visitor.signed_in("operator"), visitor.signed_in("slip")
    operator.goto("/operator/commission/new")
    operator.fill("[name=name]", "Everybody pays more")
    operator.fill("[name=percent]", "25")
    operator.check("[name=tier_mode][value=marginal]")
    for name, value in {"up_to_0": "1000", "share_0": "25", "share_above": "20"}.items():
        operator.fill(f"[name={name}]", value)
    operator.click("#rate [type=submit]")
    expect(operator.get_by_text("can never count", exact=False).first).to_be_visible()
    found = list(faults(operator))

    operator.click("text=Try it on past orders")
    expect(operator.get_by_text("merchants would have paid more", exact=False)).to_be_visible()
    found += faults(operator)

    operator.goto("/operator/commission/")
    below = operator.locator("[data-place='1']")
    height = (below.bounding_box() or {"height": 0})["height"]
    operator.locator("[data-place='0']").drag_to(below, target_position={"x": 20, "y": height - 5})
    expect(operator.locator("[data-place='0'] strong")).not_to_contain_text("Everybody pays more")
    operator.get_by_role("button", name="Ask for release").click()
    expect(operator.get_by_text("A second person decides now", exact=False)).to_be_visible()

    second.goto("/operator/commission/")
    second.click("form[action$='/draft/release'] [type=submit]")
    expect(second.get_by_text("Version 2 counts from", exact=False)).to_be_visible()
    second.goto("/operator/commission/replays")
    second.get_by_role("button", name="Begin").click()
    expect(second.get_by_text("No difference", exact=False)).to_be_visible()
    found += faults(second)

    merchant.goto("/merchant/commission/")
    expect(merchant.get_by_text("This changes for you", exact=False)).to_be_visible()
    expect(merchant.get_by_text("Everybody pays more").first).to_be_visible()
    found += faults(merchant)
    assert found == []


def test_rates_are_put_in_order_without_a_script_and_without_a_mouse(site: Market, visitor: Visitor) -> None:
    page = visitor.signed_in("operator", script=False)
    page.goto("/operator/commission/")
    first = page.locator("[data-place='0'] strong").inner_text().split(". ", 1)[1]
    button = page.get_by_role("button", name=f"Move “{first}” down")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-place='1'] strong")).to_contain_text(first)
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("[data-place='0'] strong")).to_contain_text(first)
