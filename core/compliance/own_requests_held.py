"""What rules read of requests about one's own data: asked and answered in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.compliance import holdings
from core.compliance.facts import Tree
from core.compliance.models import SubjectRequestRow
from core.compliance.own_data import SOURCE
from core.compliance.snapshots import local
from core.kernel.db import session


def _facts(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Tree]]:
    rows = session().scalars(select(SubjectRequestRow).where(SubjectRequestRow.id.in_(ids)))
    return {row.id: {"q": _of(row)} for row in rows}


def _of(row: SubjectRequestRow) -> Mapping[str, Tree]:
    """An erasure is refused only while orders are open: the law lets the contract be carried out first."""
    is_refused = row.state == "refused"
    return {
        "asked_at": local(row.asked_at), "done_at": None if is_refused else local(row.done_at),
        "refused_at": local(row.done_at) if is_refused else None,
        "refused_reason": "orders that are not completed" if is_refused else None,
    }  # fmt: skip


holdings.register(SOURCE, _facts)
