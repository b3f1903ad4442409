"""Reads of statements: months with their state, statements with their totals, and the postings behind each total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text

from core.accounting import months, statements
from core.accounting.models import StatementLineRow, StatementRow, StatementRunRow
from core.accounting.parties import PartyOnPaper, stored
from core.accounting.sections import CASES, POTS, SECTIONS, SIDES
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current_id

PAGE = 50


@dataclass(frozen=True, slots=True)
class Month:
    """A month and where its statements stand: current, open (it is over), closing or issued."""

    month: date
    state: str
    run_id: UUID | None
    done: int
    total: int
    issued_at: datetime | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class Total:
    """What the postings of one section come to, credit positive, and how many they are."""

    pot: str
    section: str
    amount: Money
    rows: int


@dataclass(frozen=True, slots=True)
class Pot:
    """One account of a statement: opening + totals = closing."""

    name: str
    opening: Money
    closing: Money
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A merchant's statement of a month, as it was issued."""

    id: UUID
    number: str
    merchant_id: UUID
    month: date
    currency: str
    seller: PartyOnPaper
    buyer: PartyOnPaper
    issued_at: datetime
    hash: str
    pots: tuple[Pot, ...]

    @property
    def payable(self) -> Pot:
        """The account from which payouts are made."""
        return self.pots[0]

    @property
    def last_day(self) -> date:
        """The last day that it covers."""
        return months.last_day(self.month)


@dataclass(frozen=True, slots=True)
class Behind:
    """A posting behind a total: what the account gained, and the entry that says why."""

    id: UUID
    entry_id: UUID
    kind: str
    order_id: UUID | None
    effective_on: date
    posted_at: datetime
    other: str
    memo: str
    amount: Money
    section: str


def months_listed() -> list[Month]:
    """Return every month from the first entry on, newest first, the present one included."""
    runs = {row.month: row for row in session().scalars(select(StatementRunRow))}
    following = statements.next_month()
    starts = [*runs, *([following] if following else [])]
    found = months.between(min(starts), months.this()) if starts else []
    return [_month(month, runs.get(month), following) for month in reversed(found)]


def month_found(month: date) -> Month:
    """Return one month with its state."""
    row = session().scalars(select(StatementRunRow).where(StatementRunRow.month == month)).one_or_none()
    return _month(month, row, statements.next_month())


def _month(month: date, run: StatementRunRow | None, following: date | None) -> Month:
    if run is not None:
        return Month(month, run.state, run.id, run.done, run.total, run.issued_at, is_next=False)
    state = "open" if month < months.this() else "current"
    return Month(month, state, None, 0, 0, None, is_next=state == "open" and month == following)


def listed(
    *, month: date | None = None, merchant_id: UUID | None = None, after: str = "", limit: int = PAGE
) -> tuple[list[Statement], str]:
    """Return a page of statements, of a month or a merchant, newest number first, and the number to go on from."""
    query = select(StatementRow).order_by(func.length(StatementRow.number).desc(), StatementRow.number.desc())
    if month is not None:
        query = query.where(StatementRow.month == month)
    if merchant_id is not None:
        query = query.where(StatementRow.merchant_id == merchant_id)
    if after:
        place = (func.length(StatementRow.number), StatementRow.number)
        query = query.where(func.row(*place) < func.row(len(after), after))
    rows = session().scalars(query.limit(limit + 1)).all()
    return _values(rows[:limit]), rows[limit - 1].number if len(rows) > limit else ""


def statement(statement_id: UUID, *, merchant_id: UUID | None = None) -> Statement:
    """Return a statement, of one merchant if given. Raise Missing."""
    query = select(StatementRow).where(StatementRow.id == statement_id)
    if merchant_id is not None:
        query = query.where(StatementRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("accounting.no_statement", _("There is no such statement"))
    return _values([row])[0]


def _values(found: Sequence[StatementRow]) -> list[Statement]:
    query = select(StatementLineRow).where(StatementLineRow.statement_id.in_([row.id for row in found]))
    lines: dict[UUID, list[StatementLineRow]] = {row.id: [] for row in found}
    for line in session().scalars(query):
        lines[line.statement_id].append(line)
    return [_value(row, lines[row.id]) for row in found]


def _value(row: StatementRow, lines: list[StatementLineRow]) -> Statement:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    ends = {
        "payable": (row.opening_minor, row.closing_minor),
        "reserve": (row.reserve_opening_minor, row.reserve_closing_minor),
        "held": (row.held_opening_minor, row.held_closing_minor),
    }
    totals = {(line.pot, line.section): Total(line.pot, line.section, money(line.amount_minor), line.rows)
              for line in lines}  # fmt: skip
    pots = tuple(
        Pot(
            name,
            money(ends[name][0]),
            money(ends[name][1]),
            tuple(totals[name, s] for s in SECTIONS[name] if (name, s) in totals),
        )
        for name in POTS
    )
    return Statement(
        row.id, row.number, row.merchant_id, row.month, row.currency, stored(row.seller), stored(row.buyer),
        row.issued_at, row.hash, pots,
    )  # fmt: skip


def is_unchanged(found: Statement) -> bool:
    """Tell whether a statement's figures are those that it was issued with, by its hash."""
    ends = [minor for name in ("payable", "held", "reserve") for pot in found.pots if pot.name == name
            for minor in (pot.opening.minor, pot.closing.minor)]  # fmt: skip
    totals = sorted((t.pot, t.section, t.amount.minor, t.rows) for pot in found.pots for t in pot.totals)
    parts = [found.number, found.merchant_id, found.month, found.currency, *ends]
    if totals:
        parts.append(";".join(",".join(map(str, one)) for one in totals))
    return sha256("|".join(map(str, parts)).encode()).hexdigest() == found.hash


_BEHIND = f"""
    with sides as ({SIDES}),
    mine as (select sides.*, {CASES} as section from sides where account = :account and currency = :currency)
    select * from mine"""  # noqa: S608

_PAGE = text(f"""{_BEHIND} where section = :section and (cast(:before as uuid) is null or id < cast(:before as uuid))
    order by id desc limit :most""")
_EVERY = text(f"{_BEHIND} order by effective_on, id limit :most")


def behind(
    found: Statement, pot: str, section: str, *, before: UUID | None = None, limit: int = PAGE
) -> tuple[list[Behind], UUID | None]:
    """Return a page of the postings behind one total of a statement, newest first."""
    given = {**_place(found, pot), "section": section, "before": before, "most": limit + 1}
    rows = [_posting(row) for row in session().execute(_PAGE, given)]
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def everything_behind(found: Statement, pot: str, *, limit: int) -> list[Behind]:
    """Return the postings behind a whole account of a statement by their days, at most so many."""
    return [_posting(row) for row in session().execute(_EVERY, {**_place(found, pot), "most": limit})]


def _place(found: Statement, pot: str) -> dict[str, object]:
    return {
        "tenant": current_id(), "start": found.month, "end": months.following(found.month),
        "account": f"{pot}:{found.merchant_id}", "currency": found.currency,
    }  # fmt: skip


def _posting(r: Row[Any]) -> Behind:
    return Behind(
        r.id, r.entry_id, r.kind, r.order_id, r.effective_on, r.posted_at, r.other, r.memo, Money(r.amount, r.currency),
        r.section,
    )  # fmt: skip
