"""Approval before ordering, through API and pages: asked for, decided by another, ordered as agreed; else nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.catalogue.models import VariantRow
from core.hooks.data import DataSubject
from core.kernel import clock
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import transaction
from core.orders.models import AppliedRow
from core.payments import payments
from plugins.b2b import own_data, requisitions, sweeping
from plugins.b2b.deal_models import RequisitionRow
from plugins.b2b.models import BoughtRow, MemberRow
from plugins.b2b.tests.ground import People, people, rows, switch_on
from tenants import plugins as tenant_plugins
from tests.market import make_good, make_shop
from tests.working import run_due


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "start", lambda payment: payment)


@pytest.fixture
def ground(app: Flask, tenant: Tenant) -> Iterator[People]:
    """A company of "ann" (admin), "bob" (buyer up to 150.00) and "cora" (approver up to 900.00)."""
    on = switch_on(tenant)
    with bind(on):
        found = people(app, on)
        found.company()
        found.hire("bob", "buyer", 15_000)
        found.hire("cora", "approver", 90_000)
        yield found


def good(price: int = 10_000) -> UUID:
    with transaction():
        return make_good(make_shop(), price)


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text


def ask(ground: People, units: int = 3, note: str = "For the fair") -> Any:
    """Let "bob" ask for so many units of 100.00."""
    ground.fill("bob", good(), units)
    asked = ground.ask("bob", "POST", "/b2b/requisitions", {"note": note})
    assert asked.status_code == 201, asked.text
    return asked.json


def decide(ground: People, who: str, key: str, event: str = "approve", reason: str = "") -> Any:
    return ground.ask(who, "POST", f"/b2b/requisitions/{key}/decisions", {"event": event, "reason": reason})


def row() -> RequisitionRow:
    return session().scalars(select(RequisitionRow)).one()


def reprice(minor: int) -> None:
    with transaction():
        session().scalars(select(VariantRow)).one().price_minor = minor


def test_what_is_above_the_limit_is_asked_for_agreed_to_and_ordered_once(ground: People) -> None:
    asked = ask(ground)
    assert (asked["state"], asked["total_minor"], asked["author"], asked["note"]) == (
        "waiting", 30_000, "Bob", "For the fair",
    )  # fmt: skip
    approved = decide(ground, "cora", asked["id"]).json
    assert (approved["state"], approved["approver"]) == ("approved", "Cora")
    assert ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart").status_code == 204
    placed = ground.place("bob", expected_total_minor=30_000)
    assert placed.status_code == 201, placed.text
    after = ground.ask("bob", "GET", f"/b2b/requisitions/{asked['id']}").json
    assert (after["state"], after["purchase_id"]) == ("placed", placed.json["id"])
    assert rows()["b2b_bought"] == 1
    refused(ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart"), 409, "b2b.requisition.not_now")


def test_those_who_may_agree_are_asked_by_mail_and_the_author_is_told(ground: People) -> None:
    asked = ask(ground)
    decide(ground, "cora", asked["id"], "reject", "Too many")
    with transaction():
        payloads = session().scalars(select(OutboxRow.payload).where(OutboxRow.handler == "mail.compose")).all()
    path = f"/b2b/requisitions/{asked['id']}"
    sent = [(one["to"], one["values"]["facts"].get("reason")) for one in payloads
            if one["values"]["action_path"] == path]  # fmt: skip
    assert sent == [("ann@example.com", None), ("cora@example.com", None), ("bob@example.com", "Too many")]


@pytest.mark.parametrize(("who", "units"), [("bob", 3), ("cora", 10)])
def test_neither_the_author_nor_somebody_with_a_lower_limit_agrees(ground: People, who: str, units: int) -> None:
    asked = ask(ground, units)
    with transaction():
        session().scalars(select(MemberRow).where(MemberRow.customer_id == ground.ids["bob"])).one().role = "admin"
    refused(decide(ground, who, asked["id"]), 403, "b2b.not_yours_to_approve")
    assert ground.ask("ann", "GET", f"/b2b/requisitions/{asked['id']}").json["state"] == "waiting"
    assert decide(ground, "ann", asked["id"]).json["state"] == "approved"


def test_a_rejection_needs_a_reason_and_ends_it(ground: People) -> None:
    asked = ask(ground)
    refused(decide(ground, "cora", asked["id"], "reject"), 422, "b2b.reason")
    assert ground.ask("bob", "GET", f"/b2b/requisitions/{asked['id']}").json["state"] == "waiting"
    assert decide(ground, "cora", asked["id"], "reject", "Too many").json["reason"] == "Too many"
    refused(decide(ground, "cora", asked["id"]), 409, "b2b.requisition.not_now")
    refused(ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart"), 409, "b2b.requisition.not_now")
    refused(ground.place("bob"), 409, "b2b.own_limit")


def test_what_needs_no_approval_or_cannot_be_bought_is_not_asked_for(ground: People) -> None:
    refused(ground.ask("bob", "POST", "/b2b/requisitions", {}), 409, "b2b.nothing_to_ask")
    ground.fill("bob", good(), 1)
    refused(ground.ask("bob", "POST", "/b2b/requisitions", {}), 409, "b2b.no_need")
    ground.ask("bob", "PUT", "/cart/answers", {"answers": {"b2b.for": "myself"}})
    refused(ground.ask("bob", "POST", "/b2b/requisitions", {}), 409, "b2b.no_need")
    assert rows()["b2b_requisitions"] == 0


@pytest.mark.parametrize(("today", "total"), [(12_000, 30_000), (10_000, 30_000), (9_000, 27_000)])
def test_goods_cost_what_was_agreed_or_less(ground: People, today: int, total: int) -> None:
    asked = ask(ground)
    decide(ground, "cora", asked["id"])
    reprice(today)
    ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart")
    assert ground.place("bob", expected_total_minor=total).status_code == 201
    with transaction():
        reasons = [(one.reason, one.amount_minor) for one in session().scalars(select(AppliedRow))]
    assert reasons == ([(f"b2b:requisition.{asked['id']}", -6_000)] if today > 10_000 else [])


@pytest.mark.parametrize(("limit", "drift", "code"), [(0, 200, "b2b.requisition_changed"), (0, 2_000, "")])
def test_a_total_that_rose_further_than_the_setting_is_asked_for_again(
    ground: People, limit: int, drift: int, code: str
) -> None:
    asked = ask(ground)
    decide(ground, "cora", asked["id"])
    with transaction():
        row().total_minor = 28_000
    ground.tenant = switch_on(ground.tenant, price_drift_bps=drift)
    with bind(ground.tenant):
        ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart")
        placed = ground.place("bob")
        assert placed.status_code == (409 if code else 201)
        assert placed.json.get("code", "") == code


@pytest.mark.parametrize("change", ["more", "other"])
def test_another_basket_than_the_approved_one_is_above_the_limit(ground: People, change: str) -> None:
    asked = ask(ground)
    decide(ground, "cora", asked["id"])
    ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart")
    variant = UUID(asked["lines"][0]["variant_id"]) if change == "more" else good(100)
    cart = ground.fill("bob", variant, 1)
    assert [one["code"] for one in cart["violations"]] == ["b2b.own_limit"]
    refused(ground.place("bob"), 409, "b2b.own_limit")
    assert ground.ask("bob", "GET", f"/b2b/requisitions/{asked['id']}").json["state"] == "approved"


def test_what_else_is_in_the_cart_waits_for_later(ground: People) -> None:
    asked = ask(ground)
    decide(ground, "cora", asked["id"])
    other = good(700)
    ground.fill("bob", other, 2)
    ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart")
    assert ground.place("bob", expected_total_minor=30_000).status_code == 201
    assert ground.fill("bob", other, 1)["total_minor"] == 2_100


def test_an_approval_that_was_used_meanwhile_is_refused_under_lock(ground: People) -> None:
    asked = ask(ground)
    decide(ground, "cora", asked["id"])
    reprice(12_000)
    ground.ask("bob", "POST", f"/b2b/requisitions/{asked['id']}/cart")
    with transaction():
        seat = session().scalars(select(MemberRow).where(MemberRow.customer_id == ground.ids["bob"])).one()
        seat.order_limit_minor = None
    held = requisitions.hold

    def ends_first(basket: Any) -> None:
        held(basket)
        requisitions.use(UUID(asked["id"]), UUID(int=1))
        session().flush()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(requisitions, "hold", ends_first)
        refused(ground.place("bob"), 409, "b2b.requisition_used")
    with transaction():
        assert session().scalars(select(BoughtRow)).all() == []
        assert row().state == "approved"


@pytest.mark.parametrize("event", ["waiting", "approved"])
def test_time_ends_what_waits_and_what_was_approved_by_timer_or_by_sweep(ground: People, event: str) -> None:
    asked = ask(ground)
    if event == "approved":
        decide(ground, "cora", asked["id"])
    with transaction():
        timers = session().scalars(select(OutboxRow).where(OutboxRow.handler == "b2b.expire")).all()
        (timer,) = [one for one in timers if one.done_at is None]
        assert timer.next_at == row().expires_at
        sweeping.expire(current(), asked["id"])
        assert row().state == event
        row().expires_at = clock.now() - timedelta(seconds=1)
        timer.next_at = clock.now()
    if event == "waiting":
        run_due()
    else:
        with transaction():
            sweeping.nightly(current())
    assert ground.ask("bob", "GET", f"/b2b/requisitions/{asked['id']}").json["state"] == "lapsed"
    with transaction():
        assert requisitions.sweep() == 0


def test_the_author_takes_it_back_and_nobody_else(ground: People) -> None:
    asked = ask(ground)
    refused(decide(ground, "cora", asked["id"], "withdraw"), 403, "b2b.not_yours")
    refused(ground.ask("cora", "POST", f"/b2b/requisitions/{asked['id']}/cart"), 403, "b2b.not_yours")
    assert decide(ground, "bob", asked["id"], "withdraw").json["state"] == "withdrawn"


def test_buyers_see_their_own_and_approvers_the_companys(ground: People) -> None:
    asked = ask(ground)
    ground.hire("dan", "buyer", 0)
    assert ground.ask("dan", "GET", "/b2b/requisitions").json["data"] == []
    assert ground.ask("dan", "GET", f"/b2b/requisitions/{asked['id']}").status_code == 404
    for who in ("bob", "cora", "ann"):
        assert [one["id"] for one in ground.ask(who, "GET", "/b2b/requisitions").json["data"]] == [asked["id"]]


def test_another_company_and_another_marketplace_see_nothing(
    ground: People, app: Flask, make_tenant: Callable[..., Tenant]
) -> None:
    asked = ask(ground)
    ground.join("eve")
    other = {"name": "Other", "reg_no": "9", "country": "IE", "invoice_email": "x@other.example"}
    ground.decide(ground.ask("eve", "POST", "/b2b/company", other).json["id"], "approve")
    assert decide(ground, "eve", asked["id"]).status_code == 404
    there = switch_on(make_tenant())
    with bind(there):
        strangers = people(app, there)
        strangers.company()
        assert decide(strangers, "ann", asked["id"]).status_code == 404
    assert ground.ask("bob", "GET", f"/b2b/requisitions/{asked['id']}").json["state"] == "waiting"


def test_switching_off_lets_promises_lapse(ground: People) -> None:
    ask(ground)
    with transaction():
        assert tenant_plugins.disable("b2b") == "disabled"
    with transaction():
        assert row().state == "lapsed"


def test_the_pages_lead_from_the_cart_to_the_order(ground: People) -> None:
    assert "Nothing was asked for" in ground.see("bob", "GET", "/b2b/requisitions").text
    ground.fill("bob", good(), 3)
    assert "Ask for approval" in ground.see("bob", "GET", "/cart").text
    assert "Ask for approval" not in ground.see("ann", "GET", "/cart").text
    sent = ground.see("bob", "POST", "/b2b/requisitions", {"note": "For the fair"})
    assert sent.status_code == 303
    page = sent.headers["Location"]
    assert "Your decision" not in ground.see("bob", "GET", page).text
    assert "Waits for you" in ground.see("cora", "GET", "/b2b/requisitions").text
    shown = ground.see("cora", "GET", page).text
    assert "Your decision" in shown
    assert "For the fair" in shown
    assert ground.see("cora", "POST", f"{page}/reject", {"reason": ""}).status_code == 422
    assert ground.see("cora", "POST", f"{page}/approve", {}).status_code == 303
    assert "Go to checkout" in ground.see("bob", "GET", page).text
    assert ground.see("bob", "POST", f"{page}/cart", {}).headers["Location"].endswith("/checkout")
    assert ground.place("bob").status_code == 201
    assert "See the order" in ground.see("bob", "GET", page).text
    again = ground.see("cora", "POST", f"{page}/approve", {})
    assert (again.status_code, "look again" in again.text) == (422, True)


def test_nobody_to_ask_is_said(ground: People) -> None:
    asked = ask(ground)
    with transaction():
        for one in session().scalars(select(MemberRow)):
            one.order_limit_minor = 0
    assert "Nobody else of the company may agree" in ground.see("bob", "GET", f"/b2b/requisitions/{asked['id']}").text


def test_a_persons_words_go_with_them_and_the_approval_stays(ground: People) -> None:
    ask(ground)
    subject = DataSubject("customer", ground.ids["bob"])
    with transaction():
        files = {one.name: one.content for one in own_data.export(subject)}
        assert b"For the fair" in files["b2b/requisitions.json"]
        own_data.erase(subject)
    with transaction():
        assert (row().note, row().total_minor) == ("", 30_000)
