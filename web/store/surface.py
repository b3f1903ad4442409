"""The storefront's blueprint, and what its frame shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from core.http import shells
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.tenancy import current

blueprint = Blueprint("store", __name__)


def frame() -> Mapping[str, Any]:
    """Return the values of store/shell.html."""
    who = principal()
    return {"tenant": current(), "actor": None if who.is_guest else who, "categories": [], "cart_count": 0}


shells.provide(Realm.BUYER, frame)
