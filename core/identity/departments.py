"""Departments of the operator or of a merchant, with the duties that each answers for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core.identity.models import DepartmentRow, MembershipRow
from core.identity.principals import Principal
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id

_MOST_DUTIES = 30


@dataclass(frozen=True, slots=True)
class Department:
    """A department, what it answers for in its own words, and how many people are in it."""

    id: UUID
    name: str
    duties: tuple[str, ...]
    people: int


def departments(by: Principal) -> list[Department]:
    """Return the departments of the principal's console by name."""
    people = (
        select(func.count())
        .where(MembershipRow.tenant_id == DepartmentRow.tenant_id, MembershipRow.department_id == DepartmentRow.id)
        .correlate(DepartmentRow)
        .scalar_subquery()
    )
    query = select(DepartmentRow, people).where(_scope(by)).order_by(DepartmentRow.name)
    return [Department(r.id, r.name, tuple(r.duties), count) for r, count in session().execute(query)]


def save(by: Principal, name: str, duties: list[str], department_id: UUID | None = None) -> UUID:
    """Make a department, or change the given one. Raise Conflict if another has the name."""
    called = " ".join(name.split())
    if not 0 < len(called) <= 60:
        fault = _("Give the department a name of at most 60 characters")
        raise Invalid("team.no_name", fault, fields=(FieldError("name", fault),))
    taken = session().scalars(select(DepartmentRow.id).where(_scope(by), DepartmentRow.name == called)).one_or_none()
    if taken is not None and taken != department_id:
        raise Conflict("team.department_taken", _("There is a department of this name already"))
    row = find(by, department_id) if department_id else DepartmentRow(id=new_id(), merchant_id=by.merchant_id)
    kept = [" ".join(duty.split())[:120] for duty in duties if duty.strip()]
    row.name, row.duties = called, list(dict.fromkeys(kept))[:_MOST_DUTIES]
    session().add(row)
    audit.record("team.department_saved", "department", row.id, name=called, duties="; ".join(row.duties))
    return row.id


def remove(by: Principal, department_id: UUID) -> None:
    """Delete a department; its people stay in the team, without one."""
    row = find(by, department_id)
    session().delete(row)
    audit.record("team.department_removed", "department", department_id, name=row.name)


def find(by: Principal, department_id: UUID) -> DepartmentRow:
    """Return a department of the principal's console. Raise Missing for any other."""
    query = select(DepartmentRow).where(_scope(by), DepartmentRow.id == department_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("team.no_such_department", _("There is no such department"))
    return row


def _scope(by: Principal) -> ColumnElement[bool]:
    return DepartmentRow.merchant_id.is_not_distinct_from(by.merchant_id)
