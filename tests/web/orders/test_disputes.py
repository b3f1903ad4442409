"""Disputes in the consoles and in the API: a merchant answers its own, an operator hands in or gives up."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from core.billing import disputes
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.payments.dispute_news import DisputeNews
from core.payments.models import PaymentRow
from tests.web.orders.making import Sold, Statements, browser_of, key_of, sell


def dispute(sold: Sold, ref: str = "du_1") -> UUID:
    """Have the buyer's bank dispute a paid order."""
    with transaction():
        payment = session().query(PaymentRow).filter_by(purchase_id=sold.purchase_id).one()
        amount = Money(payment.amount_minor, payment.currency)
        due = clock.now() + timedelta(days=9)
        news = DisputeNews(ref, payment.id, "stripe", amount, Money(1500, payment.currency), "fraudulent", "open", due)
        disputes.hear(news)
    with read_only():
        return next(found.id for found in disputes.search() if found.ref == ref)


@pytest.fixture
def sold(tenant: Tenant) -> Sold:
    return sell()


@pytest.fixture
def base(tenant: Tenant) -> dict[str, str]:
    return {"base_url": f"http://{tenant.slug}.localhost"}


def share_of(dispute_id: UUID) -> disputes.Share:
    with read_only():
        return disputes.shares(dispute_id)[0]


def test_merchant_answers_with_a_paper_and_the_operator_hands_it_in(
    app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]
) -> None:
    key = dispute(sold)
    merchant = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    assert "The cardholder did not buy this" in merchant.get("/merchant/disputes", **base).get_data(as_text=True)
    page = merchant.get(f"/merchant/disputes/{key}", **base).get_data(as_text=True)
    assert "What happened" in page
    address = f"/merchant/disputes/{key}/answers/{share_of(key).id}"
    form = {"answer": "Delivered on Monday.", "file": (io.BytesIO(b"%PDF-1.7 slip"), "slip.pdf")}
    assert merchant.post(address, data=form, **base).status_code == 303
    assert merchant.get(address, **base).data == b"%PDF-1.7 slip"
    operator = browser_of(app, tenant, "operator")
    assert "Delivered on Monday." in operator.get(f"/operator/disputes/{key}", **base).get_data(as_text=True)
    paper = operator.get(f"/operator/disputes/{key}/answers/{share_of(key).id}", **base)
    assert paper.data == b"%PDF-1.7 slip"
    assert operator.post(f"/operator/disputes/{key}/submit", **base).status_code == 303
    with read_only():
        assert disputes.find(key).asked == "submit"
    assert operator.post(f"/operator/disputes/{key}/accept", **base).status_code == 422


def test_empty_answer_is_refused_on_the_page_and_nothing_is_kept(
    app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]
) -> None:
    key = dispute(sold)
    merchant = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    refused = merchant.post(f"/merchant/disputes/{key}/answers/{share_of(key).id}", data={"answer": " "}, **base)
    assert (refused.status_code, "Nothing was changed" in refused.get_data(as_text=True)) == (422, True)
    assert share_of(key).answered_at is None


def test_other_merchants_dispute_is_not_there(app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]) -> None:
    key, other = dispute(sold), sell()
    stranger = browser_of(app, tenant, "merchant", other.shop.merchant_id)
    assert stranger.get(f"/merchant/disputes/{key}", **base).status_code == 404
    address = f"/merchant/disputes/{key}/answers/{share_of(key).id}"
    assert stranger.post(address, data={"answer": "Mine now"}, **base).status_code in (404, 422)
    assert stranger.get(address, **base).status_code == 404
    assert share_of(key).answer == ""


def test_nothing_to_hand_in_is_refused(app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]) -> None:
    key = dispute(sold)
    operator = browser_of(app, tenant, "operator")
    assert operator.post(f"/operator/disputes/{key}/submit", **base).status_code == 422
    with read_only():
        assert disputes.find(key).asked == ""


def test_programs_read_answer_and_decide(app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]) -> None:
    key, client = dispute(sold), app.test_client()
    merchant, operator = key_of("merchant", sold.shop.merchant_id), key_of("operator")
    mine = client.get("/api/v1/disputes/mine", headers=merchant, **base).json["data"]
    assert [(row["id"], row["state"], row["shares"][0]["amount_minor"]) for row in mine] == [(str(key), "open", 2490)]
    address = f"/api/v1/disputes/mine/answers/{share_of(key).id}"
    said = client.put(address, json={"answer": "Delivered"}, headers=merchant, **base)
    assert (said.status_code, said.json["answer"]) == (200, "Delivered")
    listed = client.get("/api/v1/disputes/?state=open", headers=operator, **base).json
    assert [row["reference"] for row in listed["data"]] == ["du_1"]
    asked = client.post(f"/api/v1/disputes/{key}/submit", headers=operator, **base)
    assert (asked.status_code, asked.json["asked"]) == (202, "submit")
    again = client.post(f"/api/v1/disputes/{key}/accept", headers=operator, **base)
    assert (again.status_code, again.json["code"]) == (409, "disputes.under_way")
    assert client.put(address, json={"answer": "Late"}, headers=merchant, **base).status_code == 409


def test_who_may_not_refund_decides_nothing(app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]) -> None:
    key = dispute(sold)
    headers = key_of("operator", permissions=("orders.view",))
    assert app.test_client().post(f"/api/v1/disputes/{key}/accept", headers=headers, **base).status_code == 403
    with read_only():
        assert (disputes.find(key).state, disputes.find(key).asked) == ("open", "")


def test_list_takes_as_many_statements_for_many_as_for_one(
    app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]
) -> None:
    dispute(sold)
    merchant = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    merchant.get("/merchant/disputes", **base)
    merchant.get("/merchant/orders", **base)  # what is known of a marketplace is kept for a moment
    with Statements(app) as one:
        merchant.get("/merchant/disputes?state=open", **base)
    for number in range(3):
        dispute(sell(sold.shop), f"du_more_{number}")
    merchant.get("/merchant/orders", **base)
    with Statements(app) as many:
        merchant.get("/merchant/disputes?state=open", **base)
    assert many.count == one.count


def test_programs_add_a_paper_to_an_answer_and_others_do_not_see_it(
    app: Flask, tenant: Tenant, sold: Sold, base: dict[str, str]
) -> None:
    key, client, other = dispute(sold), app.test_client(), sell()
    merchant, stranger = key_of("merchant", sold.shop.merchant_id), key_of("merchant", other.shop.merchant_id)
    share = share_of(key).id
    address = f"/api/v1/disputes/mine/answers/{share}/paper"

    def slip() -> dict[str, object]:
        return {"file": (io.BytesIO(b"%PDF-1.7 slip"), "slip.pdf")}

    silent = client.put(address, data=slip(), headers=merchant, **base)
    assert (silent.status_code, silent.json["code"]) == (422, "disputes.no_answer")
    assert client.put(address, data=slip(), headers=stranger, **base).status_code == 404
    assert client.put(address, data={"answer": "No file"}, headers=merchant, **base).status_code == 422
    assert (share_of(key).answered_at, share_of(key).media_id) == (None, None)
    kept = client.put(address, data={**slip(), "answer": "Delivered"}, headers=merchant, **base)
    assert (kept.status_code, kept.json["answer"], kept.json["has_paper"]) == (200, "Delivered", True)
    assert client.put(address, data=slip(), headers=merchant, **base).json["answer"] == "Delivered"
    assert client.get(address, headers=merchant, **base).data == b"%PDF-1.7 slip"
    operator = f"/api/v1/disputes/answers/{share}/paper"
    assert client.get(operator, headers=key_of("operator"), **base).data == b"%PDF-1.7 slip"
    assert client.get(address, headers=stranger, **base).status_code == 404
