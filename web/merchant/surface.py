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

blueprint = Blueprint("merchant", __name__, url_prefix="/merchant")
menu = Menu(Surface.MERCHANT, ("", "Catalogue", "Money", "Settings"))


def frame() -> Mapping[str, Any]:
    """Return the values of console/shell.html."""
    return {"surface": "merchant", "tenant": current(), "actor": principal(), "nav": menu.shown()}


shells.provide(Realm.MERCHANT, frame)
