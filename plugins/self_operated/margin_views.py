"""The operator's report of margins: a page, a file, and the report that core may list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import Response, request
from flask_babel import gettext

from core.hooks.surfaces import Cell, Report
from core.hooks.types import Actor, Period, Surface
from core.http import csv
from core.http.answers import Answer, page
from core.http.edge import edge
from core.http.submitting import refused
from core.identity.principals import Realm
from core.kernel.errors import Invalid, _
from core.kernel.tenancy import Tenant
from plugins.self_operated import margins, wording
from plugins.self_operated.surface import operator

COLUMNS = ("offer", "units", "net_sales", "cogs", "margin", "margin_bps", "stock_value", "days_on_hand", "shrinkage")


def _rows(tenant: Tenant, actor: Actor, period: Period, filters: Mapping[str, str]) -> Sequence[Mapping[str, Cell]]:
    found = margins.report(period.start, period.end - timedelta(days=1))
    return [{"offer": row.title, **{name: getattr(row, name) for name in COLUMNS[1:]}} for row in found.rows]


REPORTS: Mapping[Surface, tuple[Report, ...]] = {
    Surface.OPERATOR: (
        Report("self_operated.margin", _("Margins of own goods"), COLUMNS, _rows, "self_operated.report"),
    ),
}


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@operator.get("/margin")
@edge(Realm.OPERATOR, "self_operated.report")
def margin() -> Answer:
    """Show what own goods brought in a period and what they cost; a period that is none is said and not used."""
    error = None
    try:
        found = margins.report(_day("start"), _day("last"))
    except Invalid as wrong:
        error, found = wrong, margins.report()
    return page("self_operated/margin.html", report=found, refused=refused(error), words=wording)


@operator.get("/margin.csv")
@edge(Realm.OPERATOR, "self_operated.report")
def margin_csv() -> Response:
    """Download the report; amounts in major units. Raise Invalid for a period that is none."""
    found = margins.report(_day("start"), _day("last"))
    head = [gettext("Product"), gettext("Currency"), gettext("Units"), gettext("Net sales"), gettext("Cost of goods"),
            gettext("Margin"), gettext("Margin rate in per cent"), gettext("Stock value"), gettext("Days on hand"),
            gettext("Shrinkage")]  # fmt: skip
    rows = [
        [row.title, row.currency, row.units, row.net_sales.decimal, row.cogs.decimal, row.margin.decimal,
         wording.plain_percent(row.margin_bps), row.stock_value.decimal, row.days_on_hand, row.shrinkage.decimal]
        for row in found.rows
    ]  # fmt: skip
    return csv.answer("own-goods-margin", head, rows)
