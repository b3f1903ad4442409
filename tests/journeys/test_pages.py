"""Every page of every surface: it answers, fits the screen, has no fault in the console, and anyone can use it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Response

from core.kernel import clock
from tests.cases.client import Client
from tests.journeys.conftest import ARTIFACTS, SIZES, Visitor
from tests.journeys.ruled import Ruled
from tests.journeys.ruled import rule as plant_rules
from tests.journeys.seed import PASSWORD, Bought, Market, arrive, buy, complain

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
DARK = "document.documentElement.dataset.theme = 'dark'"
WIDE = "document.documentElement.scrollWidth - innerWidth"
SURFACES = ["store", "merchant", "operator", "platform"]
NO_PAGES = re.compile(
    r"(file|csv|export_\w+|suggest|robots|sitemap|theme_css|manifest|worker|theme_figures|theme_sheet|defaults|attributes"
    r"|document|outbox_html|report|refused"
    r"|done|pay|verify|reset|accept_invitation|map_import|import_run|country_defaults|edit_rate|(?<!policy_)version"
    r"|continue_onboarding|after_onboarding)$"
)
"""Files, parts of pages, and pages that need a secret or a step before; journeys open those."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What the addresses of pages may name."""

    site: Market
    bought: Bought
    payout_id: str
    papers: Mapping[str, str]
    arrived: Bought
    case_id: str
    customer_id: str
    ruled: Ruled

    def names(self, surface: str) -> Mapping[str, str]:
        """Return a value for each argument."""
        good = self.site.goods("slip")[0]
        of_case = "aftersale" in surface
        bought, shop = (self.arrived, "folio") if of_case else (self.bought, "slip")
        order = next(o for o in bought.orders if o["shop_id"] == self.site.shops[shop])
        return {
            "tenant_id": self.site.tenant_id, "listing_id": good["id"], "variant_id": good["variants"][0]["id"],
            "shop_id": self.site.shops["slip"], "merchant_id": self.site.merchants["slip"], "order_id": order["id"],
            "purchase_id": bought.id, "case_id": self.case_id, "customer_id": self.customer_id, "category_id": self.site.categories["kitchen"], "plugin": "commission",
            "path": "kitchen", "name": "returns", "slug": "slip" if surface == "store.shop" else good["slug"],
            "step": "you", "payout_id": self.payout_id, **self.papers,
            "block_id": "hero", "rule": "cn.otm.24.1", "code": "starter",
            "kind": "consumer" if surface == "store.new_complaint" else "merchant",
            "subject_id": self.site.merchants["slip"], **self.ruled.names,
        }  # fmt: skip


@pytest.fixture(scope="session")
def planted(site: Market) -> Planted:
    """A marketplace in which someone has bought from three shops, and asked to send something back."""
    bought = buy(site, "slip", "own", "folio")
    arrived = buy(site, "slip", "folio", token=bought.token)
    arrive(site, arrived)
    for shop in ("slip", "own"):  # the cart that is left has something in it again
        variant = site.goods(shop)[1]["variants"][0]["id"]
        Client(site.port, f"{site.slug}.localhost", cart=bought.token).post(
            "/cart/lines", {"variant_id": variant, "quantity": 1}
        )
    _watch(site)
    paid, stated, case_id = _paid_out(site), _stated(site), complain(site, arrived, "slip")
    customer_id = site.operator.get("/customers/")["data"][0]["id"]
    return Planted(site, bought, paid, stated, arrived, case_id, customer_id, plant_rules(site, bought))


def _watch(site: Market) -> None:
    """Let the rules for marketplaces in China be observed, and wait until they have looked at the merchants."""
    site.operator.put("/compliance/packs/cn_base", {"mode": "observe"})
    for _try in range(600):
        seen = site.operator.get("/compliance/rules/cn.otm.24.1/subjects")["data"]
        if site.merchants["slip"] in {one["subject_id"] for one in seen}:
            return
        time.sleep(0.1)
    raise TimeoutError("the rules were not asked within a minute")


def _paid_out(site: Market) -> str:
    """Complete an order of a shop that has given its bank account, and pay it out; more of its money waits."""
    account = {"holder": "Slip Ltd", "number": "IE29AIBK93115212345678", "country": "IE"}
    site.sellers["slip"].put("/settlement/bank-account", account)
    terms = {"every": "weekly", "minimum_minor": 500, "reserve_bps": 500, "reserve_days": 30}
    site.operator.put("/settlement/terms", terms)
    for order in buy(site, "slip").orders:
        site.operator.post(f"/orders/{order['id']}/complete")
    made = site.operator.post("/payouts", {"merchant_id": site.merchants["slip"]})
    hold = {"merchant_id": site.merchants["slip"], "message": "A parcel is disputed"}
    site.operator.post("/settlement/holds", hold)
    return str(made["id"])


def _stated(site: Market) -> dict[str, str]:
    """Give a merchant a statement of last month, by an entry that two people posted; return what addresses name."""
    last = clock.today("Europe/Dublin").replace(day=1) - timedelta(days=1)
    person = {"email": "second@journeys.example", "name": "Ita Quinn", "password": PASSWORD}
    site.platform.post(f"/tenants/{site.tenant_id}/operators", person)
    second = Client(site.port, f"{site.slug}.localhost").signed_in("operator", person["email"], PASSWORD)
    posting = {"source": f"payable:{site.merchants['slip']}", "destination": "write_off", "amount_minor": 1250}
    strange = {"source": "world", "destination": "psp:stripe", "amount_minor": 777}
    entry = {"reason": "Goodwill", "effective_on": last.isoformat(), "postings": [posting, strange]}
    for word in ("first", "second"):  # The second one stays, waiting.
        made = site.operator.post("/accounting/manual-entries", {**entry, "reason": f"Goodwill, {word}"})
        if word == "first":
            entry_id = second.post(f"/accounting/manual-entries/{made['id']}/approve")["entry_id"]
    site.operator.post("/accounting/statement-runs", {"month": f"{last:%Y-%m}"})
    for _try in range(600):
        found = site.operator.get("/accounting/statements")["data"]
        if found and site.operator.get("/accounting/months")["data"][-1]["state"] == "issued":
            break
        time.sleep(0.05)
    second.post("/accounting/closings", {"month": f"{last:%Y-%m}", "step": "close"})
    return {"month": f"{last:%Y-%m}", "statement_id": found[0]["id"], "pot": "payable", "section": "other",
            "entry_id": entry_id, "difference_id": _compared(site)}  # fmt: skip


def _compared(site: Market) -> str:
    """Compare the journal with the provider, and return the difference that an entry by hand has made."""
    site.operator.call("PATCH", "/settings/", {"reconcile_wait_days": 0})
    for _try in range(60):  # the worker knows a marketplace's old settings for a moment
        run = site.operator.post("/reconciliation/runs", {})
        for _wait in range(600):
            if site.operator.get(f"/reconciliation/runs/{run['id']}")["state"] == "done":
                break
            time.sleep(0.05)
        for found in site.operator.get("/reconciliation/differences?kind=missing_at_provider&state=open")["data"]:
            return str(found["id"])
        time.sleep(0.5)
    raise TimeoutError("the entry by hand was not found at the provider's side")


def _addresses(app: Flask, planted: Planted, prefix: str) -> Iterator[tuple[str, str]]:
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        surface, _dot, _name = rule.endpoint.partition(".")
        is_of = surface == prefix or surface.endswith(f"_{prefix}")
        if not is_of or "GET" not in (rule.methods or ()) or NO_PAGES.search(rule.endpoint):
            continue
        names = planted.names(rule.endpoint)
        if rule.arguments <= names.keys():
            address = adapter.build(rule.endpoint, {name: names[name] for name in rule.arguments})
            sig = planted.ruled.sigs.get(rule.endpoint)
            yield rule.endpoint, f"{address}?sig={sig}" if sig else address


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
