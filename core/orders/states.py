"""The lives of purchases and orders, as data."""

from __future__ import annotations

from core.kernel.machine import machine

PURCHASE = machine(
    "purchase",
    pending="paid cancelled expired",
    expired="paid cancelled",
    paid="cancelled",
    cancelled="",
)
ORDER = machine(
    "order",
    pending_payment="paid cancelled",
    paid="accepted shipped delivered completed cancelled",
    accepted="shipped delivered completed cancelled",
    shipped="delivered completed",
    delivered="completed",
    completed="",
    cancelled="",
)
UNPAID = frozenset({"pending_payment", "cancelled"})
"""States in which an order has not moved money (a paid order that is cancelled has given it back)."""
