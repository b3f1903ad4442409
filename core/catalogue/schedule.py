"""Days on and off the shelf: two timers for each listing, moved with its dates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.catalogue.models import ListingRow
from core.kernel import jobs

PUBLISH, UNPUBLISH = "catalogue.publish", "catalogue.unpublish"


def schedule(row: ListingRow, publish_at: datetime | None, unpublish_at: datetime | None) -> None:
    """Set when an approved listing comes on the shelf and when it leaves it; None is by hand."""
    for name, before, at in ((PUBLISH, row.publish_at, publish_at), (UNPUBLISH, row.unpublish_at, unpublish_at)):
        if at == before:
            continue
        if at is None:
            jobs.cancel(_key(name, row.id))
        else:
            jobs.at(_key(name, row.id), at, name, {"listing_id": str(row.id)})
    row.publish_at, row.unpublish_at = publish_at, unpublish_at


def _key(name: str, listing_id: UUID) -> str:
    return f"{name}:{listing_id}"
