"""Adding to the cart from a card and from a product's page, and what the frame says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from core.catalogue.models import ListingRow, VariantRow
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.market import make_good, make_shop
from web.store import addresses, brand

HTMX = {"HX-Request": "true"}


@pytest.fixture
def guest(app: Flask) -> FlaskClient:
    return app.test_client()


def _good(*, variants: int = 1) -> str:
    """Add a good with so many variants; return its slug."""
    with transaction():
        variant_id = make_good(make_shop(), 2600)
        variant = session().scalars(select(VariantRow).where(VariantRow.id == variant_id)).one()
        listing = session().scalars(select(ListingRow).where(ListingRow.id == variant.listing_id)).one()
        for number in range(1, variants):
            other = VariantRow(id=new_id(), listing_id=listing.id, merchant_id=listing.merchant_id, sku=f"OTHER-{number}",
                               options=[f"Other {number}"], option_key=f"other {number}", price_minor=3000, currency="EUR")  # fmt: skip
            session().add(other)
        return listing.slug


def _post(guest: FlaskClient, tenant: Tenant, path: str, **more: Any) -> Any:
    g.pop("cart_owner", None)  # the test's own context outlives a request
    return guest.post(path, base_url=f"http://{tenant.slug}.localhost", **more)


def test_card_adds_the_only_variant_and_tells_the_count(guest: FlaskClient, tenant: Tenant) -> None:
    answer = _post(guest, tenant, f"/cart/goods/{_good()}", headers=HTMX)
    said = json.loads(answer.headers["HX-Trigger"])
    assert (answer.status_code, said["cart-count"], said["toast"]["link"]) == (200, 1, "/cart")


def test_card_of_several_variants_leads_to_the_product(guest: FlaskClient, tenant: Tenant) -> None:
    slug = _good(variants=2)
    answer = _post(guest, tenant, f"/cart/goods/{slug}", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/products/{slug}"


def test_frame_counts_what_the_cart_holds(guest: FlaskClient, tenant: Tenant) -> None:
    slug = _good()
    _post(guest, tenant, f"/cart/goods/{slug}", headers=HTMX)
    _post(guest, tenant, f"/cart/goods/{slug}", headers=HTMX)
    g.pop("cart_owner", None)
    page = guest.get("/shops", base_url=f"http://{tenant.slug}.localhost").text
    assert "Cart, 2 items" in page


def test_refused_addition_is_said_where_the_buyer_is(guest: FlaskClient, tenant: Tenant) -> None:
    with transaction():
        gone = str(make_good(make_shop(), 2600, stock=0))
    answer = _post(guest, tenant, "/cart/lines", data={"variant_id": gone}, headers=HTMX)
    assert json.loads(answer.headers["HX-Trigger"]) == {"toast": "This is sold out"}


def test_addition_without_script_shows_the_cart(guest: FlaskClient, tenant: Tenant) -> None:
    answer = _post(guest, tenant, f"/cart/goods/{_good()}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")


def test_picture_addresses_are_those_that_are_served(app: Flask) -> None:
    with app.test_request_context("/"):
        served = app.url_map.bind("localhost").match(addresses.picture(new_id(), 320))
    assert served[0] == "media.picture"


def test_brand_and_policies_come_from_the_settings(app: Flask, tenant: Tenant) -> None:
    dressed = replace(tenant, settings={"core": {"brand_hex": "#2f5d62", "policy_terms_en": "Be kind."}})
    with app.test_request_context("/"):
        assert brand.policies(dressed) == [("Terms", "/pages/terms")]
        assert brand.sheet_of(dressed) != brand.sheet_of(tenant)


def test_cart_and_checkout_say_why_a_code_does_not_count(guest: FlaskClient, tenant: Tenant) -> None:
    base = f"http://{tenant.slug}.localhost"
    _post(guest, tenant, f"/cart/goods/{_good()}", headers=HTMX)
    _post(guest, tenant, "/cart/codes", data={"code": "NONE"})
    for path in ("/cart", "/checkout"):
        g.pop("cart_owner", None)
        answer = guest.get(path, base_url=base)
        assert (answer.status_code, "There is no coupon NONE" in answer.text) == (200, True)
