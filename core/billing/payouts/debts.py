"""Debts that are not waited for: a merchant is asked by an invoice, or two persons write the debt off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.billing import accounts
from core.billing.payouts import clawbacks
from core.billing.payouts.models import ClawbackRow, DebtRow
from core.billing.payouts.states import DEBT
from core.hooks.money import Posting
from core.hooks.runtime import move
from core.identity import approvals
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock, lock_name
from core.kernel.money import Money
from core.ledger import journal
from core.orders.numbers import next_number


@dataclass(frozen=True, slots=True)
class Debt:
    """What a merchant was invoiced for, or what is to be written off. `asked_by` is who asked for the latter."""

    id: UUID
    merchant_id: UUID
    number: str
    amount: Money
    state: str
    reason: str
    by_name: str
    created_at: datetime


def invoice(merchant_id: UUID) -> UUID:
    """Ask a merchant to pay what it owes by itself; later sales are then paid out in full. Raise Conflict for none."""
    amount = _owed(merchant_id)
    row = _row(merchant_id, amount, "invoiced", "")
    postings = [Posting(accounts.payable(merchant_id), accounts.receivable(merchant_id), amount, "debt invoiced")]
    journal.post(f"debt:{row.id}:invoiced", "balance.invoiced", postings)
    audit.record("debt.invoiced", "merchant", merchant_id, number=row.number, amount=str(amount))
    return row.id


def receive(debt_id: UUID) -> None:
    """Note that an invoiced debt was paid into the marketplace's bank account. Raise Missing or Conflict."""
    row = _locked(debt_id)
    if row.state == "paid":
        return
    move(DEBT, row, "paid")
    row.ended_at = clock.now()
    posting = Posting(accounts.receivable(row.merchant_id), accounts.BANK, _amount(row), "debt paid")
    journal.post(f"debt:{row.id}:paid", "balance.collected", [posting])


def ask_write_off(merchant_id: UUID, reason: str, *, by: UUID) -> UUID:
    """Ask for a second person to write off what a merchant owes. Raise Invalid without a reason, Conflict for none."""
    if not reason.strip():
        fault = FieldError("reason", _("Say why it will never be paid"))
        raise Invalid("debts.no_reason", _("A debt is written off for a reason"), fields=(fault,))
    amount = _owed(merchant_id)
    waiting = select(DebtRow.id).where(DebtRow.merchant_id == merchant_id, DebtRow.state == "asked")
    if session().scalar(waiting.limit(1)) is not None:
        raise Conflict("debts.asked", _("Writing off waits for a second person already"))
    row = _row(merchant_id, amount, "asked", reason.strip()[:300])
    approvals.request("write_off", row.id, _mark(row), amount, by=by, reason=row.reason)
    return row.id


def write_off(debt_id: UUID, *, by: UUID) -> None:
    """Agree as the second person: the debt becomes the marketplace's loss. Raise Denied, Missing or Conflict."""
    row = _locked(debt_id)
    lock_name(f"payout:{row.merchant_id}")
    if clawbacks.owed(row.merchant_id) < _amount(row):
        raise Conflict("debts.changed", _("The merchant owes less by now; ask again"))
    approvals.approve(_approval(row), _mark(row), by=by)
    move(DEBT, row, "written_off")
    row.ended_at = clock.now()
    posting = Posting(accounts.payable(row.merchant_id), accounts.WRITTEN_OFF, _amount(row), "debt written off")
    journal.post(f"debt:{row.id}:written_off", "balance.written_off", [posting])
    if row.clawback_id is not None:
        clawbacks.end_written_off(row.clawback_id)


def reject(debt_id: UUID, *, by: UUID) -> None:
    """Refuse as the second person. Raise Denied, Missing or Conflict."""
    row = _locked(debt_id)
    approvals.reject(_approval(row), by=by)
    move(DEBT, row, "rejected")
    row.ended_at = clock.now()


def of_merchants(merchant_id: UUID | None = None, *, limit: int = 50) -> list[Debt]:
    """Return debts newest first, of one merchant or of all."""
    query = select(DebtRow).order_by(DebtRow.id.desc()).limit(limit)
    if merchant_id is not None:
        query = query.where(DebtRow.merchant_id == merchant_id)
    return [_value(row) for row in session().scalars(query)]


def find(debt_id: UUID) -> Debt:
    """Return one debt. Raise Missing."""
    return _value(_locked(debt_id))


def _owed(merchant_id: UUID) -> Money:
    lock_name(f"payout:{merchant_id}")
    amount = clawbacks.owed(merchant_id)
    if not amount:
        raise Conflict("debts.none", _("This merchant owes nothing"))
    return amount


def _row(merchant_id: UUID, amount: Money, state: str, reason: str) -> DebtRow:
    query = select(ClawbackRow.id).where(
        ClawbackRow.merchant_id == merchant_id, ClawbackRow.state.in_(["failed", "partly_reversed", "carried"])
    )
    row = DebtRow(
        id=new_id(), merchant_id=merchant_id, number=f"MD{next_number('debt')}", amount_minor=amount.minor,
        currency=amount.currency, state=state, reason=reason, by_name=audit.actor().name, created_at=clock.now(),
        clawback_id=session().scalar(query.order_by(ClawbackRow.id.desc()).limit(1)) if state == "asked" else None,
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row


def _locked(debt_id: UUID) -> DebtRow:
    rows = lock(DebtRow, [debt_id])
    if not rows:
        raise Missing("debts.missing", _("There is no such debt"))
    return rows[0]


def _approval(row: DebtRow) -> UUID:
    asked = next((one.id for one in approvals.waiting("write_off") if one.subject_id == row.id), None)
    if asked is None:
        raise Conflict("debts.nothing_to_approve", _("Nothing waits for a second person here"))
    return asked


def _mark(row: DebtRow) -> str:
    return approvals.fingerprint("write_off", row.id, row.merchant_id, row.amount_minor, row.currency)


def _amount(row: DebtRow) -> Money:
    return Money(row.amount_minor, row.currency)


def _value(row: DebtRow) -> Debt:
    return Debt(
        row.id, row.merchant_id, row.number, _amount(row), row.state, row.reason, row.by_name, row.created_at
    )  # fmt: skip
