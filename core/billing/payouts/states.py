"""The lives of payouts, clawbacks and debts, as data."""

from __future__ import annotations

from core.kernel.machine import machine

PAYOUT = machine(
    "payout",
    awaiting_approval="claimed cancelled",
    claimed="sent failed cancelled",
    sent="paid failed returned",
    paid="returned",
    failed="",
    returned="",
    cancelled="",
)
UNDER_WAY = ("awaiting_approval", "claimed", "sent")
"""States in which a payout's rows are claimed and the merchant does not have the money yet."""

CLAWBACK = machine(
    "clawback",
    planned="reversed partly_reversed failed carried",
    partly_reversed="planned carried written_off",
    failed="planned carried written_off",
    carried="planned written_off",
    reversed="",
    written_off="",
)
DEBT = machine("debt", asked="written_off rejected", invoiced="paid", paid="", written_off="", rejected="")
