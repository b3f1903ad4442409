"""Pages of coupons."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface

operator = Blueprint("coupons_operator", __name__, template_folder="templates")
merchant = Blueprint("coupons_merchant", __name__, template_folder="templates")
MENU: Mapping[Surface, tuple[NavItem, ...]] = {}
