"""The limits of a tenant's plan: how many of a thing there may be."""

from __future__ import annotations

from core.kernel.errors import Conflict, _
from core.kernel.tenancy import current


def limit_of(name: str) -> int | None:
    """Return the bound tenant's limit of a thing ("listings", "merchants", "staff", "orders"); None is unlimited."""
    return current().limits.get(name)


def require_within(name: str, count: int, *, adding: int = 1) -> None:
    """Raise Conflict "limits.reached" if `adding` more than the present `count` would exceed the plan."""
    limit = limit_of(name)
    if limit is not None and count + adding > limit:
        raise Conflict(
            "limits.reached",
            _("Your plan allows {limit} of these ({name}); ask the platform for a larger one"),
            name=name,
            limit=limit,
            count=count,
        )
