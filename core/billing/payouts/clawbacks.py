"""Clawbacks: what a merchant owes after refunds is fetched from its paid payouts, or carried, or written off.

Fetching is a slow job under keys of its own, so that a repeat takes nothing twice. What cannot be fetched is carried:
netted against later sales, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.billing import accounts
from core.billing.payouts import earnings
from core.billing.payouts.models import ClawbackRow, PayoutRow
from core.billing.payouts.sending import order_of
from core.billing.payouts.states import CLAWBACK
from core.hooks.money import Posting
from core.hooks.runtime import move
from core.kernel import audit, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from core.ledger import journal
from core.payments import adapters
from core.payments.adapters import PayoutAdapter, PayoutOrder, Sent, SentState

_OPEN = ("planned", "partly_reversed", "failed", "carried")


@dataclass(frozen=True, slots=True)
class Clawback:
    """Money to be fetched from a merchant; `taken` of `amount` was."""

    id: UUID
    merchant_id: UUID
    amount: Money
    taken: Money
    state: str
    failure: str
    by_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Source:
    """A paid payout of which something may be fetched."""

    adapter: PayoutAdapter
    order: PayoutOrder
    sent: Sent
    left: Money


def owed(merchant_id: UUID) -> Money:
    """Return what a merchant owes the marketplace now; nothing if it does not."""
    currency = current().currency
    sum_of = total((row.amount for row in earnings.unpaid(merchant_id, currency)), currency)
    return max(-sum_of, Money.zero(currency))


def plan(merchant_id: UUID) -> UUID | None:
    """Plan to fetch what a merchant owes; None if it owes nothing. One that is under way is returned.

    Where no way of paying out can take money back, it is carried at once.
    """
    lock_name(f"clawback:{merchant_id}")
    amount = owed(merchant_id)
    if not amount:
        return None
    for row in _open_of(merchant_id):
        if row.state == "planned" or row.amount_minor - row.taken_minor == amount.minor:
            return row.id
        if row.state in ("failed", "partly_reversed"):
            move(CLAWBACK, row, "carried")
    by = audit.actor().name
    row = ClawbackRow(
        id=new_id(), merchant_id=merchant_id, amount_minor=amount.minor, currency=amount.currency, by_name=by,
        state="planned",
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("clawback.planned", "merchant", merchant_id, amount=str(amount))
    _go(row)
    return row.id


def _open_of(merchant_id: UUID) -> Sequence[ClawbackRow]:
    query = select(ClawbackRow.id).where(ClawbackRow.merchant_id == merchant_id, ClawbackRow.state.in_(_OPEN))
    return lock(ClawbackRow, session().scalars(query).all())


def _go(row: ClawbackRow) -> None:
    if _sources(row.merchant_id):
        jobs.soon("payouts.take_back", {"clawback": str(row.id)}, subject=f"clawback:{row.merchant_id}")
        return
    row.failure = _("This way of paying out cannot take money back; it is netted against later sales")
    move(CLAWBACK, row, "carried")


def again(clawback_id: UUID) -> None:
    """Try again to fetch what is left. Raise Missing, or Conflict if there is nothing to try."""
    row = _locked(clawback_id)
    if row.state != "planned":
        move(CLAWBACK, row, "planned")
        row.tries += 1
    _go(row)


def carry(clawback_id: UUID) -> None:
    """Stop fetching: what is left is netted against later sales. Raise Missing or Conflict."""
    row = _locked(clawback_id)
    if row.state != "carried":
        move(CLAWBACK, row, "carried")


def end_written_off(clawback_id: UUID) -> None:
    """Note that what was left was written off."""
    move(CLAWBACK, _locked(clawback_id), "written_off")


def _locked(clawback_id: UUID) -> ClawbackRow:
    rows = lock(ClawbackRow, [clawback_id])
    if not rows:
        raise Missing("clawbacks.none", _("There is no such clawback"))
    return rows[0]


def _sources(merchant_id: UUID) -> list[_Source]:
    """Return the merchant's paid payouts that something can be fetched from, newest first."""
    query = select(PayoutRow).where(
        PayoutRow.merchant_id == merchant_id, PayoutRow.state.in_(["sent", "paid"]),
        PayoutRow.taken_back_minor < PayoutRow.amount_minor,
    )  # fmt: skip
    found = []
    for row in session().scalars(query.order_by(PayoutRow.id.desc()).limit(50)):
        adapter = adapters.find(row.adapter)
        if adapter is not None and adapter.capabilities.can_take_back:
            left = Money(row.amount_minor - row.taken_back_minor, row.currency)
            sent = Sent(row.provider_ref, SentState(row.state), row.bank_ref)
            found.append(_Source(adapter, order_of(row), sent, left))
    return found


@jobs.slow_job("payouts.take_back", retries=20)
def take_back(payload: jobs.Payload) -> None:
    """Fetch what is left of a clawback from payouts, newest first; refused ones are passed over."""
    clawback_id = UUID(payload["clawback"])
    with transaction():
        (row,) = lock(ClawbackRow, [clawback_id])
        sources = _sources(row.merchant_id) if row.state == "planned" else []
        left, tries = Money(row.amount_minor - row.taken_minor, row.currency), row.tries
    failure = ""
    for source in sources:
        part = min(left, source.left)
        if not part:
            break
        # A step has the same key and amount however often it runs; only a person's new try has another.
        key = f"clawback:{clawback_id}:{tries}:{source.order.payout_id}:{source.left.minor}"
        try:
            source.adapter.take_back(source.order, source.sent, part, key=key)
        except Conflict as refusal:
            failure = refusal.message.format(**refusal.facts)
            continue
        with transaction():
            left -= _noted(clawback_id, source.order.payout_id, part, key)
    with transaction():
        _end(clawback_id, failure)


def _noted(clawback_id: UUID, payout_id: UUID, part: Money, key: str) -> Money:
    """Post what was fetched, once, and return it."""
    (payout,) = lock(PayoutRow, [payout_id])
    (row,) = lock(ClawbackRow, [clawback_id])
    posting = Posting(accounts.payable(row.merchant_id), payout.leaves_from, part, "taken back from a payout")
    if journal.post(key, "payout.reversed", [posting]) is not None:
        payout.taken_back_minor += part.minor
        row.taken_minor += part.minor
        audit.record("clawback.taken", "payout", payout_id, amount=str(part))
    return part


def _end(clawback_id: UUID, failure: str) -> None:
    (row,) = lock(ClawbackRow, [clawback_id])
    if row.state != "planned":
        return
    row.failure = failure[:300]
    if row.taken_minor == row.amount_minor:
        move(CLAWBACK, row, "reversed")
    else:
        move(CLAWBACK, row, "partly_reversed" if row.taken_minor else "failed", failure=row.failure)


def of_merchants(merchant_id: UUID | None = None, *, limit: int = 50) -> list[Clawback]:
    """Return clawbacks newest first, of one merchant or of all."""
    query = select(ClawbackRow).order_by(ClawbackRow.id.desc()).limit(limit)
    if merchant_id is not None:
        query = query.where(ClawbackRow.merchant_id == merchant_id)
    return [
        Clawback(
            row.id, row.merchant_id, Money(row.amount_minor, row.currency), Money(row.taken_minor, row.currency),
            row.state, row.failure, row.by_name, row.created_at,
        )
        for row in session().scalars(query)
    ]  # fmt: skip
