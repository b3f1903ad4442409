"""Companies: registered by a buyer, approved, rejected or closed by the operator, and their places."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from core.customers.addresses import COUNTRIES
from core.hooks.runtime import move
from core.identity import addresses
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.tenancy import current
from plugins.b2b import letters, reading, rules, states
from plugins.b2b.models import CompanyRow, LocationRow, MemberRow
from plugins.b2b.rules import Role
from plugins.b2b.settings import Settings

MOST_LOCATIONS = 50


@dataclass(frozen=True, slots=True)
class CompanyDraft:
    """A company as its buyer writes it."""

    name: str
    reg_no: str
    country: str
    invoice_email: str
    tax_no: str = ""


def _checked(draft: CompanyDraft) -> dict[str, str]:
    """Return the columns of a draft. Raise Invalid by field."""
    wrong = []
    name, number = " ".join(draft.name.split()), rules.tidy_number(draft.reg_no)
    if not name:
        wrong.append(FieldError("name", _("Type the company's legal name")))
    if not number:
        wrong.append(FieldError("reg_no", _("Type the number under which the company is registered")))
    if draft.country not in COUNTRIES:
        wrong.append(FieldError("country", _("Choose a country")))
    try:
        email = addresses.email(draft.invoice_email).shown
    except Invalid as refused:
        email = ""
        wrong.append(FieldError("invoice_email", refused.message))
    if wrong:
        raise Invalid("b2b.company", _("Some of this cannot be right."), fields=tuple(wrong))
    tax_no = rules.tidy_number(draft.tax_no)
    return {"name": name, "reg_no": number, "tax_no": tax_no, "country": draft.country, "invoice_email": email}


def apply(customer_id: UUID, draft: CompanyDraft) -> UUID:
    """Register a company with the buyer as its admin, or hand in once more one that was rejected; return it.

    Raise Invalid by field, Conflict if the buyer has a company, or the number is registered already.
    """
    values = _checked(draft)
    lock_name(f"b2b.apply:{customer_id}")
    held = reading.seat(customer_id)
    if held is not None and not (held.is_admin and held.company.state == "rejected"):
        raise Conflict("b2b.has_company", _("You buy for a company already; leave it first"))
    lock_name(f"b2b.company:{values['country']}:{values['reg_no']}")
    taken = session().scalar(
        select(CompanyRow.id).where(CompanyRow.country == values["country"], CompanyRow.reg_no == values["reg_no"])
    )
    if taken is not None and (held is None or taken != held.company.id):
        text = _("A company with this number is registered already; ask its admin to invite you")
        raise Conflict("b2b.registered", text)
    row = _made(customer_id, values) if held is None else _again(held.company.id, values)
    if Settings.of(current()).is_automatic:
        decide(row.id, "approve")
    return row.id


def _made(customer_id: UUID, values: dict[str, str]) -> CompanyRow:
    row = CompanyRow(id=new_id(), state="applied", **values)
    session().add(row)
    member = MemberRow(company_id=row.id, customer_id=customer_id, role=Role.ADMIN.value, currency=current().currency)
    session().add(member)
    session().flush()
    audit.record("b2b.company.applied", "b2b.company", row.id, name=row.name)
    return row


def _again(company_id: UUID, values: dict[str, str]) -> CompanyRow:
    row = _locked(company_id)
    reached = states.target(states.COMPANY, states.COMPANY_EVENTS, row.state, "apply")
    for column, value in values.items():
        setattr(row, column, value)
    row.reason, row.applied_at = "", clock.now()
    session().flush()
    move(states.COMPANY, row, reached)
    return row


def _locked(company_id: UUID) -> CompanyRow:
    found = lock(CompanyRow, [company_id])
    if not found:
        raise Missing("b2b.no_company", _("There is no such company"))
    return found[0]


def decide(company_id: UUID, event: str, reason: str = "") -> None:
    """Approve, reject or close a company and tell its people. Raise Invalid without a reason where one is due.

    Raise Conflict if this cannot be done with it now.
    """
    row = _locked(company_id)
    reached = states.target(states.COMPANY, states.COMPANY_EVENTS, row.state, event)
    said = " ".join(reason.split())
    if event in ("reject", "close") and not said:
        fault = FieldError("reason", _("Write the reason; the company reads it"))
        raise Invalid("b2b.reason", _("Some of this cannot be right."), fields=(fault,))
    row.reason, row.decided_at = said[:500], clock.now()
    session().flush()
    move(states.COMPANY, row, reached, reason=row.reason)
    letters.decided(reading.company(company_id), current().name)


def withdraw(company_id: UUID) -> None:
    """Take back a company that was never approved; everything of it goes. Raise Conflict for another."""
    row = _locked(company_id)
    if row.state not in ("applied", "rejected"):
        raise Conflict("b2b.company.not_now", _("This cannot be done in its present state; look again"))
    session().execute(delete(CompanyRow).where(CompanyRow.id == company_id))
    audit.record("b2b.company.withdrawn", "b2b.company", company_id)


def add_location(company_id: UUID, name: str, address: str, cost_centre: str = "") -> UUID:
    """Add a place. Raise Conflict for a name that is taken or a place too many, Invalid without name or address."""
    _locked(company_id)
    clean, where = " ".join(name.split()), address.strip()
    wrong = [FieldError("name", _("Type a name"))] if not clean else []
    wrong += [FieldError("address", _("Type the address"))] if not where else []
    if wrong:
        raise Invalid("b2b.location", _("Some of this cannot be right."), fields=tuple(wrong))
    held = reading.locations(company_id)
    if len(held) >= MOST_LOCATIONS:
        raise Conflict("b2b.locations", _("A company has at most {most} places"), most=MOST_LOCATIONS)
    if any(place.name == clean for place in held):
        raise Conflict("b2b.location_taken", _("The company has a place of this name already"))
    row = LocationRow(
        id=new_id(), company_id=company_id, name=clean, address=where, cost_centre=" ".join(cost_centre.split())
    )
    session().add(row)
    session().flush()
    return row.id


def remove_location(company_id: UUID, location_id: UUID) -> None:
    """Remove a place; purchases keep its name. Raise Missing for a place of another company."""
    gone = session().execute(
        delete(LocationRow).where(LocationRow.company_id == company_id, LocationRow.id == location_id)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise Missing("b2b.no_location", _("The company has no such place"))
