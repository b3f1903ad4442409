"""What the frame around every console's pages shows: who works, their menu, commands and wishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from core.http import shells
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.tenancy import current
from web.consoles import finding, looks
from web.surfaces import Menu


def mount(blueprint: Blueprint, menu: Menu, realm: Realm) -> None:
    """Give a console its frame, its search and the pages of each person's wishes."""
    finding.mount(blueprint, realm)
    looks.mount(blueprint, realm)
    shells.provide(realm, _frame(blueprint.name, menu, realm))


def _frame(surface: str, menu: Menu, realm: Realm) -> Callable[[], Mapping[str, Any]]:
    def at(name: str) -> str:
        return url_for(f"{surface}.{name}")

    def frame() -> Mapping[str, Any]:
        """Return the values of console/shell.html."""
        who = principal()
        shown = {"surface": surface, "tenant": current(), "actor": who, "nav": menu.shown()}
        if who.user_id is None:
            return shown
        links = [(gettext("Your preferences"), at("preferences")), (gettext("Sign-in and devices"), at("devices"))]
        return {
            **shown, "account_links": links, "sign_out_href": at("sign_out"), "search_href": at("find"),
            "commands": finding.commands(realm), "wish_href": at("preferences"),
        }  # fmt: skip

    return frame
