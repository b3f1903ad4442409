"""Teams and keys over the API: of the operator, or of the merchant whose staff asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from core.identity import api_keys, departments, invitations, roles, team
from core.identity.principals import Principal, Realm
from web.api.identity import someone
from web.api.surface import Strict, api_edge, resource

Values = Mapping[str, Any]
team_blueprint = resource("team", "/team", "People, invitations, roles and departments")
key_blueprint = resource("keys", "/keys", "API keys")
_NAME = validate.Length(min=1, max=60)


def staff(permission: str) -> Principal:
    """Return who asks, if their role in whatever console includes the permission. Raise Denied otherwise."""
    who = someone()
    who.require(permission)
    return who


class MemberOut(Schema):
    """One person in a team; `role` is null for an owner."""

    id = fields.UUID()
    user_id = fields.UUID()
    name = fields.String()
    email = fields.String()
    role = fields.String(allow_none=True)
    role_key = fields.String()
    department_id = fields.UUID(allow_none=True)


class MembersOut(Schema):
    """The whole team."""

    data = fields.List(fields.Nested(MemberOut))
    next = fields.String(allow_none=True)


class MemberIn(Strict):
    """A person's role ("owner", a role's id, or a built-in role's name) and department."""

    role = fields.String(required=True, validate=_NAME)
    department_id = fields.UUID(load_default=None, allow_none=True)


class InvitationIn(MemberIn):
    """Who is invited, and to what."""

    email = fields.String(required=True, validate=validate.Length(max=300))


class InvitationOut(Schema):
    """An open invitation."""

    id = fields.UUID()
    email = fields.String()
    role = fields.String(allow_none=True)
    expires_at = fields.AwareDateTime()


class InvitationsOut(Schema):
    """The open invitations."""

    data = fields.List(fields.Nested(InvitationOut))
    next = fields.String(allow_none=True)


class RoleIn(Strict):
    """A role and what it may do."""

    name = fields.String(required=True, validate=_NAME)
    permissions = fields.List(fields.String(validate=_NAME), required=True)


class RoleOut(Schema):
    """A role; `id` is null for the owner and for built-in roles that nobody has used yet."""

    id = fields.UUID(allow_none=True)
    key = fields.String()
    name = fields.String()
    permissions = fields.List(fields.String())


class RolesOut(Schema):
    """The roles that can be given."""

    data = fields.List(fields.Nested(RoleOut))
    next = fields.String(allow_none=True)


class DepartmentIn(Strict):
    """A department and its duties."""

    name = fields.String(required=True, validate=_NAME)
    duties = fields.List(fields.String(validate=validate.Length(max=120)), load_default=list)


class DepartmentOut(Schema):
    """A department."""

    id = fields.UUID()
    name = fields.String()
    duties = fields.List(fields.String())
    people = fields.Integer()


class DepartmentsOut(Schema):
    """The departments."""

    data = fields.List(fields.Nested(DepartmentOut))
    next = fields.String(allow_none=True)


class KeyOut(Schema):
    """A key without its secret."""

    id = fields.UUID()
    name = fields.String()
    prefix = fields.String()
    permissions = fields.List(fields.String())
    created_at = fields.AwareDateTime()
    revoked_at = fields.AwareDateTime(allow_none=True)


class KeysOut(Schema):
    """The keys, newest first."""

    data = fields.List(fields.Nested(KeyOut))
    next = fields.String(allow_none=True)


class NewKeyOut(Schema):
    """A fresh key; `secret` is shown this once."""

    id = fields.UUID()
    name = fields.String()
    secret = fields.String()


class IdOut(Schema):
    """What was made."""

    id = fields.UUID()


@team_blueprint.get("/members")
@team_blueprint.response(200, MembersOut)
@api_edge(Realm.OPERATOR, login=False)
def list_members() -> Any:
    """List the people."""
    return {"data": team.members(staff("team.manage")), "next": None}


@team_blueprint.put("/members/<uuid:membership_id>")
@team_blueprint.arguments(MemberIn)
@team_blueprint.response(204)
@api_edge(Realm.OPERATOR, login=False)
def change_member(body: Values, membership_id: UUID) -> Any:
    """Give a person another role or department."""
    team.change(staff("team.manage"), membership_id, body["role"], body["department_id"])
    return ""


@team_blueprint.delete("/members/<uuid:membership_id>")
@team_blueprint.response(204)
@api_edge(Realm.OPERATOR, login=False)
def remove_member(membership_id: UUID) -> Any:
    """Take a person out of the team."""
    team.remove(staff("team.manage"), membership_id)
    return ""


@team_blueprint.get("/invitations")
@team_blueprint.response(200, InvitationsOut)
@api_edge(Realm.OPERATOR, login=False)
def list_invitations() -> Any:
    """List the open invitations."""
    return {"data": invitations.invitations(staff("team.manage")), "next": None}


@team_blueprint.post("/invitations")
@team_blueprint.arguments(InvitationIn)
@team_blueprint.response(204)
@api_edge(Realm.OPERATOR, login=False)
def invite(body: Values) -> Any:
    """Invite a person by mail."""
    invitations.invite(staff("team.manage"), body["email"], body["role"], body["department_id"])
    return ""


@team_blueprint.delete("/invitations/<uuid:invitation_id>")
@team_blueprint.response(204)
@api_edge(Realm.OPERATOR, login=False)
def withdraw(invitation_id: UUID) -> Any:
    """Withdraw an invitation."""
    invitations.withdraw(staff("team.manage"), invitation_id)
    return ""


@team_blueprint.get("/roles")
@team_blueprint.response(200, RolesOut)
@api_edge(Realm.OPERATOR, login=False)
def list_roles() -> Any:
    """List the roles that can be given."""
    return {"data": roles.roles(staff("team.manage")), "next": None}


@team_blueprint.post("/roles")
@team_blueprint.arguments(RoleIn)
@team_blueprint.response(201, IdOut)
@api_edge(Realm.OPERATOR, login=False)
def add_role(body: Values) -> Any:
    """Make a role."""
    return {"id": roles.save(staff("team.manage"), body["name"], body["permissions"])}


@team_blueprint.put("/roles/<uuid:role_id>")
@team_blueprint.arguments(RoleIn)
@team_blueprint.response(200, IdOut)
@api_edge(Realm.OPERATOR, login=False)
def change_role(body: Values, role_id: UUID) -> Any:
    """Change a role; it counts from its holders' next request on."""
    return {"id": roles.save(staff("team.manage"), body["name"], body["permissions"], role_id)}


@team_blueprint.delete("/roles/<uuid:role_id>")
@team_blueprint.response(204)
@api_edge(Realm.OPERATOR, login=False)
def remove_role(role_id: UUID) -> Any:
    """Delete a role that nobody holds."""
    roles.remove(staff("team.manage"), role_id)
    return ""


@team_blueprint.get("/departments")
@team_blueprint.response(200, DepartmentsOut)
@api_edge(Realm.OPERATOR, login=False)
def list_departments() -> Any:
    """List the departments."""
    return {"data": departments.departments(staff("team.manage")), "next": None}


@team_blueprint.post("/departments")
@team_blueprint.arguments(DepartmentIn)
@team_blueprint.response(201, IdOut)
@api_edge(Realm.OPERATOR, login=False)
def add_department(body: Values) -> Any:
    """Make a department."""
    return {"id": departments.save(staff("team.manage"), body["name"], body["duties"])}


@team_blueprint.put("/departments/<uuid:department_id>")
@team_blueprint.arguments(DepartmentIn)
@team_blueprint.response(200, IdOut)
@api_edge(Realm.OPERATOR, login=False)
def change_department(body: Values, department_id: UUID) -> Any:
    """Change a department."""
    return {"id": departments.save(staff("team.manage"), body["name"], body["duties"], department_id)}


@team_blueprint.delete("/departments/<uuid:department_id>")
@team_blueprint.response(204)
@api_edge(Realm.OPERATOR, login=False)
def remove_department(department_id: UUID) -> Any:
    """Delete a department."""
    departments.remove(staff("team.manage"), department_id)
    return ""


@key_blueprint.get("/")
@key_blueprint.response(200, KeysOut)
@api_edge(Realm.OPERATOR, login=False)
def list_keys() -> Any:
    """List the keys."""
    return {"data": api_keys.keys(staff("keys.manage")), "next": None}


@key_blueprint.post("/")
@key_blueprint.arguments(RoleIn)
@key_blueprint.response(201, NewKeyOut)
@api_edge(Realm.OPERATOR, login=False)
def add_key(body: Values) -> Any:
    """Make a key; its secret is shown this once."""
    return api_keys.create(staff("keys.manage"), body["name"], body["permissions"])


@key_blueprint.delete("/<uuid:key_id>")
@key_blueprint.response(204)
@api_edge(Realm.OPERATOR, login=False)
def revoke_key(key_id: UUID) -> Any:
    """Revoke a key."""
    api_keys.revoke(staff("keys.manage"), key_id)
    return ""
