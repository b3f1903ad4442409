"""Own goods in words."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext


def receipt_state(state: str, *, waits: bool = False) -> str:
    """Say where a receipt stands."""
    if waits:
        return gettext("waits for a second person")
    words = {"draft": gettext("draft"), "posted": gettext("posted"), "reversed": gettext("reversed")}
    return words[state]


def count_state(state: str, *, waits: bool = False) -> str:
    """Say where a count stands."""
    if waits:
        return gettext("waits for a second person")
    words = {
        "open": gettext("being counted"), "submitted": gettext("counted"), "approved": gettext("booked"),
        "lapsed": gettext("lapsed"),
    }  # fmt: skip
    return words[state]


def movement(kind: str) -> str:
    """Say what a movement was."""
    words = {
        "receipt": gettext("Taken in"), "ship": gettext("Sent"), "restock": gettext("Came back"),
        "damage": gettext("Broken or lost"), "count": gettext("Stock-taking"), "reverse": gettext("Receipt reversed"),
    }  # fmt: skip
    return words[kind]


def percent(bps: int | None) -> str:
    """Write basis points as a percentage; a dash for None."""
    return "–" if bps is None else f"{(Decimal(bps) / 100).normalize():f} %"


def days(count: int | None) -> str:
    """Write a number of days; a dash for None."""
    return "–" if count is None else gettext("%(count)s days", count=count)


def plain_percent(bps: int | None) -> str:
    """Write basis points as a plain number of per cent; nothing for None."""
    return "" if bps is None else f"{(Decimal(bps) / 100).normalize():f}"
