"""Signing in on this surface; the pages are those of every realm."""

from __future__ import annotations

from core.identity.principals import Realm
from web.auth.views import mount
from web.store import saved
from web.store.surface import blueprint

mount(blueprint, Realm.BUYER, saved.remembered)
