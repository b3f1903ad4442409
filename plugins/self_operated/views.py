"""Pages of self_operated."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface

operator = Blueprint("self_operated_operator", __name__, template_folder="templates")
merchant = Blueprint("self_operated_merchant", __name__, template_folder="templates")
MENU: Mapping[Surface, tuple[NavItem, ...]] = {}
