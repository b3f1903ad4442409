"""Comments and acceptances of buyers among their personal data: a comment stays without its author, the rest goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select, update

from core.compliance.held import gone
from core.compliance.parts import Part, Person, Record, records, register
from core.hooks.data import Erasure
from core.kernel.db import session
from core.kernel.errors import _
from core.processes.policies.models import AcceptanceRow, CommentRow


def _export(who: Person) -> Mapping[str, Sequence[Record]]:
    return {
        "policy_comments": records(CommentRow, CommentRow.customer_id.in_(who.customer_ids)),
        "policy_acceptances": records(AcceptanceRow, AcceptanceRow.customer_id.in_(who.customer_ids)),
    }


def _erase(who: Person) -> Sequence[Erasure]:
    mine = CommentRow.customer_id.in_(who.customer_ids)
    kept = session().scalar(select(func.count()).where(mine)) or 0
    session().execute(update(CommentRow).where(mine).values(customer_id=None, name=""),
                      execution_options={"synchronize_session": False})  # fmt: skip
    accepted = gone(delete(AcceptanceRow).where(AcceptanceRow.customer_id.in_(who.customer_ids)))
    said = _("A comment on the marketplace's rules stays with its answer, without its author") if kept else ""
    return [Erasure("policy_comments", 0, said), Erasure("policy_acceptances", accepted)]


register(Part("policies", _export, _erase))
