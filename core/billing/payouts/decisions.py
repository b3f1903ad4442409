"""What of settlement a second person decides, as the decisions page tells it: large payouts, and debts given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.billing.payouts import debts, deciding
from core.billing.payouts.models import DebtRow, PayoutRow
from core.identity import decisions
from core.identity.approvals import Approval
from core.identity.decisions import Kind, Told
from core.kernel.db import session
from core.kernel.errors import _
from core.merchants import directory

_NO_REASON = "-"


def _payouts(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    query = select(PayoutRow.id, PayoutRow.number, PayoutRow.merchant_id)
    rows = {row.id: row for row in session().execute(query.where(PayoutRow.id.in_([one.subject_id for one in asked])))}
    names = directory.found({row.merchant_id for row in rows.values()})
    return {
        one.id: Told(
            _("Payout {number} to {merchant}"), {"number": row.number, "merchant": names[row.merchant_id].name},
            "operator.payout", {"payout_id": row.id},
        )
        for one in asked if (row := rows.get(one.subject_id)) is not None
    }  # fmt: skip


def _debts(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    query = select(DebtRow.id, DebtRow.merchant_id)
    rows = {row.id: row for row in session().execute(query.where(DebtRow.id.in_([one.subject_id for one in asked])))}
    names = directory.found({row.merchant_id for row in rows.values()})
    return {
        one.id: Told(
            _("Write off what {merchant} owes"), {"merchant": names[row.merchant_id].name},
            "operator.merchant_payouts", {"merchant_id": row.merchant_id},
        )
        for one in asked if (row := rows.get(one.subject_id)) is not None
    }  # fmt: skip


decisions.register(Kind(
    "payout", _("Payout"), "payouts.manage", _payouts,
    agree=lambda asked, by: deciding.approve(asked.subject_id, by=by),
    turn_down=lambda asked, by, reason: deciding.turn_down(asked.subject_id, reason or _NO_REASON, by=by),
    can_withdraw=False,
))  # fmt: skip
decisions.register(Kind(
    "write_off", _("Debt written off"), "payouts.manage", _debts,
    agree=lambda asked, by: debts.write_off(asked.subject_id, by=by),
    turn_down=lambda asked, by, _reason: debts.reject(asked.subject_id, by=by),
    can_withdraw=False,
))  # fmt: skip
