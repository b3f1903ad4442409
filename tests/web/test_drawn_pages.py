"""Pages that say what they are made of: drawn once for equal values, and never shown for others or to others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core.catalogue.models import ListingRow
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from tests.core.catalogue import shelf
from web import kept

PAGES = ["/categories/mugs", "/search?q=mug", "/search", "/products/{slug}"]


@pytest.fixture
def slug(tenant: Tenant) -> str:
    """A marketplace with two mugs; what one of them is called in addresses."""
    with transaction():
        shop, under = shelf.shop(), shelf.category("mugs")
        for name in ("Blue mug", "Green mug"):
            shelf.listing(name, shop, under, [{}])
        shelf.seen_anew()
        found = session().scalar(select(ListingRow.slug).where(ListingRow.title == "Blue mug"))
    kept.forget()
    return str(found)


@contextmanager
def _drawings(app: Flask) -> Iterator[list[str]]:
    names: list[str] = []

    def note(_app: Flask, template: object, **_values: object) -> None:
        names.append(str(getattr(template, "name", "")))

    with template_rendered.connected_to(note, app):
        yield names


def _get(browser: FlaskClient, tenant: Tenant, path: str, **headers: str) -> str:
    answer = browser.get(path, base_url=f"http://{tenant.slug}.localhost", headers=headers)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("path", PAGES)
def test_an_equal_page_is_drawn_once_for_all_guests(app: Flask, tenant: Tenant, slug: str, path: str) -> None:
    with _drawings(app) as drawn:
        first = _get(app.test_client(), tenant, path.format(slug=slug))
        assert len(drawn) == 1
        assert _get(app.test_client(), tenant, path.format(slug=slug)) == first
        assert len(drawn) == 1


@pytest.mark.parametrize("path", PAGES)
def test_what_changes_is_seen_at_once(app: Flask, tenant: Tenant, slug: str, path: str) -> None:
    browser = app.test_client()
    assert "Red mug" not in _get(browser, tenant, path.format(slug=slug))
    with transaction():
        session().execute(update(ListingRow).where(ListingRow.slug == slug).values(title="Red mug"))
    assert "Red mug" in _get(browser, tenant, path.format(slug=slug))


def test_languages_looks_and_fragments_are_pages_of_their_own(app: Flask, tenant: Tenant, slug: str) -> None:
    plain = _get(app.test_client(), tenant, "/categories/mugs")
    dark = app.test_client()
    dark.set_cookie("theme", "dark", domain=f"{tenant.slug}.localhost")
    other = {
        "zh": _get(app.test_client(), tenant, "/categories/mugs?lang=zh"),
        "dark": _get(dark, tenant, "/categories/mugs"),
        "part": _get(app.test_client(), tenant, "/categories/mugs", **{"HX-Request": "true"}),
    }
    assert len({plain, *other.values()}) == 4


def test_a_visitor_with_a_cookie_of_their_own_gets_a_page_of_their_own(app: Flask, tenant: Tenant, slug: str) -> None:
    shared = _get(app.test_client(), tenant, "/categories/mugs")
    guest = app.test_client()
    guest.set_cookie("cart", "mine", domain=f"{tenant.slug}.localhost")
    with _drawings(app) as drawn:
        own = [_get(guest, tenant, "/categories/mugs") for _turn in range(2)]
    assert len(drawn) == 2
    assert all('name="csrf_token" value=""' not in each for each in own)
    assert _get(app.test_client(), tenant, "/categories/mugs") == shared


def test_another_marketplace_has_pages_of_its_own(
    app: Flask, tenant: Tenant, slug: str, make_tenant: Callable[..., Tenant]
) -> None:
    other = make_tenant()
    with bind(other), transaction():
        shelf.listing("Their mug", shelf.shop(), shelf.category("mugs"), [{}])
        shelf.seen_anew()
    assert "Blue mug" in _get(app.test_client(), tenant, "/categories/mugs")
    theirs = _get(app.test_client(), other, "/categories/mugs")
    assert "Their mug" in theirs
    assert "Blue mug" not in theirs
