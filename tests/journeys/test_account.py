"""A buyer's account in a browser: saving without a script, asking for a copy, erasing; and a decision of two people."""

from __future__ import annotations

import re
import secrets
import time

import pytest
import requests
from flask import Flask
from playwright.sync_api import Page, expect

from tests.cases.client import Client
from tests.journeys.conftest import ARTIFACTS, Visitor
from tests.journeys.seed import PASSWORD, Market, buy
from tests.journeys.test_pages import CONTRAST, DARK, RULES, WIDE, _barriers, _misfits


def register(site: Market, email: str) -> None:
    """Make a buyer's account, with the link of the mail in the outbox."""
    guest = Client(site.port, f"{site.slug}.localhost")
    guest.post("/accounts/", {"realm": "buyer", "email": email, "name": "Ada Byrne", "password": PASSWORD})
    guest.post("/accounts/verify", {"realm": "buyer", "token": _token(site, email)})


def _token(site: Market, email: str) -> str:
    base, headers = f"http://127.0.0.1:{site.port}", {"Host": f"{site.slug}.localhost:{site.port}"}
    for _try in range(500):
        listed = requests.get(f"{base}/outbox", headers=headers, timeout=30).text
        for key in re.findall(r"/outbox/([0-9a-f-]{36})", listed):
            mail = requests.get(f"{base}/outbox/{key}", headers=headers, timeout=30).text
            found = re.search(r"verify\?token=([\w-]+)", mail)
            if found and email in mail:
                return found[1]
        time.sleep(0.05)
    raise TimeoutError("the mail did not arrive")


@pytest.fixture(scope="module")
def email(site: Market) -> str:
    """The address of a registered buyer."""
    address = f"ada-{secrets.token_hex(3)}@buyers.example"
    register(site, address)
    return address


def enter(page: Page, email: str) -> None:
    """Sign in on the page that asks for it."""
    page.fill("main [name=email]", email)
    page.fill("main [name=password]", PASSWORD)
    page.click("main form:has([name=password]) [type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def looked_at(page: Page, name: str, address: str) -> list[str]:
    """Open a page, take its pictures, and say what keeps people from using it."""
    ARTIFACTS.mkdir(exist_ok=True)
    answer = page.goto(address)
    found = [*_misfits(page, answer)]
    page.set_viewport_size({"width": 1440, "height": 900})
    page.screenshot(path=ARTIFACTS / f"{name}.jpg", type="jpeg", full_page=True)
    found += _barriers(page, RULES)
    page.evaluate(DARK)
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=ARTIFACTS / f"{name}-dark-390.jpg", type="jpeg", full_page=True)
    found += [*_barriers(page, CONTRAST), *(["too wide"] if page.evaluate(WIDE) > 0 else [])]
    return [f"{name}: {fault}" for fault in found]


def test_a_guest_without_a_script_signs_in_and_finds_it_saved(visitor: Visitor, site: Market, email: str) -> None:
    slug = site.goods("slip")[0]["slug"]
    page = visitor.window(script=False)
    page.goto(f"/products/{slug}")
    page.click(".buybox .round")
    enter(page, email)
    assert page.url.endswith(f"/products/{slug}")
    expect(page.locator(".buybox .round")).to_have_attribute("aria-pressed", "true")
    page.goto("/account/saved")
    expect(page.locator(".p-card .name")).to_have_text(site.goods("slip")[0]["title"])
    page.click(".p-card .fav button")
    expect(page.locator(".p-card")).to_have_count(0)


def test_the_heart_of_a_card_saves_where_one_is(visitor: Visitor, site: Market, email: str) -> None:
    page = visitor.window(390)
    page.goto("/sign-in")
    enter(page, email)
    page.goto("/search")
    heart = page.locator(".p-card .fav button").first
    with page.expect_response(lambda answer: "/saved/" in answer.url):
        heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    page.goto("/account/saved")
    expect(page.locator(".p-card")).to_have_count(1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_of_the_account_can_be_used_by_anyone(visitor: Visitor, email: str, lang: str) -> None:
    page = visitor.window(lang=lang)
    page.goto("/sign-in")
    enter(page, email)
    page.goto("/account/privacy")
    page.click("form[action='/account/privacy/copies'] button")
    pages = ("account", "account/addresses", "account/saved", "account/privacy", "account/erase", "devices")
    found = [fault for path in pages for fault in looked_at(page, f"buyer-{lang}-{path.replace('/', '-')}", f"/{path}")]
    assert found == []


def test_a_buyer_erases_the_account_with_the_password(visitor: Visitor, site: Market) -> None:
    address = f"gone-{secrets.token_hex(3)}@buyers.example"
    register(site, address)
    page = visitor.window()
    page.goto("/sign-in")
    enter(page, address)
    page.goto("/account/erase")
    page.fill("main [name=password]", PASSWORD)
    page.click("main button.danger")
    page.wait_for_url(lambda url: "/erase" not in url)
    page.goto("/account")
    assert "/sign-in" in page.url


def test_a_large_cancellation_is_decided_by_a_second_person(app: Flask, visitor: Visitor, site: Market) -> None:
    site.operator.call("PATCH", "/settings/", {"refund_second_person": "5"})
    try:
        order = buy(site, "slip").orders[0]
        waits = site.sellers["slip"].post(f"/orders/{order['id']}/cancel", {"reason": "Broken in the kiln"})
        page, path = visitor.signed_in("operator"), f"/operator/decisions/{waits['decision_id']}"
        pages = {"operator-decisions": "/operator/decisions", "operator-decision": path,
                 "operator-order-waiting": f"/operator/orders/{order['id']}", "operator-settings": "/operator/settings"}  # fmt: skip
        assert [fault for name, address in pages.items() for fault in looked_at(page, name, address)] == []
        page.goto(path)
        page.click("main button.primary")
        page.wait_for_url(lambda url: url.endswith("/operator/decisions"))
        assert site.operator.get(f"/orders/{order['id']}")["state"] == "cancelled"
        assert [*looked_at(page, "operator-decided", "/operator/decisions?view=made")] == []
    finally:
        site.operator.call("PATCH", "/settings/", {"refund_second_person": ""})
