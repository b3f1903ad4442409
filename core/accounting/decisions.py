"""What of the books a second person decides, as the decisions page tells it: closing, opening, entries by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.accounting import closing, manual
from core.accounting.closing import Step
from core.identity import decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told
from core.kernel.errors import _

_SENTENCES = {
    Step.CLOSE: _("Close the books before {day}"),
    Step.REOPEN: _("Open the books again from {day} on"),
}


def _steps(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    return {
        one.id: Told(_SENTENCES[Step(one.kind)], {"day": one.reason}, "operator.books") for one in asked
    }  # fmt: skip


def _entries(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    return {
        one.id: Told(_("Entry by hand: {reason}"), {"reason": one.reason}, "operator.manual_entries") for one in asked
    }


for _step, _title in ((Step.CLOSE, _("Closing of the books")), (Step.REOPEN, _("Opening of the books"))):
    decisions.register(Kind(
        _step, _title, "ledger.close", _steps,
        agree=lambda asked, by: closing.approve(asked.id, by=by),
        turn_down=lambda asked, by, _reason: closing.reject(asked.id, by=by),
    ))  # fmt: skip
decisions.register(Kind(
    manual.KIND, _("Manual entry"), "ledger.post", _entries,
    agree=lambda asked, by: manual.approve(asked.subject_id, by=by),
    turn_down=lambda asked, by, _reason: manual.reject(asked.subject_id, by=by),
    can_withdraw=False,
))  # fmt: skip
