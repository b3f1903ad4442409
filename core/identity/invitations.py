"""Invitations: a link to an address that brings a person into a team with a role; nobody else can use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from core.identity import accounts, departments, roles, tokens
from core.identity.addresses import email as read_email
from core.identity.models import MembershipRow, RoleRow, TokenRow, UserRow
from core.identity.principals import Principal, Realm
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.tenancy import current


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation. `role` None means owner; `is_known` says that the address has an account already."""

    id: UUID
    email: str
    role: str | None
    expires_at: datetime
    is_known: bool = False


def invite(by: Principal, address: str, role_key: str, department_id: UUID | None = None, *, locale: str = "") -> None:
    """Invite a person by mail; an open invitation to the same address is replaced.

    Raise Conflict if they are in the team or the plan's staff limit is reached, Denied for a role beyond one's own.
    """
    who = read_email(address)
    role_id = roles.resolve(by, role_key)
    if department_id is not None:
        departments.find(by, department_id)
    if _is_member(by, who.key):
        raise Conflict("team.in_already", _("{email} is in this team already"), email=who.shown)
    _require_room(by)
    for row in session().scalars(select(TokenRow).where(*_open(by), TokenRow.facts["key"].as_string() == who.key)):
        row.used_at = clock.now()
    facts = {
        "email": who.shown, "key": who.key, "merchant_id": str(by.merchant_id or ""), "role_id": str(role_id or ""),
        "department_id": str(department_id or ""), "by": by.name,
    }  # fmt: skip
    secret = tokens.issue(tokens.INVITATION, by.realm, None, facts)
    path = f"{accounts.home_path(by.realm)}/invitation?token={secret}"
    accounts.announce("invitation", who.shown, locale, action_path=path, by=by.name)
    audit.record("team.invited", "user", None, email=who.shown, role=role_key)


def invitations(by: Principal) -> list[Invitation]:
    """Return the open invitations of the principal's console, newest first."""
    rows = session().scalars(select(TokenRow).where(*_open(by)).order_by(TokenRow.id.desc()).limit(200)).all()
    names = {str(r.id): r.name for r in session().scalars(select(RoleRow).where(*roles.of_scope(by)))}
    return [Invitation(r.id, r.facts["email"], names.get(r.facts["role_id"]), r.expires_at) for r in rows]


def withdraw(by: Principal, invitation_id: UUID) -> None:
    """Make an open invitation worthless."""
    row = session().scalars(select(TokenRow).where(*_open(by), TokenRow.id == invitation_id)).one_or_none()
    if row is None:
        raise Missing("team.no_such_invitation", _("There is no such invitation"))
    audit.record("team.invitation_withdrawn", "user", None, email=row.facts["email"])
    row.used_at, row.facts = clock.now(), {}


def look(realm: Realm, secret: str) -> Invitation:
    """Return what an invitation's link offers. Raise Invalid if it is spent."""
    link = tokens.look(tokens.INVITATION, realm, secret)
    role_id = link.facts["role_id"]
    role = session().scalar(select(RoleRow.name).where(RoleRow.id == UUID(role_id))) if role_id else None
    known = accounts.find(realm, link.facts["email"])
    return Invitation(link.id, link.facts["email"], role, clock.now(), known is not None and known.is_verified)


def accept(realm: Realm, secret: str, name: str = "", password: str = "") -> UUID:
    """Join the team by a link; a person without an account in this realm gets one. Return whose it is.

    Raise Invalid for a spent link, or for a new person's weak password or missing name; then the link still works.
    """
    link = tokens.take(tokens.INVITATION, realm, secret)
    known = accounts.find(realm, link.facts["email"])
    if known is not None and known.is_verified:
        user_id = known.id
    else:
        user_id = accounts.create_verified(realm, link.facts["email"], name, password)
    ids = {part: UUID(link.facts[part]) if link.facts[part] else None for part in _IDS}
    if ids["role_id"] is not None:
        _require_role(ids["role_id"])
    accounts.join(user_id, ids["merchant_id"], ids["role_id"], ids["department_id"])
    return user_id


_IDS = ("merchant_id", "role_id", "department_id")


def _require_role(role_id: UUID) -> None:
    if session().scalar(select(RoleRow.id).where(RoleRow.id == role_id)) is None:
        raise Conflict("team.role_gone", _("The role of this invitation is gone; ask for a new invitation"))


def _open(by: Principal) -> tuple[ColumnElement[bool], ...]:
    return (
        TokenRow.purpose == f"{tokens.INVITATION}:{by.realm.value}",
        TokenRow.used_at.is_(None),
        TokenRow.expires_at > clock.now(),
        TokenRow.facts["merchant_id"].as_string() == str(by.merchant_id or ""),
    )


def _memberships(by: Principal) -> Select[int]:
    return (
        select(func.count())
        .select_from(MembershipRow)
        .join(UserRow, (UserRow.tenant_id == MembershipRow.tenant_id) & (UserRow.id == MembershipRow.user_id))
        .where(UserRow.realm == by.realm.value, MembershipRow.merchant_id.is_not_distinct_from(by.merchant_id))
    )


def _is_member(by: Principal, key: str) -> bool:
    return bool(session().scalar(_memberships(by).where(UserRow.email_key == key)))


def _require_room(by: Principal) -> None:
    most = current().limits.get("staff")
    if most is not None and by.realm is Realm.OPERATOR and (session().scalar(_memberships(by)) or 0) >= most:
        raise Conflict("team.full", _("Your plan has room for {most} people; take the next plan for more"), most=most)
