"""What rules read of right holders' notices: acted on in time, lifted in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.compliance import holdings
from core.compliance.facts import Tree
from core.compliance.snapshots import local
from core.kernel.db import session
from core.processes.rights.models import NoticeRow
from core.processes.rights.noticing import SOURCE


def _facts(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    """A notice that lacks evidence, or shows no infringement, binds to nothing."""
    rows = session().scalars(select(NoticeRow).where(NoticeRow.id.in_(ids)))
    return {
        row.id: {
            "n": {
                "complete": row.state not in ("incomplete", "refused"), "received_at": local(row.received_at),
                "measure_at": local(row.measure_at), "forwarded_at": local(row.forwarded_at),
                "published_at": local(row.published_at),
            },
            "k": {
                "arrived_at": local(row.arrived_at), "excused_days": row.excused_days,
                "action_proof_at": local(row.action_proof_at), "lifted_at": local(row.lifted_at),
            },
        }
        for row in rows
    }  # fmt: skip


holdings.register(SOURCE, _facts)
