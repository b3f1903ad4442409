"""What a new merchant is shown to set up its shop, until it puts the list away."""

from __future__ import annotations

from uuid import UUID

from core.kernel import audit
from core.merchants.directory import row_of


def dismiss(merchant_id: UUID | None) -> None:
    """Put the checklist away for everybody who works for the merchant."""
    row = row_of(merchant_id)
    row.facts = {**row.facts, "setup_dismissed": True}
    audit.record("merchant.setup_dismissed", "merchant", row.id)
