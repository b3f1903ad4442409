"""Parts that are drawn once: kept by everything they depend on, and nobody's token or address stays in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from core.catalogue.models import ListingRow, VariantRow
from core.kernel.db import session
from core.kernel.fresh import Fresh, Made
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import transaction
from core.merchants import shopfronts
from tests.market import Shop, make_good, make_shop
from web import fragments

_TEMPLATE = "{% keep 'part', key %}{{ note(key) }} {{ csrf_token() }} {{ address_in('zh') }}{% endkeep %}"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Start and end without parts of other tests."""
    fragments.forget()
    yield
    fragments.forget()


def _drawn(app: Flask, path: str, key: object, drawn: list[object], token: str = "t") -> str:
    def note(value: object) -> str:
        drawn.append(value)
        return f"<{current().slug}>"

    with app.test_request_context(path), pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.own_page._token", lambda: token)
        return app.jinja_env.from_string(_TEMPLATE).render(key=key, note=note)


def test_a_part_is_drawn_once_for_each_key_tenant_version_and_language(app: Flask, tenant: Tenant) -> None:
    drawn: list[object] = []
    other = replace(tenant, id=new_id(), slug="theirs")
    assert _drawn(app, "/a", 1, drawn) == _drawn(app, "/a", 1, drawn)
    assert len(drawn) == 1
    _drawn(app, "/a", 2, drawn)
    _drawn(app, "/a?lang=zh", 1, drawn)
    with bind(replace(tenant, version=tenant.version + 1)):
        _drawn(app, "/a", 1, drawn)
    with bind(other):
        assert "theirs" in _drawn(app, "/a", 1, drawn)
    assert len(drawn) == 5


def test_token_and_address_are_the_readers_own(app: Flask, tenant: Tenant) -> None:
    drawn: list[object] = []
    first = _drawn(app, "/search?q=%22%3E", 1, drawn, "ada")
    second = _drawn(app, "/shops", 1, drawn, "ben")
    assert len(drawn) == 1
    assert " ada /search?q=%22%3E&amp;lang=zh" in first
    assert " ben /shops?lang=zh" in second
    assert "ada" not in second


def test_values_of_two_tenants_are_never_one(tenant: Tenant) -> None:
    made, fresh = Made[str](), Fresh[str](60.0)
    ours = made.get("key", lambda: "ours"), fresh.get("key", lambda: "ours")
    with bind(replace(tenant, id=new_id())):
        assert (made.get("key", lambda: "theirs"), fresh.get("key", lambda: "theirs")) == ("theirs", "theirs")
    assert ours == (made.get("key", lambda: "x"), fresh.get("key", lambda: "x")) == ("ours", "ours")


def test_what_is_made_is_bounded() -> None:
    made = Made[int](most=2)
    tenant = Tenant(new_id(), "t", "T", "IE", "EUR", "UTC", ("en",))
    with bind(tenant):
        for number in range(5):
            made.get(number, lambda number=number: number)  # type: ignore[misc]
    assert len(made._kept) <= 2


def _good() -> tuple[str, VariantRow, Shop]:
    with transaction():
        shop = make_shop()
        variant = session().get_one(VariantRow, (current().id, make_good(shop, 2600, stock=3)))
        slug = session().get_one(ListingRow, (current().id, variant.listing_id)).slug
    return slug, variant, shop


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("update variants set price_minor = 9900 where id = :variant", "99.00"),
        ("update stock set available = 0 where variant_id = :variant", "Sold out"),
        ("update listings set title = 'Renamed' where id = :listing", "Renamed"),
        ("update shops set name = 'New sign' where id = :shop", "New sign"),
    ],
)
def test_a_products_page_shows_a_change_at_once(app: Flask, tenant: Tenant, change: str, seen: str) -> None:
    slug, variant, shop = _good()
    client, base = app.test_client(), f"http://{tenant.slug}.localhost"
    before = client.get(f"/products/{slug}", base_url=base).text
    values = {"variant": variant.id, "listing": variant.listing_id, "shop": shop.id}
    with transaction():
        session().execute(text(change), {name: values[name] for name in values if f":{name}" in change})
        shopfronts.forget()  # as a service does after such a commit; other processes forget within seconds
    after = client.get(f"/products/{slug}", base_url=base).text
    assert seen not in before
    assert seen in after


def test_a_list_shows_another_price_at_once(app: Flask, tenant: Tenant) -> None:
    slug, variant, _shop = _good()
    client, base = app.test_client(), f"http://{tenant.slug}.localhost"
    assert slug in client.get("/search?sort=newest", base_url=base).text
    with transaction():
        session().execute(
            text("update listings set price_from_minor = 7700 where id = :key"), {"key": variant.listing_id}
        )
    assert "77.00" in client.get("/search?sort=newest", base_url=base).text
