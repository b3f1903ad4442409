"""The journal for accountants as a file: generic double entry, or the columns of a DATEV batch of postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response

from core.accounting import chart, months
from core.accounting.chart import Booked
from core.http import csv

Row = Sequence[object]
GENERIC = ["date", "key", "event", "order", "debit_code", "debit_name", "credit_code", "credit_name", "amount",
           "currency", "memo", "debit_account", "credit_account"]  # fmt: skip
DATEV = ["Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)",
         "Belegdatum", "Belegfeld 1", "Buchungstext"]  # fmt: skip
_TEXT, _FIELD = 60, 36
"""The longest text and reference that DATEV takes."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's head and rows."""

    head: Sequence[str]
    rows: Iterable[Row]


def generic(booked: Iterable[Booked]) -> Table:
    """Return one row for each posting: what was debited, what credited, how much."""
    return Table(GENERIC, (
        [one.day, one.key, one.kind, one.order, one.debit.code, one.debit.name, one.credit.code, one.credit.name,
         one.amount.decimal, one.amount.currency, one.memo, one.debit_address, one.credit_address]
        for one in booked
    ))  # fmt: skip


def datev(booked: Iterable[Booked]) -> Table:
    """Return the columns of a batch of postings: account debited (S), its contra account, decimal comma, day and month."""
    return Table(DATEV, (
        [str(one.amount.decimal).replace(".", ","), "S", one.amount.currency, one.debit.code, one.credit.code,
         f"{one.day:%d%m}", (one.order or one.key)[:_FIELD], one.memo[:_TEXT]]
        for one in booked
    ))  # fmt: skip


def answer(month: date, form: str) -> Response:
    """Send a month's postings as a file, in DATEV's columns if the form is "datev"."""
    booked = chart.booked(month, months.following(month))
    table = (datev if form == "datev" else generic)(booked)
    return csv.answer(f"journal-{month:%Y-%m}", table.head, table.rows)
