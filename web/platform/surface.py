"""The console's blueprint, its menu, and what all consoles share, put on it."""

from __future__ import annotations

from flask import Blueprint

from core.hooks.types import Surface
from core.identity.principals import Realm
from web.consoles import frame
from web.surfaces import Menu

blueprint = Blueprint("platform", __name__, url_prefix="/platform")
menu = Menu(Surface.PLATFORM, ("", "Platform"))
menu.reach(h="platform.home", m="platform.tenants", j="platform.jobs")
frame.mount(blueprint, menu, Realm.PLATFORM)
