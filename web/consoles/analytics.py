"""Sales over a span of days beside the span before, the table under the chart, and what sold best; for two consoles."""

from __future__ import annotations

from babel.dates import format_skeleton
from flask import Blueprint, request, url_for
from flask_babel import get_locale, gettext

from core.http import csv
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.http.listing import View
from core.identity.principals import Realm
from core.kernel.errors import _
from core.orders import figures
from core.orders.figures import Figures
from web.charts import Series
from web.rendering import money, number, write_date
from web.surfaces import Menu

SPANS = (7, 30, 90, 365)


def mount(blueprint: Blueprint, menu: Menu, realm: Realm, permission: str, section: str) -> None:
    """Add the page and its file to a console; a merchant sees its own sales alone."""
    menu.add(section, 14, _("Analytics"), f"{blueprint.name}.analytics", "chart-line", permission)

    @blueprint.get("/analytics")
    @edge(realm, permission)
    def analytics() -> Answer:
        """Show the sales of the chosen span."""
        days = asked()
        found = figures.figures(days=days, merchant_id=principal().merchant_id)
        if request.args.get("format") == "csv":
            return _file(found)
        views = [View(gettext("%(num)s days", num=span), url_for(f"{blueprint.name}.analytics", days=span),
                      current=span == days) for span in SPANS]  # fmt: skip
        sellers = figures.best_sellers(days=days, merchant_id=principal().merchant_id)
        return page("consoles/analytics.html", found=found, days=days, views=views, sellers=sellers,
                    labels=_labels(found), series=_series(found), rows=_rows(found), surface=blueprint.name)  # fmt: skip


def asked() -> int:
    """Return the span that is asked for, in days."""
    days = request.args.get("days", type=int)
    return days if days in SPANS else 30


def _labels(found: Figures) -> list[str]:
    return [format_skeleton("MMMd", day.on, locale=get_locale()) for day in found.days]


def _series(found: Figures) -> list[Series]:
    return [
        Series(gettext("Sales"), [day.sales.decimal for day in found.days]),
        Series(gettext("The span before"), [day.sales.decimal for day in found.days_before]),
    ]


def _rows(found: Figures) -> list[list[str]]:
    """Return a line for each day on which something was sold in either span, the newest first."""
    pairs = zip(found.days, found.days_before, strict=True)
    return [
        [write_date(now.on), number(now.orders), money(now.sales), number(before.orders), money(before.sales)]
        for now, before in reversed(list(pairs)) if now.orders or before.orders
    ]  # fmt: skip


def _file(found: Figures) -> Answer:
    head = [gettext("Day"), gettext("Orders"), gettext("Sales"), gettext("Day before"), gettext("Orders in the span before"),
            gettext("Sales in the span before")]  # fmt: skip
    rows = (
        (now.on.isoformat(), now.orders, f"{now.sales.decimal:f}", before.on.isoformat(), before.orders,
         f"{before.sales.decimal:f}")
        for now, before in zip(found.days, found.days_before, strict=True)
    )  # fmt: skip
    return csv.answer("sales", head, rows)
