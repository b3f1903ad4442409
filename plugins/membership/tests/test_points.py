"""Points from earning to refund, through the API and to the cent; what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.checkout.quote import quote
from core.hooks.checkout import PurchaseDraft, PurchaseStage
from core.hooks.data import DataSubject
from core.hooks.types import Viewer
from core.identity import approvals, decisions
from core.identity.models import MembershipRow, UserRow
from core.identity.principals import Principal, Realm
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import transaction
from core.payments import payments
from plugins.commission import services as commission
from plugins.membership import expiring, own_data, redeeming
from plugins.membership.models import EntryRow, MemberRow
from plugins.membership.settings import Settings
from plugins.membership.tests.ground import People, assert_agrees, pay, people, switch_on
from tenants import plugins as tenant_plugins
from tenants import values
from tests.market import balances, make_good, make_shop
from tests.plugin_rows import make_key
from tests.working import run_due


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "start", lambda payment: payment)


@pytest.fixture
def ground(app: Flask, tenant: Tenant) -> Iterator[People]:
    """A marketplace with points, bound, and its people."""
    on = switch_on(tenant)
    with bind(on):
        yield people(app, on)


def test_me1_points_pay_a_part_are_earned_and_come_back_with_a_refund(ground: People) -> None:
    with transaction():
        commission.publish([commission.RateDraft("All", percent_bps=800)])
        shop = make_shop()
        good = make_good(shop, 10_000)
    ground.give(1_500)
    cart = ground.fill(good, 2, "most")
    assert cart["total_minor"] == 19_000
    assert [(r["label"], r["amount_minor"]) for r in cart["reasons"]] == [("1,000 points", -1_000)]
    assert [f["name"] for f in cart["fields"]] == ["membership.points"]
    placed = ground.place(expected_total_minor=19_000)
    assert placed.status_code == 201, placed.text
    assert ground.points() == 500
    assert_agrees()
    pay(UUID(placed.json["id"]))
    order_id = UUID(placed.json["orders"][0]["id"])
    assert_agrees()
    ground.complete(order_id)
    assert ground.points() == 690
    ground.refund(order_id, 1, "r1")
    assert ground.points() == 1_095
    assert_agrees()
    with transaction():
        found = balances()
    assert found == {
        "psp:stripe": 9_500, f"payable:{shop.merchant_id}": -9_201, "fee": -666, "fee_tax": -133,
        "liability:points": -1_095, "membership:points_expense": 1_595,
    }  # fmt: skip
    ground.refund(order_id, 1, "r2")
    assert ground.points() == 1_500
    assert_agrees()


def test_me5_returned_points_go_back_to_their_lots_and_a_lapsed_lot_reopens(ground: People) -> None:
    with time_machine.travel(datetime(2027, 1, 10, 12, tzinfo=UTC), tick=False) as now:
        with transaction():
            good = make_good(make_shop(), 10_000)
        ground.tenant = switch_on(ground.tenant, redeem_min=50, redeem_step=50)
        with bind(ground.tenant):
            ground.give(100, expires_on="2027-01-31")
            ground.give(200, expires_on="2027-02-28")
            now.move_to(datetime(2027, 1, 20, 12, tzinfo=UTC))
            ground = _signed_in_anew(ground)
            order_id = ground.buy(good, 1, "150")
            assert ground.points() == 150
            now.move_to(datetime(2027, 2, 10, 12, tzinfo=UTC))
            ground = _signed_in_anew(ground)
            ground.refund(order_id, 1, "r")
            shown = ground.ask("buyer", "GET", "/membership/me").json
            assert (shown["points"], shown["next_points"], shown["next_expiry"][:10]) == (300, 200, "2027-03-01")
            now.move_to(datetime(2027, 3, 1, 3, 20, tzinfo=UTC))
            with transaction():
                expiring.nightly(ground.tenant)
            with transaction():
                found = balances()
            assert found == {"liability:points": -100, "membership:breakage": -200, "membership:points_expense": 300}
            assert_agrees()
            now.move_to(datetime(2027, 3, 12, 13, tzinfo=UTC))
            with transaction():
                assert (expiring.expire(), expiring.expire()) == (1, 0)
            assert_agrees()


def _signed_in_anew(ground: People) -> People:
    """Sign the same buyer in once more: sessions of tests last an hour."""
    fresh = people(ground.app, ground.tenant)
    with transaction():
        old = session().scalars(select(MemberRow).where(MemberRow.customer_id == ground.buyer_id)).one()
        old.customer_id = fresh.buyer_id
    return fresh


def test_two_carts_cannot_spend_the_same_points(ground: People) -> None:
    with transaction():
        good = make_good(make_shop(), 100_000)
    ground.give(1_000)
    ground.fill(good, 1, "most")
    with transaction():
        looked = quote(carts.find(Owner(ground.buyer_id)), Viewer(ground.buyer_id, "en", "IE"))
    assert ground.place().status_code == 201
    before = _entries()
    rows = tuple(row for _plugin, row in looked.prices.applied)
    with transaction():
        late = PurchaseDraft(PurchaseStage.PLACE, looked.basket, looked.total, new_id(), (), rows)
        assert [violation.code for violation in redeeming.check(late)] == ["membership.points_short"]
    assert _entries() == before
    assert_agrees()


def _entries() -> int:
    with transaction():
        return len(session().scalars(select(EntryRow)).all())


def test_a_cancelled_purchase_gives_its_points_back_once(ground: People) -> None:
    with transaction():
        good = make_good(make_shop(), 10_000)
    ground.give(500)
    ground.fill(good, 1, "most")
    placed = ground.place().json
    assert ground.points() == 0
    assert ground.ask("buyer", "POST", f"/purchases/{placed['id']}/cancel", {}).status_code == 200
    run_due()
    assert ground.points() == 500
    assert_agrees()


def test_a_refund_of_spent_points_goes_below_zero_and_blocks_using(ground: People) -> None:
    with transaction():
        good = make_good(make_shop(), 10_000)
    first = ground.buy(good, 10)
    ground.complete(first)
    assert ground.points() == 1_000
    ground.buy(good, 2, "most")
    assert ground.points() == 0
    ground.refund(first, 10, "all")
    assert ground.points() == -1_000
    assert_agrees()
    cart = ground.fill(good, 1, "100")
    assert cart["total_minor"] == 10_000
    assert cart["fields"] == []
    ground.give(1_200)
    assert ground.points() == 200
    assert_agrees()


def test_caps_of_order_and_day_hold(ground: People) -> None:
    ground.tenant = switch_on(ground.tenant, earn_cap_order=300, earn_cap_day=500)
    with bind(ground.tenant):
        with transaction():
            good = make_good(make_shop(), 100_000)
        for expected in (300, 500, 500):
            ground.complete(ground.buy(good, 1))
            assert ground.points() == expected
        assert_agrees()


def test_guests_and_the_shops_own_people_earn_nothing(ground: People) -> None:
    with transaction():
        shop = make_shop()
        good = make_good(shop, 10_000)
        user = session().scalars(select(UserRow).where(UserRow.realm == "buyer")).one()
        seller = UserRow(id=new_id(), realm="merchant", email=user.email, email_key=user.email_key, name="S")
        session().add(seller)
        session().flush()
        session().add(MembershipRow(user_id=seller.id, merchant_id=shop.merchant_id))
    ground.complete(ground.buy(good, 1))
    assert ground.points() == 0


def test_above_ten_thousand_a_second_person_must_agree(ground: People) -> None:
    path = f"/membership/members/{ground.buyer_id}/entries"
    asked = ground.ask("operator", "POST", path, {"points": 20_000, "reason": "A broken promise"})
    assert asked.status_code == 201
    assert (asked.json["points"], ground.points()) == (0, 0)
    with transaction():
        (waiting,) = approvals.waiting()
        other = Principal(Realm.OPERATOR, user_id=new_id(), permissions=frozenset({"*"}))
        assert decisions.waiting(other)[0].told.facts == {"points": 20_000}
        decisions.approve(other, waiting.id)
    assert ground.points() == 20_000
    assert_agrees()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"points": 0, "reason": "x"}, 422),
        ({"points": 5, "reason": " "}, 422),
        ({"points": -5, "reason": "x"}, 409),
        ({"points": 5, "reason": "x", "expires_on": "2020-01-01"}, 422),
        ({"points": 5, "reason": "x", "more": 1}, 422),
    ],
)
def test_a_wrong_change_by_hand_is_refused_and_changes_nothing(
    ground: People, body: dict[str, object], status: int
) -> None:
    answer = ground.ask("operator", "POST", f"/membership/members/{ground.buyer_id}/entries", body)
    assert answer.status_code == status, answer.text
    assert _entries() == 0
    assert ground.points() == 0


def test_a_key_that_may_only_look_changes_nothing(ground: People) -> None:
    with transaction():
        ground.operator = make_key("operator", "membership.view")
    path = f"/membership/members/{ground.buyer_id}"
    assert ground.ask("operator", "GET", path).status_code == 200
    assert ground.ask("operator", "POST", f"{path}/entries", {"points": 5, "reason": "x"}).status_code == 403
    assert ground.ask("operator", "GET", "/membership/liability").status_code == 403
    assert _entries() == 0


def test_the_same_key_gives_points_once(ground: People) -> None:
    path = f"/membership/members/{ground.buyer_id}/entries"
    for _time in range(2):
        body = {"points": 50, "reason": "x"}
        assert ground.ask("operator", "POST", path, body, headers={"Idempotency-Key": "k"}).status_code == 201
    assert ground.points() == 50


def test_a_changed_value_of_a_point_is_posted(ground: People) -> None:
    ground.give(300)
    ground.tenant = switch_on(ground.tenant, value_minor=1, value_points=2)
    with bind(ground.tenant):
        with transaction():
            expiring.nightly(ground.tenant)
        with transaction():
            assert balances() == {"liability:points": -150, "membership:points_expense": 150}
        assert_agrees()


def test_points_keep_the_plugin_until_a_closing_date_has_passed(ground: People) -> None:
    ground.give(300)
    with transaction():
        assert [one.code for one in own_data.obligations()] == ["membership.points"]
    last = clock.today(ground.tenant.timezone) + timedelta(days=90)
    ground.tenant = switch_on(ground.tenant, closes_on=last.isoformat())
    with bind(ground.tenant), transaction():
        assert [one.code for one in own_data.obligations()] == ["membership.points"]
    with bind(ground.tenant), time_machine.travel(clock.now() + timedelta(days=91), tick=True):
        with transaction():
            assert own_data.obligations() == []
            assert tenant_plugins.disable("membership") == "disabled"
        with transaction():
            assert balances() == {"membership:breakage": -300, "membership:points_expense": 300}
            assert sum(gone.rows for gone in own_data.purge()) == 4


def test_the_end_of_points_is_announced_ninety_days_before(ground: People) -> None:
    today = clock.today(ground.tenant.timezone)
    for days in (-1, 0, 89):
        with pytest.raises(Invalid) as refused:
            switch_on(ground.tenant, closes_on=(today + timedelta(days=days)).isoformat())
        assert [fault.path for fault in refused.value.fields] == ["closes_on"]
    with bind(ground.tenant), transaction():
        assert Settings.of(current()).closes_on is None
    ground.tenant = switch_on(ground.tenant, closes_on=(today + timedelta(days=90)).isoformat())
    with time_machine.travel(clock.now() + timedelta(days=30), tick=True):
        kept = switch_on(ground.tenant, closes_on=(today + timedelta(days=90)).isoformat(), redeem_step=50)
        assert kept.settings["membership"]["redeem_step"] == 50
        with pytest.raises(Invalid):
            switch_on(ground.tenant, closes_on=(today + timedelta(days=89)).isoformat())


def test_a_buyer_gets_a_copy_and_is_forgotten(ground: People) -> None:
    ground.give(300)
    subject = DataSubject("customer", ground.buyer_id)
    with transaction():
        assert [file.name for file in own_data.export(subject)] == [
            "membership/members.json", "membership/lots.json", "membership/entries.json",
        ]  # fmt: skip
        assert [one.erased for one in own_data.erase(subject)] == [1, 2]
    with transaction():
        assert own_data.export(subject) == ()
    assert_agrees()


def test_pages_show_points_their_rules_and_what_is_owed(ground: People, app: Flask) -> None:
    ground.give(300)
    client, base = app.test_client(), f"http://{ground.tenant.slug}.localhost"
    own = client.get("/membership/", base_url=base, headers=ground.buyer)
    assert "Changed by the marketplace: Welcome" in own.text
    assert "/membership/" in client.get("/account", base_url=base, headers=ground.buyer).text
    for path, words in (
        ("/operator/membership/", "Ada"),
        (f"/operator/membership/members/{ground.buyer_id}", "Give or take points"),
        ("/operator/membership/rules?amount=80", "earns 80 points, worth €0.80: it costs you 1% of the order."),
        ("/operator/membership/liability", "The books agree"),
    ):
        answer = client.get(path, base_url=base, headers=ground.operator)
        assert answer.status_code == 200, answer.text
        assert words in answer.text, path
    url = f"/operator/membership/members/{ground.buyer_id}"
    refused = client.post(url, data={"points": "-900", "reason": "x"}, base_url=base, headers=ground.operator)
    assert refused.status_code == 422
    assert "Only 300 points are there to take" in refused.text
    done = client.post(url, data={"points": "-100", "reason": "x"}, base_url=base, headers=ground.operator)
    assert done.status_code == 303
    assert ground.points() == 200


def test_the_checkout_page_asks_and_counts_the_answer(ground: People, app: Flask) -> None:
    with transaction():
        good = make_good(make_shop(), 10_000)
    ground.give(1_500)
    ground.fill(good, 2)
    client, base = app.test_client(), f"http://{ground.tenant.slug}.localhost"
    assert "You have 1,500 points" in client.get("/checkout", base_url=base, headers=ground.buyer).text
    form = {"answer-membership.points": "most"}
    shown = client.post("/checkout/delivery", data=form, base_url=base, headers=ground.buyer)
    assert 'name="expected" value="19000"' in shown.text


def test_the_rules_are_changed_by_their_form_and_refused_where_they_do_not_fit(ground: People, app: Flask) -> None:
    client, base = app.test_client(), f"http://{ground.tenant.slug}.localhost"
    url = "/operator/plugins/membership"
    shown = client.get(url, base_url=base, headers=ground.operator)
    assert shown.status_code == 200
    assert "Points expire" in shown.text
    form = {
        "earn_points_per_unit": "2", "earn_cap_order": "0", "earn_cap_day": "0", "value_minor": "1",
        "value_points": "1", "redeem_min": "150", "redeem_step": "100", "redeem_cap_bps": "500",
        "excluded_plugins": "c2c", "points_expire": "never", "closes_on": "",
    }  # fmt: skip
    refused = client.post(f"{url}/settings", data=form, base_url=base, headers=ground.operator)
    assert refused.status_code == 422
    form["redeem_min"] = "200"
    saved = client.post(f"{url}/settings", data=form, base_url=base, headers=ground.operator)
    assert saved.status_code == 303, saved.text[saved.text.find("<main") :][:1500]
    values.forget(ground.tenant.id)
    told = client.get("/operator/membership/rules", base_url=base, headers=ground.operator).text
    assert "earns 2 points" in told
    assert "Points do not expire." in told
