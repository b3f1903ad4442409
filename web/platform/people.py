"""The team behind this console, and its keys; the pages are those of every console."""

from __future__ import annotations

from core.identity.principals import Realm
from web.auth import team
from web.platform.surface import blueprint, menu

team.mount(blueprint, menu, Realm.PLATFORM, "Platform")
