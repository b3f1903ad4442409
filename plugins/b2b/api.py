"""Companies over HTTP: a buyer's own below /company, every company for the operator below /companies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.b2b import companies, people, reading
from plugins.b2b.companies import CompanyDraft
from plugins.b2b.rules import Role
from plugins.b2b.schemas import (
    CompaniesOut,
    CompaniesQuery,
    CompanyDecisionIn,
    CompanyIn,
    CompanyInvitationsOut,
    CompanyInviteIn,
    CompanyOut,
    CompanyPersonIn,
    CompanyPlaceIn,
    CompanyPurchasesOut,
    OwnCompanyOut,
)
from plugins.b2b.store_views import managed, own_id, own_invitations, own_seat

blueprint = Blueprint("api_b2b", __name__, description="Companies that buy, and what they pay")


def _limit(body: dict[str, Any]) -> Money | None:
    return None if body["limit_minor"] is None else Money(body["limit_minor"], current().currency)


def _facts(one: Any, *names: str) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in names},
        "role": one.role.value,
        "limit_minor": one.limit.minor if one.limit is not None else None,
    }


def _invitation(one: reading.Invitation) -> dict[str, Any]:
    return _facts(one, "id", "company", "email", "expires_at")


def _own() -> dict[str, Any]:
    seat = own_seat()
    names = ("id", "name", "reg_no", "tax_no", "country", "invoice_email", "state", "reason", "applied_at")
    return {
        **{name: getattr(seat.company, name) for name in names},
        "role": seat.role.value,
        "limit_minor": seat.limit.minor if seat.limit is not None else None,
        "people": [_facts(one, "id", "name", "email", "since") for one in reading.people(seat.company.id)],
        "places": reading.locations(seat.company.id),
        "invitations": [_invitation(one) for one in reading.invitations(seat.company.id)] if seat.is_admin else [],
    }


@blueprint.get("/company")
@blueprint.response(200, OwnCompanyOut)
@edge(Realm.BUYER)
def own_company() -> Any:
    """Return the company that one buys for."""
    return _own()


@blueprint.post("/company")
@blueprint.arguments(CompanyIn)
@blueprint.response(201, OwnCompanyOut)
@edge(Realm.BUYER)
def apply(body: dict[str, Any]) -> Any:
    """Register a company, or hand in once more one that was rejected."""
    companies.apply(own_id(), CompanyDraft(**body))
    return _own()


@blueprint.delete("/company")
@blueprint.response(204)
@edge(Realm.BUYER)
def withdraw() -> Any:
    """Take back a company that was never approved."""
    companies.withdraw(managed().company.id)
    return "", 204


@blueprint.get("/company/purchases")
@blueprint.arguments(CompaniesQuery(only=("limit", "cursor")), location="query")
@blueprint.response(200, CompanyPurchasesOut)
@edge(Realm.BUYER)
def purchases(query: dict[str, Any]) -> Any:
    """List what was bought for one's company, newest first."""
    found, more = reading.bought(own_seat().company.id, query["cursor"], query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.post("/company/places")
@blueprint.arguments(CompanyPlaceIn)
@blueprint.response(201, OwnCompanyOut)
@edge(Realm.BUYER)
def add_place(body: dict[str, Any]) -> Any:
    """Add a place of one's company."""
    companies.add_location(managed().company.id, body["name"], body["address"], body["cost_centre"])
    return _own()


@blueprint.delete("/company/places/<uuid:location_id>")
@blueprint.response(204)
@edge(Realm.BUYER)
def remove_place(location_id: UUID) -> Any:
    """Remove a place of one's company."""
    companies.remove_location(managed().company.id, location_id)
    return "", 204


@blueprint.post("/company/invitations")
@blueprint.arguments(CompanyInviteIn)
@blueprint.response(201, OwnCompanyOut)
@edge(Realm.BUYER)
def invite(body: dict[str, Any]) -> Any:
    """Invite somebody to buy for one's company."""
    people.invite(managed().company.id, body["email"], Role(body["role"]), _limit(body))
    return _own()


@blueprint.delete("/company/invitations/<uuid:invitation_id>")
@blueprint.response(204)
@edge(Realm.BUYER)
def withdraw_invitation(invitation_id: UUID) -> Any:
    """Take an invitation back."""
    people.withdraw(managed().company.id, invitation_id)
    return "", 204


@blueprint.put("/company/people/<uuid:member_id>")
@blueprint.arguments(CompanyPersonIn)
@blueprint.response(200, OwnCompanyOut)
@edge(Realm.BUYER)
def change_person(body: dict[str, Any], member_id: UUID) -> Any:
    """Give somebody another role and limit."""
    people.change(managed().company.id, member_id, Role(body["role"]), _limit(body))
    return _own()


@blueprint.delete("/company/people/<uuid:member_id>")
@blueprint.response(204)
@edge(Realm.BUYER)
def remove_person(member_id: UUID) -> Any:
    """Let somebody leave; everybody may leave themselves."""
    seat = own_seat()
    people.remove(seat.company.id if member_id == seat.member_id else managed().company.id, member_id)
    return "", 204


@blueprint.get("/invitations")
@blueprint.response(200, CompanyInvitationsOut)
@edge(Realm.BUYER)
def invitations() -> Any:
    """List the open invitations to one's own address."""
    return {"data": [_invitation(one) for one in own_invitations()]}


@blueprint.post("/invitations/<uuid:invitation_id>/<any(accept, decline):answer>")
@blueprint.response(204)
@edge(Realm.BUYER)
def answer_invitation(invitation_id: UUID, answer: str) -> Any:
    """Join a company, or turn its invitation down."""
    {"accept": people.accept, "decline": people.decline}[answer](own_id(), invitation_id)
    return "", 204


@blueprint.get("/companies")
@blueprint.arguments(CompaniesQuery, location="query")
@blueprint.response(200, CompaniesOut)
@edge(Realm.OPERATOR, "b2b.view")
def all_companies(query: dict[str, Any]) -> Any:
    """List companies, newest first."""
    found, more = reading.companies(query["state"], query["q"].strip(), query["cursor"], query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.get("/companies/<uuid:company_id>")
@blueprint.response(200, CompanyOut)
@edge(Realm.OPERATOR, "b2b.view")
def company(company_id: UUID) -> Any:
    """Return a company."""
    return reading.company(company_id)


@blueprint.post("/companies/<uuid:company_id>/decisions")
@blueprint.arguments(CompanyDecisionIn)
@blueprint.response(201, CompanyOut)
@edge(Realm.OPERATOR, "b2b.manage")
def decide(body: dict[str, Any], company_id: UUID) -> Any:
    """Approve, reject or close a company."""
    companies.decide(company_id, body["event"], body["reason"])
    return reading.company(company_id)
