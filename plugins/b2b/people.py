"""A company's people: invited by an admin, joined by the owner of the address, with roles and limits, and left."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from core.customers import buyers
from core.identity import addresses
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.b2b import letters, reading, rules
from plugins.b2b.models import CompanyRow, InvitationRow, MemberRow
from plugins.b2b.rules import Role
from plugins.b2b.settings import Settings

MOST_PEOPLE = 200


def invite(company_id: UUID, email: str, role: Role, limit: Money | None) -> UUID:
    """Invite the owner of an address; again replaces the older invitation. Raise Conflict for a person of the company.

    Raise Invalid for what is no address.
    """
    who = addresses.email(email)
    lock(CompanyRow, [company_id])
    company = reading.company(company_id)
    if company.state != "active":
        raise Conflict("b2b.company_inactive", _("The company is not approved; nobody can be invited yet"))
    held = reading.people(company_id)
    if who.key in {addresses.email_key(person.email) for person in held}:
        raise Conflict("b2b.is_member", _("This person buys for the company already"))
    if len(held) + len(reading.invitations(company_id)) >= MOST_PEOPLE:
        raise Conflict("b2b.people", _("A company has at most {most} people"), most=MOST_PEOPLE)
    session().execute(
        delete(InvitationRow).where(InvitationRow.company_id == company_id, InvitationRow.email_key == who.key)
    )
    row = InvitationRow(
        id=new_id(), company_id=company_id, email=who.shown, email_key=who.key, role=role.value,
        order_limit_minor=_minor(limit), currency=current().currency,
        expires_at=clock.now() + timedelta(days=Settings.of(current()).invitation_days),
    )  # fmt: skip
    session().add(row)
    session().flush()
    letters.invited(who.shown, company, current().name)
    audit.record("b2b.invited", "b2b.company", company_id, role=role.value)
    return row.id


def _minor(limit: Money | None) -> int | None:
    if limit is not None and limit < Money.zero(limit.currency):
        raise Invalid("b2b.limit", _("Some of this cannot be right."),
                      fields=(FieldError("limit", _("A limit is not below zero")),))  # fmt: skip
    return None if limit is None else limit.minor


def withdraw(company_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back. Raise Missing for one of another company."""
    gone = session().execute(
        delete(InvitationRow).where(InvitationRow.company_id == company_id, InvitationRow.id == invitation_id)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise _no_invitation()


def _no_invitation() -> Missing:
    return Missing("b2b.no_invitation", _("This invitation is gone"))


def _own_invitation(customer_id: UUID, invitation_id: UUID) -> reading.Invitation:
    key = addresses.email_key(buyers.get(customer_id).email)
    found = next((one for one in reading.invitations_for(key) if one.id == invitation_id), None)
    if found is None:
        raise _no_invitation()
    return found


def accept(customer_id: UUID, invitation_id: UUID) -> None:
    """Join a company by an invitation to one's own address. Raise Missing for another's, Conflict with a company."""
    lock_name(f"b2b.apply:{customer_id}")
    found = _own_invitation(customer_id, invitation_id)
    lock(CompanyRow, [found.company_id])
    if reading.seat(customer_id) is not None:
        raise Conflict("b2b.has_company", _("You buy for a company already; leave it first"))
    withdraw(found.company_id, found.id)
    query = select(MemberRow).where(MemberRow.company_id == found.company_id, MemberRow.customer_id == customer_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        row = MemberRow(id=new_id(), company_id=found.company_id, customer_id=customer_id, currency=current().currency)
        session().add(row)
    row.role, row.order_limit_minor, row.is_active = found.role.value, _minor(found.limit), True
    row.since = clock.now()
    session().flush()
    audit.record("b2b.joined", "b2b.company", found.company_id, member=str(row.id))


def decline(customer_id: UUID, invitation_id: UUID) -> None:
    """Turn an invitation to one's own address down. Raise Missing for another's."""
    found = _own_invitation(customer_id, invitation_id)
    withdraw(found.company_id, found.id)


def change(company_id: UUID, member_id: UUID, role: Role, limit: Money | None) -> None:
    """Give somebody another role and limit. Raise Missing for a stranger, Conflict for the last admin."""
    row = _kept(company_id, member_id, role)
    row.role, row.order_limit_minor = role.value, _minor(limit)
    session().flush()
    audit.record("b2b.member_changed", "b2b.company", company_id, member=str(member_id), role=role.value)


def remove(company_id: UUID, member_id: UUID) -> None:
    """Let somebody leave. Raise Missing for a stranger, Conflict for the last admin."""
    _kept(company_id, member_id, None).is_active = False
    session().flush()
    audit.record("b2b.left", "b2b.company", company_id, member=str(member_id))


def _kept(company_id: UUID, member_id: UUID, after: Role | None) -> MemberRow:
    """Lock the company and return one of its people, if it keeps an admin after the change."""
    lock(CompanyRow, [company_id])
    query = select(MemberRow).where(MemberRow.company_id == company_id, MemberRow.is_active)
    rows = session().scalars(query, execution_options={"populate_existing": True}).all()
    row = next((one for one in rows if one.id == member_id), None)
    if row is None:
        raise Missing("b2b.no_member", _("This person does not buy for the company"))
    if not rules.keeps_an_admin([Role(one.role) for one in rows], Role(row.role), after):
        raise Conflict("b2b.last_admin", _("A company keeps at least one admin; make somebody else admin first"))
    return row


def sweep() -> int:
    """Delete invitations that nobody answered in time; return how many."""
    gone = session().execute(delete(InvitationRow).where(InvitationRow.expires_at <= clock.now()))
    return int(gone.rowcount)  # type: ignore[attr-defined]
