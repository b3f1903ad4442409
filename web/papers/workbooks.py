"""Workbooks to download: one sheet for each table, amounts and days as such, nothing that runs as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell: TypeAlias = "str | int | Decimal | date | None"
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class Sheet(NamedTuple):
    """A sheet's title, the names of its columns, and its rows."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def workbook(sheets: Iterable[Sheet], *, decimals: str = "00##") -> bytes:
    """Return a workbook; `decimals` are the places of an amount, "00" for cents."""
    out = io.BytesIO()
    with Workbook(out, _PLAIN) as book:
        bold = book.add_format({"bold": True})
        formats = {Decimal: book.add_format({"num_format": f"#,##0.{decimals}".rstrip(".")}),
                   date: book.add_format({"num_format": "yyyy-mm-dd"})}  # fmt: skip
        for title, head, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, head, bold)
            sheet.set_column(0, len(head), 20)
            for place, cells in enumerate(rows, start=1):
                for column, cell in enumerate(cells):
                    sheet.write(place, column, cell, formats.get(type(cell)))
    return out.getvalue()
