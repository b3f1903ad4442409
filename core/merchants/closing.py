"""What stands against closing a merchant: parts of the system that core.merchants may not know register here."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from core.kernel.errors import Conflict, _

Blocker = Callable[[UUID], int]
"""Counts the open obligations of a merchant. Needs a transaction."""

_blockers: dict[str, tuple[Blocker, str]] = {}


def register(name: str, blocker: Blocker, message: str) -> None:
    """Refuse to close while the count is not zero; the message is an English template over {count}."""
    _blockers[name] = (blocker, message)


def check(merchant_id: UUID, *, open_orders: int = 0) -> None:
    """Raise Conflict while orders are open or anything registered stands against closing."""
    if open_orders:
        raise Conflict("merchants.open_orders", _("There are still {count} open orders"), count=open_orders)
    for name, (blocker, message) in _blockers.items():
        count = blocker(merchant_id)
        if count:
            raise Conflict(f"merchants.{name}", message, count=count)
