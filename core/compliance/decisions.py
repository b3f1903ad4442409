"""Waivers, as the decisions page tells them: a rule set aside for a time needs a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.compliance import waivers
from core.compliance.models import WaiverRow
from core.identity import decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told
from core.kernel.db import session
from core.kernel.errors import _


def _waivers(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    query = select(WaiverRow).where(WaiverRow.id.in_([one.subject_id for one in asked]))
    rows = {row.id: row for row in session().scalars(query)}
    return {
        one.id: Told(
            _("Set rule {rule} aside for {label} until {day}"),
            {"rule": row.rule, "label": row.label, "day": row.ends_on.isoformat()}, "operator.compliance_waivers",
        )
        for one in asked if (row := rows.get(one.subject_id)) is not None
    }  # fmt: skip


decisions.register(Kind(
    waivers.KIND, _("Waiver"), "compliance.manage", _waivers,
    agree=lambda asked, by: waivers.grant(asked.subject_id, by=by),
    turn_down=lambda asked, by, reason: waivers.refuse(asked.subject_id, by=by, reason=reason),
    can_withdraw=False,
))  # fmt: skip
