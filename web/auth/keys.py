"""The pages of API keys of a console: `mount(blueprint, menu, Realm.MERCHANT)`. A new key is shown once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext

from core.http.answers import Answer, Page, see
from core.http.edge import edge, principal
from core.identity import api_keys, permissions
from core.identity.principals import Realm
from core.kernel.errors import AppError, _
from web.auth.views import wrong
from web.surfaces import Menu


def mount(blueprint: Blueprint, menu: Menu, realm: Realm, section: str) -> None:
    """Add the pages, and the menu's entry, to a console."""
    name = blueprint.name
    menu.add(section, 85, _("API keys"), f"{name}.keys", "key", "keys.manage")

    @blueprint.get("/keys")
    @edge(realm, "keys.manage")
    def keys(error: AppError | None = None) -> Answer:
        return _page(name, realm, error)

    @blueprint.post("/keys")
    @edge(realm, "keys.manage", again=keys)
    def add_key() -> Answer:
        fresh = api_keys.create(principal(), request.form.get("name", ""), request.form.getlist("permissions"))
        return _page(name, realm, None, fresh)

    @blueprint.post("/keys/<uuid:key_id>/revoke")
    @edge(realm, "keys.manage")
    def revoke_key(key_id: UUID) -> Answer:
        api_keys.revoke(principal(), key_id)
        return see(url_for(f"{name}.keys"), gettext("The key is revoked"))


def _page(surface: str, realm: Realm, error: AppError | None, fresh: api_keys.NewKey | None = None) -> Answer:
    known = {p: label for p, label in permissions.known(realm).items() if principal().may(p)}
    form = {} if fresh else {"name": request.form.get("name", ""), "permissions": request.form.getlist("permissions")}
    given = {"keys": api_keys.keys(principal()), "known": known, "fresh": fresh, "form": form, "name": surface}
    return Page("team/keys.html", {**given, **wrong(error)})
