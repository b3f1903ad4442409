"""Sends claimed payouts: look whether the provider knows it, send under its key, note the answer in a transaction after.

A crash anywhere leaves a row that is sent again under the same key: one key, one transfer, one row.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core.billing.payouts.models import PayoutRow
from core.billing.payouts.settling import note
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Unavailable, _
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tx import transaction
from core.payments import adapters
from core.payments.adapters import PayoutAdapter, PayoutOrder, Sent, SentState

STUCK_AFTER = timedelta(minutes=15)
"""After how long without an answer a payout is shown to the operator."""


def order_of(row: PayoutRow) -> PayoutOrder:
    """Return what a provider is asked for a payout."""
    return PayoutOrder(row.id, row.merchant_id, row.account, Money(row.amount_minor, row.currency), row.number)


@jobs.slow_job("payouts.send", retries=50)
def send(payload: jobs.Payload) -> None:
    """Send a payout once, however often this runs. Raise Unavailable while the provider does not answer."""
    payout_id = UUID(payload["payout"])
    found = _begin(payout_id)
    if found is None:
        return
    adapter, order = found
    sent = _carried_out(adapter, order)
    with transaction():
        note(payout_id, sent)


def _begin(payout_id: UUID) -> tuple[PayoutAdapter, PayoutOrder] | None:
    with transaction():
        rows = lock(PayoutRow, [payout_id])
        if not rows or rows[0].state not in ("claimed", "sent"):
            return None
        adapter = adapters.find(rows[0].adapter)
        if adapter is None:
            raise Unavailable("payouts.no_adapter", _("The way of paying out that was chosen is not available"))
        rows[0].asked_at = rows[0].asked_at or clock.now()
        return adapter, order_of(rows[0])


def _carried_out(adapter: PayoutAdapter, order: PayoutOrder) -> Sent:
    try:
        return adapter.find(order) or adapter.pay_out(order)
    except Conflict as refusal:
        return Sent("", SentState.FAILED, failure=refusal.message.format(**refusal.facts))


def stuck() -> list[UUID]:
    """Return payouts that a provider was asked for and has not answered; they are never made again."""
    query = select(PayoutRow.id).where(
        PayoutRow.state == "claimed", PayoutRow.provider_ref == "",
        PayoutRow.created_at < clock.now() - STUCK_AFTER,
    )  # fmt: skip
    return list(session().scalars(query.order_by(PayoutRow.id)))


def ask_again(payout_id: UUID) -> None:
    """Ask the provider once more about a payout that is under way; the same payout, under the same key.

    Raise Conflict if it is not under way.
    """
    rows = lock(PayoutRow, [payout_id])
    if not rows or rows[0].state not in ("claimed", "sent"):
        raise Conflict("payouts.not_under_way", _("This payout is not under way"))
    audit.record("payout.asked_again", "payout", payout_id, number=rows[0].number)
    jobs.soon("payouts.send", {"payout": str(payout_id)})
