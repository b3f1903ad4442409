"""Disputes among a buyer's personal data: kept for three years after their end, longer in court, without the buyer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select, update

from core.compliance.held import gone
from core.compliance.parts import Part, Person, Record, records, register
from core.hooks.data import Erasure
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import _
from core.media.store import files
from core.processes.complaints.personal import KEPT
from core.processes.conflicts.bundling import name_of
from core.processes.conflicts.models import BundleRow, ConflictMessageRow, ConflictRow


def _export(who: Person) -> Mapping[str, Sequence[Record]]:
    ids = select(ConflictRow.id).where(ConflictRow.customer_id.in_(who.customer_ids))
    return {
        "disputes": records(ConflictRow, ConflictRow.id.in_(ids), without=("mediator_id",)),
        "dispute_messages": records(ConflictMessageRow, ConflictMessageRow.conflict_id.in_(ids)),
        "dispute_bundles": records(BundleRow, BundleRow.conflict_id.in_(ids)),
    }


def _erase(who: Person) -> Sequence[Erasure]:
    mine = ConflictRow.customer_id.in_(who.customer_ids)
    old = select(ConflictRow.id).where(mine, ConflictRow.closed_at < clock.now() - KEPT)
    for digest in session().scalars(select(BundleRow.digest).where(BundleRow.conflict_id.in_(old))):
        files().delete(name_of(digest))
    erased = gone(delete(ConflictRow).where(ConflictRow.id.in_(old)))
    kept = session().scalar(select(func.count()).where(mine)) or 0
    session().execute(update(ConflictRow).where(mine).values(customer_id=None),
                      execution_options={"synchronize_session": False})  # fmt: skip
    said = _("The law keeps disputes and their evidence for three years after their end") if kept else ""
    return [Erasure("conflicts", erased, said), Erasure("conflict_messages", 0, said),
            Erasure("conflict_bundles", 0, said)]  # fmt: skip


register(Part("conflicts", _export, _erase))
