"""Order pages: what each person sees and does, and what stays hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from core.billing import views
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from tenants import values
from tests.market import balances, make_shop
from tests.web.orders.making import Sold, Statements, browser_of, sell
from web import signing


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def _state(sold: Sold) -> str:
    with read_only():
        return views.order(sold.order_id).state


def _mails() -> list[dict[str, object]]:
    with read_only():
        rows = session().scalars(select(OutboxRow).where(OutboxRow.handler == "mail.compose")).all()
        return [row.payload for row in rows]


def test_a_merchant_works_an_order_from_paid_to_delivered(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    path = f"/merchant/orders/{sold.order_id}"
    assert sold.number in browser.get("/merchant/orders", **host).text
    assert browser.get(path, **host).status_code == 200
    assert browser.post(f"{path}/accept", **host).status_code == 303
    assert browser.post(f"{path}/parcels", data={"carrier": ""}, **host).status_code == 422
    assert _state(sold) == "accepted"
    sent = {"carrier": "An Post", "tracking": "AB1", "tracking_url": "https://track.test/AB1"}
    assert browser.post(f"{path}/parcels", data=sent, **host).status_code == 303
    with read_only():
        (parcel,) = views.order(sold.order_id).parcels
    assert browser.post(f"{path}/parcels/{parcel.id}/deliver", **host).status_code == 303
    assert _state(sold) == "delivered"
    for page in (path, f"{path}/slip", "/merchant/money", "/merchant/money.csv", "/merchant/orders?q=Ada"):
        assert browser.get(page, **host).status_code == 200, page


def test_a_refund_is_shown_first_and_carried_out_once(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    path = f"/merchant/orders/{sold.order_id}/refund"
    with read_only():
        (line,) = views.order(sold.order_id).lines
    form = {f"units-{line.id}": "1", "reason": "Scratched", "key": "abc"}
    assert "€10.00" in browser.post(path, data=form, **host).text
    with read_only():
        assert balances()["psp:stripe"] == 2490
    for _n in range(2):
        assert browser.post(path, data={**form, "step": "confirm"}, **host).status_code == 303
    with read_only():
        assert balances()["psp:stripe"] == 1490


def test_a_merchant_never_sees_another_merchants_order(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    with transaction():
        other = make_shop()
    browser = browser_of(app, tenant, "merchant", other.merchant_id)
    path = f"/merchant/orders/{sold.order_id}"
    assert sold.number not in browser.get("/merchant/orders?tab=all", **host).text
    for page in (path, f"{path}/slip"):
        assert browser.get(page, **host).status_code == 404
    for verb in ("accept", "parcels", "refund", "cancel", "notes"):
        answer = browser.post(f"{path}/{verb}", data={"carrier": "x", "reason": "x", "text": "x"}, **host)
        assert answer.status_code == 404, verb
    assert _state(sold) == "paid"
    assert sold.number not in browser.get("/merchant/money.csv", **host).text


def test_a_guests_link_opens_the_purchase_and_a_wrong_one_does_not(
    app: Flask, tenant: Tenant, host: dict[str, str], make_tenant: Callable[..., Tenant]
) -> None:
    sold, other = sell(), make_tenant()
    browser = app.test_client()
    assert sold.number in browser.get(signing.purchase_path(sold.purchase_id), **host).text
    for query in ("", "?sig=", f"?sig={'0' * 32}", "?token=nope", "?token="):
        assert browser.get(f"/orders/{sold.purchase_id}{query}", **host).status_code == 404, query
    with bind(other):
        foreign = signing.purchase_path(sold.purchase_id)
    assert browser.get(foreign, **host).status_code == 404


def test_a_guest_confirms_the_receipt_by_link_alone(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    merchant = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    merchant.post(f"/merchant/orders/{sold.order_id}/parcels", data={"carrier": "DPD"}, **host)
    guest, path = app.test_client(), f"/orders/{sold.purchase_id}/{sold.order_id}/received"
    assert guest.post(path, **host).status_code == 404
    assert _state(sold) == "shipped"
    assert guest.post(f"{path}?sig={signing.signature(sold.purchase_id)}", **host).status_code == 303
    assert _state(sold) == "delivered"


def test_looking_up_an_order_says_nothing_about_whether_it_exists(
    app: Flask, tenant: Tenant, host: dict[str, str]
) -> None:
    sold = sell()
    guest, asked = app.test_client(), {"number": sold.number, "email": "ada@example.com"}
    right = guest.post("/track", data=asked, **host)
    count = len(_mails())
    wrong = guest.post("/track", data={**asked, "number": "P1"}, **host)
    assert (right.status_code, right.text) == (wrong.status_code, wrong.text)
    assert (count, len(_mails())) == (1, 1)
    assert "sig=" in str(_mails()[0])


def test_operator_pages_show_orders_purchases_and_the_ledger(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    browser = browser_of(app, tenant, "operator")
    pages = ("orders", f"orders/{sold.order_id}", "purchases", f"purchases/{sold.purchase_id}", "ledger", "ledger.csv",
             "ledger/entries", f"ledger/entries?order={sold.number}", "ledger/entries.csv", "ledger/proof", "")  # fmt: skip
    for page in pages:
        answer = browser.get(f"/operator/{page}", **host)
        assert answer.status_code == 200, page
    assert sold.number in browser.get(f"/operator/ledger/entries?order={sold.number}", **host).text
    browser.post(f"/operator/orders/{sold.order_id}/cancel", data={"reason": "Recalled"}, **host)
    assert _state(sold) == "cancelled"


def test_lists_take_the_same_number_of_statements_for_one_order_and_for_many(
    app: Flask, tenant: Tenant, host: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "_FRESH_SECONDS", 3600)  # the tenant's own rows are read once
    sold = sell()
    browsers = {"merchant": browser_of(app, tenant, "merchant", sold.shop.merchant_id),
                "operator": browser_of(app, tenant, "operator")}  # fmt: skip
    pages = [("merchant", "/merchant/orders?tab=all"), ("operator", "/operator/orders"),
             ("operator", "/operator/purchases"), ("operator", "/operator/ledger/entries"),
             ("merchant", "/merchant/money")]  # fmt: skip

    def counted() -> list[int]:
        found = []
        for who, page in pages:
            browsers[who].get(page, **host)
            with Statements(app) as statements:
                browsers[who].get(page, **host)
            found.append(statements.count)
        return found

    before = counted()
    for _n in range(3):
        sell(sold.shop)
    assert counted() == before


def test_mails_go_out_when_paid_and_sent_with_a_link_for_guests(
    app: Flask, tenant: Tenant, host: dict[str, str]
) -> None:
    sold = sell()
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    sent = {"carrier": "DPD", "tracking": "Z9"}
    browser.post(f"/merchant/orders/{sold.order_id}/parcels", data=sent, **host)
    with transaction():
        rows = session().scalars(select(OutboxRow).where(OutboxRow.handler.like("messages.%"))).all()
        for row in rows:
            job = jobs.find(row.handler)
            assert job is not None
            job.run(row.payload)
    mails = [m["values"] for m in _mails()]
    assert [m["title"] for m in mails] == ["Your purchase {number}", "Your order {number} is on its way"]
    assert mails[1]["facts"]["parcels"] == "DPD Z9"
    assert all(m["action_path"] == signing.purchase_path(sold.purchase_id) for m in mails)
