"""Complaints among a buyer's personal data: the law keeps a case for three years after its end, without its author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update

from core.compliance.held import gone
from core.compliance.parts import Part, Person, Record, records, register
from core.hooks.data import Erasure
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import _
from core.processes.complaints.models import ComplaintMessageRow, ComplaintRow

KEPT = timedelta(days=3 * 366)


def _export(who: Person) -> Mapping[str, Sequence[Record]]:
    mine = or_(ComplaintRow.customer_id.in_(who.customer_ids), func.lower(ComplaintRow.email) == who.email.lower())
    ids = select(ComplaintRow.id).where(mine)
    return {
        "complaints": records(ComplaintRow, mine, without=("owner_id", "owner_name")),
        "complaint_messages": records(ComplaintMessageRow, ComplaintMessageRow.complaint_id.in_(ids),
                                      ComplaintMessageRow.is_internal.is_(False)),
    }  # fmt: skip


def _erase(who: Person) -> Sequence[Erasure]:
    mine = or_(ComplaintRow.customer_id.in_(who.customer_ids), func.lower(ComplaintRow.email) == who.email.lower())
    old = gone(delete(ComplaintRow).where(mine, ComplaintRow.closed_at < clock.now() - KEPT))
    kept = session().scalar(select(func.count()).where(mine)) or 0
    session().execute(update(ComplaintRow).where(mine).values(customer_id=None, name="", email=""),
                      execution_options={"synchronize_session": False})  # fmt: skip
    said = _("The law keeps complaints for three years after their end; they no longer say who you are") if kept else ""
    return [Erasure("complaints", old, said), Erasure("complaint_messages", 0, said)]


register(Part("complaints", _export, _erase))
