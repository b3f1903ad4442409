"""The release of a list of rates, as the marketplace's decisions page tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.identity import decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told
from core.kernel.errors import _
from plugins.commission import drafts


def _lists(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    return {one.id: Told(_("Release a new list of commission rates"), {}, "commission_operator.rates") for one in asked}


decisions.register(Kind(
    drafts.KIND, _("Commission rates"), "commission.release", _lists,
    agree=lambda _asked, by: drafts.release(by=by),
    turn_down=lambda _asked, by, reason: drafts.send_back(reason, by=by),
    can_withdraw=False,
))  # fmt: skip
