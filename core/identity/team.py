"""The people behind a console: who is in, with which role, in which department; the last owner always stays."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from core.identity import departments, roles
from core.identity.models import DepartmentRow, MembershipRow, RoleRow, UserRow
from core.identity.principals import Principal
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Missing, _
from core.kernel.locks import lock_name


@dataclass(frozen=True, slots=True)
class Member:
    """One person in a team. `role_key` is what forms send; `role` is None for an owner."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role_key: str
    role: str | None
    department_id: UUID | None
    department: str | None


def members(by: Principal) -> list[Member]:
    """Return the people of the principal's console by name."""
    query = (
        select(MembershipRow.id, MembershipRow.user_id, UserRow.name, UserRow.email, MembershipRow.role_id,
               RoleRow.name.label("role"), MembershipRow.department_id, DepartmentRow.name.label("department"))
        .join(UserRow, (UserRow.tenant_id == MembershipRow.tenant_id) & (UserRow.id == MembershipRow.user_id))
        .outerjoin(RoleRow, (RoleRow.tenant_id == MembershipRow.tenant_id) & (RoleRow.id == MembershipRow.role_id))
        .outerjoin(DepartmentRow, (DepartmentRow.tenant_id == MembershipRow.tenant_id)
                   & (DepartmentRow.id == MembershipRow.department_id))
        .where(UserRow.realm == by.realm.value, MembershipRow.merchant_id.is_not_distinct_from(by.merchant_id))
        .order_by(UserRow.name, MembershipRow.id)
    )  # fmt: skip
    return [
        Member(r.id, r.user_id, r.name, r.email, str(r.role_id or roles.OWNER), r.role, r.department_id, r.department)
        for r in session().execute(query)
    ]


def change(by: Principal, membership_id: UUID, role_key: str, department_id: UUID | None = None) -> None:
    """Give a person another role and department; it counts from their next request on.

    Raise Conflict for the last owner, Denied for a role beyond one's own or for one's own role.
    """
    row = _locked(by, membership_id)
    role_id = roles.resolve(by, role_key)
    if department_id is not None:
        departments.find(by, department_id)
    if role_id != row.role_id:
        if row.user_id == by.user_id:
            raise Denied("team.own_role", _("Nobody changes their own role; ask another owner"))
        _require_power_over(by, row)
        if row.role_id is None:
            _require_another_owner(by, row)
    row.role_id, row.department_id = role_id, department_id
    audit.record("team.role_changed", "user", row.user_id, role=role_key, department=str(department_id or ""))


def remove(by: Principal, membership_id: UUID) -> None:
    """Take a person out of the team; their sessions open nothing here from the next request on.

    Raise Conflict for the last owner.
    """
    row = _locked(by, membership_id)
    if row.user_id != by.user_id:
        _require_power_over(by, row)
    if row.role_id is None:
        _require_another_owner(by, row)
    session().delete(row)
    audit.record("team.removed", "user", row.user_id)


def _locked(by: Principal, membership_id: UUID) -> MembershipRow:
    """Return a membership of the console, with the team locked so that two owners cannot remove each other."""
    lock_name(f"team:{by.realm.value}:{by.merchant_id or ''}")
    row = session().scalars(
        select(MembershipRow)
        .join(UserRow, (UserRow.tenant_id == MembershipRow.tenant_id) & (UserRow.id == MembershipRow.user_id))
        .where(
            MembershipRow.id == membership_id,
            MembershipRow.merchant_id.is_not_distinct_from(by.merchant_id),
            UserRow.realm == by.realm.value,
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise Missing("team.no_such_member", _("There is no such person in this team"))
    return row


def _require_power_over(by: Principal, row: MembershipRow) -> None:
    if row.role_id is None:
        if not by.may("*"):
            raise Denied("team.owners_only", _("Only an owner can do this to an owner"))
        return
    roles.require_at_most(by, roles.find(by, row.role_id))


def _require_another_owner(by: Principal, row: MembershipRow) -> None:
    query = (
        select(func.count())
        .select_from(MembershipRow)
        .join(UserRow, (UserRow.tenant_id == MembershipRow.tenant_id) & (UserRow.id == MembershipRow.user_id))
        .where(
            MembershipRow.role_id.is_(None), MembershipRow.id != row.id, UserRow.state == "active",
            MembershipRow.merchant_id.is_not_distinct_from(by.merchant_id), UserRow.realm == by.realm.value,
        )
    )  # fmt: skip
    if not session().scalar(query):
        raise Conflict("team.last_owner", _("The last owner stays; make somebody else an owner first"))
