"""The decisions about companies, pure: who may do what, what a limit lets through, how numbers are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from core.kernel.money import Money


class Role(StrEnum):
    """What a person may do for a company; each may do what the one before may."""

    BUYER = "buyer"  # buys up to the own limit
    APPROVER = "approver"  # agrees to what others may not buy alone
    ADMIN = "admin"  # keeps people, limits and places


def tidy_number(text: str) -> str:
    """Write a registration number in the one form by which a company is found: capitals without spaces and marks."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def is_within(limit: Money | None, total: Money) -> bool:
    """Tell whether somebody may buy for so much alone; no limit lets everything through."""
    return limit is None or total <= limit


def keeps_an_admin(roles: Sequence[Role], before: Role, after: Role | None) -> bool:
    """Tell whether a company keeps an admin when one of its people gets another role, or (None) leaves."""
    left = list(roles)
    left.remove(before)
    return Role.ADMIN in left or after is Role.ADMIN


def may_decide(role: Role, limit: Money | None, total: Money, *, is_author: bool) -> bool:
    """Tell whether somebody may agree to a basket: another than its author, with the role, within the own limit."""
    return not is_author and role is not Role.BUYER and is_within(limit, total)


def is_same(asked: Mapping[UUID, int], now: Mapping[UUID, int]) -> bool:
    """Tell whether a basket holds what was agreed to, no more and no less."""
    return bool(asked) and dict(asked) == dict(now)


def has_drifted(approved: Money, now: Money, drift_bps: int) -> bool:
    """Tell whether a total rose by more than the bounds let it."""
    return now - approved > approved.share(drift_bps)
