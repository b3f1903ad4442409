"""The adapter of transfers by hand: a payout becomes a row on a desk; a person pays by a file and says what came of it.

Money leaves the marketplace's own bank account, the journal's psp:bank. Nothing confirms itself and nothing can be
taken back: what a merchant owes is netted against later sales.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.kernel.tx import read_only, transaction
from core.payments import adapters
from core.payments.adapters import Capabilities, MerchantOfRecord, PayoutOrder, Sent, SentState
from core.payments.bank_models import BankAccountRow, TransferRow

NAME = "bank"
_SAID = {
    "to_do": SentState.TAKEN, "in_file": SentState.SENT, "paid": SentState.PAID, "failed": SentState.FAILED,
    "returned": SentState.RETURNED,
}  # fmt: skip
_ENDS = {
    SentState.PAID: ("to_do", "in_file"), SentState.FAILED: ("to_do", "in_file"),
    SentState.RETURNED: ("in_file", "paid"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer on the desk; `masked` is the account's last digits."""

    payout_id: UUID
    merchant_id: UUID
    number: str
    amount: Money
    state: str
    holder: str
    masked: str
    file_id: UUID | None
    created_at: datetime


class BankTransfer:
    """Pays merchants out by transfers that a person makes."""

    name = NAME
    capabilities = Capabilities(
        can_hold=True, hold_days=3650, split_parties=None, split_most_bps=10_000,
        merchant_of_record=MerchantOfRecord.PLATFORM, can_take_back=False, can_charge_saved=False,
        needs_account=True, confirms_itself=False,
    )  # fmt: skip

    def pay_out(self, order: PayoutOrder) -> Sent:
        """Put a transfer on the desk, once. Raise Conflict without an account to send it to."""
        with transaction():
            account = _account(order.account)
            values = {
                "tenant_id": current_id(), "id": new_id(), "payout_id": order.payout_id,
                "merchant_id": order.merchant_id, "account_id": account.id, "number": order.number,
                "amount_minor": order.amount.minor, "currency": order.amount.currency, "state": "to_do",
                "bank_ref": "", "failure": "", "created_at": clock.now(),
            }  # fmt: skip
            session().execute(insert(TransferRow).values(values).on_conflict_do_nothing())
            return _sent(_row(order.payout_id))

    def find(self, order: PayoutOrder) -> Sent | None:
        """Return what has become of a transfer, None if it never came to the desk."""
        with read_only():
            query = select(TransferRow).where(TransferRow.payout_id == order.payout_id)
            row = session().scalars(query).one_or_none()
            return _sent(row) if row else None

    def take_back(self, order: PayoutOrder, sent: Sent, amount: Money, *, key: str) -> Sent:
        """Raise Conflict: what is in a merchant's bank account cannot be fetched from there."""
        raise Conflict("payouts.not_taken_back", _("A bank transfer cannot be taken back"))


ADAPTER = adapters.register(BankTransfer())


def _account(ref: str) -> BankAccountRow:
    query = select(BankAccountRow).where(BankAccountRow.id == UUID(ref)) if _is_id(ref) else None
    row = session().scalars(query).one_or_none() if query is not None else None
    if row is None:
        raise Conflict("bank_account.none", _("There are no bank details"))
    return row


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _row(payout_id: UUID) -> TransferRow:
    return session().scalars(select(TransferRow).where(TransferRow.payout_id == payout_id)).one()


def _sent(row: TransferRow) -> Sent:
    return Sent(row.number, _SAID[row.state], row.bank_ref, row.failure)


def report(payout_id: UUID, said: SentState, *, bank_ref: str = "", failure: str = "") -> None:
    """Say what the bank did with a transfer: paid, failed (it never left) or returned. Settlement hears it.

    The same again changes nothing. Raise Missing if it is not on the desk, Conflict if something else was said.
    """
    row = _locked(payout_id)
    if _SAID[row.state] is said:
        return
    if row.state not in _ENDS[said]:
        raise Conflict("transfers.not_now", _("Something else was said about this transfer before; look again"))
    row.state, row.bank_ref, row.failure = said.value, bank_ref.strip()[:80] or row.bank_ref, failure.strip()[:300]
    row.ended_at = clock.now()
    audit.record(f"transfer.{said.value}", "payout", payout_id, bank_ref=row.bank_ref, failure=row.failure)
    session().flush()
    adapters.tell(payout_id, _sent(row))


def _locked(payout_id: UUID) -> TransferRow:
    key = session().scalar(select(TransferRow.id).where(TransferRow.payout_id == payout_id))
    if key is None:
        raise Missing("transfers.none", _("This payout is being handed over; try again in a moment"))
    return lock(TransferRow, [key])[0]


def to_do() -> list[Transfer]:
    """Return the transfers that are in no file yet, oldest first."""
    return _transfers(select(TransferRow).where(TransferRow.state == "to_do"))


def of_payouts(payout_ids: Sequence[UUID]) -> dict[UUID, Transfer]:
    """Return the transfers of payouts that came to the desk, by payout."""
    found = _transfers(select(TransferRow).where(TransferRow.payout_id.in_(payout_ids)))
    return {transfer.payout_id: transfer for transfer in found}


def _transfers(query: Select[TransferRow]) -> list[Transfer]:
    rows = session().scalars(query.order_by(TransferRow.id).limit(1000)).all()
    accounts = {
        row.id: row
        for row in session().scalars(select(BankAccountRow).where(BankAccountRow.id.in_({r.account_id for r in rows})))
    }
    return [
        Transfer(
            r.payout_id, r.merchant_id, r.number, Money(r.amount_minor, r.currency), r.state,
            accounts[r.account_id].holder, f"•••• {accounts[r.account_id].ending}", r.file_id, r.created_at,
        )
        for r in rows
    ]  # fmt: skip
