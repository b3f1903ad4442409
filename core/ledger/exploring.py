"""Looks into the journal: one account by days or months with its running balance, one entry whole, and a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select, text

from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.ledger import journal
from core.ledger.models import EntryRow
from core.ledger.reading import Entry

_MOST = 400


class Span(StrEnum):
    """How an account's movements are gathered."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What moved on an account in a day or month, and what it held at its end: debit positive."""

    start: date
    debit: Money
    credit: Money
    balance: Money
    postings: int


@dataclass(frozen=True, slots=True)
class Whole:
    """An entry, and the entry that undoes it, if one does."""

    entry: Entry
    reversed_by: UUID | None
    stated_on: date | None


_GATHERED = text("""
    with sides as (
      select e.effective_on, p.currency, p.amount_minor as debit, 0::bigint as credit
        from ledger_postings p join ledger_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
       where p.tenant_id = :tenant and p.destination = :account
      union all
      select e.effective_on, p.currency, 0, p.amount_minor
        from ledger_postings p join ledger_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
       where p.tenant_id = :tenant and p.source = :account),
    spans as (
      select date_trunc(:span, effective_on)::date as start, currency, sum(debit)::bigint as debit,
             sum(credit)::bigint as credit, count(*)::int as postings from sides group by 1, 2)
    select *, sum(debit - credit) over (partition by currency order by start)::bigint as balance
      from spans order by start desc, currency limit :most""")


def gathered(account: str, span: Span) -> list[Gathered]:
    """Return an account by days or months, newest first, at most 400 of them."""
    given = {"tenant": current_id(), "account": account, "span": span.value, "most": _MOST}
    return [
        Gathered(r.start, Money(r.debit, r.currency), Money(r.credit, r.currency), Money(r.balance, r.currency),
                 r.postings)
        for r in session().execute(_GATHERED, given)
    ]  # fmt: skip


def whole(entry_id: UUID) -> Whole:
    """Return an entry with its postings. Raise Missing."""
    row = session().scalars(select(EntryRow).where(EntryRow.id == entry_id)).one_or_none()
    if row is None:
        raise Missing("ledger.no_entry", _("There is no such entry"))
    undone = session().scalars(select(EntryRow.id).where(EntryRow.reverses_id == entry_id)).one_or_none()
    entry = Entry(row.id, row.key, row.kind, row.order_id, row.reverses_id, row.effective_on, row.posted_at,
                  tuple(journal.postings_of(entry_id)))  # fmt: skip
    return Whole(entry, undone, row.stated_on)


_ACCOUNTS = text("""
    select account from (
      select distinct source as account from ledger_postings where tenant_id = :tenant
      union select distinct destination from ledger_postings where tenant_id = :tenant) known
     where account ilike :pattern or split_part(account, ':', 2) = any(:owners) order by account limit 50""")


def accounts_like(words: str, owners: list[UUID]) -> list[str]:
    """Return accounts whose address has the words, or that belong to one of the owners."""
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    given = {"tenant": current_id(), "pattern": pattern, "owners": [str(key) for key in owners]}
    return list(session().scalars(_ACCOUNTS, given))


def entry_like(words: str) -> UUID | None:
    """Return the entry with exactly this key or id; None if there is none."""
    try:
        by_id = [EntryRow.id == UUID(words)]
    except ValueError:
        by_id = []
    return session().scalars(select(EntryRow.id).where(or_(EntryRow.key == words, *by_id)).limit(1)).first()
