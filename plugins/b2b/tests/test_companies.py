"""Companies from registration to purchase, through the API and the pages; what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.hooks.data import DataSubject, Seed
from core.kernel import clock
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.payments import payments
from plugins.b2b import own_data, reading, seeding, sweeping
from plugins.b2b.models import BoughtRow, CompanyRow, InvitationRow
from plugins.b2b.tests.ground import COMPANY, People, people, rows, switch_on
from tenants import plugins as tenant_plugins
from tenants import values
from tests.market import make_good, make_shop


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "start", lambda payment: payment)


@pytest.fixture
def ground(app: Flask, tenant: Tenant) -> Iterator[People]:
    """A marketplace with companies, bound, and its people."""
    on = switch_on(tenant)
    with bind(on):
        yield people(app, on)


def refused(answer: object, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text  # type: ignore[attr-defined]


def good(price: int = 10_000) -> UUID:
    with transaction():
        return make_good(make_shop(), price)


def test_a_company_is_registered_by_a_buyer_who_becomes_its_admin_and_waits(ground: People) -> None:
    made = ground.ask("ann", "POST", "/b2b/company", COMPANY)
    assert made.status_code == 201, made.text
    shown = ground.ask("ann", "GET", "/b2b/company").json
    assert (shown["state"], shown["reg_no"], shown["role"], shown["limit_minor"]) == (
        "applied", "IE123456", "admin", None,
    )  # fmt: skip
    assert [one["email"] for one in shown["people"]] == ["ann@example.com"]
    waiting = ground.ask("operator", "GET", "/b2b/companies?state=applied").json["data"]
    assert [one["name"] for one in waiting] == ["Quayside Design Ltd"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "  "), ("reg_no", "--"), ("country", "XX"), ("invoice_email", "nobody")],
)
def test_a_company_with_a_wrong_field_is_refused_at_the_field(ground: People, field: str, value: str) -> None:
    before = rows()
    answer = ground.ask("ann", "POST", "/b2b/company", {**COMPANY, field: value})
    refused(answer, 422, "b2b.company")
    assert field in answer.text
    assert rows() == before


def test_a_number_is_registered_once_in_a_country(ground: People) -> None:
    ground.company()
    ground.join("bob")
    before = rows()
    refused(ground.ask("bob", "POST", "/b2b/company", {**COMPANY, "reg_no": "ie123456"}), 409, "b2b.registered")
    assert rows() == before
    assert ground.ask("bob", "POST", "/b2b/company", {**COMPANY, "country": "FR"}).status_code == 201


def test_a_buyer_has_one_company_at_a_time(ground: People) -> None:
    ground.company()
    before = rows()
    refused(ground.ask("ann", "POST", "/b2b/company", {**COMPANY, "reg_no": "2"}), 409, "b2b.has_company")
    assert rows() == before


def test_a_rejection_names_its_reason_and_the_company_can_be_handed_in_again(ground: People) -> None:
    made = ground.ask("ann", "POST", "/b2b/company", COMPANY).json
    refused(ground.decide(made["id"], "reject"), 422, "b2b.reason")
    assert ground.ask("ann", "GET", "/b2b/company").json["state"] == "applied"
    assert ground.decide(made["id"], "reject", "The number is not in the register").status_code == 201
    assert "The number is not in the register" in ground.see("ann", "GET", "/b2b/").text
    again = ground.ask("ann", "POST", "/b2b/company", {**COMPANY, "reg_no": "777"})
    assert (again.status_code, again.json["id"], again.json["state"]) == (201, made["id"], "applied")
    with transaction():
        mails = session().scalars(select(OutboxRow.payload).where(OutboxRow.handler == "mail.compose")).all()
    assert [one["to"] for one in mails] == ["ann@example.com"]


@pytest.mark.parametrize("event", ["approve", "reject", "close"])
def test_what_is_decided_twice_is_refused_and_changes_nothing(ground: People, event: str) -> None:
    made = ground.company()
    if event == "close":
        assert ground.decide(made["id"], "close", "On request").status_code == 201
    with transaction():
        before = reading.company(UUID(made["id"]))
    refused(ground.decide(made["id"], event, "Once more"), 409, "b2b.company.not_now")
    with transaction():
        assert reading.company(UUID(made["id"])) == before


def test_a_company_that_was_not_approved_can_be_taken_back_whole(ground: People) -> None:
    ground.ask("ann", "POST", "/b2b/company", COMPANY)
    assert ground.ask("ann", "DELETE", "/b2b/company").status_code == 204
    assert set(rows().values()) == {0}
    ground.company()
    before = rows()
    refused(ground.ask("ann", "DELETE", "/b2b/company"), 409, "b2b.company.not_now")
    assert rows() == before


def test_the_setting_approves_at_once(app: Flask, tenant: Tenant) -> None:
    on = switch_on(tenant, company_approval="automatic")
    with bind(on):
        assert people(app, on).ask("ann", "POST", "/b2b/company", COMPANY).json["state"] == "active"


def test_an_invitation_is_for_the_owner_of_the_address_alone(ground: People) -> None:
    ground.company()
    ground.join("bob")
    ground.join("eve")
    body = {"email": "BOB@example.com", "role": "approver", "limit_minor": 50_000}
    assert ground.ask("ann", "POST", "/b2b/company/invitations", body).status_code == 201
    (invitation,) = ground.ask("bob", "GET", "/b2b/invitations").json["data"]
    assert (invitation["role"], invitation["limit_minor"]) == ("approver", 50_000)
    before = rows()
    assert ground.ask("eve", "GET", "/b2b/invitations").json["data"] == []
    refused(ground.ask("eve", "POST", f"/b2b/invitations/{invitation['id']}/accept"), 404, "b2b.no_invitation")
    assert rows() == before
    assert ground.ask("bob", "POST", f"/b2b/invitations/{invitation['id']}/accept").status_code == 204
    shown = ground.ask("bob", "GET", "/b2b/company").json
    assert (shown["role"], shown["limit_minor"], len(shown["people"]), shown["invitations"]) == (
        "approver", 50_000, 2, [],
    )  # fmt: skip


def test_an_invitation_lapses_and_the_sweep_takes_it_away(ground: People) -> None:
    ground.company()
    ground.join("bob")
    ground.ask("ann", "POST", "/b2b/company/invitations", {"email": "bob@example.com"})
    (invitation,) = ground.ask("bob", "GET", "/b2b/invitations").json["data"]
    with transaction():
        session().scalars(select(InvitationRow)).one().expires_at = clock.now() - timedelta(minutes=1)
    refused(ground.ask("bob", "POST", f"/b2b/invitations/{invitation['id']}/accept"), 404, "b2b.no_invitation")
    with transaction():
        sweeping.nightly(ground.tenant)
    assert rows()["b2b_invitations"] == 0


def test_nobody_is_invited_before_the_approval_or_twice(ground: People) -> None:
    ground.ask("ann", "POST", "/b2b/company", COMPANY)
    body = {"email": "bob@example.com"}
    refused(ground.ask("ann", "POST", "/b2b/company/invitations", body), 409, "b2b.company_inactive")
    company = ground.ask("ann", "GET", "/b2b/company").json
    ground.decide(company["id"], "approve")
    ground.hire("bob")
    before = rows()
    refused(ground.ask("ann", "POST", "/b2b/company/invitations", body), 409, "b2b.is_member")
    assert rows() == before


def test_only_admins_keep_people_and_places(ground: People) -> None:
    ground.company()
    member = ground.hire("bob", "approver")
    before = rows()
    calls = [
        ("POST", "/b2b/company/invitations", {"email": "x@example.com"}),
        ("PUT", f"/b2b/company/people/{member}", {"role": "admin"}),
        ("POST", "/b2b/company/places", {"name": "Depot", "address": "2 Quay"}),
    ]
    for method, path, body in calls:
        refused(ground.ask("bob", method, path, body), 403, "b2b.admins_only")
    assert rows() == before
    assert ground.ask("bob", "GET", "/b2b/company").json["role"] == "approver"


def test_the_last_admin_neither_leaves_nor_loses_the_role(ground: People) -> None:
    shown = ground.company()
    own = shown["people"][0]["id"]
    refused(ground.ask("ann", "PUT", f"/b2b/company/people/{own}", {"role": "buyer"}), 409, "b2b.last_admin")
    refused(ground.ask("ann", "DELETE", f"/b2b/company/people/{own}"), 409, "b2b.last_admin")
    assert ground.ask("ann", "GET", "/b2b/company").json["role"] == "admin"
    ground.hire("bob", "admin")
    assert ground.ask("ann", "DELETE", f"/b2b/company/people/{own}").status_code == 204
    refused(ground.ask("ann", "GET", "/b2b/company"), 404, "b2b.no_company")


def test_another_companys_person_is_a_stranger(ground: People) -> None:
    own = ground.company()["people"][0]["id"]
    ground.join("eve")
    made = ground.ask("eve", "POST", "/b2b/company", {**COMPANY, "reg_no": "9"}).json
    ground.decide(made["id"], "approve")
    refused(ground.ask("eve", "PUT", f"/b2b/company/people/{own}", {"role": "buyer"}), 404, "b2b.no_member")
    refused(ground.ask("eve", "DELETE", f"/b2b/company/people/{own}"), 404, "b2b.no_member")
    assert ground.ask("ann", "GET", "/b2b/company").json["role"] == "admin"


def test_a_purchase_for_the_company_carries_its_number_and_place(ground: People) -> None:
    ground.company()
    ground.ask("ann", "POST", "/b2b/company/places", {"name": "Depot", "address": "2 Quay", "cost_centre": "CC-7"})
    place = ground.ask("ann", "GET", "/b2b/company").json["places"][0]["id"]
    cart = ground.fill("ann", good(), 1, number=" PO  4711 ", location=place)
    assert [one["name"] for one in cart["fields"]] == ["b2b.for", "b2b.number", "b2b.location"]
    placed = ground.place("ann")
    assert placed.status_code == 201, placed.text
    (noted,) = ground.ask("ann", "GET", "/b2b/company/purchases").json["data"]
    assert (noted["purchase_id"], noted["order_number"], noted["location"], noted["cost_centre"]) == (
        placed.json["id"], "PO 4711", "Depot", "CC-7",
    )  # fmt: skip
    assert (noted["total_minor"], noted["by"]) == (10_000, "Ann")
    assert "PO 4711" in ground.see("ann", "GET", "/b2b/").text


def test_a_purchase_for_oneself_is_no_purchase_of_the_company(ground: People) -> None:
    ground.company()
    cart = ground.fill("ann", good(), 1, **{"for": "myself"})
    assert [one["name"] for one in cart["fields"]] == ["b2b.for"]
    assert ground.place("ann").status_code == 201
    assert rows()["b2b_bought"] == 0


def test_above_the_own_limit_nothing_is_placed_for_the_company(ground: People) -> None:
    ground.company()
    ground.hire("bob", "buyer", 15_000)
    variant = good()
    assert ground.fill("bob", variant, 1)["violations"] == []
    over = ground.fill("bob", variant, 1)
    assert [one["code"] for one in over["violations"]] == ["b2b.own_limit"]
    refused(ground.place("bob"), 409, "b2b.own_limit")
    assert rows()["b2b_bought"] == 0
    assert ground.ask("bob", "PUT", "/cart/answers", {"answers": {"b2b.for": "myself"}}).json["violations"] == []


@pytest.mark.parametrize("state", ["applied", "closed"])
def test_a_company_that_may_not_buy_is_not_asked_for(ground: People, state: str) -> None:
    made = ground.ask("ann", "POST", "/b2b/company", COMPANY).json
    if state == "closed":
        ground.decide(made["id"], "approve")
        ground.decide(made["id"], "close", "On request")
    assert ground.fill("ann", good(), 1)["fields"] == []
    assert ground.place("ann").status_code == 201
    assert rows()["b2b_bought"] == 0


def test_the_pages_of_buyer_and_operator_lead_from_nothing_to_an_approved_company(ground: People) -> None:
    assert "Register a company" in ground.see("ann", "GET", "/b2b/").text
    assert "Buy for a company" in ground.see("ann", "GET", "/account").text
    assert "No companies yet" in ground.see("operator", "GET", "/operator/b2b/").text
    wrong = ground.see("ann", "POST", "/b2b/", {**COMPANY, "invoice_email": "nobody"})
    assert (wrong.status_code, "Enter an e-mail address" in wrong.text) == (422, True)
    assert ground.see("ann", "POST", "/b2b/", COMPANY).status_code == 303
    assert "The marketplace looks at the company" in ground.see("ann", "GET", "/b2b/").text
    assert "Quayside Design Ltd" in ground.see("operator", "GET", "/operator/b2b/?q=quay").text
    with transaction():
        key = session().scalars(select(CompanyRow.id)).one()
    desk = f"/operator/b2b/companies/{key}"
    assert ground.see("operator", "POST", f"{desk}/reject", {"reason": ""}).status_code == 422
    assert ground.see("operator", "POST", f"{desk}/approve", {}).status_code == 303
    assert "Close the company" in ground.see("operator", "GET", desk).text
    assert ground.see("ann", "POST", "/b2b/people/new", {"email": "bob@example.com", "limit": "x"}).status_code == 422
    sent = {"email": "bob@example.com", "role": "buyer", "limit": "150.00"}
    assert ground.see("ann", "POST", "/b2b/people/new", sent).status_code == 303
    assert ground.see("ann", "POST", "/b2b/places/new", {"name": "Depot", "address": "2 Quay"}).status_code == 303
    shown = ground.see("ann", "GET", "/b2b/").text
    assert "bob@example.com" in shown
    assert "€150.00" in shown
    assert "Depot" in shown
    ground.join("bob")
    assert "You are invited" in ground.see("bob", "GET", "/b2b/").text


def test_a_marketplace_sees_nothing_of_anothers_companies(
    ground: People, app: Flask, make_tenant: Callable[..., Tenant]
) -> None:
    company = ground.company()
    other = switch_on(make_tenant())
    with bind(other):
        there = people(app, other)
        assert there.ask("operator", "GET", "/b2b/companies").json["data"] == []
        assert there.ask("operator", "GET", f"/b2b/companies/{company['id']}").status_code == 404
        refused(there.decide(company["id"], "close", "Mine"), 404, "b2b.no_company")
        assert there.ask("ann", "POST", "/b2b/company", COMPANY).status_code == 201


def test_switched_off_nothing_is_asked_and_purchases_stay(ground: People) -> None:
    ground.company()
    ground.fill("ann", good(), 1)
    ground.place("ann")
    with transaction():
        assert tenant_plugins.disable("b2b") == "disabled"
    values.forget(ground.tenant.id)
    off = values.find(ground.tenant.id)
    assert off is not None
    with bind(off):
        assert ground.ask("ann", "GET", "/b2b/company").status_code == 404
        assert ground.fill("ann", good(), 1)["fields"] == []
        with transaction():
            assert session().scalars(select(BoughtRow)).one().total_minor == 10_000


def test_a_person_takes_their_seat_and_purchases_along_and_is_forgotten(ground: People) -> None:
    ground.company()
    ground.hire("bob")
    ground.fill("bob", good(), 1)
    ground.place("bob")
    subject = DataSubject("customer", ground.ids["bob"])
    with transaction():
        files = {one.name: one.content for one in own_data.export(subject)}
    assert {name.removeprefix("b2b/").removesuffix(".json") for name in files} == {
        "members", "bought", "requisitions", "quote_revisions", "invitations",
    }  # fmt: skip
    assert b"Quayside" in files["b2b/bought.json"]
    with transaction():
        own_data.erase(subject)
        assert own_data.export(subject) == ()
    people_left = ground.ask("ann", "GET", "/b2b/company").json["people"]
    assert [one["name"] for one in people_left] == ["Ann"]
    assert rows()["b2b_bought"] == 1


def test_the_demonstration_is_the_same_again(ground: People) -> None:
    for name in ("a", "b", "c", "d", "e", "f", "g"):
        ground.join(name)
    good()
    with transaction():
        listing = session().scalars(select(ListingRow)).one()
    seed = Seed(7, (listing.merchant_id,), (listing.id,), tuple(ground.ids[name] for name in "abcdefg"))
    with transaction():
        seeding.seed(seed)
    first = rows()
    with transaction():
        seeding.seed(seed)
    assert rows() == first
    assert (first["b2b_companies"], first["b2b_members"]) == (3, 7)
    assert (first["b2b_requisitions"], first["b2b_quotes"], first["b2b_quote_revisions"]) == (1, 1, 2)
