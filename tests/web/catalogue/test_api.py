"""The catalogue's writing side in the API: the same rules as on the pages, money in minor units."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.catalogue.values import Seller
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.core.catalogue.conftest import open_shop
from tests.web.catalogue.conftest import AtHost
from tests.web.catalogue.test_pages import png

Key = Callable[..., dict[str, str]]


@pytest.fixture
def api(app: Flask, tenant: Tenant) -> FlaskClient:
    client = AtHost(app, app.response_class)
    client.base = f"http://{tenant.slug}.localhost"
    return client


def body(category: UUID) -> dict[str, Any]:
    price = {"amount_minor": 900, "currency": "EUR"}
    rows = [{"options": [size], "price": price, "sku": size} for size in ("S", "L")]
    return {"title": "Mug", "category_id": str(category), "option_names": ["Size"], "variants": rows}


def test_a_listing_is_written_published_and_changed(api: FlaskClient, key: Key, seller: Seller, category: UUID) -> None:
    mine = key("merchant", seller.merchant_id)
    made = api.post("/api/v1/listings/", json=body(category), headers=mine)
    assert made.status_code == 201, made.text
    at, version = f"/api/v1/listings/{made.json['id']}", made.json["version"]
    assert made.json["variants"][0]["price"] == {"amount_minor": 900, "currency": "EUR"}
    assert api.post(f"{at}/submit", headers=mine).json["state"] == "live"
    changed = api.patch(at, json={"title": "Cup", "version": version}, headers=mine)
    assert (changed.status_code, changed.json["title"]) == (200, "Cup")
    stale = api.patch(at, json={"title": "Jug", "version": version}, headers=mine)
    assert (stale.status_code, stale.json["code"]) == (409, "catalogue.changed_meanwhile")
    assert [row["title"] for row in api.get("/api/v1/listings/?state=live", headers=mine).json["data"]] == ["Cup"]


def test_a_wrong_listing_names_its_fields(api: FlaskClient, key: Key, seller: Seller, category: UUID) -> None:
    wrong = body(category)
    wrong["variants"][1]["price"]["amount_minor"] = -1
    answer = api.post("/api/v1/listings/", json=wrong, headers=key("merchant", seller.merchant_id))
    assert answer.status_code == 422
    assert {error["path"] for error in answer.json["errors"]} == {"variants.0.price", "variants.1.price"}


def test_stock_is_booked_and_explained(api: FlaskClient, key: Key, seller: Seller, category: UUID) -> None:
    mine = key("merchant", seller.merchant_id)
    variant = api.post("/api/v1/listings/", json=body(category), headers=mine).json["variants"][0]["id"]
    api.post(f"/api/v1/stock/{variant}", json={"receive": 5}, headers=mine)
    set_to = api.post(f"/api/v1/stock/{variant}", json={"on_hand": 3, "reason": "Counted"}, headers=mine)
    assert set_to.json["data"][0]["available"] == 3
    moves = api.get(f"/api/v1/stock/{variant}/movements", headers=mine).json["data"]
    assert [(move["quantity"], move["balance"]) for move in moves] == [(-2, 3), (5, 5)]


def test_a_picture_is_sent_as_multipart(api: FlaskClient, key: Key, seller: Seller) -> None:
    mine = key("merchant", seller.merchant_id)
    made = api.post("/api/v1/media/", data={"file": (png(), "a.png")}, headers=mine)
    assert (made.status_code, made.json["state"], made.json["width"]) == (201, "stored", 900)
    refused = api.post("/api/v1/media/", data={"file": (io.BytesIO(b"no"), "a.png")}, headers=mine)
    assert (refused.status_code, refused.json["code"]) == (422, "media.refused")


def test_an_import_is_started_and_read(api: FlaskClient, key: Key, seller: Seller, category: UUID) -> None:
    mine = key("merchant", seller.merchant_id)
    data = io.BytesIO(b"Handle,Title,Type,Variant Price\nbowl,Bowl,Dishes,9\n")
    kept = api.post("/api/v1/imports/files", data={"file": (data, "p.csv")}, headers=mine).json
    assert kept["outline"]["types"] == ["Dishes"]
    wanted = {"media_id": kept["media_id"], "default_category_id": str(category)}
    run = api.post("/api/v1/imports/", json=wanted, headers=mine)
    assert (run.status_code, run.json["kind"], run.json["state"]) == (202, "dry_run", "waiting")


def test_the_operator_writes_categories_and_decides(api: FlaskClient, key: Key, seller: Seller, category: UUID) -> None:
    staff, mine = key("operator"), key("merchant", seller.merchant_id)
    made = api.post("/api/v1/categories/", json={"names": {"en": "Cups"}, "parent_id": str(category)}, headers=staff)
    assert made.json["path"] == "kitchen/cups"
    attribute = {"code": "volume", "names": {"en": "Volume"}, "kind": "number", "unit": "ml"}
    saved = api.put(f"/api/v1/categories/{category}/attributes", json=attribute, headers=staff)
    assert saved.json["attributes"][0]["code"] == "volume"
    assert api.get(f"/api/v1/categories/{made.json['id']}").json["attributes"][0]["is_inherited"]
    assert api.post("/api/v1/categories/", json={"names": {"en": "X"}}, headers=mine).status_code == 401
    listing = api.post("/api/v1/listings/", json=body(category), headers=mine).json["id"]
    blocked = api.post(f"/api/v1/listing-reviews/{listing}/block", json={"reason": "No"}, headers=staff)
    assert (blocked.json["state"], blocked.json["blocked_reason"]) == ("blocked", "No")


def test_a_strangers_listing_is_missing(api: FlaskClient, key: Key, seller: Seller, category: UUID) -> None:
    made = api.post("/api/v1/listings/", json=body(category), headers=key("merchant", seller.merchant_id)).json
    with transaction():
        other = open_shop()
    theirs = key("merchant", other.merchant_id)
    at = f"/api/v1/listings/{made['id']}"
    assert api.get(at, headers=theirs).status_code == 404
    assert api.patch(at, json={"title": "Mine"}, headers=theirs).status_code == 404
    assert api.put(f"{at}/variants", json={"variants": []}, headers=theirs).status_code == 404
    assert api.post(f"{at}/archive", headers=theirs).status_code == 404
    assert api.get(f"/api/v1/stock/{made['variants'][0]['id']}/movements", headers=theirs).status_code == 404
    mine = {**body(category), "shop_id": str(seller.shop_id)}
    assert api.post("/api/v1/listings/", json=mine, headers=theirs).status_code == 404
