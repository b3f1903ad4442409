"""What happened to an order, in the words of facts; buyer, merchant and operator read the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit, clock
from core.kernel.audit import Plain
from core.kernel.db import session
from core.kernel.rows import store
from core.orders.models import TimelineRow


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline. `kind` is stable ("placed", "paid", "shipped", "refunded", "note", ...)."""

    kind: str
    facts: Mapping[str, Plain]
    by_kind: str
    by_name: str
    is_public: bool
    at: datetime


def note(
    order_id: UUID,
    kind: str,
    facts: Mapping[str, Plain] | None = None,
    *,
    is_public: bool = True,
    at: datetime | None = None,
) -> None:
    """Write a moment by the acting person; private ones are for staff."""
    note_all([order_id], kind, facts, is_public=is_public, at=at)


def note_all(
    order_ids: Sequence[UUID],
    kind: str,
    facts: Mapping[str, Plain] | None = None,
    *,
    is_public: bool = True,
    at: datetime | None = None,
) -> None:
    """Write the same moment of several orders, in one statement."""
    by, moment = audit.actor(), at or clock.now()
    store(TimelineRow, [
        {"order_id": order_id, "kind": kind, "facts": dict(facts or {}), "by_kind": by.kind, "by_name": by.name,
         "is_public": is_public, "at": moment}
        for order_id in order_ids
    ])  # fmt: skip


def moments(order_id: UUID, *, public_only: bool) -> Sequence[Moment]:
    """Return an order's moments, oldest first."""
    return moments_of([order_id], public_only=public_only)[order_id]


def moments_of(order_ids: Sequence[UUID], *, public_only: bool) -> dict[UUID, list[Moment]]:
    """Return the moments of orders, oldest first, by order."""
    found: dict[UUID, list[Moment]] = {key: [] for key in order_ids}
    query = select(TimelineRow).where(TimelineRow.order_id.in_(found)).order_by(TimelineRow.at, TimelineRow.id)
    if public_only:
        query = query.where(TimelineRow.is_public)
    for row in session().scalars(query):
        found[row.order_id].append(Moment(row.kind, row.facts, row.by_kind, row.by_name, row.is_public, row.at))
    return found
