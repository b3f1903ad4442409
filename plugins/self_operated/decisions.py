"""Large receipts and large differences, as the marketplace's decisions page tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.identity import approvals, decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told, by_mark
from core.kernel.errors import _
from plugins.self_operated import counts, receipts


def _receipts(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    words = _("Post a goods receipt")
    return {one.id: Told(words, {}, "self_operated_operator.receipt", {"receipt_id": one.subject_id}) for one in asked}


def _counts(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    words = _("Book the differences of a stock-taking")
    return {one.id: Told(words, {}, "self_operated_operator.count", {"count_id": one.subject_id}) for one in asked}


def _count_again(asked: Approval, by: UUID, reason: str) -> None:
    approvals.reject(asked.id, by=by, reason=reason)
    counts.reopen(asked.subject_id)


decisions.register(Kind(
    receipts.KIND, _("Goods receipt"), "self_operated.post_receipt", _receipts,
    by_mark(receipts.mark_now, lambda asked: receipts.agreed(asked.subject_id)),
))  # fmt: skip
decisions.register(Kind(
    counts.KIND, _("Stock-taking"), "self_operated.approve_count", _counts,
    by_mark(counts.mark_now, lambda asked: counts.agreed(asked.subject_id)), _count_again,
))  # fmt: skip
