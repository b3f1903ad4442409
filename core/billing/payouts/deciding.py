"""What persons decide and say: a second one approves a payout, one calls it off in time, one says what the bank did."""

from __future__ import annotations

from uuid import UUID

from core.billing import accounts
from core.billing.payouts import earnings
from core.billing.payouts.claiming import mark_of, send_soon
from core.billing.payouts.models import PayoutRow
from core.billing.payouts.states import PAYOUT
from core.hooks.money import Posting
from core.hooks.runtime import move
from core.identity import approvals
from core.kernel import audit, clock
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.locks import lock
from core.kernel.money import Money
from core.ledger import journal
from core.payments import adapters, bank_transfer
from core.payments.adapters import SentState


def locked(payout_id: UUID) -> PayoutRow:
    """Lock a payout. Raise Missing if there is none."""
    rows = lock(PayoutRow, [payout_id])
    if not rows:
        raise Missing("payouts.none", _("There is no such payout"))
    return rows[0]


def approve(payout_id: UUID, *, by: UUID) -> bool:
    """Agree to a payout above the limit; the second person's word sends it. Return whether it goes now.

    The first person is who made it, or, of one that the schedule made, who agrees first. Raise Denied for the first
    person again, Conflict if nothing waits.
    """
    row = locked(payout_id)
    if row.state != "awaiting_approval":
        raise Conflict("payouts.nothing_to_approve", _("This payout does not wait for a second person"))
    asked = next((one for one in approvals.waiting("payout") if one.subject_id == row.id), None)
    if asked is None:
        approvals.request("payout", row.id, mark_of(row), Money(row.amount_minor, row.currency), by=by)
        return False
    approvals.approve(asked.id, mark_of(row), by=by)
    move(PAYOUT, row, "claimed")
    send_soon(row.id)
    return True


def turn_down(payout_id: UUID, reason: str, *, by: UUID) -> None:
    """Refuse a payout as the second person: it is called off and its rows are open again. Raise Denied or Conflict."""
    row = locked(payout_id)
    asked = next((one for one in approvals.waiting("payout") if one.subject_id == row.id), None)
    if row.state != "awaiting_approval" or asked is None:
        raise Conflict("payouts.nothing_to_approve", _("This payout does not wait for a second person"))
    approvals.reject(asked.id, by=by, reason=reason)
    cancel(payout_id, reason)


def cancel(payout_id: UUID, reason: str) -> None:
    """Call a payout off that the provider was never asked for; its rows are open again. Raise Invalid or Conflict."""
    row = locked(payout_id)
    if row.state == "cancelled":
        return
    if not reason.strip():
        fault = FieldError("reason", _("Give the reason; the merchant reads it"))
        raise Invalid("payouts.no_reason", _("Say why it is called off"), fields=(fault,))
    if row.state not in ("awaiting_approval", "claimed") or row.asked_at is not None:
        raise Conflict("payouts.too_late", _("This payout is with the provider already and cannot be called off"))
    move(PAYOUT, row, "cancelled", reason=reason.strip()[:300])
    row.failure, row.ended_at = reason.strip()[:300], clock.now()
    amount = Money(row.amount_minor, row.currency)
    posting = Posting(accounts.payable(row.merchant_id), accounts.in_transit(row.id), amount, "payout called off")
    journal.post(f"payout:{row.id}:cancelled", "payout.cancelled", [posting])
    earnings.reopen(row.id)


def settle_trouble(payout_id: UUID) -> None:
    """Note that a person has looked at what did not fit."""
    row = locked(payout_id)
    audit.record("payout.trouble_seen", "payout", row.id, trouble=row.trouble)
    row.trouble = ""


def report(payout_id: UUID, said: SentState, *, bank_ref: str = "", failure: str = "") -> None:
    """Say what came of a transfer that a person makes: paid, failed or returned. The same again changes nothing.

    Raise Invalid without a reason for what went wrong, Conflict where the provider confirms by itself.
    """
    row = locked(payout_id)
    adapter = adapters.find(row.adapter)
    if adapter is None or adapter.capabilities.confirms_itself:
        raise Conflict("payouts.confirms_itself", _("This way of paying out says by itself what came of it"))
    if said is not SentState.PAID and not failure.strip():
        fault = FieldError("reason", _("Give the reason; the merchant reads it"))
        raise Invalid("payouts.no_reason", _("Say what went wrong"), fields=(fault,))
    bank_transfer.report(payout_id, said, bank_ref=bank_ref, failure=failure)
