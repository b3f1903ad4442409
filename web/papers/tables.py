"""Statements as tables for spreadsheets: the totals, and every posting behind them with its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response
from flask_babel import gettext

from core.accounting import reading
from core.accounting.reading import Behind, Statement
from core.http import csv
from core.kernel.money import exponent
from core.orders import queries
from web import statement_words as words
from web.order_words import kind, memo
from web.papers.workbooks import XLSX, Cell, Sheet, workbook


@dataclass(frozen=True, slots=True)
class Opened:
    """A statement with the postings behind it, by account, and the numbers of their orders."""

    statement: Statement
    postings: Mapping[str, Sequence[Behind]]
    orders: Mapping[UUID, str]


def opened(found: Statement) -> Opened:
    """Read everything behind a statement, at most csv.MOST postings of each account."""
    postings = {pot.name: reading.everything_behind(found, pot.name, limit=csv.MOST) for pot in found.pots}
    ids = {row.order_id for rows in postings.values() for row in rows if row.order_id}
    return Opened(found, postings, queries.numbers(ids))


def _totals(found: Statement) -> Iterator[list[Cell]]:
    for pot in found.pots:
        yield [words.pot(pot.name), gettext("Opening balance"), "", pot.opening.decimal]
        for one in pot.totals:
            yield [words.pot(pot.name), words.section(pot.name, one.section), one.rows, one.amount.decimal]
        yield [words.pot(pot.name), gettext("Closing balance"), "", pot.closing.decimal]


def _postings(whole: Opened) -> Iterator[list[Cell]]:
    for pot, rows in whole.postings.items():
        for row in rows:
            number = whole.orders.get(row.order_id, "") if row.order_id else ""
            yield [
                words.pot(pot), words.section(pot, row.section), row.effective_on, number, kind(row.kind),
                memo(row.memo), row.amount.decimal, str(row.entry_id),
            ]  # fmt: skip


def _head() -> list[str]:
    return [gettext("Account"), gettext("Total"), gettext("Date"), gettext("Order"), gettext("Event"),
            gettext("Reason"), gettext("Amount"), gettext("Entry")]  # fmt: skip


def as_csv(whole: Opened) -> Response:
    """Send every posting behind a statement as CSV."""
    head = [*_head(), gettext("Currency")]
    currency = whole.statement.currency
    return csv.answer(whole.statement.number, head, [[*row, currency] for row in _postings(whole)])


def as_xlsx(whole: Opened) -> Response:
    """Send a statement as a workbook: its totals on one sheet, every posting on the other."""
    totals = [gettext("Account"), gettext("Total"), gettext("Postings"), gettext("Amount")]
    sheets = (
        Sheet(gettext("Statement"), totals, _totals(whole.statement)),
        Sheet(gettext("Postings"), _head(), _postings(whole)),
    )
    made = workbook(sheets, decimals="0" * exponent(whole.statement.currency))
    return download(made, f"{whole.statement.number}.xlsx", XLSX)


def download(data: bytes, name: str, media_type: str) -> Response:
    """Send a private file to be kept; nothing in between may keep it."""
    response = Response(data, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
