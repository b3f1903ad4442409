"""Reports of the books: profit and loss by month, taxes by rate, the chart of accounts, the export for accountants."""

from __future__ import annotations

from datetime import date

from flask import request, url_for
from flask_babel import gettext

from core.accounting import chart, months, reading, reports
from core.accounting.reports import EXPENSES, INCOME
from core.http import csv
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError
from web import accounting_files
from web import statement_words as words
from web.operator.surface import blueprint, menu
from web.order_words import account

menu.add("Money", 58, "Profit and taxes", "operator.profit", "chart-column", "ledger.view")
menu.add("Money", 59, "For accountants", "operator.accountants", "download", "ledger.view")
_MONTHS = 24


def _month() -> date:
    text = request.args.get("month", "")
    return months.parse(text) if text else months.this()


def _first() -> date:
    known = reading.months_listed()
    return known[-1].month if known else months.this()


@blueprint.get("/ledger/profit")
@edge(Realm.OPERATOR, "ledger.view")
def profit() -> Answer:
    """Show what the marketplace earned and spent, month by month, and the taxes of one month."""
    known, month = [one.month for one in reading.months_listed()], _month()
    rows = reports.profit(known[:_MONTHS][-1], known[0]) if known else []
    return page(
        "operator/profit.html", rows=rows, income=INCOME, expenses=EXPENSES, account=account, words=words, month=month,
        months=known, taxes=reports.taxes(month),
    )  # fmt: skip


@blueprint.get("/ledger/profit.csv")
@edge(Realm.OPERATOR, "ledger.view")
def profit_file() -> Answer:
    """Send profit and loss by month as a table."""
    rows = reports.profit(_first(), months.this())
    head = ["month", "currency", *INCOME, *EXPENSES, "result"]
    table = [
        [f"{row.month:%Y-%m}", row.currency,
         *(row.amounts[name].decimal if name in row.amounts else 0 for name in (*INCOME, *EXPENSES)),
         row.result.decimal]
        for row in rows
    ]  # fmt: skip
    return csv.answer("profit", head, table)


@blueprint.get("/ledger/taxes.csv")
@edge(Realm.OPERATOR, "ledger.view")
def taxes_file() -> Answer:
    """Send the taxes of a month as a table."""
    month = _month()
    table = [
        [f"{month:%Y-%m}", one.source, one.rate_bps if one.rate_bps is not None else "", one.net.decimal,
         one.tax.decimal, one.currency]
        for one in reports.taxes(month)
    ]  # fmt: skip
    return csv.answer(f"taxes-{month:%Y-%m}", ["month", "source", "rate_bps", "net", "tax", "currency"], table)


@blueprint.get("/ledger/accountants")
@edge(Realm.OPERATOR, "ledger.view")
def accountants(error: AppError | None = None) -> Answer:
    """Show the export and the chart of accounts."""
    return page(
        "operator/accountants.html", rows=chart.chart(), account=account, months=[m.month for m in reading.months_listed()],
        words=words, said=message(error) if error else "", form=request.form,
    )  # fmt: skip


@blueprint.post("/ledger/accountants")
@edge(Realm.OPERATOR, "ledger.close", again=accountants)
def change_chart() -> Answer:
    """Set the codes and names of accounts."""
    form = request.form
    chart.change({
        name: (form.get(f"code-{name}", "").strip(), " ".join(form.get(f"name-{name}", "").split()))
        for name in chart.DEFAULTS
        if f"code-{name}" in form
    })  # fmt: skip
    return see(url_for("operator.accountants"), gettext("Saved"))


@blueprint.get("/ledger/export.csv")
@edge(Realm.OPERATOR, "ledger.view")
def accounting_file() -> Answer:
    """Send a month's postings as double entry under the chart's codes."""
    return accounting_files.answer(_month(), request.args.get("format", ""))
