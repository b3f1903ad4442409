"""Reads of the journal: entries with their postings by page, and one owner's accounts with running totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select, text

from core.hooks.money import Posting
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.ledger.models import EntryRow, PostingRow

PAGE = 25


@dataclass(frozen=True, slots=True)
class Entry:
    """A money event with what it moved."""

    id: UUID
    key: str
    kind: str
    order_id: UUID | None
    reverses_id: UUID | None
    effective_on: date
    posted_at: datetime
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a list shows; `before` is the last row's key."""

    kind: str = ""
    account: str = ""
    order_id: UUID | None = None
    before: UUID | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Movement:
    """One side of a posting on an account: `amount` is what it gained (credit positive), `balance` what it then held.

    `other` is the account at the posting's other end.
    """

    id: UUID
    kind: str
    order_id: UUID | None
    at: datetime
    account: str
    other: str
    memo: str
    amount: Money
    balance: Money


def entries(wanted: Wanted) -> tuple[list[Entry], UUID | None]:
    """Return a page of entries, newest first, and the key to go on from; None on the last page."""
    query = select(EntryRow).order_by(EntryRow.id.desc()).limit(wanted.limit + 1)
    if wanted.kind:
        query = query.where(EntryRow.kind == wanted.kind)
    if wanted.order_id is not None:
        query = query.where(EntryRow.order_id == wanted.order_id)
    if wanted.before is not None:
        query = query.where(EntryRow.id < wanted.before)
    if wanted.account:
        touched = select(PostingRow.entry_id).where(
            or_(PostingRow.source == wanted.account, PostingRow.destination == wanted.account)
        )
        query = query.where(EntryRow.id.in_(touched))
    rows = session().scalars(query).all()
    postings = _postings([row.id for row in rows[: wanted.limit]])
    found = [
        Entry(r.id, r.key, r.kind, r.order_id, r.reverses_id, r.effective_on, r.posted_at, tuple(postings[r.id]))
        for r in rows[: wanted.limit]
    ]
    return found, found[-1].id if len(rows) > wanted.limit else None


def _postings(entry_ids: Sequence[UUID]) -> dict[UUID, list[Posting]]:
    found: dict[UUID, list[Posting]] = {key: [] for key in entry_ids}
    query = select(PostingRow).where(PostingRow.entry_id.in_(entry_ids)).order_by(PostingRow.number)
    for row in session().scalars(query):
        posting = Posting(row.source, row.destination, Money(row.amount_minor, row.currency), row.memo)
        found[row.entry_id].append(posting)
    return found


def kinds() -> list[str]:
    """Return the kinds of entries that there are."""
    return list(session().scalars(select(EntryRow.kind).distinct().order_by(EntryRow.kind)))


_MOVEMENTS = text("""
    with sides as (
      select p.id, p.entry_id, p.source as account, p.destination as other, p.memo, p.amount_minor as amount, p.currency
        from ledger_postings p where p.tenant_id = :tenant and p.source in :accounts
      union all
      select p.id, p.entry_id, p.destination, p.source, p.memo, -p.amount_minor, p.currency
        from ledger_postings p where p.tenant_id = :tenant and p.destination in :accounts),
    running as (
      select s.*, sum(amount) over (partition by account, currency order by id) as balance from sides s)
    select r.id, e.kind, e.order_id, e.posted_at, r.account, r.other, r.memo, r.amount, r.balance::bigint as balance,
           r.currency
      from running r join ledger_entries e on e.tenant_id = :tenant and e.id = r.entry_id
     where (cast(:before as uuid) is null or r.id < cast(:before as uuid))
     order by r.id desc, r.account limit :most""").bindparams(bindparam("accounts", expanding=True))


def movements(
    accounts: Sequence[str], *, before: UUID | None = None, limit: int = PAGE
) -> tuple[list[Movement], UUID | None]:
    """Return what moved on some accounts, newest first, each with the balance after it (credit positive).

    A posting between two of the accounts is two rows, which are never parted by a page.
    """
    values = {"tenant": current_id(), "accounts": list(accounts), "before": before, "most": limit + 2}
    rows = session().execute(_MOVEMENTS, values).all()
    found = [
        Movement(r.id, r.kind, r.order_id, r.posted_at, r.account, r.other, r.memo, Money(r.amount, r.currency),
                 Money(r.balance, r.currency))
        for r in rows
    ]  # fmt: skip
    if len(found) <= limit:
        return found, None
    end = limit if found[limit - 1].id != found[limit].id else limit + 1
    return found[:end], found[end - 1].id if len(found) > end else None
