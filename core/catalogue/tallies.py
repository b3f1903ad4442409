"""Counts listings by state, for dashboards and overviews."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from core.catalogue.models import ListingRow
from core.kernel.db import session


def by_state(merchant_id: UUID | None = None) -> Mapping[str, int]:
    """Return how many listings there are in each state, of one merchant or of all."""
    query = select(ListingRow.state, func.count()).group_by(ListingRow.state)
    if merchant_id is not None:
        query = query.where(ListingRow.merchant_id == merchant_id)
    return {state: int(count) for state, count in session().execute(query)}
