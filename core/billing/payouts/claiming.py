"""Makes payouts. Stamping the payout's id on what was earned is the claim: one transaction, and never a second sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.billing import accounts, payees
from core.billing.payouts import earnings, holds, terms
from core.billing.payouts.earnings import Earning
from core.billing.payouts.holds import HoldBack
from core.billing.payouts.models import PayoutRow
from core.billing.payouts.terms import Terms
from core.hooks.money import Posting
from core.identity import approvals
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.ledger import journal
from core.merchants.directory import row_of
from core.orders.numbers import next_number

SYSTEM = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a merchant could be paid now: `pays` are the rows that may go, `amount` their sum, `unpaid` all there is."""

    terms: Terms
    unpaid: tuple[Earning, ...]
    pays: tuple[Earning, ...]
    holds: tuple[HoldBack, ...]
    available: Money
    amount: Money

    def is_payable(self, minimum: Money) -> bool:
        """Tell whether there is something to pay and it reaches the minimum."""
        return self.amount.minor > 0 and self.amount >= minimum


def outlook(merchant_id: UUID) -> Outlook:
    """Work out what a merchant could be paid now, and move nothing."""
    return _outlook(merchant_id, earnings.unpaid(merchant_id, current().currency))


def _outlook(merchant_id: UUID, rows: Sequence[Earning]) -> Outlook:
    currency = current().currency
    mine, available = terms.of_merchant(merchant_id), total((row.amount for row in rows), currency)
    held = holds.of_merchant(merchant_id, available, mine)
    most = holds.allowed(available, held)
    pays = earnings.chosen(rows, most) if most.minor > 0 else []
    amount = max(total((row.amount for row in pays), currency), Money.zero(currency))
    return Outlook(mine, tuple(rows), tuple(pays), tuple(held), available, amount)


def claim(merchant_id: UUID, *, minimum: Money | None = None, by: UUID | None = None) -> UUID | None:
    """Make a payout of what a merchant may be paid now; None, and nothing changes, if that is nothing or too little.

    `minimum` replaces the terms'. `by` is the person who makes it, None for the schedule. Above the marketplace's
    limit it waits for a second person; otherwise a job sends it. Raise Missing, or Conflict for the house itself.
    """
    if row_of(merchant_id).is_house:
        raise Conflict("payouts.house", _("The marketplace itself is not paid out"))
    lock_name(f"payout:{merchant_id}")
    rows = earnings.unpaid(merchant_id, current().currency)
    if total((row.amount for row in rows), current().currency).minor <= 0:
        return None  # most merchants on most days: whether anything is held back need not be asked
    found = _outlook(merchant_id, rows)
    if not found.is_payable(minimum or found.terms.minimum):
        return None
    row = _row(merchant_id, found)
    session().add(row)
    session().flush()
    _stamp(row, found)
    audit.record("payout.made", "payout", row.id, number=row.number, amount=str(found.amount), state=row.state)
    if row.state == "awaiting_approval" and by is not None:
        approvals.request("payout", row.id, mark_of(row), found.amount, by=by)
    if row.state == "claimed":
        send_soon(row.id)
    return row.id


def _row(merchant_id: UUID, found: Outlook) -> PayoutRow:
    limit = found.terms.approval_above_minor
    by = audit.actor()
    return PayoutRow(
        id=new_id(), merchant_id=merchant_id, number=f"PO{next_number('payout')}", amount_minor=found.amount.minor,
        currency=found.amount.currency, adapter=found.terms.adapter,
        account=payees.account_of(merchant_id, found.terms.adapter) or "",
        leaves_from=accounts.provider(found.terms.adapter), by_kind=by.kind, by_name=by.name, created_at=clock.now(),
        state="awaiting_approval" if limit is not None and found.amount.minor > limit else "claimed",
    )  # fmt: skip


def _stamp(row: PayoutRow, found: Outlook) -> None:
    stamped = earnings.stamp(row.id, row.merchant_id, found.pays, row.currency)
    if stamped != found.amount:
        raise Conflict("payouts.moved", _("Something was claimed in the meantime; try again"))
    journal.post(
        f"payout:{row.id}:claimed", "payout.claimed",
        [Posting(accounts.in_transit(row.id), accounts.payable(row.merchant_id), found.amount, "payout")],
    )  # fmt: skip


def mark_of(row: PayoutRow) -> str:
    """Return the fingerprint of what a second person agrees to: amount, merchant and account."""
    return approvals.fingerprint("payout", row.id, row.merchant_id, row.amount_minor, row.currency, row.account)


def send_soon(payout_id: UUID) -> None:
    """Have a payout sent after this transaction; sending it again is harmless."""
    jobs.soon("payouts.send", {"payout": str(payout_id)})
