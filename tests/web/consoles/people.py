"""People of the consoles who ask over the API with their session's token."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from core.kernel.tx import transaction
from tests.core.merchants import making


def bearer(realm: str = "operator", merchant_id: UUID | None = None) -> Mapping[str, str]:
    """Return the header of a fresh person of a realm."""
    with transaction():
        return {"Authorization": f"Bearer {making.person(realm, merchant_id)}"}
