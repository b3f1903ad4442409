"""Compliance in the browser and the API: a food seller without a licence cannot publish; with one it can."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from core.catalogue.models import ListingRow
from core.compliance import food, reading, switches, waivers
from core.compliance.switches import Mode
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.merchants.models import MerchantRow
from tests.core.catalogue.shelf import category, listing, shop
from tests.web.merchants.test_pages import client_of
from tests.working import run_due

STATED = {
    "name": "Zhang San", "reg_no": "91350100M000100Y43", "licence_no": "JY13501000000000", "legal_rep": "Zhang San",
    "address": "1 Quay Street", "contact": "+86 591 0000", "main_food_kinds": "bulk",
}  # fmt: skip


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


@pytest.fixture
def tea(tenant: Tenant) -> tuple[UUID, UUID, UUID]:
    """A draft of tea, its merchant and its category."""
    with transaction():
        under, of = category("tea"), shop()
        session().execute(update(MerchantRow).where(MerchantRow.id == of.merchant_id)
                          .values(approved_at=clock.now(), registration_number="9"))  # fmt: skip
        return listing("Longjing tea", of, under, state="draft"), of.merchant_id, under.id


def _state(listing_id: UUID) -> str:
    with read_only():
        return session().scalars(select(ListingRow.state).where(ListingRow.id == listing_id)).one()


def test_food_seller_in_the_browser(app: Flask, tenant: Tenant, host: dict[str, str], tea) -> None:
    listing_id, merchant_id, category_id = tea
    operator, merchant = client_of(app, tenant, "operator"), client_of(app, tenant, "merchant", merchant_id)
    kinds = {"food_kind": "bulk"}
    assert operator.post(f"/operator/compliance/categories/{category_id}", data=kinds, **host).status_code == 303
    assert operator.post("/operator/compliance/packs/cn_food", data={"mode": "enforce"}, **host).status_code == 303
    run_due()
    refused = merchant.post(f"/merchant/products/{listing_id}/submit", **host)
    assert _state(listing_id) == "draft"
    shown = merchant.get(refused.headers["Location"], **host).text if "Location" in refused.headers else refused.text
    assert "Food seller real-name registration" in shown
    licence = {"licence_kind": "food_operation", "number": "JY13501000000000"}
    assert merchant.post("/merchant/compliance/licences", data=licence, **host).status_code == 303
    assert merchant.get("/merchant/compliance/food?kind=licensed", **host).status_code == 200
    half = {**STATED, "kind": "licensed", "reg_no": "91350100M000100Y44", "act": "submit"}
    assert merchant.post("/merchant/compliance/food", data=half, **host).status_code == 422
    form = {**STATED, "kind": "licensed", "act": "submit", "agrees": "1"}
    assert merchant.post("/merchant/compliance/food", data=form, **host).status_code == 303
    assert "Longjing" not in operator.get("/operator/compliance/food", **host).text
    _check(operator, merchant_id, host)
    assert merchant.post(f"/merchant/products/{listing_id}/submit", **host).status_code == 303
    assert _state(listing_id) == "review"


def _check(operator, merchant_id: UUID, host: dict[str, str]) -> None:
    page = f"/operator/compliance/food/{merchant_id}"
    assert operator.post(page, data={"act": "approve"}, **host).status_code == 422
    with read_only():
        found = food.of_merchant(merchant_id)
        assert found is not None
        assert found.state == "submitted"
    licence = operator.get(f"/api/v1/compliance/licences/{merchant_id}", **host).json["data"][0]["id"]
    assert operator.post(f"{page}/licences/{licence}", data={"act": "verify"}, **host).status_code == 303
    for code, result in (("document", "ok"), ("person", "ok"), ("history", "ok"), ("official", "same")):
        assert operator.post(page, data={"act": code, "result": result}, **host).status_code == 303
    assert operator.get(page, **host).status_code == 200
    assert operator.post(page, data={"act": "approve"}, **host).status_code == 303


def test_food_seller_in_the_api(app: Flask, tenant: Tenant, host: dict[str, str], tea) -> None:
    listing_id, merchant_id, category_id = tea
    operator, merchant = client_of(app, tenant, "operator"), client_of(app, tenant, "merchant", merchant_id)
    where = f"/api/v1/compliance/categories/{category_id}"
    assert operator.put(where, json={"food_kind": "bulk"}, **host).status_code == 204
    assert operator.put("/api/v1/compliance/packs/cn_food", json={"mode": "enforce"}, **host).status_code == 200
    refused = merchant.post(f"/api/v1/listings/{listing_id}/submit", json={}, **host)
    assert refused.status_code == 422
    assert {e["path"] for e in refused.json["errors"]} == {"compliance"}
    assert _state(listing_id) == "draft"
    own = "/api/v1/own/compliance"
    terms = {"kind": "food_operation", "number": "JY13501000000000"}
    key = merchant.post(f"{own}/licences", json=terms, **host).json["id"]
    assert merchant.put(f"{own}/food", json={"kind": "licensed", "stated": STATED}, **host).status_code == 200
    assert merchant.post(f"{own}/food/submit", json={"agrees": False}, **host).status_code == 422
    assert merchant.post(f"{own}/food/submit", json={"agrees": True}, **host).json["state"] == "submitted"
    all_of = "/api/v1/compliance"
    decided = operator.post(f"{all_of}/licences/{merchant_id}/{key}/decision", json={"decision": "verify"}, **host)
    assert decided.status_code == 204
    for code, result in (("document", "ok"), ("person", "ok"), ("history", "ok"), ("official", "same")):
        operator.post(f"{all_of}/food/{merchant_id}/checks", json={"code": code, "result": result}, **host)
    approved = operator.post(f"{all_of}/food/{merchant_id}/decision", json={"decision": "approve"}, **host)
    assert approved.json["state"] == "approved"
    assert merchant.post(f"/api/v1/listings/{listing_id}/submit", json={}, **host).status_code == 200
    assert _state(listing_id) == "review"


@pytest.fixture
def broken(tea) -> tuple[UUID, UUID]:
    """A listing that breaks a rule of a pack that warns, and its merchant."""
    listing_id, merchant_id, _category_id = tea
    with transaction():
        switches.switch_on("cn_base", Mode.WARN)
        session().execute(update(ListingRow).where(ListingRow.id == listing_id).values(title="最佳绿茶", state="live"))
        audit.record("listing.edited", "listing", listing_id)
    run_due()
    return listing_id, merchant_id


def test_every_page_answers_in_both_languages(app: Flask, tenant: Tenant, host: dict[str, str], broken) -> None:
    listing_id, merchant_id = broken
    operator, merchant = client_of(app, tenant, "operator"), client_of(app, tenant, "merchant", merchant_id)
    with read_only():
        found = next(f for f in reading.findings() if f.rule == "cn.ad.9.1")
    pages = ["", "?view=failing", "/findings", f"/findings/{found.id}", "/waivers", "/food", "/categories",
             "/rules/cn.ad.9.1", "/rules/cn.otm.24.1?try_months=3&try_warn_days=30", "/rules/cn.tax.4.1",
             "/rules/cn.otm.30.1", f"/merchants/{merchant_id}", f"/answers/listing/{listing_id}/cn.ad.9.1",
             f"/answers/merchant/{merchant_id}/cn.ecl.27.1", f"/food/{merchant_id}"]  # fmt: skip
    own = ["", "/food", "/food?kind=catering", f"/answers/merchant/{merchant_id}/cn.ecl.27.1"]
    asked = [(operator, f"/operator/compliance{page}") for page in pages]
    for browser, page in [*asked, *((merchant, f"/merchant/compliance{page}") for page in own)]:
        for language in ("en", "zh"):
            answer = browser.get(page, headers={"Accept-Language": language}, **host)
            assert answer.status_code == 200, (page, language)


def test_merchant_sees_what_to_fix_and_where(app: Flask, tenant: Tenant, host: dict[str, str], broken) -> None:
    listing_id, merchant_id = broken
    merchant = client_of(app, tenant, "merchant", merchant_id)
    page = merchant.get("/merchant/compliance", **host).text
    assert "Forbidden words of praise: 最佳" in page
    assert f"/merchant/products/{listing_id}" in page
    said = merchant.get("/api/v1/own/compliance/findings", **host).json["data"]
    assert "cn.ad.9.1" in {one["rule"] for one in said}
    with transaction():
        session().execute(update(ListingRow).where(ListingRow.id == listing_id).values(title="绿茶"))
    assert merchant.post("/merchant/compliance/check", **host).status_code == 303
    assert "Forbidden words of praise" not in merchant.get("/merchant/compliance", **host).text


def test_observed_findings_are_not_shown_to_merchants(app: Flask, tenant: Tenant, host: dict[str, str], broken) -> None:
    _listing_id, merchant_id = broken
    with transaction():
        switches.switch_on("cn_base", Mode.OBSERVE)
    run_due()
    merchant = client_of(app, tenant, "merchant", merchant_id)
    assert merchant.get("/api/v1/own/compliance/findings", **host).json["data"] == []


def test_waiver_takes_two_people(app: Flask, tenant: Tenant, host: dict[str, str], broken) -> None:
    listing_id, _merchant_id = broken
    one, other = client_of(app, tenant, "operator"), client_of(app, tenant, "operator")
    with read_only():
        found = next(f for f in reading.findings() if f.rule == "cn.ad.9.1")
    page = f"/operator/compliance/findings/{found.id}"
    form = {"act": "waive", "reason": "too short", "measure": "m", "ends_on": "2026-01-01"}
    assert one.post(page, data=form, **host).status_code == 422
    with read_only():
        assert waivers.of() == ()
    end = (clock.now().date()).isoformat()
    form |= {"reason": "The name of a registered brand", "ends_on": end}
    assert one.post(page, data=form, **host).status_code == 303
    with read_only():
        key = waivers.of()[0].id
    assert one.post(f"/operator/compliance/waivers/{key}", data={"act": "grant"}, **host).status_code == 403
    assert other.post(f"/operator/compliance/waivers/{key}", data={"act": "grant"}, **host).status_code == 303
    run_due()
    with read_only():
        assert [f.state for f in reading.findings(state="") if f.subject_id == listing_id] == ["waived"]


def test_rule_is_set_but_not_past_the_law(app: Flask, tenant: Tenant, host: dict[str, str], broken) -> None:
    operator = client_of(app, tenant, "operator")
    page = "/operator/compliance/rules/cn.otm.24.1"
    form = {"mode": "observe", "months": "7", "warn_days": "30", "reason": "longer"}
    assert operator.post(page, data=form, **host).status_code == 422
    with read_only():
        assert switches.setting_of("cn.otm.24.1")[1]["months"] == 6
    assert operator.post(page, data={**form, "months": "5"}, **host).status_code == 303
    api = "/api/v1/compliance/rules/cn.otm.24.1"
    assert operator.patch(api, json={"numbers": {"months": 9}, "reason": "x"}, **host).status_code == 422
    assert operator.get(api, **host).json["numbers"]["months"] == 5


def test_a_role_without_the_permission_sees_nothing(app: Flask, tenant: Tenant, host: dict[str, str], broken) -> None:
    _listing_id, merchant_id = broken
    stranger = client_of(app, tenant, "merchant", merchant_id)
    assert stranger.get("/operator/compliance", **host).status_code in (302, 303, 401, 403)
    assert stranger.get("/api/v1/compliance/findings", **host).status_code in (401, 403)
