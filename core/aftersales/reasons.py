"""The closed lists of after-sales: what may be asked for and why, and what cannot be sent back. Data and pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a buyer asks for."""

    REFUND = "refund"  # money back, the goods stay or never came
    RETURN = "return"  # goods back, then money back
    EXCHANGE = "exchange"  # goods back, then the same or another variant that costs no more
    CLAIM = "claim"  # a part of the money back, the goods stay
    REPAIR = "repair"  # goods back, then the same goods again


NEEDS_GOODS = frozenset({Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR})
"""Kinds for which the goods come back first."""
CHANGED_MIND = "changed_mind"
NOT_RECEIVED = "not_received"
REASONS: Mapping[str, tuple[Kind, ...]] = {
    CHANGED_MIND: (Kind.RETURN, Kind.EXCHANGE),
    NOT_RECEIVED: (Kind.REFUND,),
    "incomplete": (Kind.REFUND, Kind.CLAIM, Kind.RETURN),
    "damaged": (Kind.RETURN, Kind.EXCHANGE, Kind.REFUND, Kind.CLAIM, Kind.REPAIR),
    "faulty": (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR, Kind.REFUND, Kind.CLAIM),
    "not_as_described": (Kind.RETURN, Kind.EXCHANGE, Kind.REFUND, Kind.CLAIM),
    "wrong_item": (Kind.EXCHANGE, Kind.RETURN, Kind.REFUND),
}
"""Why, and what may be asked for because of it, the usual wish first."""


class Ground(StrEnum):
    """Why goods cannot be sent back for a change of mind."""

    CUSTOM_MADE = "custom_made"
    PERISHABLE = "perishable"
    HYGIENE = "hygiene"
    DIGITAL = "digital"
    PRESS = "press"
    RECORDINGS = "recordings"


UNLESS_SEALED = frozenset({Ground.HYGIENE, Ground.RECORDINGS})
"""Grounds that hold only once the seal is broken."""


def is_fault(reason: str) -> bool:
    """Tell whether the seller answers for the reason."""
    return reason != CHANGED_MIND
