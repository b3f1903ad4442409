"""How far the books are done: closed for entries, and stated to merchants; both are the first day that is still open.

The database itself dates late entries (`app.date_entry`), whoever writes them. Every writer holds a shared lock that
is taken alone here, so that a day that is closed or stated can get no entry from a transaction under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.ledger.models import BooksRow

_LOCK = "ledger.books"
"""The name that app.date_entry locks as well."""


@dataclass(frozen=True, slots=True)
class Books:
    """The first day that is open for entries, and the first that no statement holds; None while all days are."""

    closed_until: date | None
    stated_until: date | None


def books() -> Books:
    """Return how far the books are done."""
    row = session().scalars(select(BooksRow)).one_or_none()
    return Books(row.closed_until, row.stated_until) if row else Books(None, None)


def hold() -> None:
    """Let no other transaction write entries until this one ends; waits for those under way."""
    lock_name(_LOCK)


def close_until(day: date | None) -> None:
    """Let no entry be effective before a day; an earlier day or None opens again. Waits for entries under way."""
    _alone().closed_until = day
    session().flush()


def state_until(day: date) -> None:
    """Let no entry be stated before a day. Waits for entries under way."""
    _alone().stated_until = day
    session().flush()


def _alone() -> BooksRow:
    hold()
    row = session().scalars(select(BooksRow), execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        row = BooksRow(id=new_id())
        session().add(row)
    return row
