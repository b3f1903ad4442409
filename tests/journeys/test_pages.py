"""Every page of every surface: it answers, fits the screen, has no fault in the console, and anyone can use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Response

from tests.journeys.conftest import ARTIFACTS, SIZES, Visitor
from tests.journeys.seed import Bought, Market, buy

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = {"light": "en", "dark": "zh"}
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
            "step": "you",
        }  # fmt: skip


@pytest.fixture(scope="session")
def planted(site: Market) -> Planted:
    """A marketplace in which someone has bought from three shops."""
    return Planted(site, buy(site, "slip", "own", "folio"))


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


def _faults(page: Page, answer: Response | None, width: int, *, looks_closely: bool) -> Iterator[str]:
    if answer is None or answer.status != 200:
        yield f"status {answer and answer.status}"
        return
    for each in SIZES:
        page.set_viewport_size({"width": each, "height": SIZES[each]})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"{wide} pixels too wide at {each}"
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    if looks_closely:
        for found in Axe().run(page, options={"runOnly": RULES["runOnly"]}).response["violations"]:
            where = "; ".join(node["html"][:160] for node in found["nodes"][:3])
            yield f"{found['id']}: {found['help']}: {where}"


def _inspect(page: Page, app: Flask, planted: Planted, prefix: str, look: str) -> list[str]:
    width = 1440 if look == "light" else 390
    base = f"http://localhost:{planted.site.port}" if prefix == "platform" else planted.site.url
    found = []
    for endpoint, address in _addresses(app, planted, prefix):
        answer = page.goto(f"{base}{address}")
        found += [f"{endpoint} {address}: {fault}" for fault in _faults(page, answer, width, looks_closely=True)]
        page.screenshot(path=ARTIFACTS / f"page-{endpoint}-{look}-{width}.png", full_page=True)
    return found


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", ["store", "merchant", "operator", "platform"])
def test_every_page_is_sound(app: Flask, visitor: Visitor, planted: Planted, who: str, look: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    wishes = {"lang": LOOKS[look], "theme": look, "width": 1440 if look == "light" else 390}
    if who == "store":
        page = visitor.window(**wishes, cart=planted.bought.token)
    else:
        page = visitor.signed_in("slip" if who == "merchant" else who, **wishes)
    assert _inspect(page, app, planted, who, look) == []
