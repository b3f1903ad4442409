"""What else happens as a purchase is placed: areas that checkout may not know register here."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Reaction = Callable[[UUID], None]
"""Is told whose purchase it is (the customer). Runs in the placing transaction, with two statements at most."""
_reactions: dict[str, Reaction] = {}


def register(name: str, reaction: Reaction) -> None:
    """Have a function told of each purchase."""
    _reactions[name] = reaction


def tell(customer_id: UUID) -> None:
    """Tell everybody of a purchase that is being placed."""
    for reaction in _reactions.values():
        reaction(customer_id)
