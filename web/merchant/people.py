"""The team behind this console, and its keys; the pages are those of every console."""

from __future__ import annotations

from core.identity.principals import Realm
from web.auth import keys, team
from web.merchant.surface import blueprint, menu

team.mount(blueprint, menu, Realm.MERCHANT, "Settings")
keys.mount(blueprint, menu, Realm.MERCHANT, "Settings")
