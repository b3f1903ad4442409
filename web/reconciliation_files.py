"""A reconciled period as a file: the summary and every movement of both sides, as CSV or as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response
from flask_babel import gettext

from core.accounting.reconciliation import summary
from core.accounting.reconciliation.summary import Line, Period, Summary
from core.http import csv
from core.kernel.tx import read_only
from web import reconciliation_words as words
from web.papers.tables import download
from web.papers.workbooks import XLSX, Cell, Sheet, workbook


def answer(provider: str, period: Period, ending: str) -> Response:
    """Send a period as csv or xlsx. Opens its own transaction: writing a workbook takes time."""
    with read_only():
        found, lines = summary.summaries(provider, period), summary.lines(provider, period, most=csv.MOST)
    name = f"reconciliation-{provider}-{period.start}-{period.end}"
    if ending == "csv":
        return csv.answer(name, _head(), _lines(lines))
    return download(_workbook(found, lines), f"{name}.xlsx", XLSX)


def _head() -> list[str]:
    return [gettext("Date"), gettext("Side"), gettext("What"), gettext("About"), gettext("Reference"),
            gettext("Amount"), gettext("Fee"), gettext("Currency")]  # fmt: skip


def _lines(lines: Sequence[Line]) -> Iterator[list[Cell]]:
    sides = {"provider": gettext("Provider"), "journal": gettext("Journal")}
    for one in lines:
        yield [one.day, sides[one.side], words.category(one.name), one.subject, one.reference, one.amount.decimal,
               one.fee.decimal, one.amount.currency]  # fmt: skip


def _sums(found: Sequence[Summary]) -> Iterator[list[Cell]]:
    for one in found:
        yield [one.currency, gettext("Provider: opening balance"), "", one.opening.decimal, ""]
        for moved in one.moved:
            yield [one.currency, words.category(moved.category), moved.rows, moved.amount.decimal, moved.fee.decimal]
        yield [one.currency, gettext("Provider: closing balance"), "", one.closing.decimal, ""]
        yield [one.currency, gettext("Journal: closing balance"), "", one.ledger_closing.decimal, ""]
        for part in one.explained:
            yield [one.currency, words.part(part.state, part.kind), part.rows, part.amount.decimal, ""]
        yield [one.currency, gettext("Left without explanation"), "", one.unexplained.decimal, ""]


def _workbook(found: Sequence[Summary], lines: Sequence[Line]) -> bytes:
    sums = [gettext("Currency"), gettext("What"), gettext("Count"), gettext("Amount"), gettext("Fee")]
    sheets = (Sheet(gettext("Summary"), sums, _sums(found)), Sheet(gettext("Movements"), _head(), _lines(lines)))
    return workbook(sheets)
