"""Roles: named sets of permissions, of the tenant's staff, the platform's, or one merchant's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select

from core.identity import permissions
from core.identity.models import MembershipRow, RoleRow
from core.identity.principals import Principal
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Role:
    """A role that can be given. `key` is "owner", the id of a stored role, or the name of a built-in one."""

    key: str
    name: str
    permissions: tuple[str, ...]
    id: UUID | None = None


def of_scope(by: Principal) -> tuple[ColumnElement[bool], ...]:
    """Return the criteria of the roles that the principal's console manages."""
    return (RoleRow.realm == by.realm.value, RoleRow.merchant_id.is_not_distinct_from(by.merchant_id))


def roles(by: Principal) -> list[Role]:
    """Return the roles of the principal's console: owner, stored ones, and built-in ones that nobody has used yet."""
    rows = session().scalars(select(RoleRow).where(*of_scope(by)).order_by(RoleRow.name)).all()
    stored = [Role(str(r.id), r.name, tuple(r.permissions), r.id) for r in rows]
    names = {r.name for r in rows}
    fresh = [Role(n, n, p) for n, p in permissions.TEMPLATES[by.realm].items() if n not in names]
    return [Role(OWNER, _("Owner"), ("*",)), *stored, *fresh]


def save(by: Principal, name: str, wanted: list[str], role_id: UUID | None = None) -> UUID:
    """Make a role, or change the given one; it counts from the holders' next request on.

    Raise Conflict if another role has the name, Invalid for permissions that the principal cannot give.
    """
    called = " ".join(name.split())
    if not 0 < len(called) <= 60 or called.casefold() == OWNER:
        fault = _("Give the role a name of at most 60 characters")
        raise Invalid("team.no_name", fault, fields=(FieldError("name", fault),))
    allowed = permissions.check(by.realm, wanted, by.permissions)
    taken = session().scalars(select(RoleRow.id).where(*of_scope(by), RoleRow.name == called)).one_or_none()
    if taken is not None and taken != role_id:
        raise Conflict("team.role_taken", _("There is a role of this name already"))
    row = find(by, role_id) if role_id else RoleRow(id=new_id(), realm=by.realm.value, merchant_id=by.merchant_id)
    if role_id:
        require_at_most(by, row)
    row.name, row.permissions = called, list(allowed)
    session().add(row)
    audit.record("team.role_saved", "role", row.id, name=called, permissions=" ".join(allowed))
    return row.id


def remove(by: Principal, role_id: UUID) -> None:
    """Delete a role. Raise Conflict while somebody holds it."""
    row = find(by, role_id)
    require_at_most(by, row)
    if session().scalars(select(MembershipRow.id).where(MembershipRow.role_id == role_id).limit(1)).first():
        raise Conflict("team.role_held", _("Give its holders another role first"))
    session().delete(row)
    audit.record("team.role_removed", "role", role_id, name=row.name)


def resolve(by: Principal, key: str) -> UUID | None:
    """Return the id behind a role's key, storing a built-in one at its first use; None is owner.

    Raise Denied for a role beyond the principal's own.
    """
    if key == OWNER:
        if not by.may("*"):
            raise Denied("team.owners_only", _("Only an owner can make an owner"))
        return None
    template = permissions.TEMPLATES[by.realm].get(key)
    if template is not None:
        taken = session().scalars(select(RoleRow.id).where(*of_scope(by), RoleRow.name == key)).one_or_none()
        return taken or save(by, key, list(template))
    row = find(by, _as_id(key))
    require_at_most(by, row)
    return row.id


def require_at_most(by: Principal, row: RoleRow) -> None:
    """Raise Denied for a role that holds more than the principal does."""
    if "*" not in by.permissions and not set(row.permissions) <= by.permissions:
        raise Denied("team.beyond_you", _("This role may do more than you; ask an owner"))


def find(by: Principal, role_id: UUID | None) -> RoleRow:
    """Return a role of the principal's console. Raise Missing for any other."""
    row = session().scalars(select(RoleRow).where(*of_scope(by), RoleRow.id == role_id)).one_or_none()
    if row is None:
        raise Missing("team.no_such_role", _("There is no such role"))
    return row


def _as_id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
