"""The states of a difference between journal and provider, and of a comparison."""

from __future__ import annotations

from core.kernel.machine import machine

DIFFERENCE = machine(
    "reconciliation_difference",
    waiting="open resolved",
    open="waiting asked settled dismissed resolved",
    asked="open settled resolved",
    settled="",
    dismissed="",
    resolved="",
)
RUN = machine("reconciliation_run", running="done", done="")
LIVE = ("waiting", "open", "asked")
"""States in which both sides still differ and nobody has said what becomes of it."""
