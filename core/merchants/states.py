"""The states of merchants and shops, as data."""

from __future__ import annotations

from core.kernel.machine import machine

MACHINE = machine(
    "merchant",
    draft="applied closed",
    applied="info_asked approved rejected",
    info_asked="applied approved rejected closed",
    rejected="applied closed",
    approved="suspended closed",
    suspended="approved closed",
    closed="",
)
EDITABLE = frozenset({"draft", "info_asked", "rejected"})
"""States in which the applicant may change the application."""

SHOP_MACHINE = machine("shop", open="holiday closed", holiday="open closed", closed="open")
