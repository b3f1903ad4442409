"""Accounting in the browser and the API: who sees which papers, files that open, two people for what needs two."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounting import closing, documents, manual, reading
from core.accounting.models import FiscalDocumentRow, StatementRunRow
from core.fulfilment.shipping import Shipment, ship
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.ledger import books
from core.orders.models import LineRow
from tests.core.accounting.books import FEB, JAN, sale, state
from tests.market import balances, make_shop
from tests.web.orders.making import Sold, Statements, browser_of, key_of, sell
from web import signing


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


@pytest.fixture
def stated(tenant: Tenant) -> tuple[UUID, UUID]:
    """A merchant with a statement of January; their keys."""
    with transaction():
        merchant = make_shop().merchant_id
        sale(merchant, date(2026, 1, 5), 10_000, 800, 160)
    state(JAN)
    with read_only():
        (found,), _more = reading.listed(merchant_id=merchant)
        return merchant, found.id


def test_a_merchant_opens_its_statement_down_to_the_postings(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID]
) -> None:
    browser, path = browser_of(app, tenant, "merchant", stated[0]), f"/merchant/statements/{stated[1]}"
    assert "ST-10001" in browser.get("/merchant/statements", **host).text
    page = browser.get(path, **host).text
    assert "€90.40" in page
    assert f"{path}/payable/order_fees" in page
    assert "−€8.00" in browser.get(f"{path}/payable/order_fees", **host).text
    assert browser.get(f"{path}/payable/moon", **host).status_code == 404
    assert "FI-10001" in browser.get("/merchant/documents", **host).text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_statement_comes_as_pdf_csv_and_xlsx(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID], lang: str
) -> None:
    browser, path = browser_of(app, tenant, "merchant", stated[0]), f"/merchant/statements/{stated[1]}"
    browser.set_cookie("lang", lang, domain=f"{tenant.slug}.localhost")
    assert browser.get(f"{path}/pdf", **host).data.startswith(b"%PDF-")
    assert browser.get(f"{path}/csv", **host).text.count("\n") == 6
    names = zipfile.ZipFile(io.BytesIO(browser.get(f"{path}/xlsx", **host).data)).namelist()
    assert "xl/worksheets/sheet2.xml" in names


def test_a_merchant_sees_no_papers_of_another(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID]
) -> None:
    with transaction():
        other = make_shop().merchant_id
    with read_only():
        (paper,), _more = documents.listed(merchant_id=stated[0])
    browser, key = browser_of(app, tenant, "merchant", other), key_of("merchant", other)
    paths = [f"/statements/{stated[1]}", f"/statements/{stated[1]}/pdf", f"/statements/{stated[1]}/payable/orders"]
    for path in (*paths, f"/documents/{paper.id}.pdf"):
        assert browser.get(f"/merchant{path}", **host).status_code == 404, path
    for path in (f"/statements/{stated[1]}", f"/statements/{stated[1]}/pdf", f"/documents/{paper.id}"):
        assert app.test_client().get(f"/api/v1/accounting{path}", headers=key, **host).status_code == 404, path
    assert "ST-10001" not in browser.get("/merchant/statements", **host).text


def test_the_operator_issues_a_month_and_sees_how_far_it_is(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    with transaction():
        sale(make_shop().merchant_id, date(2026, 1, 5), 10_000)
    browser = browser_of(app, tenant, "operator")
    assert browser.post("/operator/statements/2026-02/issue", **host).status_code == 422
    with read_only():
        assert session().scalars(select(StatementRunRow)).all() == []
    assert browser.post("/operator/statements/2026-01/issue", **host).status_code == 303
    assert "hx-trigger" in browser.get("/operator/statements/2026-01", **host).text
    with read_only():
        rows = session().scalars(select(OutboxRow).where(OutboxRow.handler == "accounting.post_items")).all()
        payload = rows[0].payload
    for name in ("accounting.post_items", "accounting.write", "accounting.follow_up"):
        job = jobs.find(name)
        assert job is not None
        with transaction():
            job.run(payload)
    assert "ST-10001" in browser.get("/operator/statements/2026-01", **host).text
    assert browser.get("/operator/statements/2026-01/all.csv", **host).text.count("ST-10001") == 1


@pytest.mark.parametrize(
    "path", ["/statements", "/statements/2026-01", "/documents", "/ledger", "/ledger?on=2026-01-31", "/ledger/months",
             "/ledger/manual", "/ledger/profit?month=2026-01", "/ledger/accountants", "/ledger/profit.csv",
             "/ledger/taxes.csv?month=2026-01", "/ledger/export.csv?month=2026-01&format=datev",
             "/ledger/account?address=fee&by=day", "/ledger/search?q=fee"],
)  # fmt: skip
def test_every_page_of_the_books_answers_with_few_queries(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID], path: str
) -> None:
    browser = browser_of(app, tenant, "operator")
    with Statements(app) as sent:
        assert browser.get(f"/operator{path}", **host).status_code == 200
    assert sent.count <= 14


def test_a_merchants_own_search_leads_to_its_accounts(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID]
) -> None:
    browser = browser_of(app, tenant, "operator")
    assert f"payable:{stated[0]}" in browser.get(f"/operator/ledger/search?q={stated[0]}", **host).text
    assert "Nothing matches" in browser.get("/operator/ledger/search?q=moon", **host).text


def test_without_the_permission_nothing_is_issued_closed_or_posted(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID]
) -> None:
    key, client = key_of("operator", permissions=("ledger.view",)), app.test_client()
    base = "/api/v1/accounting"
    entry = {"reason": "x", "effective_on": "2026-01-01",
             "postings": [{"source": "world", "destination": "fee", "amount_minor": 1}]}  # fmt: skip
    for path, body in (("/statement-runs", {"month": "2026-02"}), ("/closings", {"month": "2026-01", "step": "close"}),
                       ("/manual-entries", entry)):  # fmt: skip
        assert client.post(f"{base}{path}", json=body, headers=key, **host).status_code == 403, path
    with read_only():
        assert (closing.waiting(), manual.listed()[0], books.books().stated_until) == ([], [], FEB)


def test_two_programs_close_a_month_and_post_by_hand(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID]
) -> None:
    anna, boris, client = key_of("operator"), key_of("operator"), app.test_client()
    base = "/api/v1/accounting"
    wish = client.post(f"{base}/closings", json={"month": "2026-01", "step": "close"}, headers=anna, **host).json["id"]
    assert client.post(f"{base}/closings/{wish}/approve", headers=anna, **host).status_code == 403
    assert client.post(f"{base}/closings/{wish}/approve", headers=boris, **host).json["closed_until"] == "2026-02-01"
    body = {"reason": "Bank charge", "effective_on": "2026-01-10",
            "postings": [{"source": "world", "destination": "psp_cost", "amount_minor": 250}]}  # fmt: skip
    made = client.post(f"{base}/manual-entries", json=body, headers=anna, **host).json["id"]
    done = client.post(f"{base}/manual-entries/{made}/approve", headers=boris, **host)
    assert done.status_code == 200
    with read_only():
        assert balances()["psp_cost"] == 250
    trial = client.get(f"{base}/trial-balance?on=2026-01-31", headers=anna, **host).json["data"]
    assert "psp_cost" not in {row["account"] for row in trial}


@pytest.mark.parametrize(
    "path", ["/months", "/statements", "/documents", "/closings", "/manual-entries", "/profit", "/taxes/2026-01",
             "/chart", "/proof", "/export/2026-01.csv", "/trial-balance"],
)  # fmt: skip
def test_the_operators_program_reads_everything(
    app: Flask, tenant: Tenant, host: dict[str, str], stated: tuple[UUID, UUID], path: str
) -> None:
    answer = app.test_client().get(f"/api/v1/accounting{path}", headers=key_of("operator"), **host)
    assert answer.status_code == 200, answer.text


def _buyers_page(sold: Sold) -> str:
    return signing.purchase_path(sold.purchase_id)


def test_a_guest_gets_the_invoice_of_its_own_order_alone(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, browser = sell(), app.test_client()
    path, _mark, query = _buyers_page(sold).partition("?")
    made = browser.post(f"{path}/{sold.order_id}/invoice?{query}", **host)
    assert made.status_code == 303
    with read_only():
        (paper,) = documents.of_order([sold.order_id])[sold.order_id]
    assert paper.number in browser.get(f"{path}?{query}", **host).text
    assert browser.get(f"{path}/documents/{paper.id}.pdf?{query}", **host).data.startswith(b"%PDF-")
    assert app.test_client().get(f"{path}/documents/{paper.id}.pdf", **host).status_code == 404
    other = sell()
    other_path, _mark, other_query = _buyers_page(other).partition("?")
    assert browser.get(f"{other_path}/documents/{paper.id}.pdf?{other_query}", **host).status_code == 404


def test_the_invoice_is_issued_when_the_parcel_leaves(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    with transaction():
        lines = session().scalars(select(LineRow).where(LineRow.order_id == sold.order_id)).all()
        ship(sold.order_id, Shipment("Post", units={line.id: line.quantity for line in lines}))
    job = jobs.find("messages.order_changed")
    assert job is not None
    with transaction():
        job.run({"order": str(sold.order_id), "kind": "shipped"})
        assert session().scalars(select(FiscalDocumentRow.number)).all() == ["INV-10001"]
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    assert "INV-10001" in browser.get(f"/merchant/orders/{sold.order_id}", **host).text


def test_the_mail_of_a_statement_says_its_balance(tenant: Tenant, stated: tuple[UUID, UUID]) -> None:
    job = jobs.find("messages.statement_issued")
    assert job is not None
    with transaction():
        job.run({"statement": str(stated[1])})
        (mail,) = session().scalars(select(OutboxRow).where(OutboxRow.handler == "mail.compose")).all()
        assert mail.payload["values"]["facts"]["balance"] == "90.40 EUR"
        assert mail.payload["values"]["action_path"] == f"/merchant/statements/{stated[1]}"
