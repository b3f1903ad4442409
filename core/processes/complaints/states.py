"""The steps of a complaint."""

from __future__ import annotations

from core.kernel.machine import machine

COMPLAINT = machine(
    "complaint",
    filed="acknowledged",
    acknowledged="with_merchant platform_decides",
    with_merchant="answered platform_decides withdrawn disputed",
    answered="settled platform_decides withdrawn disputed",
    settled="remedied closed platform_decides",
    platform_decides="decided withdrawn disputed",
    decided="remedied closed disputed",
    remedied="closed disputed",
    closed="",
    withdrawn="",
    disputed="closed",
)
OPEN = ("filed", "acknowledged", "with_merchant", "answered", "settled", "platform_decides", "decided", "remedied")
CLOSED = ("closed", "withdrawn", "disputed")
