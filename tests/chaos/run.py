"""One run: open a marketplace, let people buy, kill parts meanwhile, wait for quiet, and check everything."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from core.identity import accounts
from core.identity.principals import Realm
from core.kernel.config import from_environment
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction
from tenants import directory, provisioning, values
from tests.cases.client import Client
from tests.cases.market import Market, open_market
from tests.chaos.buyers import Crowd
from tests.chaos.ending import Ending
from tests.chaos.installation import SPARE, VICTIMS, Installation, installation
from web.app import create_app

_ADMIN = ("admin@chaos.example", "a-password-for-chaos")
_CASE: dict[str, Any] = {
    "id": "chaos", "title": "Chaos", "currency": "EUR", "prices_include_tax": True, "fee_tax_bps": 2000,
    "shops": {"A": {}, "B": {}},
    "products": {
        f"{shop}{number}": {"shop": shop, "category": "things", "tax_bps": 2000, "price": 500 + 137 * number}
        for shop in "AB" for number in range(5)
    },
    "rates": [{"name": "standard", "percent_bps": 800}],
    "steps": [],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """How much of it: purchases, kills at least, seconds between kills, and the seed of what is killed."""

    purchases: int
    kills: int
    pause: float
    threads: int
    seed: int


def play(wish: Wish, root: Path) -> dict[str, Any]:
    """Carry it out and return the figures; `violations` is empty if nothing was lost and nothing done twice."""
    with installation(root) as parts:
        app = create_app(from_environment(parts.environment))
        _make_admin(app)
        platform = Client(parts.port, "localhost").signed_in("platform", *_ADMIN)
        market = open_market(_CASE, platform)
        crowd = Crowd(market, parts.stripe_url, wish.purchases)
        started = time.monotonic()
        _disturb(parts, crowd, wish)
        shopping = time.monotonic() - started
        return _figures(parts, crowd, wish, shopping, _end(app, parts, market, crowd))


def _make_admin(app: Flask) -> None:
    with app.app_context():
        with bind(None), platform_transaction():
            provisioning.ensure_platform()
        with bind(values.PLATFORM), transaction():
            accounts.create_staff(Realm.PLATFORM, _ADMIN[0], "Admin", _ADMIN[1])


def _disturb(parts: Installation, crowd: Crowd, wish: Wish) -> None:
    """Kill a part every now and then while anybody still buys."""
    dice, threads = random.Random(wish.seed), crowd.start(wish.threads)
    due, seen = time.monotonic() + wish.pause, 0
    while any(thread.is_alive() for thread in threads) or len(parts.kills) < wish.kills:
        parts.mend()
        if time.monotonic() >= due:
            # A slow machine needs longer to come back: the web and its database die again only after an answer.
            victim = dice.choice(VICTIMS if crowd.answered > seen else SPARE)
            seen = seen if victim in SPARE else crowd.answered
            parts.kill(victim)
            due = time.monotonic() + wish.pause * dice.uniform(0.7, 1.4)
        time.sleep(0.05)


def _tenant(app: Flask, market: Market, parts: Installation) -> Tenant:
    slug = market.store_host.partition(".")[0]
    for _try in range(100):
        parts.mend()
        try:
            with app.app_context():
                with bind(values.PLATFORM), platform_transaction():
                    tenant_id = directory.require_slug(slug)
                found = values.find(tenant_id)
        except OperationalError:
            time.sleep(0.2)
            continue
        assert found is not None
        return found
    raise TimeoutError("PostgreSQL did not come back")


def _end(app: Flask, parts: Installation, market: Market, crowd: Crowd) -> tuple[Ending, float]:
    tenant = _tenant(app, market, parts)
    engine = create_engine(parts.environment["DATABASE_URL"])
    ending = Ending(engine, tenant)
    ending.violations += crowd.faults
    quiet = ending.wait_until_quiet(parts.mend, 120)
    ending.check_purchases(crowd.bought)
    ending.check_provider(parts.stripe_url, parts.stripe_key)
    ending.check_stock(crowd.bought)
    ending.check_journal(app, sum(one.total_minor for one in crowd.bought))
    ending.check_outbox()
    engine.dispose()
    return ending, quiet


def _figures(
    parts: Installation, crowd: Crowd, wish: Wish, shopping: float, end: tuple[Ending, float]
) -> dict[str, Any]:
    ending, quiet = end
    waits = sorted(one.seconds for one in crowd.bought) or [0.0]
    return {
        "purchases": len(crowd.bought), "wanted": wish.purchases, "seed": wish.seed, "kills": len(parts.kills),
        "killed": dict(Counter(parts.kills)), "seconds": round(shopping, 1), "quiet_after": round(quiet, 1),
        "retries": crowd.retries, "status_500": crowd.server_faults,
        "purchase_median_s": round(statistics.median(waits), 2), "purchase_worst_s": round(waits[-1], 1),
        "violations": ending.violations,
    }  # fmt: skip
