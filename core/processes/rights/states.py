"""The steps of a right holder's notice."""

from __future__ import annotations

from core.kernel.machine import machine

NOTICE = machine(
    "rights_notice",
    received="incomplete acted refused",
    incomplete="received refused",
    acted="countered upheld lifted",
    countered="upheld lifted",
    upheld="",
    lifted="",
    refused="",
)
RIGHTS = ("trademark", "copyright", "patent", "design", "other")
PUBLIC = ("acted", "countered", "upheld", "lifted")
"""States in which a notice and its result are published."""
