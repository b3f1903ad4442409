"""Every page of every surface: it answers, fits the screen, has no fault in the console, and anyone can use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Response

from tests.cases.client import Client
from tests.journeys.conftest import ARTIFACTS, SIZES, Visitor
from tests.journeys.seed import Bought, Market, buy

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
DARK = "document.documentElement.dataset.theme = 'dark'"
WIDE = "document.documentElement.scrollWidth - innerWidth"
SURFACES = ["store", "merchant", "operator", "platform"]
NO_PAGES = re.compile(
    r"(file|csv|export_\w+|suggest|robots|sitemap|theme_css|defaults|attributes|document|outbox_html|report|refused"
    r"|done|pay|verify|reset|accept_invitation|map_import|import_run|country_defaults|edit_rate|version)$"
)
"""Files, parts of pages, and pages that need a secret or a step before; journeys open those."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What the addresses of pages may name."""

    site: Market
    bought: Bought

    def names(self, surface: str) -> Mapping[str, str]:
        """Return a value for each argument."""
        good = self.site.goods("slip")[0]
        order = next(o for o in self.bought.orders if o["shop_id"] == self.site.shops["slip"])
        return {
            "tenant_id": self.site.tenant_id, "listing_id": good["id"], "variant_id": good["variants"][0]["id"],
            "shop_id": self.site.shops["slip"], "merchant_id": self.site.merchants["slip"], "order_id": order["id"],
            "purchase_id": self.bought.id, "category_id": self.site.categories["kitchen"], "plugin": "commission",
            "path": "kitchen", "name": "returns", "slug": "slip" if surface == "store.shop" else good["slug"],
            "step": "you", "rule": "cn.otm.24.1", "kind": "merchant", "subject_id": self.site.merchants["slip"],
        }  # fmt: skip


@pytest.fixture(scope="session")
def planted(site: Market) -> Planted:
    """A marketplace in which someone has bought from three shops."""
    bought = buy(site, "slip", "own", "folio")
    for shop in ("slip", "own"):  # the cart that is left has something in it again
        variant = site.goods(shop)[1]["variants"][0]["id"]
        Client(site.port, f"{site.slug}.localhost", cart=bought.token).post(
            "/cart/lines", {"variant_id": variant, "quantity": 1}
        )
    return Planted(site, bought)


def _addresses(app: Flask, planted: Planted, prefix: str) -> Iterator[tuple[str, str]]:
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        surface, _dot, _name = rule.endpoint.partition(".")
        is_of = surface == prefix or surface.endswith(f"_{prefix}")
        if not is_of or "GET" not in (rule.methods or ()) or NO_PAGES.search(rule.endpoint):
            continue
        names = planted.names(rule.endpoint)
        if rule.arguments <= names.keys():
            yield rule.endpoint, adapter.build(rule.endpoint, {name: names[name] for name in rule.arguments})


def _misfits(page: Page, answer: Response | None) -> Iterator[str]:
    """Say what is wrong with how a page answers and fits the two screens."""
    if answer is None or answer.status != 200:
        yield f"status {answer and answer.status}"
        return
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": SIZES[width]})
        wide = page.evaluate(WIDE)
        if wide > 0:
            yield f"{wide} pixels too wide at {width}"


def _barriers(page: Page, options: Mapping[str, object]) -> Iterator[str]:
    """Say what keeps people from using a page."""
    for found in Axe().run(page, options=options).response["violations"]:
        where = "; ".join(node["html"][:160] for node in found["nodes"][:3])
        yield f"{found['id']}: {found['help']}: {where}"


def _visits(app: Flask, page: Page, planted: Planted, who: str) -> Iterator[tuple[str, Response | None]]:
    base = f"http://localhost:{planted.site.port}" if who == "platform" else planted.site.url
    for endpoint, address in _addresses(app, planted, who):
        yield endpoint, page.goto(f"{base}{address}")


def _window(visitor: Visitor, planted: Planted, who: str, **wishes: Any) -> Page:
    ARTIFACTS.mkdir(exist_ok=True)
    if who == "store":
        return visitor.window(**wishes, cart=planted.bought.token)
    return visitor.signed_in("slip" if who == "merchant" else who, **wishes)


@pytest.mark.parametrize("who", SURFACES)
def test_every_page_can_be_used_by_anyone_in_light_and_dark(
    app: Flask, visitor: Visitor, planted: Planted, who: str
) -> None:
    page = _window(visitor, planted, who)
    found = []
    for endpoint, answer in _visits(app, page, planted, who):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.screenshot(path=ARTIFACTS / f"{endpoint}.jpg", type="jpeg", full_page=True)
        found += [f"{endpoint}: {fault}" for fault in (*_misfits(page, answer), *_barriers(page, RULES))]
        page.evaluate(DARK)
        found += [f"{endpoint}, dark, at 390: {fault}" for fault in _barriers(page, CONTRAST)]
        page.screenshot(path=ARTIFACTS / f"{endpoint}-dark-390.jpg", type="jpeg")
    assert found == []


@pytest.mark.parametrize("who", SURFACES)
def test_every_page_answers_and_fits_in_chinese(app: Flask, visitor: Visitor, planted: Planted, who: str) -> None:
    page = _window(visitor, planted, who, lang="zh")
    found = [
        f"{endpoint}: {fault}"
        for endpoint, answer in _visits(app, page, planted, who)
        for fault in _misfits(page, answer)
    ]
    assert found == []
