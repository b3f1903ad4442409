"""Entries by hand: one person drafts, another posts. Nothing moves before, and what is posted stays (R5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from core.accounting.models import ManualEntryRow
from core.accounting.sections import POTS
from core.accounting.states import MANUAL_ENTRY
from core.billing import accounts
from core.hooks.money import Posting
from core.hooks.runtime import move
from core.identity import approvals
from core.identity.approvals import fingerprint
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money, total
from core.kernel.tenancy import current, current_id
from core.ledger import journal
from core.merchants.models import MerchantRow

KIND = "journal.manual"
_MOST = 40
_OWN = frozenset({
    accounts.FEE, accounts.FEE_TAX, accounts.PROMO, accounts.OWN_SALES, accounts.OWN_TAX, accounts.PSP_COST,
    accounts.DISPUTES, accounts.WRITTEN_OFF, "world",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """An entry by hand. `state` is waiting, posted or rejected; `entry_id` is the journal's once it is posted."""

    id: UUID
    state: str
    reason: str
    effective_on: date
    postings: tuple[Posting, ...]
    entry_id: UUID | None
    drafted_by: UUID
    drafted_at: datetime


def draft(reason: str, effective_on: date, postings: Sequence[Posting], *, by: UUID) -> UUID:
    """Draft an entry for another person to post. Raise Invalid for an unknown account, no amount, no reason."""
    said = " ".join(reason.split())[:500]
    if not said:
        raise _wrong("reason", _("Say why this entry is needed"))
    if effective_on > clock.today(current().timezone):
        raise _wrong("effective_on", _("An entry cannot be dated to the future"))
    if not 0 < len(postings) <= _MOST:
        raise _wrong("postings", _("An entry has at least one posting"))
    for number, posting in enumerate(postings):
        _check(number, posting)
    row = ManualEntryRow(
        id=new_id(), reason=said, effective_on=effective_on, postings=[_plain(one) for one in postings], drafted_by=by
    )
    session().add(row)
    session().flush()
    amount = total((one.amount for one in postings), postings[0].amount.currency)
    approvals.request(KIND, row.id, _mark(row), amount, by=by, reason=said)
    audit.record("manual_entry.drafted", "manual_entry", row.id, reason=said, amount=str(amount))
    return row.id


def _check(number: int, posting: Posting) -> None:
    if posting.amount.minor <= 0:
        raise _wrong(f"postings.{number}.amount", _("An amount is more than nothing"))
    if posting.source == posting.destination:
        raise _wrong(f"postings.{number}.destination", _("An amount moves between two accounts"))
    for end, address in (("source", posting.source), ("destination", posting.destination)):
        if not _is_known(address):
            raise _wrong(f"postings.{number}.{end}", _("There is no such account"))


_USED = text("""
    select exists(select 1 from ledger_postings where tenant_id = :tenant and source = :account)
        or exists(select 1 from ledger_postings where tenant_id = :tenant and destination = :account)""")


def _is_known(address: str) -> bool:
    """Tell whether an account is the platform's own, a merchant's, or has been used before."""
    if address in _OWN:
        return True
    kind, _colon, owner = address.partition(":")
    if kind in POTS and owner:
        try:
            key = UUID(owner)
        except ValueError:
            return False
        return session().scalars(select(MerchantRow.id).where(MerchantRow.id == key)).first() is not None
    return bool(session().execute(_USED, {"tenant": current_id(), "account": address}).scalar_one())


def _wrong(path: str, message: str) -> Invalid:
    return Invalid("accounting.wrong_entry", message, fields=(FieldError(path, message),))


def _plain(one: Posting) -> dict[str, Any]:
    return {
        "source": one.source, "destination": one.destination, "amount_minor": one.amount.minor,
        "currency": one.amount.currency, "memo": one.memo[:200],
    }  # fmt: skip


def _mark(row: ManualEntryRow) -> str:
    return fingerprint(KIND, row.id, row.effective_on, row.reason, row.postings)


def approve(manual_id: UUID, *, by: UUID) -> UUID | None:
    """Post an entry as another person; return the journal's entry.

    Raise Missing, Denied for who drafted it, Conflict if it is decided.
    """
    row, approval_id = _waiting(manual_id)
    approvals.approve(approval_id, _mark(row), by=by)
    row.entry_id = journal.post(f"manual:{row.id}", KIND, _value(row).postings, effective_on=row.effective_on)
    session().flush()
    move(MANUAL_ENTRY, row, "posted")
    return row.entry_id


def reject(manual_id: UUID, *, by: UUID) -> None:
    """Turn an entry down as another person. Raise Missing, Denied or Conflict."""
    row, approval_id = _waiting(manual_id)
    approvals.reject(approval_id, by=by)
    move(MANUAL_ENTRY, row, "rejected")


def _waiting(manual_id: UUID) -> tuple[ManualEntryRow, UUID]:
    rows = lock(ManualEntryRow, [manual_id])
    if not rows:
        raise Missing("accounting.no_manual_entry", _("There is no such entry"))
    found = next((one for one in approvals.waiting(KIND) if one.subject_id == manual_id), None)
    if rows[0].state != "waiting" or found is None:
        raise Conflict("approvals.decided", _("This is decided already"))
    return rows[0], found.id


def listed(*, before: UUID | None = None, limit: int = 25) -> tuple[list[ManualEntry], UUID | None]:
    """Return a page of entries by hand, newest first, and the key to go on from."""
    query = select(ManualEntryRow).order_by(ManualEntryRow.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(ManualEntryRow.id < before)
    rows = session().scalars(query).all()
    return [_value(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def _value(row: ManualEntryRow) -> ManualEntry:
    postings = tuple(
        Posting(one["source"], one["destination"], Money(one["amount_minor"], one["currency"]), one["memo"])
        for one in row.postings
    )
    return ManualEntry(row.id, row.state, row.reason, row.effective_on, postings, row.entry_id, row.drafted_by,
                       row.drafted_at)  # fmt: skip
