"""Reads companies, their people and what they bought, as values for pages, the API and checkout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.customers.models import CustomerRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from plugins.b2b.models import BoughtRow, CompanyRow, InvitationRow, LocationRow, MemberRow
from plugins.b2b.rules import Role

PAGE = 25


@dataclass(frozen=True, slots=True)
class Company:
    """A company; `state` is applied, active, rejected or closed."""

    id: UUID
    name: str
    reg_no: str
    tax_no: str
    country: str
    invoice_email: str
    state: str
    reason: str
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class Location:
    """A place of a company."""

    id: UUID
    name: str
    address: str
    cost_centre: str


@dataclass(frozen=True, slots=True)
class Seat:
    """What a buyer is in their company; without `limit` they buy for any amount."""

    member_id: UUID
    company: Company
    role: Role
    limit: Money | None

    @property
    def may_buy(self) -> bool:
        """Whether purchases for the company are open to them."""
        return self.company.state == "active"

    @property
    def is_admin(self) -> bool:
        """Whether they keep the company's people and places."""
        return self.role is Role.ADMIN


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who buys for a company, as its admins and the operator see them."""

    id: UUID
    name: str
    email: str
    role: Role
    limit: Money | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation."""

    id: UUID
    company_id: UUID
    company: str
    email: str
    role: Role
    limit: Money | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase for a company."""

    id: UUID
    purchase_id: UUID
    member_id: UUID
    by: str
    total: Money
    order_number: str
    location: str
    cost_centre: str
    at: datetime


def _company(row: CompanyRow) -> Company:
    return Company(
        row.id, row.name, row.reg_no, row.tax_no, row.country, row.invoice_email, row.state, row.reason, row.applied_at
    )


def limit_of(row: MemberRow | InvitationRow) -> Money | None:
    """Return the most that somebody may buy for alone."""
    return None if row.order_limit_minor is None else Money(row.order_limit_minor, row.currency)


def seat(customer_id: UUID | None) -> Seat | None:
    """Return what a buyer is in their company; None for somebody without one."""
    if customer_id is None:
        return None
    query = (
        select(MemberRow, CompanyRow)
        .join(CompanyRow, (CompanyRow.tenant_id == MemberRow.tenant_id) & (CompanyRow.id == MemberRow.company_id))
        .where(MemberRow.customer_id == customer_id, MemberRow.is_active)
    )
    found = session().execute(query).one_or_none()
    if found is None:
        return None
    member, company = found
    return Seat(member.id, _company(company), Role(member.role), limit_of(member))


def company(company_id: UUID) -> Company:
    """Return a company. Raise Missing for an unknown one."""
    row = session().scalars(select(CompanyRow).where(CompanyRow.id == company_id)).one_or_none()
    if row is None:
        raise Missing("b2b.no_company", _("There is no such company"))
    return _company(row)


def companies(
    state: str = "", search: str = "", before: UUID | None = None, limit: int = PAGE
) -> tuple[list[Company], UUID | None]:
    """Return companies, newest first, and the key to go on after; narrowed to a state and a name or number."""
    query = select(CompanyRow).order_by(CompanyRow.id.desc()).limit(limit + 1)
    if state:
        query = query.where(CompanyRow.state == state)
    if search:
        query = query.where(
            CompanyRow.name.icontains(search, autoescape=True) | CompanyRow.reg_no.icontains(search, autoescape=True)
        )
    if before:
        query = query.where(CompanyRow.id < before)
    rows = session().scalars(query).all()
    more = rows[limit - 1].id if len(rows) > limit else None
    return [_company(row) for row in rows[:limit]], more


def counts() -> dict[str, int]:
    """Return how many companies are in each state."""
    query = select(CompanyRow.state, func.count()).group_by(CompanyRow.state)
    return {state: int(count) for state, count in session().execute(query)}


def locations(company_id: UUID) -> list[Location]:
    """Return a company's places by name."""
    query = select(LocationRow).where(LocationRow.company_id == company_id).order_by(LocationRow.name)
    return [Location(row.id, row.name, row.address, row.cost_centre) for row in session().scalars(query)]


def people(company_id: UUID) -> list[Person]:
    """Return who buys for a company, admins of old first."""
    query = (
        select(MemberRow, CustomerRow)
        .join(CustomerRow, (CustomerRow.tenant_id == MemberRow.tenant_id) & (CustomerRow.id == MemberRow.customer_id))
        .where(MemberRow.company_id == company_id, MemberRow.is_active)
        .order_by(MemberRow.id)
    )
    return [
        Person(member.id, customer.name, customer.email, Role(member.role), limit_of(member), member.since)
        for member, customer in session().execute(query)
    ]


def invitations(company_id: UUID) -> list[Invitation]:
    """Return a company's open invitations, newest first."""
    return _invitations(InvitationRow.company_id == company_id)


def invitations_for(email_key: str) -> list[Invitation]:
    """Return the open invitations of an address to companies that buy."""
    return _invitations(InvitationRow.email_key == email_key, CompanyRow.state == "active")


def _invitations(*where: object) -> list[Invitation]:
    query = (
        select(InvitationRow, CompanyRow.name)
        .join(CompanyRow, (CompanyRow.tenant_id == InvitationRow.tenant_id) & (CompanyRow.id == InvitationRow.company_id))
        .where(InvitationRow.expires_at > clock.now(), *where)  # type: ignore[arg-type]
        .order_by(InvitationRow.id.desc())
    )  # fmt: skip
    return [
        Invitation(row.id, row.company_id, name, row.email, Role(row.role), limit_of(row), row.expires_at)
        for row, name in session().execute(query)
    ]


def bought(company_id: UUID, before: UUID | None = None, limit: int = PAGE) -> tuple[list[Bought], UUID | None]:
    """Return a company's purchases, newest first, and the key to go on after."""
    query = select(BoughtRow).where(BoughtRow.company_id == company_id).order_by(BoughtRow.id.desc()).limit(limit + 1)
    if before:
        query = query.where(BoughtRow.id < before)
    rows = session().scalars(query).all()
    names_of = names(row.member_id for row in rows)
    found = [
        Bought(
            row.id, row.purchase_id, row.member_id, names_of.get(row.member_id, ""), Money(row.total_minor, row.currency),
            row.order_number, row.location, row.cost_centre, row.at,
        )
        for row in rows[:limit]
    ]  # fmt: skip
    return found, rows[limit - 1].id if len(rows) > limit else None


def names(member_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what people of companies are called, by their keys there."""
    query = (
        select(MemberRow.id, CustomerRow.name, CustomerRow.email)
        .join(CustomerRow, (CustomerRow.tenant_id == MemberRow.tenant_id) & (CustomerRow.id == MemberRow.customer_id))
        .where(MemberRow.id.in_(set(member_ids)))
    )
    return {key: name or email for key, name, email in session().execute(query)}
