"""Limits at the edge: a try is counted in a transaction of its own, so that refusing it does not uncount it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import request

from core.identity import limits
from core.kernel.errors import Throttled, _
from core.kernel.tx import transaction


def throttle(name: str, *keys: str, most: int = 10, window: timedelta = limits.MINUTE) -> None:
    """Count one try of `name` under each key. Raise Throttled if any key has had its share of the window.

    For views with `tx=Tx.OWN`, before they open a transaction.
    """
    with transaction():
        waits = [limits.attempt(f"{name}:{_short(key)}", most=most, window=window) for key in keys]
    if any(waits):
        text = _("That were too many attempts; try again in {retry_after} seconds")
        raise Throttled("identity.throttled", text, retry_after=max(waits))


def client_network() -> str:
    """Return where the request comes from: an IPv4 address, or an IPv6 network of 64 bits, which is one household."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network(f"{address}/64", strict=False))


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
