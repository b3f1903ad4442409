"""The storefront's pages as a guest gets them, and the same through the API."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.core.catalogue import shelf
from tests.statements import noted


@pytest.fixture
def browser(app: Flask, tenant: Tenant) -> FlaskClient:
    """A guest at a marketplace with thirty mugs in one shop."""
    with transaction():
        shop, under = shelf.shop(), shelf.category("mugs", facets=("colour",))
        for number in range(30):
            shelf.listing(f"Mug {number}", shop, under, [{"colour": "red"}])
        shelf.seen_anew()
    return app.test_client()


def _get(browser: FlaskClient, tenant: Tenant, path: str, **headers: str) -> tuple[int, str]:
    answer = browser.get(path, base_url=f"http://{tenant.slug}.localhost", headers=headers)
    return answer.status_code, answer.text


@pytest.mark.parametrize("path", ["/", "/categories/mugs", "/categories/mugs?f.colour=red&min=1&sort=price_up",
                                  "/search?q=mug", "/search", "/shops", "/pages/help", "/sitemap.xml", "/robots.txt",
                                  "/theme.css", "/search/suggest?q=mug", "/api/v1/catalogue/listings",
                                  "/api/v1/catalogue/search?q=mug", "/api/v1/catalogue/categories",
                                  "/api/v1/catalogue/shops"])  # fmt: skip
def test_every_page_of_the_store_is_there_for_guests(browser: FlaskClient, tenant: Tenant, path: str) -> None:
    assert _get(browser, tenant, path)[0] == 200


def test_a_list_shows_24_cards_how_many_there_are_and_the_next_page(browser: FlaskClient, tenant: Tenant) -> None:
    _status, html = _get(browser, tenant, "/categories/mugs")
    assert html.count('class="p-card"') == 24
    assert "30 results" in html
    assert "cursor=" in html


def test_htmx_gets_the_results_alone(browser: FlaskClient, tenant: Tenant) -> None:
    _status, html = _get(browser, tenant, "/categories/mugs", **{"HX-Request": "true"})
    assert "<html" not in html
    assert html.count('class="p-card"') == 24


def test_an_empty_list_offers_to_drop_each_filter(browser: FlaskClient, tenant: Tenant) -> None:
    _status, html = _get(browser, tenant, "/categories/mugs?f.colour=red&min=9000")
    assert "Nothing matches all of this" in html
    assert "Without red" in html


@pytest.mark.parametrize("path", ["/products/none", "/categories/none", "/shops/none", "/pages/none", "/none"])
def test_what_is_not_there_is_a_404_in_the_stores_own_frame(browser: FlaskClient, tenant: Tenant, path: str) -> None:
    status, html = _get(browser, tenant, path)
    assert status == 404
    assert 'class="masthead"' in html


def test_a_foreign_cursor_is_refused(browser: FlaskClient, tenant: Tenant) -> None:
    assert _get(browser, tenant, "/api/v1/catalogue/listings?cursor=abc")[0] == 422


def test_a_page_takes_as_many_statements_for_24_cards_as_for_one(browser: FlaskClient, tenant: Tenant) -> None:
    def count(path: str) -> int:
        with noted() as sent:
            assert _get(browser, tenant, path)[0] == 200
        return len(sent)

    _get(browser, tenant, "/categories/mugs")
    _get(browser, tenant, "/search?q=mug")
    assert count("/categories/mugs") <= 2  # the cards, and now and then what was forgotten
    assert count("/search?q=mug+7") <= 3
