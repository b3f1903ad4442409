"""Decides what a local run is told through its environment: addresses, keys, folders and ports."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from web.sandbox.processes import StartError, make_folder
from web.sandbox.services import Services, keep_secret

STRIPE_WEBHOOK_PATH = "/webhooks/stripe"


@dataclass(frozen=True, slots=True)
class StandIn:
    """The local stand-in for Stripe: where it listens and the keys it shares with the product."""

    port: int
    key: str
    webhook_secret: str
    data: Path

    @property
    def url(self) -> str:
        """Where the stripe library finds it."""
        return f"http://127.0.0.1:{self.port}"


def free_port_from(first: int) -> int:
    """Return the first port from `first` on that is free, over IPv4 and IPv6. Raise StartError if none is."""
    for port in range(first, first + 200):
        if not listens(port) and _can_be_bound(port):
            return port
    raise StartError(f"no port between {first} and {first + 199} is free")


def _can_be_bound(port: int) -> bool:
    """Say whether a server could use the port: an outgoing connection may hold it, with no listener."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Say whether somebody takes connections to a port of this machine."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.settimeout(1)
                if probe.connect_ex((host, port)) == 0:
                    return True
        except OSError:
            continue
    return False


def stand_in(home: Path, port: int) -> StandIn | None:
    """Return the stand-in to run, or None where a key for Stripe itself is set."""
    if os.environ.get("STRIPE_API_KEY"):
        return None
    secret = keep_secret(home / "stripe.secret")
    key, webhook_secret = f"sk_test_{secret[:24]}", f"whsec_{secret[24:]}"
    return StandIn(port, key, webhook_secret, make_folder(home / "stripe") / "stripe.sqlite")


def environment(home: Path, services: Services | None, stripe: StandIn | None, port: int) -> Mapping[str, str]:
    """Return the environment of the product's programs; what the caller has set wins."""
    mine = {
        "BASE_URL": f"http://localhost:{port}",
        "SECRET_KEY": keep_secret(home / "product.secret"),
        "MEDIA_ROOT": str(make_folder(home / "media")),
        "MAIL_OUTBOX": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if services is not None:
        mine |= {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
        if not os.environ.get("DATABASE_URL"):
            mine["GALLERIA_EMBEDDED"] = "1"
    if stripe is not None:
        mine["STRIPE_API_KEY"] = stripe.key
        mine["STRIPE_API_BASE"] = stripe.url
        mine["STRIPE_WEBHOOK_SECRET"] = stripe.webhook_secret
    return mine | {name: value for name, value in os.environ.items() if value or name not in mine}
