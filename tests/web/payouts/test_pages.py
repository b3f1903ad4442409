"""Payout pages: each state has its next step, both answers stand on one page, and refusals change nothing."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.billing import release
from core.billing.payouts import reading, terms
from core.billing.payouts.terms import Terms
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.payments import bank_accounts
from core.payments.bank_accounts import Details
from tests.core.billing.settling import IBAN, claim, earn, merchant, unpaid
from tests.web.orders.making import Sold, Statements, browser_of, sell
from tests.working import run_due

Host = dict[str, str]


@pytest.fixture
def host(tenant: Tenant) -> Host:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


@pytest.fixture
def operator(app: Flask, tenant: Tenant) -> FlaskClient:
    """An operator's browser."""
    return browser_of(app, tenant, "operator")


def sold_and_paid_out() -> tuple[Sold, UUID]:
    """Complete an order of a merchant with a bank account, and pay it out; another order waits."""
    sold = sell()
    with transaction():
        bank_accounts.write(sold.shop.merchant_id, Details("Ada Ltd", IBAN, country="IE"))
        release.complete(sold.order_id)
        payout = claim(sold.shop.merchant_id)
    sell(sold.shop)
    return sold, payout


def state_of(payout: UUID) -> str:
    with read_only():
        return reading.find(payout).state


def test_both_answers_stand_on_a_payouts_page(app: Flask, tenant: Tenant, host: Host, operator: FlaskClient) -> None:
    sold, payout = sold_and_paid_out()
    seller = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    for browser, path in ((operator, f"/operator/payouts/{payout}"), (seller, f"/merchant/payouts/{payout}")):
        text = browser.get(path, **host).text
        assert "Why is it this amount?" in text
        assert "Why is the rest not paid yet?" in text
        assert f"Order {sold.number}" in text
        assert "1 order is not complete" in text
        assert IBAN not in text


def test_an_operator_pays_files_and_notes_what_the_bank_did(tenant: Tenant, host: Host, operator: FlaskClient) -> None:
    with transaction():
        key, empty = merchant(), merchant()
        earn(key, 1000)
    assert "Every week, on Monday" in operator.get("/operator/payouts", **host).text
    answer = operator.post("/operator/payouts/run", data={"id": [str(key), str(empty)]}, **host)
    assert answer.status_code == 303
    run_due(tenant)
    with read_only():
        payout = reading.payouts(reading.Wanted(key))[0][0].id
    assert "To transfer" in operator.get(f"/operator/payouts/{payout}", **host).text
    assert operator.post("/operator/payouts/files", **host).status_code == 303
    listed = operator.get("/operator/payouts", **host).text
    href = listed.split('href="/operator/payouts/files/')[1].split('"')[0]
    file = operator.get(f"/operator/payouts/files/{href}", **host)
    assert (IBAN in file.text, file.headers["Cache-Control"]) == (True, "no-store")
    path = f"/operator/payouts/{payout}/report"
    assert operator.post(f"{path}/failed", data={"reason": " "}, **host).status_code == 422
    assert state_of(payout) == "sent"
    assert operator.post(f"{path}/paid", data={"bank_ref": "S 1"}, **host).status_code == 303
    assert operator.post(f"{path}/returned", data={"reason": "Closed"}, **host).status_code == 303
    assert "Closed" in operator.get(f"/operator/payouts/{payout}", **host).text
    with read_only():
        assert unpaid(key) == 1000


def test_two_persons_approve_on_the_page(app: Flask, tenant: Tenant, host: Host, operator: FlaskClient) -> None:
    with transaction():
        terms.change(Terms(approval_above_minor=1))
        key = merchant()
        earn(key, 1000)
        payout = claim(key)
    path = f"/operator/payouts/{payout}"
    assert operator.post(f"{path}/approve", **host).status_code == 303
    assert "You have agreed already" in operator.get(path, **host).text
    assert operator.post(f"{path}/approve", **host).status_code in (403, 422)
    assert state_of(payout) == "awaiting_approval"
    other = browser_of(app, tenant, "operator")
    assert other.post(f"{path}/approve", **host).status_code == 303
    assert state_of(payout) == "claimed"


def test_a_payout_is_called_off_with_a_reason(tenant: Tenant, host: Host, operator: FlaskClient) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
        payout = claim(key)
    assert operator.post(f"/operator/payouts/{payout}/cancel", data={}, **host).status_code == 422
    assert state_of(payout) == "claimed"
    operator.post(f"/operator/payouts/{payout}/cancel", data={"reason": "Twice"}, **host)
    assert state_of(payout) == "cancelled"


def test_an_operator_holds_and_lifts_and_sets_terms(tenant: Tenant, host: Host, operator: FlaskClient) -> None:
    with transaction():
        key = merchant()
        earn(key, 1000)
    path = f"/operator/payouts/merchants/{key}"
    assert operator.post(f"{path}/holds", data={"message": "x", "amount": "-1"}, **host).status_code == 422
    assert operator.post(f"{path}/holds", data={"message": "Dispute 7", "amount": "4"}, **host).status_code == 303
    text = operator.get(path, **host).text
    assert "Dispute 7" in text
    hold = text.split("/operator/payouts/holds/")[1].split("/")[0]
    assert operator.post(f"/operator/payouts/holds/{hold}/lift", **host).status_code == 303
    form = {"every": "monthly", "weekday": "0", "month_day": "15", "minimum": "12.50", "reserve_percent": "7.5",
            "reserve_days": "10", "adapter": "bank"}  # fmt: skip
    assert operator.post(f"{path}/terms", data={**form, "month_day": "31"}, **host).status_code == 422
    assert operator.post(f"{path}/terms", data=form, **host).status_code == 303
    with read_only():
        mine = terms.of_merchant(key)
        assert (mine.month_day, mine.minimum_minor, mine.reserve_bps, mine.is_own) == (15, 1250, 750, True)
    assert operator.post(f"{path}/terms", data={"action": "forget"}, **host).status_code == 303
    settings = {**form, "approval_above": "100"}
    assert operator.post("/operator/payouts/settings", data=settings, **host).status_code == 303
    account = {"form": "account", "holder": "House", "number": IBAN, "country": "IE"}
    assert operator.post("/operator/payouts/settings", data=account, **host).status_code == 303
    with read_only():
        assert (terms.of_merchant(key).approval_above_minor, terms.of_merchant(key).is_own) == (10_000, False)
    assert operator.post(f"{path}/pay", **host).status_code == 303


def test_debts_on_the_page(app: Flask, tenant: Tenant, host: Host, operator: FlaskClient) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
    path = f"/operator/payouts/merchants/{key}"
    assert operator.post(f"{path}/debt/fetch", **host).status_code == 303
    assert operator.post(f"{path}/debt/write_off", data={"reason": ""}, **host).status_code == 422
    assert operator.post(f"{path}/debt/write_off", data={"reason": "Gone"}, **host).status_code == 303
    debt = operator.get(path, **host).text.split("/debts/")[1].split("/")[0]
    other = browser_of(app, tenant, "operator")
    assert other.post(f"{path}/debts/{debt}/agree", **host).status_code == 303
    with read_only():
        assert unpaid(key) == 0


def test_a_merchant_gives_and_changes_its_bank_account(app: Flask, tenant: Tenant, host: Host) -> None:
    with transaction():
        key = merchant(bank=False)
        earn(key, 1000)
    seller = browser_of(app, tenant, "merchant", key)
    assert "nothing can be paid out" in seller.get("/merchant/payouts", **host).text
    form = {"holder": "Ada", "number": IBAN, "country": "IE"}
    wrong = seller.post("/merchant/payouts/account", data={**form, "number": "IE00AIBK93115212345678"}, **host)
    assert (wrong.status_code, "check digits" in wrong.text) == (422, True)
    assert seller.post("/merchant/payouts/account", data=form, **host).status_code == 303
    text = seller.get("/merchant/payouts", **host).text
    assert ("•••• 5678" in text, IBAN in text, "€10.00" in text) == (True, False, True)
    form["number"] = "GB82WEST12345698765432"
    assert seller.post("/merchant/payouts/account", data={**form, "country": "GB"}, **host).status_code == 303
    assert "payouts begin on" in seller.get("/merchant/payouts/account", **host).text


def test_the_number_of_statements_does_not_grow_with_rows(
    app: Flask, tenant: Tenant, host: Host, operator: FlaskClient
) -> None:
    def cost(rows: int) -> int:
        with transaction():
            key = merchant()
            for _number in range(rows):
                earn(key, 100)
            payout = claim(key)
        counts = []
        for _time in range(3):  # what is kept for some seconds is read by the first
            with Statements(app) as statements:
                assert operator.get(f"/operator/payouts/{payout}", **host).status_code == 200
                assert operator.get("/operator/payouts", **host).status_code == 200
            counts.append(statements.count)
        return min(counts)

    few = cost(1)
    assert cost(12) == few


def test_the_stranger_sees_nothing(app: Flask, tenant: Tenant, host: Host) -> None:
    with transaction():
        mine, other = merchant(), merchant()
        earn(other, 1000)
        payout = claim(other)
    seller = browser_of(app, tenant, "merchant", mine)
    assert seller.get(f"/merchant/payouts/{payout}", **host).status_code == 404
