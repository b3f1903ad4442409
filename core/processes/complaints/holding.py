"""What rules read of complaints: their clocks, measures against illegal offers, requests about own data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.compliance import holdings
from core.compliance.facts import Tree
from core.compliance.snapshots import local
from core.kernel.db import session
from core.processes.complaints.filing import SOURCE
from core.processes.complaints.kinds import URGENT
from core.processes.complaints.models import ComplaintRow


def _facts(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    rows = session().scalars(select(ComplaintRow).where(ComplaintRow.id.in_(ids)))
    return {row.id: _of(row) for row in rows}


def _of(row: ComplaintRow) -> Mapping[str, Tree]:
    """A case that ended before a step needs that step no more; one that skips the merchant has its answer at once."""
    over = row.closed_at if row.state in ("withdrawn", "disputed") else None
    skips = row.kind != "consumer" or row.topic in URGENT or row.merchant_id is None
    answered = row.answered_at or (row.acknowledged_at if skips else None) or over
    refused = row.outcome == "rejected"
    return {
        "k": {
            "filed_at": local(row.filed_at), "acknowledged_at": local(row.acknowledged_at),
            "merchant_answered_at": local(answered), "decided_at": local(_first(row.decided_at, over)),
            "remedy_done_at": local(_first(row.remedied_at, over)), "accepted": True,
            "answered_at": local(row.decided_at), "handler": row.decided_by, "reasons": row.decision,
        },
        "decision_at": row.about_on.isoformat() if row.about_on else local(row.filed_at),
        "case": {
            "detected_at": local(row.filed_at), "measure_at": local(row.measure_at),
            "reported_at": local(row.reported_at),
        },
        "q": {
            "asked_at": local(row.filed_at), "done_at": None if refused else local(_first(row.remedied_at, over)),
            "refused_at": local(row.decided_at) if refused else None, "refused_reason": row.decision if refused else None,
        },
    }  # fmt: skip


def _first(at: datetime | None, over: datetime | None) -> datetime | None:
    return at or over


holdings.register(SOURCE, _facts)
