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
AFTERSALE = machine(
    "aftersale",
    requested="offered approved refused refunded escalated closed",
    offered="refunded escalated closed",
    approved="sent_back refunded escalated closed",
    refused="escalated closed",
    sent_back="received escalated",
    received="inspected rejected refunded escalated closed",
    inspected="exchanged repaired refunded escalated closed",
    rejected="escalated closed",
    escalated="approved inspected refunded closed",
    refunded="",
    exchanged="",
    repaired="",
    closed="",
)
"""A case is asked for, answered, perhaps sent back and inspected, and ends; `escalated` waits for the operator."""
AFTERSALE_ENDS = frozenset(state for state, after in AFTERSALE.steps.items() if not after)
"""States in which nothing is left to do on a case."""
AFTERSALE_OPEN = frozenset(AFTERSALE.states) - AFTERSALE_ENDS
"""States in which a case keeps its order's money from being released."""
