"""Versions of policies, as the decisions page tells them: a second person lets them out of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.identity import approvals, decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told
from core.kernel.db import session
from core.kernel.errors import _
from core.processes.policies import publishing
from core.processes.policies.finding import row_of
from core.processes.policies.models import VersionRow


def _told(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    query = select(VersionRow).where(VersionRow.id.in_([one.subject_id for one in asked]))
    rows = {row.id: row for row in session().scalars(query)}
    return {
        one.id: Told(_("Let version {number} of the policy “{kind}” out"), {"kind": row.kind, "number": row.number},
                     "operator.policy_version", {"version_id": row.id})
        for one in asked if (row := rows.get(one.subject_id)) is not None
    }  # fmt: skip


def _agree(asked: Approval, by: UUID) -> None:
    approvals.approve(asked.id, publishing.mark_of(row_of(asked.subject_id)), by=by)
    publishing.let_out(asked.subject_id)


def _turn_down(asked: Approval, by: UUID, reason: str) -> None:
    approvals.reject(asked.id, by=by, reason=reason)
    publishing.send_back(asked.subject_id)


decisions.register(Kind(publishing.OPENING, _("Policy"), "compliance.manage", _told, agree=_agree,
                        turn_down=_turn_down, can_withdraw=False))  # fmt: skip
