"""The steps of policy versions, of what is said to them, and of leaving."""

from __future__ import annotations

from core.kernel.machine import machine

VERSION = machine(
    "policy_version",
    draft="review withdrawn",
    review="draft comment approved withdrawn",
    comment="closed withdrawn",
    closed="draft approved withdrawn",
    approved="published withdrawn",
    published="in_force withdrawn",
    in_force="superseded",
    superseded="",
    withdrawn="",
)
ACCEPTANCE = machine(
    "policy_acceptance", pending="accepted objected silent", silent="accepted", objected="accepted", accepted=""
)
EXIT = machine("policy_exit", leaving="left stayed", left="", stayed="")
OPEN = ("draft", "review", "comment", "closed", "approved", "published")
"""States of a version that is not in force yet; a policy has one at most."""
PUBLIC = ("comment", "closed", "approved", "published", "in_force", "superseded")
"""States in which anybody may read a version."""
