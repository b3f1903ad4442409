"""What a second person decides of reconciliation: entries above the limit that end a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.accounting.reconciliation import differences
from core.accounting.reconciliation.matching import KIND
from core.identity import decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told, by_mark
from core.kernel.errors import _


def _told(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    found = differences.told([one.subject_id for one in asked])
    return {
        one.id: Told(
            _("Adjust the journal to {provider}, {day}: {reason}"),
            {"provider": found[one.subject_id].provider, "day": found[one.subject_id].day.isoformat(),
             "reason": one.reason or "–"},
            "operator.difference", {"difference_id": one.subject_id},
        )
        for one in asked
        if one.subject_id in found
    }  # fmt: skip


decisions.register(Kind(
    KIND, _("Reconciliation"), "ledger.post", _told, by_mark(differences.mark, differences.carry_out),
    turn_down=differences.turn_down, can_withdraw=False,
))  # fmt: skip
