"""The console's blueprint, its menu, and what its frame shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from core.hooks.types import Surface
from core.http import shells
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.tenancy import current
from web.surfaces import Menu

blueprint = Blueprint("platform", __name__, url_prefix="/platform")
menu = Menu(Surface.PLATFORM, ("", "Platform"))


def frame() -> Mapping[str, Any]:
    """Return the values of console/shell.html."""
    return {"surface": "platform", "tenant": current(), "actor": principal(), "nav": menu.shown()}


shells.provide(Realm.PLATFORM, frame)
