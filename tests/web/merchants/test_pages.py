"""The pages and the API of merchants: the way from application to approval, and what others never see."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.merchants import delivery, directory, documents, shops
from tests.core.merchants import making


def client_of(app: Flask, tenant: Tenant, realm: str, merchant_id: UUID | None = None) -> FlaskClient:
    """Return a browser in which somebody of a realm is signed in."""
    with transaction():
        secret = making.person(realm, merchant_id)
    browser = app.test_client()
    browser.set_cookie(f"{realm}_session", secret, domain=f"{tenant.slug}.localhost")
    return browser


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def test_the_wizard_leads_from_nothing_to_an_application(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    with transaction():
        merchant_id = making.draft()
    browser = client_of(app, tenant, "merchant", merchant_id)
    forms = {
        "you": {"kind": "person", "name": "Tallow Lane", "country": "IE"},
        "business": {"email": "a@tallow.test", "phone": "+353 1"},
        "address": making.ADDRESS,
        "shop": {"name": "Tallow Lane", "slug": "", "city": "Waterford", "story": "Candles"},
    }
    for step, form in forms.items():
        assert browser.get(f"/merchant/apply/{step}", **host).status_code == 200
        assert browser.post(f"/merchant/apply/{step}", data=form, **host).status_code == 303
    paper = {"requirement": "identity", "action": "hand_in", "file": (io.BytesIO(b"%PDF-1.7 x"), "id.pdf")}
    assert browser.post("/merchant/apply/documents", data=paper, **host).status_code == 303
    agreed = {"requirement": "lawful_goods", "action": "agree"}
    assert browser.post("/merchant/apply/documents", data=agreed, **host).status_code == 303
    assert browser.get("/merchant/apply/documents", **host).status_code == 200
    assert b"disabled" not in browser.get("/merchant/apply/review", **host).data.split(b"</form>")[-1]
    assert browser.post("/merchant/apply/review", **host).status_code == 303
    with read_only():
        assert directory.find(merchant_id).state == "applied"
    assert browser.get("/merchant/apply", **host).status_code == 200


def test_an_incomplete_application_is_shown_again_with_what_is_missing(
    app: Flask, tenant: Tenant, host: dict[str, str]
) -> None:
    with transaction():
        merchant_id = making.draft()
    answer = client_of(app, tenant, "merchant", merchant_id).post("/merchant/apply/review", **host)
    assert answer.status_code == 422
    assert "Identity document" in answer.text
    with read_only():
        assert directory.find(merchant_id).state == "draft"


def test_a_file_that_is_no_paper_is_refused_at_its_field(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    with transaction():
        merchant_id = making.draft()
    sent = {"requirement": "identity", "action": "hand_in", "file": (io.BytesIO(b"MZ"), "id.exe")}
    answer = client_of(app, tenant, "merchant", merchant_id).post("/merchant/apply/documents", data=sent, **host)
    assert answer.status_code == 422
    assert "Send a PDF" in answer.text
    with read_only():
        assert documents.of_merchant(merchant_id) == ()


def test_the_operator_approves_from_the_queue(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    with transaction():
        first, second = making.applied("One"), making.applied("Two")
    browser = client_of(app, tenant, "operator")
    for path in ("/operator/", "/operator/merchants", "/operator/merchants?state=applied&q=one"):
        assert browser.get(path, **host).status_code == 200
    assert browser.get("/operator/merchants/queue", **host).location.endswith(str(first))
    assert browser.get(f"/operator/merchants/{first}", **host).status_code == 200
    answer = browser.post(f"/operator/merchants/{first}/approve", data={"next": "1"}, **host)
    assert answer.location.endswith(f"after={first}")
    assert browser.get(answer.location, **host).location.endswith(str(second))
    refused = browser.post(f"/operator/merchants/{second}/reject", data={"reason": ""}, **host)
    assert refused.status_code == 422
    with read_only():
        assert directory.find(first).state == "approved"
        assert directory.find(second).state == "applied"


def test_every_tab_of_a_shop_saves(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    with transaction():
        merchant_id = making.approved()
        shop_id = making.shop_of(merchant_id)
    browser, base = client_of(app, tenant, "merchant", merchant_id), f"/merchant/shops/{shop_id}"
    forms = {
        "profile": {"name": "Slip", "slug": "slip", "city": "Galway", "story": "**Clay**"},
        "policies": {"return_days": "30", "returns": "Send it back"},
        "address": making.ADDRESS,
        "hours": {"mon": "09:00-17:30"},
        "holiday": {"note": "Away"},
    }
    for path in ("/merchant/", "/merchant/shops", "/merchant/shops/new", f"{base}/delivery/new"):
        assert browser.get(path, **host).status_code == 200
    for tab in (*forms, "delivery", "closing"):
        assert browser.get(f"{base}?tab={tab}", **host).status_code == 200
    for tab, form in forms.items():
        assert browser.post(f"{base}?tab={tab}", data=form, **host).status_code == 303
    option = {"label": "Post", "price": "5,50", "free_from": "75", "min_days": "1", "max_days": "3", "is_active": "1"}
    assert browser.post(f"{base}/delivery/new", data=option, **host).status_code == 303
    assert browser.post(f"{base}/delivery/new", data=option | {"price": "x"}, **host).status_code == 422
    assert browser.post(f"{base}?tab=hours", data={"mon": "late"}, **host).status_code == 422
    assert browser.post(f"{base}/state", data={"action": "open"}, **host).status_code == 303
    assert browser.get(f"{base}?tab=delivery", **host).status_code == 200
    with read_only():
        saved = shops.find(merchant_id, shop_id)
        assert (saved.slug, saved.return_days, saved.hours, saved.state) == ("slip", 30, {"mon": "09:00-17:30"}, "open")
        assert [o.price.minor for o in delivery.options_for([shop_id])[shop_id]] == [550]


def test_a_merchant_never_sees_what_is_anothers(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    with transaction():
        mine, other = making.approved(), making.approved("Other")
        foreign, paper = making.shop_of(other), documents.of_merchant(other)[0].id
        option = making.post(other, foreign)
    browser = client_of(app, tenant, "merchant", mine)
    for path in (
        f"/merchant/shops/{foreign}", f"/merchant/shops/{foreign}/delivery/{option}",
        f"/merchant/apply/documents/{paper}", f"/api/v1/shops/{foreign}", f"/api/v1/shops/{foreign}/delivery-options",
    ):  # fmt: skip
        assert browser.get(path, **host).status_code == 404, path
    assert browser.post(f"/merchant/shops/{foreign}?tab=hours", data={}, **host).status_code == 404
    assert browser.get(f"/api/v1/merchants/{other}", **host).status_code == 401


def test_the_api_applies_reviews_and_sets_up_delivery(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    with transaction():
        merchant_id = making.filled_in()
        secret, office = making.person("merchant", merchant_id), making.person("operator")
    api = app.test_client()
    mine, theirs = ({"headers": {"Authorization": f"Bearer {key}"}, **host} for key in (secret, office))
    assert api.patch("/api/v1/merchants/me", json={"tax_number": "IE1"}, **mine).json["merchant"]["tax_number"] == "IE1"
    assert api.post("/api/v1/merchants/me/submit", **mine).json["state"] == "applied"
    page = api.get("/api/v1/merchants/?state=applied&limit=1", **theirs).json
    assert ([m["id"] for m in page["data"]], page["next"]) == ([str(merchant_id)], None)
    assert api.post(f"/api/v1/merchants/{merchant_id}/ask", json={}, **theirs).status_code == 422
    assert api.post(f"/api/v1/merchants/{merchant_id}/approve", json={}, **theirs).json["state"] == "approved"
    assert api.post(f"/api/v1/merchants/{merchant_id}/approve", json={}, **theirs).status_code == 409
    shop = api.get("/api/v1/shops/", **mine).json["data"][0]["id"]
    body = {"label": "Post", "price": {"amount_minor": 550, "currency": "EUR"}}
    made = api.post(f"/api/v1/shops/{shop}/delivery-options", json=body, **mine)
    assert (made.status_code, made.json["code"], made.json["price"]["amount_minor"]) == (201, "post", 550)
    assert api.get(f"/api/v1/shops/{shop}/delivery-options", **mine).json["data"][0]["id"] == made.json["id"]
    gone = api.delete(f"/api/v1/shops/{shop}/delivery-options/{made.json['id']}", **mine)
    assert gone.status_code == 204


def test_the_page_that_invites_says_when_applications_are_closed(app: Flask, make_tenant) -> None:
    for is_open, sentence in ((True, "Start your application"), (False, "takes no applications")):
        tenant = make_tenant(settings={"applications_open": is_open})
        assert sentence in app.test_client().get("/sell", base_url=f"http://{tenant.slug}.localhost").text
