"""Large refunds need a second person: nothing moves before, one person cannot do both, and splitting does not help."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select

from core.billing import refund as refunds
from core.billing import views
from core.billing.refund import RefundRequest
from core.identity.models import ApprovalRow
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from tenants import settings, values
from tests.market import balances
from tests.web.orders.making import Sold, browser_of, key_of, sell


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant, which lets one person give back 15.00 at most."""
    with transaction():
        settings.change({"refund_second_person": "15"})
    values.forget(tenant.id)
    return {"base_url": f"http://{tenant.slug}.localhost"}


def _line(sold: Sold) -> str:
    with read_only():
        return str(views.order(sold.order_id).lines[0].id)


def _form(sold: Sold, units: int, key: str = "abc") -> dict[str, str]:
    return {f"units-{_line(sold)}": str(units), "reason": "Broken", "key": key, "step": "confirm"}


def _at_provider() -> int:
    with read_only():
        return balances().get("psp:stripe", 0)


def _asked() -> ApprovalRow:
    with read_only():
        return session().scalars(select(ApprovalRow)).one()


def test_a_small_refund_needs_nobody_else(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    browser_of(app, tenant, "operator").post(f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 1), **host)
    assert _at_provider() == 1490


def test_a_large_refund_waits_and_moves_nothing(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    browser, path = browser_of(app, tenant, "operator"), f"/operator/orders/{sold.order_id}"
    for _n in range(2):
        assert browser.post(f"{path}/refund", data=_form(sold, 2), **host).status_code == 303
    assert _at_provider() == 2490
    assert (_asked().state, _asked().amount_minor, _asked().reason) == ("asked", 2000, "Broken")
    assert "waits for a second person" in browser.get(path, **host).text
    assert sold.number in browser.get("/operator/decisions", **host).text


def test_the_one_who_asked_cannot_agree(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, browser = sell(), browser_of(app, tenant, "operator")
    browser.post(f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 2), **host)
    path = f"/operator/decisions/{_asked().id}"
    assert browser.post(f"{path}/approve", **host).status_code == 403
    assert browser.post(f"{path}/reject", **host).status_code == 403
    assert (_at_provider(), _asked().state) == (2490, "asked")
    assert browser.post(f"{path}/withdraw", **host).status_code == 303
    assert (_at_provider(), _asked().state) == (2490, "void")


def test_another_person_agrees_and_it_is_carried_out_once(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    first, second = browser_of(app, tenant, "operator"), browser_of(app, tenant, "operator")
    first.post(f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 2), **host)
    path = f"/operator/decisions/{_asked().id}"
    assert second.get(path, **host).status_code == 200
    assert second.post(f"{path}/approve", **host).status_code == 303
    assert _at_provider() == 490
    assert second.post(f"{path}/approve", **host).status_code == 422
    first.post(f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 2), **host)
    assert (_at_provider(), _asked().state) == (490, "approved")
    assert sold.number in second.get("/operator/decisions?view=made", **host).text
    with read_only():
        assert [r.amount.minor for r in views.order(sold.order_id).refunds] == [2000]


def test_turning_down_moves_nothing_and_says_why(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    first, second = browser_of(app, tenant, "operator"), browser_of(app, tenant, "operator")
    first.post(f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 2), **host)
    second.post(f"/operator/decisions/{_asked().id}/reject", data={"reason": "Ask for pictures"}, **host)
    assert (_at_provider(), _asked().state, _asked().answer) == (2490, "rejected", "Ask for pictures")
    assert "Ask for pictures" in first.get(f"/operator/orders/{sold.order_id}", **host).text


def test_small_steps_do_not_pass_below_the_limit(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, browser = sell(), browser_of(app, tenant, "operator")
    for key in ("one", "two"):
        browser.post(f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 1, key), **host)
    assert (_at_provider(), _asked().amount_minor) == (1490, 1000)


def test_what_changed_meanwhile_cannot_be_agreed_to(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    first, second = browser_of(app, tenant, "operator"), browser_of(app, tenant, "operator")
    first.post(f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 2), **host)
    with transaction():
        refunds.refund(RefundRequest(sold.order_id, {}, "small", delivery=Money(100, "EUR")))
    assert second.post(f"/operator/decisions/{_asked().id}/approve", **host).status_code == 422
    assert (_at_provider(), _asked().state) == (2390, "asked")


def test_a_merchants_cancellation_waits_for_the_marketplace(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    merchant, operator = browser_of(app, tenant, "merchant", sold.shop.merchant_id), browser_of(app, tenant, "operator")
    path = f"/merchant/orders/{sold.order_id}"
    assert merchant.post(f"{path}/cancel", data={"reason": "Lost"}, **host).status_code == 303
    with read_only():
        assert views.order(sold.order_id).state == "paid"
    assert "waits for a second person" in merchant.get(path, **host).text
    operator.post(f"/operator/decisions/{_asked().id}/approve", **host)
    with read_only():
        assert (views.order(sold.order_id).state, balances()) == ("cancelled", {})


def test_nobody_passes_by_calling_the_service(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold = sell()
    with read_only():
        line = views.order(sold.order_id).lines[0].id
    fresh = values.find(tenant.id)
    assert fresh is not None
    with bind(fresh), transaction(), audit.acting(audit.By("operator", new_id(), "Ann")):
        with pytest.raises(Conflict, match=r"approvals\.needed"):
            refunds.refund(RefundRequest(sold.order_id, {line: 2}, "k"))
        assert balances()["psp:stripe"] == 2490


def test_by_api_a_large_refund_is_accepted_but_waits(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api, key = sell(), app.test_client(), key_of("operator")
    body = {"lines": [{"line_id": _line(sold), "quantity": 2}], "key": "k"}
    waits = api.post(f"/api/v1/orders/{sold.order_id}/refunds", json=body, headers=key, **host)
    assert (waits.status_code, waits.json["state"], waits.json["amount_minor"]) == (202, "asked", 2000)
    path = f"/api/v1/decisions/{waits.json['decision_id']}"
    assert api.post(f"{path}/approve", headers=key_of("operator"), **host).json["code"] == "approvals.people_only"
    assert _at_provider() == 2490
    assert [d["state"] for d in api.get("/api/v1/decisions", headers=key, **host).json["data"]] == ["asked"]
    second = browser_of(app, tenant, "operator")
    assert second.post(f"{path}/approve", **host).json["state"] == "approved"
    assert _at_provider() == 490
    assert api.get("/api/v1/decisions?state=made", headers=key, **host).json["data"][0]["decided_name"]


def test_who_may_not_refund_sees_no_decision(app: Flask, tenant: Tenant, host: dict[str, str]) -> None:
    sold, api = sell(), app.test_client()
    browser_of(app, tenant, "operator").post(
        f"/operator/orders/{sold.order_id}/refund", data=_form(sold, 2), **host
    )  # fmt: skip
    weak: Mapping[str, str] = key_of("operator", permissions=("orders.view",))
    assert api.get("/api/v1/decisions", headers=weak, **host).json["data"] == []
    assert api.get(f"/api/v1/decisions/{_asked().id}", headers=weak, **host).status_code == 404
    assert api.post(f"/api/v1/decisions/{_asked().id}/reject", json={}, headers=weak, **host).status_code == 404
    assert _asked().state == "asked"
