"""Plans, invoices and payment as people use them: the platform's console, the operator's, and both APIs."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only
from core.payments.stripe import client
from tenants.billing import accounts, closing, subscriptions
from tenants.billing.models import InvoiceRow, PlanVersionRow
from tenants.values import PLATFORM
from tests.core.payments.conftest import Provider
from tests.tenants.billing.conftest import NOVEMBER, named
from tests.tenants.people import api_key, signed_in

HOME = "http://localhost"
pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture
def platform(app, company: UUID) -> FlaskClient:
    client = app.test_client()
    signed_in(client, PLATFORM, "platform", "localhost")
    return client


@pytest.fixture
def operator(app, tenant: Tenant) -> FlaskClient:
    client = app.test_client()
    signed_in(client, tenant, "operator", f"{tenant.slug}.localhost")
    return client


def at(tenant: Tenant) -> str:
    return f"http://{tenant.slug}.localhost"


def made(tenant: Tenant) -> UUID:
    named(tenant)
    (invoice,) = closing.close_month(tenant.id, NOVEMBER)
    assert closing.issue(invoice, tenant.id)
    return invoice


def state(invoice: UUID) -> str:
    with bind(PLATFORM), read_only():
        return session().scalars(select(InvoiceRow.state).where(InvoiceRow.id == invoice)).one()


@pytest.mark.parametrize("path", ["plans", "plans/starter", "plans/new", "invoices", "invoices?view=overdue",
                                  "invoices?format=csv", "invoices?format=xlsx", "past-due", "company"])  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_of_the_platform_are_shown(platform: FlaskClient, path: str, lang: str) -> None:
    platform.set_cookie("lang", lang, domain="localhost")
    answer = platform.get(f"/platform/{path}", base_url=HOME)
    assert (answer.status_code, b"built-in method" in answer.data) == (200, False)


def test_a_tenants_bill_and_invoice_are_shown_to_both_sides(
    platform: FlaskClient, operator: FlaskClient, since_november: Tenant
) -> None:
    invoice = made(since_november)
    for path in (f"tenants/{since_november.id}/billing", f"invoices/{invoice}"):
        assert "199.00" in platform.get(f"/platform/{path}", base_url=HOME).text
    pdf = platform.get(f"/platform/invoices/{invoice}/pdf", base_url=HOME)
    assert (pdf.status_code, pdf.data[:4]) == (200, b"%PDF")
    for path in ("plan", f"plan/invoices/{invoice}", "plan/invoices", "plan/invoices?format=csv", "plan/details",
                 "plan/change?plan=unlimited&cycle=yearly", "plan/change?plan=starter", "plan/change?plan=nothing"):  # fmt: skip
        answer = operator.get(f"/operator/{path}", base_url=at(since_november))
        assert answer.status_code == (422 if "nothing" in path else 200), path
    assert operator.get(f"/operator/plan/invoices/{invoice}/pdf", base_url=at(since_november)).status_code == 200


def test_the_owner_finds_the_invoice_in_every_list_and_says_who_is_billed(
    app, operator: FlaskClient, since_november: Tenant
) -> None:
    invoice, base = made(since_november), at(since_november)
    for path in ("plan", "plan/invoices"):
        assert f"/operator/plan/invoices/{invoice}" in operator.get(f"/operator/{path}", base_url=base).text
    assert "Harbour Markets" in operator.get("/operator/plan/invoices?format=csv", base_url=base).text
    book = operator.get("/operator/plan/invoices?format=xlsx", base_url=base).data
    with ZipFile(BytesIO(book)) as parts:
        assert "Harbour Markets" in parts.read("xl/sharedStrings.xml").decode()
    assert operator.get("/operator/plan/invoices?format=exe", base_url=base).status_code == 404
    form = {"name": "Pier Ltd", "address": "3 Pier", "country": "DE", "tax_number": "DE1", "email": "p@example.com",
            "collection": "send"}  # fmt: skip
    wrong = operator.post("/operator/plan/details", data={**form, "email": "no"}, base_url=base)
    assert (wrong.status_code, "Harbour Markets" in operator.get("/operator/plan/details", base_url=base).text) == (
        422,
        True,
    )
    assert operator.post("/operator/plan/details", data=form, base_url=base).status_code == 303
    assert "Pier Ltd" in operator.get("/operator/plan/details", base_url=base).text
    key = api_key(since_november, "operator", ["plan.view", "plan.manage"])
    headers = {"Authorization": f"Bearer {key}"}
    listed = app.test_client().get("/api/v1/plan/invoices", headers=headers, base_url=base).json["data"]
    assert [one["id"] for one in listed] == [str(invoice)]
    body = {**form, "name": "Quay Ltd"}
    assert app.test_client().put("/api/v1/plan/details", json=body, headers=headers, base_url=base).status_code == 200
    with bind(PLATFORM), read_only():
        assert accounts.account(since_november.id).name == "Quay Ltd"


def test_another_marketplace_sees_nothing_of_an_invoice(app, since_november: Tenant, make_tenant) -> None:
    invoice, other = made(since_november), make_tenant()
    client = app.test_client()
    signed_in(client, other, "operator", f"{other.slug}.localhost")
    for path in (f"plan/invoices/{invoice}", f"plan/invoices/{invoice}/pdf"):
        assert client.get(f"/operator/{path}", base_url=at(other)).status_code == 404
    assert client.post(f"/operator/plan/invoices/{invoice}/pay", base_url=at(other)).status_code == 404
    key = api_key(other, "operator", ["plan.view", "plan.manage"])
    headers = {"Authorization": f"Bearer {key}"}
    fresh = app.test_client()
    listed = fresh.get("/api/v1/plan/invoices", headers=headers, base_url=at(other))
    assert (listed.status_code, listed.json["data"]) == (200, [])
    for path, body in ((f"invoices/{invoice}", None), (f"invoices/{invoice}/pay", {"key": "k"})):
        method = "POST" if body else "GET"
        answer = fresh.open(f"/api/v1/plan/{path}", method=method, json=body, headers=headers, base_url=at(other))
        assert answer.status_code == 404
    assert state(invoice) == "open"


@pytest.mark.usefixtures("provider", "calm")
def test_an_owner_saves_a_card_and_pays(operator: FlaskClient, provider: Provider, since_november: Tenant) -> None:
    invoice, base = made(since_november), at(since_november)
    began = operator.post("/operator/plan/card", base_url=base)
    assert "data-saves" in began.text  # the provider's own element, since the application is not told of a stand-in
    with bind(PLATFORM), read_only():
        setup = accounts.account(since_november.id).setup_ref
    client().v1.setup_intents.confirm(setup, {"payment_method": "pm_card_visa"})
    assert operator.get("/operator/plan/card/saved", base_url=base).status_code == 303
    assert "4242" in operator.get("/operator/plan", base_url=base).text
    paid = operator.post(f"/operator/plan/invoices/{invoice}/pay", data={"key": "one"}, base_url=base)
    assert (paid.status_code, state(invoice)) == (303, "paid")


def test_a_plan_that_is_too_small_is_refused_and_named(
    operator: FlaskClient, since_november: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions.usage, "counts", lambda ids, *_when: {key: {"listings": 620} for key in ids})
    answer = operator.post("/operator/plan/change", data={"plan": "starter"}, base_url=at(since_november))
    assert answer.status_code == 422
    assert "Products: 620, the plan allows 500" in answer.text
    with bind(PLATFORM), read_only():
        assert [span.plan for span in subscriptions.spans(since_november.id)] == ["standard"]


def test_a_new_version_waits_for_next_month_and_nothing_changes_on_a_refusal(platform: FlaskClient) -> None:
    form = {"code": "grow", "name_en": "Grow", "name_zh": "成长版", "monthly": "49.00 EUR, 5000 JPY, 15.500 KWD",
            "share": "0.75", "free_volume": "1000 EUR", "included_listings": "100", "unit_listings": "0.05 EUR",
            "trial_days": "7", "plugin_fees": "coupons: 9.00 EUR"}  # fmt: skip
    assert platform.post("/platform/plans/new", data=form, base_url=HOME).status_code == 303
    wrong = platform.post("/platform/plans/grow", data={**form, "monthly": "many EUR"}, base_url=HOME)
    assert wrong.status_code == 422
    assert platform.post("/platform/plans/grow", data={**form, "share": "1"}, base_url=HOME).status_code == 303
    assert platform.post("/platform/plans/grow", data={**form, "share": "1"}, base_url=HOME).status_code == 422
    with bind(PLATFORM), read_only():
        query = select(PlanVersionRow).where(PlanVersionRow.plan_code == "grow").order_by(PlanVersionRow.version)
        rows = session().scalars(query).all()
    assert [(row.version, row.terms["share_bps"]) for row in rows] == [(1, 75), (2, 100)]
    assert rows[0].terms["monthly"] == {"EUR": 4_900, "JPY": 5_000, "KWD": 15_500}
    assert rows[1].effective_on.day == 1


def test_the_api_of_the_platform(app, company: UUID, since_november: Tenant) -> None:
    invoice = made(since_november)
    key = api_key(PLATFORM, "platform", ["billing.view", "billing.manage", "tenants.view"])
    headers, client = {"Authorization": f"Bearer {key}"}, app.test_client()

    def ask(path: str, method: str = "GET", **body: object) -> object:
        return client.open(f"/api/v1/billing/{path}", method=method, headers=headers, base_url=HOME, **body)

    for path in ("plans", "plans/starter", "company", f"tenants/{since_november.id}", "invoices",
                 f"invoices?customer={since_november.id}", f"invoices/{invoice}"):  # fmt: skip
        assert ask(path).status_code == 200, path
    grant = {"discount_bps": 1_000, "discount_until": "2030-01-01"}
    assert ask(f"tenants/{since_november.id}/grant", "PUT", json=grant).status_code == 200
    refused = ask(f"invoices/{invoice}/bank", "POST", json={})
    assert (refused.status_code, refused.json["code"], state(invoice)) == (422, "billing.reference", "open")
    paid = ask(f"invoices/{invoice}/bank", "POST", json={"reference": "SEPA 1"})
    assert (paid.status_code, paid.json["state"]) == (200, "paid")
    credit = ask(f"invoices/{invoice}/credit", "POST", json={"amount_minor": 1_230, "reason": "sorry"})
    assert credit.json["credit_notes"][0]["net"] == {"amount_minor": 1_000, "currency": "EUR"}


def test_the_api_needs_its_permissions(app, company: UUID, since_november: Tenant) -> None:
    key = api_key(PLATFORM, "platform", ["tenants.view"])
    headers = {"Authorization": f"Bearer {key}"}
    assert app.test_client().get("/api/v1/billing/invoices", headers=headers, base_url=HOME).status_code == 403
    own = {"Authorization": f"Bearer {api_key(since_november, 'operator', ['orders.view'])}"}
    for method, path in (("GET", "/api/v1/plan/"), ("PUT", "/api/v1/plan/")):
        answer = app.test_client().open(path, method=method, headers=own, base_url=at(since_november),
                                        json={"plan": "starter"})  # fmt: skip
        assert answer.status_code == 403


def test_the_api_of_an_operator_previews_and_changes(app, since_november: Tenant) -> None:
    key = api_key(since_november, "operator", ["plan.view", "plan.manage"])
    headers, client = {"Authorization": f"Bearer {key}"}, app.test_client()
    base = at(since_november)
    shown = client.get("/api/v1/plan/", headers=headers, base_url=base)
    assert (shown.status_code, shown.json["plan"]) == (200, "standard")
    preview = client.get("/api/v1/plan/preview?plan=unlimited", headers=headers, base_url=base)
    assert (preview.json["is_at_once"], preview.json["price"]["amount_minor"]) == (True, 99_900)
    changed = client.put("/api/v1/plan/", json={"plan": "unlimited"}, headers=headers, base_url=base)
    assert (changed.status_code, changed.json["is_at_once"]) == (200, True)
    down = client.put("/api/v1/plan/", json={"plan": "starter"}, headers=headers, base_url=base)
    assert down.json["is_at_once"] is False
    assert client.delete("/api/v1/plan/arranged", headers=headers, base_url=base).status_code == 200
    assert client.delete("/api/v1/plan/arranged", headers=headers, base_url=base).status_code == 409
