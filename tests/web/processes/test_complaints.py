"""Complaints and notices in the browser and the API, from every side."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.kernel.db import session
from core.kernel.mail import MailRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.merchants.models import ShopRow
from core.processes.complaints import reading
from tests.market import Shop, make_good, make_shop
from tests.web.merchants.test_pages import client_of
from tests.working import run_due

SAID = "The mug arrived with a crack in it."
REASONS = "The picture shows the crack, and the shop has not answered."


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """A shop with one good."""
    with transaction():
        made = make_shop()
        make_good(made, 1000)
        return made


def caller(app: Flask, tenant: Tenant, realm: str, merchant_id: UUID | None = None) -> FlaskClient:
    """Return somebody of a realm who calls the API with a token, and uses the pages."""
    browser = client_of(app, tenant, realm, merchant_id)
    cookie = browser.get_cookie(f"{realm}_session", domain=f"{tenant.slug}.localhost")
    assert cookie is not None
    browser.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {cookie.value}"
    return browser


def _slugs() -> tuple[str, str]:
    with read_only():
        return session().scalars(select(ShopRow.slug)).one(), session().scalars(select(ListingRow.slug)).one()


def test_a_complaint_in_the_browser(app: Flask, tenant: Tenant, host: dict[str, str], shop: Shop) -> None:
    guest, slug = app.test_client(), _slugs()[0]
    operator, merchant = client_of(app, tenant, "operator"), client_of(app, tenant, "merchant", shop.merchant_id)
    other = client_of(app, tenant, "merchant", None)
    assert guest.get("/complaints", **host).status_code == 200
    assert guest.get("/complaints/new/consumer", **host).status_code == 200
    assert guest.get("/complaints/new/business", **host).status_code == 404
    form = {"order": f"/shops/{slug}", "topic": "quality", "text": SAID, "email": "ada@example.com"}
    wrong = guest.post("/complaints/new/consumer", data={**form, "email": "nowhere", "order": "none"}, **host)
    assert (wrong.status_code, "Name the order" in wrong.text) == (422, True)
    sent = guest.post("/complaints/new/consumer", data=form, **host)
    here = sent.headers["Location"]
    path = urlsplit(here).path
    key = path.rpartition("/")[2]
    assert guest.get(path, **host).status_code == 404
    assert SAID in guest.get(here, **host).text
    assert other.get(f"/merchant/complaints/{key}", **host).status_code in (303, 403, 404)
    assert "quality" in merchant.get("/merchant/complaints", **host).text.lower()
    answer = {"act": "answer", "offer": "refusal", "text": "It was whole."}
    assert merchant.post(f"/merchant/complaints/{key}", data={**answer, "offer": ""}, **host).status_code == 422
    assert merchant.post(f"/merchant/complaints/{key}", data=answer, **host).status_code == 303
    assert guest.post(here, data={"act": "refuse", "text": "No, it was not"}, **host).status_code == 303
    assert operator.post(f"/operator/complaints/{key}", data={"act": "take"}, **host).status_code == 303
    decision = {
        "act": "decide",
        "outcome": "upheld",
        "text": REASONS,
        "clause": "Returns 3",
        "remedy": "refund",
        "cause": "goods",
    }
    assert operator.post(f"/operator/complaints/{key}", data={**decision, "clause": ""}, **host).status_code == 422
    assert operator.post(f"/operator/complaints/{key}", data=decision, **host).status_code == 303
    assert merchant.post(f"/merchant/complaints/{key}", data={"act": "prove", "proof": "R1"}, **host).status_code == 303
    assert guest.post(here, data={"act": "confirm"}, **host).status_code == 303
    with read_only():
        assert reading.find(UUID(key)).state == "closed"
    run_due()
    with read_only():
        subjects = session().scalars(select(MailRow.subject).order_by(MailRow.id)).all()
    assert [word.split(" ")[0] for word in subjects][:3] == ["We", "A", "Merchant"]
    for page in (
        f"/operator/complaints/{key}",
        "/operator/complaints?view=closed",
        "/operator/complaints/new?kind=illegal",
    ):
        assert operator.get(page, **host).status_code == 200
    assert merchant.get(f"/merchant/complaints/{key}", **host).status_code == 200


def test_staff_puts_a_call_down_and_uses_a_template(
    app: Flask, tenant: Tenant, host: dict[str, str], shop: Shop
) -> None:
    operator, (slug, goods) = client_of(app, tenant, "operator"), _slugs()
    form = {
        "kind": "illegal",
        "channel": "phone",
        "topic": "unsafe",
        "text": SAID,
        "email": "a@b.example",
        "listing": goods,
    }
    here = operator.post("/operator/complaints/new", data=form, **host).headers["Location"]
    assert slug
    template = {"title": "Thanks", "text_en": "Thank you for telling us."}
    assert operator.post("/operator/complaints/replies", data={"title": ""}, **host).status_code == 422
    assert operator.post("/operator/complaints/replies", data=template, **host).status_code == 303
    assert "Thanks" in operator.get(here, **host).text
    assert operator.post(here, data={"act": "block", "reason": "It breaks"}, **host).status_code == 303
    assert operator.post(here, data={"act": "report", "receipt": "Regulator 12"}, **host).status_code == 303
    with read_only():
        (case,) = reading.listed()
        assert (case.channel, case.receipt, case.measure_at is not None) == ("phone", "Regulator 12", True)
        assert session().scalars(select(ListingRow.state)).one() == "blocked"


def test_merchant_complains_about_the_marketplace(app: Flask, tenant: Tenant, host: dict[str, str], shop: Shop) -> None:
    merchant = client_of(app, tenant, "merchant", shop.merchant_id)
    assert merchant.get("/merchant/complaints/new", **host).status_code == 200
    form = {"topic": "fees", "text": "The fee was charged twice.", "about_on": "2026-11-01"}
    assert merchant.post("/merchant/complaints/new", data=form, **host).status_code == 303
    with read_only():
        (case,) = reading.listed()
        assert (case.kind, case.state) == ("business", "platform_decides")
    assert merchant.post(f"/merchant/complaints/{case.id}", data={"act": "withdraw"}, **host).status_code == 303


def test_a_complaint_through_the_api(app: Flask, tenant: Tenant, host: dict[str, str], shop: Shop) -> None:
    guest, slug = app.test_client(), _slugs()[0]
    operator, merchant = caller(app, tenant, "operator"), caller(app, tenant, "merchant", shop.merchant_id)
    body = {"kind": "consumer", "topic": "quality", "text": SAID, "email": "ada@example.com", "shop": slug}
    made = guest.post("/api/v1/complaints", json=body, **host)
    assert made.status_code == 201
    key, sig = made.json["id"], made.json["sig"]
    steps = f"/api/v1/complaints/{key}/steps"
    assert guest.get(f"/api/v1/complaints/{key}", **host).status_code == 404
    assert guest.get(f"/api/v1/complaints/{key}?sig={sig}", **host).json["state"] == "with_merchant"
    assert guest.post(f"{steps}?sig={sig}", json={"step": "decide"}, **host).status_code == 403
    shown = merchant.get(f"/api/v1/complaints/{key}", **host).json
    assert (shown["email"], shown["text"]) == ("", SAID)
    answer = {"step": "answer", "offer": "refund", "text": "Sorry"}
    assert merchant.post(steps, json=answer, **host).json["state"] == "answered"
    assert guest.post(f"{steps}?sig={sig}", json={"step": "settle"}, **host).json["state"] == "settled"
    note = {"text": "Careful", "is_internal": True}
    assert operator.post(f"/api/v1/complaints/{key}/messages", json=note, **host).status_code == 201
    assert "Careful" not in merchant.get(f"/api/v1/complaints/{key}", **host).text
    assert merchant.post(steps, json={"step": "prove", "text": "R1"}, **host).json["state"] == "remedied"
    assert operator.post(steps, json={"step": "close"}, **host).json["state"] == "closed"
    assert [one["id"] for one in operator.get("/api/v1/complaints", **host).json["data"]] == [key]
    assert guest.get("/api/v1/complaints", **host).json["data"] == []


def test_a_notice_in_the_browser_and_the_api(app: Flask, tenant: Tenant, host: dict[str, str], shop: Shop) -> None:
    guest, goods = app.test_client(), _slugs()[1]
    operator, merchant = caller(app, tenant, "operator"), caller(app, tenant, "merchant", shop.merchant_id)
    form = {"listing": f"/products/{goods}", "right_kind": "trademark", "holder": "Ember Ltd", "email": "ip@ember.example",
            "text": "The name on the mug is our trade mark."}  # fmt: skip
    assert guest.get("/rights/new", **host).status_code == 200
    assert guest.post("/rights/new", data=form, **host).status_code == 422
    here = guest.post("/rights/new", data={**form, "is_true": "1"}, **host).headers["Location"]
    key = urlsplit(here).path.rpartition("/")[2]
    assert guest.get(urlsplit(here).path, **host).status_code == 404
    assert merchant.get(f"/merchant/rights/{key}", **host).status_code == 404
    act = {"act": "act", "measure": "Off sale until settled"}
    assert operator.post(f"/operator/rights/{key}", data={**act, "measure": ""}, **host).status_code == 422
    assert operator.post(f"/operator/rights/{key}", data=act, **host).status_code == 303
    assert "Ember Ltd" in guest.get("/rights", **host).text
    steps = f"/api/v1/rights/{key}/steps"
    counter = {"step": "counter", "text": "We have a licence", "evidence": "Licence 12"}
    assert merchant.post(steps, json=counter, **host).json["state"] == "countered"
    assert "We have a licence" in guest.get(here, **host).text
    assert guest.post(here, data={"act": "prove", "proof": "Court 1"}, **host).status_code == 303
    assert guest.get("/api/v1/rights", **host).json["data"][0]["state"] == "upheld"
    for browser, page in ((operator, "/operator/rights"), (merchant, "/merchant/rights"),
                          (operator, f"/operator/rights/{key}"), (merchant, f"/merchant/rights/{key}")):  # fmt: skip
        assert browser.get(page, **host).status_code == 200
