"""Payouts in the API: who may do what, what is refused and changes nothing, and what comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from tests.core.billing.settling import IBAN, claim, earn, merchant, unpaid
from tests.core.merchants import making
from tests.market import balances
from tests.web.orders.making import key_of
from tests.working import run_due


class Caller:
    """Speaks to the API of one tenant with one credential."""

    def __init__(self, app: Flask, tenant: Tenant, headers: dict[str, str]) -> None:
        self._client: FlaskClient = app.test_client()
        self._base = {"base_url": f"http://{tenant.slug}.localhost"}
        self._headers = headers

    def __call__(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {**self._headers, **({"Idempotency-Key": key} if key else {})}
        return self._client.open(f"/api/v1{path}", method=method, json=body, headers=headers, **self._base)


@pytest.fixture
def operator(app: Flask, tenant: Tenant) -> Caller:
    """An operator's program that may do everything."""
    return Caller(app, tenant, dict(key_of("operator")))


def person(app: Flask, tenant: Tenant) -> Caller:
    """An operator who has signed in."""
    with transaction():
        secret = making.person("operator")
    return Caller(app, tenant, {"Authorization": f"Bearer {secret}"})


def earned(minor: int) -> UUID:
    with transaction():
        key = merchant()
        earn(key, minor)
        return key


def test_a_payout_is_made_handed_over_and_paid(tenant: Tenant, operator: Caller) -> None:
    key = earned(2336)
    made = operator("POST", "/payouts", {"merchant_id": str(key), "minimum_minor": 2000}, key="k1")
    assert (made.status_code, made.json["amount_minor"], made.json["state"]) == (201, 2336, "claimed")
    assert [item["amount_minor"] for item in made.json["items"]] == [2336]
    again = operator("POST", "/payouts", {"merchant_id": str(key), "minimum_minor": 2000}, key="k1")
    assert again.json["id"] == made.json["id"]
    path = f"/payouts/{made.json['id']}"
    assert operator("POST", f"{path}/paid", {}).status_code == 404
    run_due(tenant)
    paid = operator("POST", f"{path}/paid", {"bank_ref": "S-1"})
    assert (paid.status_code, paid.json["state"], paid.json["bank_ref"]) == (200, "paid", "S-1")
    with transaction():
        assert balances() == {"psp:stripe": 2336, "psp:bank": -2336}


def test_below_the_minimum_nothing_is_made(tenant: Tenant, operator: Caller) -> None:
    key = earned(1999)
    answer = operator("POST", "/payouts", {"merchant_id": str(key), "minimum_minor": 2000})
    assert (answer.status_code, answer.json["amount_minor"], answer.json["id"]) == (200, 0, None)
    assert (answer.json["available_minor"], answer.json["items"]) == (1999, [])
    assert operator("GET", "/payouts").json["data"] == []


def test_a_returned_payout_is_open_again_and_needs_a_reason(tenant: Tenant, operator: Caller) -> None:
    key = earned(1000)
    path = f"/payouts/{operator('POST', '/payouts', {'merchant_id': str(key)}).json['id']}"
    run_due(tenant)
    operator("POST", f"{path}/paid", {})
    assert operator("POST", f"{path}/returned", {}).status_code == 422
    assert operator("GET", path).json["state"] == "paid"
    back = operator("POST", f"{path}/returned", {"reason": "Account closed"})
    assert (back.json["state"], back.json["failure"]) == ("returned", "Account closed")
    assert operator("POST", f"{path}/paid", {}).status_code == 409
    with transaction():
        assert unpaid(key) == 1000


def test_a_key_approves_nothing_and_two_persons_do(app: Flask, tenant: Tenant, operator: Caller) -> None:
    operator("PUT", "/settlement/terms", {"every": "manual", "approval_above_minor": 500})
    key = earned(1000)
    first, second = person(app, tenant), person(app, tenant)
    made = first("POST", "/payouts", {"merchant_id": str(key)}).json
    assert made["state"] == "awaiting_approval"
    path = f"/payouts/{made['id']}/approve"
    assert [who("POST", path).status_code for who in (operator, first)] == [403, 403]
    assert operator("GET", f"/payouts/{made['id']}").json["state"] == "awaiting_approval"
    assert second("POST", path).json["state"] == "claimed"


def test_a_merchant_reads_its_own_payouts_alone(app: Flask, tenant: Tenant, operator: Caller) -> None:
    mine, other = earned(1000), earned(500)
    with transaction():
        payout, foreign = claim(mine), claim(other)
    seller = Caller(app, tenant, dict(key_of("merchant", mine)))
    assert [one["id"] for one in seller("GET", "/payouts").json["data"]] == [str(payout)]
    assert seller("GET", f"/payouts/{payout}/items").json["data"][0]["amount_minor"] == 1000
    assert seller("GET", f"/payouts/{foreign}").status_code == 404
    assert seller("POST", "/payouts", {"merchant_id": str(mine)}).status_code == 401
    assert seller("GET", "/payouts/standing").json["available_minor"] == 0


def test_standing_says_why_the_rest_waits(app: Flask, tenant: Tenant, operator: Caller) -> None:
    key = earned(1000)
    hold = operator("POST", "/settlement/holds", {"merchant_id": str(key), "message": "A dispute", "amount_minor": 400})
    assert hold.status_code == 201
    operator("PUT", f"/settlement/terms/{key}", {"every": "weekly", "minimum_minor": 300})
    found = operator("GET", f"/payouts/standing/{key}").json
    assert (found["available_minor"], found["next_amount_minor"], found["minimum_minor"]) == (1000, 0, 300)
    assert [(one["message"], one["amount_minor"]) for one in found["holds"]] == [("A dispute", 400)]
    assert operator("DELETE", f"/settlement/holds/{hold.json['id']}").status_code == 204
    assert operator("GET", f"/payouts/standing/{key}").json["next_amount_minor"] == 1000
    assert operator("GET", "/payouts/due").json["data"][0]["merchant_id"] == str(key)
    assert operator("DELETE", f"/settlement/terms/{key}").json["is_own"] is False


def test_bank_details_are_masked_and_a_change_rests(app: Flask, tenant: Tenant, operator: Caller) -> None:
    with transaction():
        key = merchant(bank=False)
        earn(key, 1000)
    seller = Caller(app, tenant, dict(key_of("merchant", key)))
    body = {"holder": "Ada", "number": IBAN, "country": "IE"}
    assert seller("GET", "/settlement/bank-account").status_code == 404
    assert seller("PUT", "/settlement/bank-account", body).json["number"] == "IE •••• 5678"
    wrong = seller("PUT", "/settlement/bank-account", {**body, "number": IBAN[:-1] + "9"})
    assert (wrong.status_code, wrong.json["errors"][0]["path"]) == (422, "number")
    seller("PUT", "/settlement/bank-account", {**body, "number": "GB82WEST12345698765432", "country": "GB"})
    made = operator("POST", "/payouts", {"merchant_id": str(key)})
    assert (made.status_code, len(made.json["holds"])) == (200, 1)
    assert operator("POST", f"/settlement/bank-accounts/{key}/end-rest").status_code == 200
    assert operator("POST", "/payouts", {"merchant_id": str(key)}).status_code == 201


def test_a_payment_file_is_sepa_where_everything_is_and_a_table_otherwise(tenant: Tenant, operator: Caller) -> None:
    assert operator("POST", "/settlement/files").status_code == 409
    operator("POST", "/payouts", {"merchant_id": str(earned(1000))})
    run_due(tenant)
    plain = operator("POST", "/settlement/files").json
    text = operator("GET", f"/settlement/files/{plain['id']}").text
    assert (plain["kind"], plain["total_minor"], IBAN in text) == ("csv", 1000, True)
    operator("PUT", "/settlement/own-bank-account", {"holder": "House", "number": IBAN, "country": "IE"})
    operator("POST", "/payouts", {"merchant_id": str(earned(250))})
    run_due(tenant)
    sepa = operator("POST", "/settlement/files").json
    text = operator("GET", f"/settlement/files/{sepa['id']}").text
    assert (sepa["kind"], "<CtrlSum>2.50</CtrlSum>" in text, text.count("<CdtTrfTxInf>")) == ("pain001", True, 1)
    assert operator("GET", f"/settlement/files/{sepa['id']}").text == text
    assert [one["state"] for one in operator("GET", "/payouts").json["data"]] == ["sent", "sent"]


def test_debts_are_fetched_invoiced_and_written_off(app: Flask, tenant: Tenant, operator: Caller) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
    assert operator("POST", "/settlement/clawbacks", {"merchant_id": str(key)}).json["id"]
    assert [one["state"] for one in operator("GET", "/settlement/clawbacks").json["data"]] == ["carried"]
    first, second = person(app, tenant), person(app, tenant)
    body = {"merchant_id": str(key), "do": "write_off", "reason": "Insolvent"}
    assert operator("POST", "/settlement/debts", body).status_code == 403
    debt = first("POST", "/settlement/debts", body).json
    assert first("POST", f"/settlement/debts/{debt['id']}/write_off").status_code == 403
    assert second("POST", f"/settlement/debts/{debt['id']}/write_off").json["state"] == "written_off"
    with transaction():
        assert (unpaid(key), balances()["write_off"]) == (0, 400)
        earn(key, -100)
    invoiced = operator("POST", "/settlement/debts", {"merchant_id": str(key), "do": "invoice"}).json
    paper = operator("GET", f"/accounting/documents/{invoiced['document_id']}").json
    assert (paper["kind"], paper["number"]) == ("payment_request", "PR-10001")
    assert operator("POST", f"/settlement/debts/{invoiced['id']}/paid").json["state"] == "paid"
    assert [one["document_id"] is None for one in operator("GET", "/settlement/debts").json["data"]] == [False, True]


def test_a_withdrawal_is_noted_once(tenant: Tenant, operator: Caller) -> None:
    earned(1000)
    body = {"provider": "stripe", "amount_minor": 600}
    assert [operator("POST", "/settlement/withdrawals", body, key="w").json["is_new"] for _n in range(2)] == [True] * 2
    found = {one["provider"]: one["amount_minor"] for one in operator("GET", "/settlement/purses").json["data"]}
    assert found == {"bank": 600, "stripe": 400}
    assert operator("POST", "/settlement/withdrawals", {**body, "amount_minor": 401}).status_code == 409


def test_who_may_not_pay_out_is_refused(app: Flask, tenant: Tenant) -> None:
    key = earned(1000)
    viewer = Caller(app, tenant, dict(key_of("operator", permissions=("ledger.view",))))
    assert viewer("GET", f"/payouts/standing/{key}").status_code == 200
    for method, path in (
        ("POST", "/payouts"), ("POST", "/settlement/files"), ("PUT", "/settlement/terms"),
        ("POST", f"/payouts/{uuid4()}/approve"), ("POST", f"/payouts/{uuid4()}/paid"),
    ):  # fmt: skip
        body = {"merchant_id": str(key)} if path == "/payouts" else {"every": "daily"} if "terms" in path else {}
        answer = viewer(method, path, body if not path.endswith(("approve", "files")) else None)
        assert answer.status_code == 403, path
    with transaction():
        assert unpaid(key) == 1000
