"""Work by keyboard alone: no test here moves a pointer. A merchant is approved, a plugin switched on and set up,
an order sent, a payout understood; prices change on the sheet.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.seed import PASSWORD, Market, buy
from tests.journeys.test_account import _token

_MOST_TABS = 120


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is on the element; fail if it never comes there, or if the focus cannot be seen."""
    for _tab in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


def go(page: Page, *words: str) -> None:
    """Jump by the palette: Ctrl-K, words, Enter on the first that matches."""
    page.keyboard.press("Control+k")
    expect(page.locator("[data-palette] input")).to_be_focused()
    page.keyboard.type(" ".join(words))
    expect(page.locator("[data-palette] li.on:visible")).to_have_count(1)


def apply(site: Market, name: str) -> str:
    """Register somebody who applies with everything that is asked; return their address."""
    email, base = f"{secrets.token_hex(4)}@applicants.example", f"http://127.0.0.1:{site.port}"
    host = f"{site.slug}.localhost:{site.port}"
    site.operator.call("PATCH", "/settings/", {"applications_open": True})
    with requests.Session() as browser:
        browser.headers.update({"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"})

        def send(path: str, files: dict[str, object] | None = None, **form: str) -> None:
            shown = browser.get(f"{base}/merchant/apply", timeout=30).text
            found = re.search(r'name="csrf" content="([^"]*)"', shown)
            answer = browser.post(f"{base}{path}", data={**form, "csrf_token": found[1] if found else ""}, timeout=30,
                                  files=files, allow_redirects=False)  # fmt: skip
            assert answer.status_code == 303, (path, answer.status_code)

        account = {"realm": "merchant", "email": email, "name": name, "password": PASSWORD}
        browser.post(f"{base}/api/v1/accounts/", json=account, timeout=30).raise_for_status()
        proof = {"realm": "merchant", "token": _token(site, email)}
        browser.post(f"{base}/api/v1/accounts/verify", json=proof, timeout=30).raise_for_status()
        send("/merchant/sign-in", email=email, password=PASSWORD)
        send("/merchant/apply")
        send("/merchant/apply/you", kind="person", name=name, country="IE")
        send("/merchant/apply/business", email=email, phone="+353 1 555 0199")
        send("/merchant/apply/address", line1="1 Quay Street", city="Galway", postcode="H91 X2X2", country="IE")
        send("/merchant/apply/shop", name=name, slug="", city="Galway", story="Candles")
        paper = {"file": ("id.pdf", io.BytesIO(b"%PDF-1.7 x"), "application/pdf")}
        send("/merchant/apply/documents", files=paper, requirement="identity", action="hand_in")
        send("/merchant/apply/documents", requirement="lawful_goods", action="agree")
        send("/merchant/apply/review")
    return email


def _press_until(page: Page, key: str, done: Callable[[], bool]) -> None:
    """Press a key until it has worked: after a form was sent, the old page goes before the new one listens."""
    for _try in range(25):
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        if done():
            return


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_merchant_is_approved_from_the_queue(visitor: Visitor, site: Market, lang: str) -> None:
    name = f"Tallow {secrets.token_hex(3)}"
    apply(site, name)
    page = visitor.signed_in("operator", lang=lang)
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/operator/merchants")
    page.keyboard.press("r")
    page.wait_for_url(re.compile("/operator/merchants/[0-9a-f-]{36}"))
    expect(page.locator("h1").first).to_have_text(name)
    reach(page, "form[action*='/documents/'] button")
    page.keyboard.press("Enter")
    expect(page.locator("form[action*='/documents/'] button:visible")).to_have_count(0)
    _press_until(page, "a", lambda: page.url.endswith("/operator/merchants"))
    page.wait_for_url("**/operator/merchants")
    found = site.operator.get(f"/merchants/?q={name.split()[1]}")["data"]
    assert [one["state"] for one in found] == ["approved"]


def test_a_plugin_is_switched_on_and_set_up(visitor: Visitor, site: Market) -> None:
    site.operator.call("POST", "/plugins/coupons/disable")
    page = visitor.signed_in("operator")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/operator/plugins")
    reach(page, "a[href$='/plugins/coupons']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/operator/plugins/coupons")
    reach(page, "form[action$='/enable'] button")
    page.keyboard.press("Enter")
    expect(page.locator("h1 .badge.ok")).to_be_visible()
    page.goto("/operator/plugins/commission")
    reach(page, "#plugin-settings input:not([type=hidden])")
    if page.evaluate("document.activeElement.type") == "checkbox":
        page.keyboard.press("Space")
    else:
        page.keyboard.press("Control+a")
        page.keyboard.type("7")
    expect(page.locator(".savebar")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.locator(".toast").first).to_be_visible()
    expect(page.locator(".savebar")).to_be_hidden()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_order_is_found_accepted_and_sent(visitor: Visitor, site: Market, lang: str) -> None:
    number = buy(site, "slip").orders[0]["number"]
    page = visitor.signed_in("slip", lang=lang)
    go(page, number)
    expect(page.locator("[data-palette] li.on")).to_contain_text(number)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/merchant/orders/[0-9a-f-]{36}"))
    page.keyboard.press("a")
    expect(page.locator("form[action$='/accept']")).to_have_count(0)
    _press_until(page, "s", lambda: page.locator("dialog#ship").is_visible())
    expect(page.locator("dialog#ship")).to_be_visible()
    reach(page, "#ship-form [name=carrier]")
    page.keyboard.type("An Post")
    reach(page, "#ship-form [name=tracking]")
    page.keyboard.type("RR123456785IE")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("RR123456785IE")


def test_a_payout_is_understood_down_to_its_orders(visitor: Visitor, site: Market) -> None:
    account = {"holder": "Folio Ltd", "number": "IE29AIBK93115212345678", "country": "IE"}
    site.sellers["folio"].put("/settlement/bank-account", account)
    for order in buy(site, "folio").orders:
        site.operator.post(f"/orders/{order['id']}/complete")
    made = site.operator.post("/payouts", {"merchant_id": site.merchants["folio"]})
    page = visitor.signed_in("folio")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/merchant/payouts")
    reach(page, f"a[href$='/payouts/{made['id']}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/payouts/{made['id']}")
    reach(page, "#rows details summary")
    page.keyboard.press("Enter")
    expect(page.locator("#rows details[open] .totals").first).to_be_visible()
    reach(page, "#rows details[open] a[href*='/orders/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/merchant/orders/[0-9a-f-]{36}"))


def test_prices_are_pasted_undone_and_saved_on_the_sheet(visitor: Visitor, site: Market) -> None:
    page = visitor.signed_in("folio")
    page.goto("/merchant/sheet")
    cells = page.locator("#sheet tbody tr td:has(input[name$='.price']) input:not([type=hidden])")
    before = [cells.nth(n).input_value() for n in range(2)]
    reach(page, "#sheet tbody input:not([type=hidden])")
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData('text/plain', '11.50\\n12.50\\n');
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
    }""")
    assert [cells.nth(n).input_value() for n in range(2)] == ["11.50", "12.50"]
    page.keyboard.press("Control+z")
    assert [cells.nth(n).input_value() for n in range(2)] == before
    page.keyboard.press("Control+y")
    page.keyboard.press("Enter")
    assert page.evaluate(
        "document.activeElement === document.querySelectorAll('#sheet tbody tr')[1].querySelector('input')"
    )
    page.keyboard.press("Control+s")
    expect(page.locator(".toast").first).to_be_visible()
    assert [cells.nth(n).input_value() for n in range(2)] == ["11.50", "12.50"]


def test_keys_are_listed_and_can_be_turned_off(visitor: Visitor, site: Market) -> None:
    page = visitor.signed_in("slip")
    page.keyboard.press("?")
    expect(page.locator("dialog[data-shortcuts]")).to_be_visible()
    reach(page, "[data-shortcuts-on]")
    with page.expect_response(lambda answer: "/preferences/has_shortcuts" in answer.url) as answered:
        page.keyboard.press("Space")
    assert answered.value.status == 204
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.keyboard.press("?")
    assert page.url.endswith("/merchant/")
    expect(page.locator("dialog[data-shortcuts]")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("[data-palette]")).to_be_visible()
