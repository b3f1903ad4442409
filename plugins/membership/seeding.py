"""Points for a demonstration: the same for the same number."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from core.hooks.data import Seed
from core.kernel import clock
from plugins.membership import accounts
from plugins.membership.accounts import Change

_ABOUT_TO_LAPSE = 3


def seed(asked: Seed) -> None:
    """Give each customer some points, the first three of them points that lapse soon."""
    chance = Random(asked.number)  # made-up figures are no secret
    for place, customer_id in enumerate(asked.customer_ids):
        points = chance.randrange(1, 40) * 50
        key = f"demo:{customer_id}"
        if accounts.is_done(key):
            continue
        member = accounts.locked(customer_id)
        soon = clock.now() + timedelta(days=5 + place) if place < _ABOUT_TO_LAPSE else accounts.expiry()
        accounts.give(member, points, expires_at=soon)
        accounts.write(member, Change("adjust", key, points=points, reason="Welcome"))
