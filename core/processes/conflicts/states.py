"""The stages of a dispute, and how long each lasts."""

from __future__ import annotations

from core.kernel.machine import machine

CONFLICT = machine(
    "conflict",
    negotiation="mediation agreed outside arbitration litigation withdrawn",
    mediation="agreed decided outside arbitration litigation withdrawn",
    outside="agreed arbitration litigation withdrawn",
    arbitration="concluded",
    litigation="concluded",
    agreed="closed",
    decided="closed outside arbitration litigation",
    concluded="closed",
    withdrawn="",
    closed="",
)
TALKING = ("negotiation", "mediation", "outside")
"""Stages in which offers are made and accepted."""
OPEN = (*TALKING, "arbitration", "litigation", "agreed", "decided", "concluded")
DAYS = {"negotiation": 7, "mediation": 15, "agreed": 15, "decided": 15}
"""Days until the next step is due, as the marketplace aims at; courts have their own."""
