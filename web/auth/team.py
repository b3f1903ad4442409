"""The team pages of a console: people and invitations, roles, departments. `mount(blueprint, menu, Realm.OPERATOR)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext

from core.http.answers import Answer, Page, see
from core.http.edge import edge, principal
from core.identity import departments, invitations, permissions, roles, team
from core.identity.principals import Realm
from core.kernel.errors import AppError, Invalid, _
from web import languages
from web.auth.views import wrong
from web.surfaces import Menu


def mount(blueprint: Blueprint, menu: Menu, realm: Realm, section: str) -> None:
    """Add the pages, and the menu's entry, to a console."""
    menu.add(section, 80, _("Team"), f"{blueprint.name}.team", "users", "team.manage")
    _mount_invitations(blueprint, realm, _mount_people(blueprint, realm))
    _mount_roles(blueprint, realm)
    _mount_departments(blueprint, realm)


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid("form.no_id", _("Choose one of the options")) from None


def _page(template: str, blueprint: Blueprint, error: AppError | None, **values: Any) -> Answer:
    def at(name: str, **parts: Any) -> str:
        return url_for(f"{blueprint.name}.{name}", **parts)

    given = {"at": at, "form": request.form, "tab": template}
    return Page(f"team/{template}.html", {**given, **wrong(error), **values})


def _mount_people(blueprint: Blueprint, realm: Realm) -> Callable[..., Answer]:
    to = f"{blueprint.name}.team"

    @blueprint.get("/team", endpoint="team")
    @edge(realm, "team.manage")
    def people(error: AppError | None = None, membership_id: UUID | None = None) -> Answer:
        return _people(blueprint, error)

    @blueprint.post("/team/<uuid:membership_id>")
    @edge(realm, "team.manage", again=people)
    def change_member(membership_id: UUID) -> Answer:
        form = request.form
        team.change(principal(), membership_id, form.get("role", ""), _key(form.get("department")))
        return see(url_for(to), gettext("Saved"))

    @blueprint.post("/team/<uuid:membership_id>/remove")
    @edge(realm, "team.manage", again=people)
    def remove_member(membership_id: UUID) -> Answer:
        team.remove(principal(), membership_id)
        return see(url_for(to), gettext("Removed from the team"))

    return people


def _people(blueprint: Blueprint, error: AppError | None) -> Answer:
    by = principal()
    return _page(
        "people", blueprint, error, members=team.members(by), roles=roles.roles(by), me=by.user_id,
        departments=departments.departments(by), invitations=invitations.invitations(by),
    )  # fmt: skip


def _mount_invitations(blueprint: Blueprint, realm: Realm, people: Callable[..., Answer]) -> None:
    to = f"{blueprint.name}.team"

    @blueprint.post("/team/invite")
    @edge(realm, "team.manage", again=people)
    def invite() -> Answer:
        form = request.form
        invitations.invite(
            principal(), form.get("email", ""), form.get("role", ""), _key(form.get("department")),
            locale=languages.language(),
        )  # fmt: skip
        return see(url_for(to), gettext("The invitation is on its way"))

    @blueprint.post("/team/invitations/<uuid:invitation_id>/withdraw")
    @edge(realm, "team.manage")
    def withdraw_invitation(invitation_id: UUID) -> Answer:
        invitations.withdraw(principal(), invitation_id)
        return see(url_for(to), gettext("The invitation is withdrawn"))


def _mount_roles(blueprint: Blueprint, realm: Realm) -> None:
    to = f"{blueprint.name}.roles"

    @blueprint.get("/team/roles", endpoint="roles")
    @edge(realm, "team.manage")
    def roles_page(error: AppError | None = None, role_id: UUID | None = None) -> Answer:
        known = permissions.known(realm)
        return _page("roles", blueprint, error, roles=roles.roles(principal()), known=known, edited=role_id)

    @blueprint.post("/team/roles")
    @edge(realm, "team.manage", again=roles_page)
    def add_role() -> Answer:
        roles.save(principal(), request.form.get("name", ""), request.form.getlist("permissions"))
        return see(url_for(to), gettext("Saved"))

    @blueprint.post("/team/roles/<uuid:role_id>")
    @edge(realm, "team.manage", again=roles_page)
    def change_role(role_id: UUID) -> Answer:
        roles.save(principal(), request.form.get("name", ""), request.form.getlist("permissions"), role_id)
        return see(url_for(to), gettext("Saved; it counts from everyone's next click"))

    @blueprint.post("/team/roles/<uuid:role_id>/remove")
    @edge(realm, "team.manage", again=roles_page)
    def remove_role(role_id: UUID) -> Answer:
        roles.remove(principal(), role_id)
        return see(url_for(to), gettext("The role is removed"))


def _mount_departments(blueprint: Blueprint, realm: Realm) -> None:
    to = f"{blueprint.name}.departments"

    @blueprint.get("/team/departments", endpoint="departments")
    @edge(realm, "team.manage")
    def departments_page(error: AppError | None = None, department_id: UUID | None = None) -> Answer:
        found = departments.departments(principal())
        return _page("departments", blueprint, error, departments=found, edited=department_id)

    @blueprint.post("/team/departments")
    @edge(realm, "team.manage", again=departments_page)
    def add_department() -> Answer:
        departments.save(principal(), request.form.get("name", ""), request.form.get("duties", "").splitlines())
        return see(url_for(to), gettext("Saved"))

    @blueprint.post("/team/departments/<uuid:department_id>")
    @edge(realm, "team.manage", again=departments_page)
    def change_department(department_id: UUID) -> Answer:
        form = request.form
        departments.save(principal(), form.get("name", ""), form.get("duties", "").splitlines(), department_id)
        return see(url_for(to), gettext("Saved"))

    @blueprint.post("/team/departments/<uuid:department_id>/remove")
    @edge(realm, "team.manage")
    def remove_department(department_id: UUID) -> Answer:
        departments.remove(principal(), department_id)
        return see(url_for(to), gettext("The department is removed"))
