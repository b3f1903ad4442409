"""What journeys need: the application served for real with a seeded marketplace, and pages that mind their errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser import browser
from tests.cases.running import ADMIN
from tests.journeys.seed import OPERATOR, PASSWORD, Market, open_market
from tests.journeys.serving import served

__all__ = ["browser"]

ARTIFACTS = Path(__file__).parents[1] / ".artifacts"
SIZES = {1440: 900, 390: 844}
_PATIENCE = 15_000  # milliseconds; a machine that also runs other tests is slow at times


@pytest.fixture(scope="session")
def site() -> Iterator[Market]:
    """The application with one marketplace, answering on a port of this machine."""
    expect.set_options(timeout=_PATIENCE)
    with served() as (port, stripe_url):
        yield open_market(port, stripe_url)


def _is_left(text: str) -> bool:
    """Tell whether a complaint only says that the page was left while something of it was under way."""
    return "Transition was" in text or text.startswith(("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError"))


def _is_fault(said: ConsoleMessage) -> bool:
    """Tell whether the console complains; that a form was refused (422) is an answer like any other."""
    return said.type == "error" and "status of 422" not in said.text


@dataclass(slots=True)
class Visitor:
    """Opens windows; every script error and refused resource in them fails the test."""

    browser: Browser
    site: Market
    errors: list[str]
    contexts: list[BrowserContext]

    def window(
        self, width: int = 1440, lang: str = "en", theme: str = "light", *, script: bool = True, cart: str = ""
    ) -> Page:
        """Open a window with cookies of its own, at the storefront's address."""
        locale = "zh-CN" if lang == "zh" else "en-IE"
        context = self.browser.new_context(
            viewport={"width": width, "height": SIZES[width]}, locale=locale, timezone_id="Europe/Dublin",
            base_url=self.site.url, java_script_enabled=script, reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(_PATIENCE)
        platform = f"http://localhost:{self.site.port}"
        wishes = {"lang": lang, "theme": theme, **({"cart": cart} if cart else {})}
        context.add_cookies(
            [{"name": n, "value": v, "url": u} for n, v in wishes.items() for u in (self.site.url, platform)]
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: _is_left(str(error)) or self.errors.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: _is_fault(said) and not _is_left(said.text) and self.errors.append(f"{page.url}: {said.text}"),
        )
        return page

    def signed_in(self, who: str, **wishes: Any) -> Page:
        """Open a window of a signed-in person: "operator", "platform", or a shop's name for its owner."""
        page = self.window(**wishes)
        base, realm, email, password = self._person(who)
        page.goto(f"{base}/{realm}/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", password)
        page.click("form:has([name=password]) [type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def _person(self, who: str) -> tuple[str, str, str, str]:
        if who == "platform":
            return f"http://localhost:{self.site.port}", "platform", *ADMIN
        if who == "operator":
            return self.site.url, "operator", OPERATOR, PASSWORD
        return self.site.url, "merchant", self.site.seller_email(who), PASSWORD


@pytest.fixture
def visitor(browser: Browser, site: Market, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Someone with a browser. Windows close at the end; their last pictures are kept in tests/.artifacts."""
    made = Visitor(browser, site, [], [])
    yield made
    ARTIFACTS.mkdir(exist_ok=True)
    for number, context in enumerate(made.contexts):
        for page in context.pages:
            page.screenshot(path=ARTIFACTS / f"{request.node.name}-{number}.png")
        context.close()
    assert made.errors == []
