"""Prices and stock as a spreadsheet: typed, pasted, undone, then saved at once; a plain form without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.catalogue import sheet as sheets
from core.catalogue import stock
from core.catalogue.sheet import Change, Row
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from web.merchant.surface import blueprint, menu
from web.paging import cursor, next_href
from web.sellers import merchant_id

menu.add("Catalogue", 35, _("Spreadsheet"), "merchant.price_sheet", "layout-grid", "listings.edit")
CELLS = ("price", "was", "on_hand")


@blueprint.get("/sheet")
@edge(Realm.MERCHANT, "listings.edit")
def price_sheet(error: AppError | None = None) -> Answer:
    """Show a page of the sheet."""
    args = request.args
    found = sheets.sheet(merchant_id(), search=args.get("q", ""), place_id=args.get("place", type=UUID), after=cursor())
    wrong = {f.path: gettext(f.message) for f in error.fields} if isinstance(error, Invalid) else {}
    return page(
        "merchant/sheet.html", sheet=found, cells={row.variant_id: written(row) for row in found.rows}, wrong=wrong,
        typed=request.form, said=message(error) if error else "", words=args.get("q", ""),
        places=stock.locations(merchant_id()), next_href=next_href(found.next), may_stock=principal().may("stock.edit"),
        reason=request.form.get("reason", ""),
    )  # fmt: skip


def written(row: Row) -> dict[str, str]:
    """Return a line's cells as they are typed."""
    return {
        "price": f"{row.price.decimal:f}", "was": f"{row.was.decimal:f}" if row.was else "",
        "on_hand": str(row.on_hand),
    }  # fmt: skip


@blueprint.post("/sheet")
@edge(Realm.MERCHANT, "listings.edit", again=price_sheet)
def save_sheet() -> Answer:
    """Save the cells that differ from what was shown: all of them, or none."""
    args = request.args
    found = sheets.sheet(merchant_id(), search=args.get("q", ""), place_id=args.get("place", type=UUID), after=cursor())
    wrong: list[FieldError] = []
    changes = [one for row in found.rows if (one := _change(row, request.form, wrong)) is not None]
    if wrong:
        raise Invalid("catalogue.sheet_wrong", _("Some cells are not right; nothing was saved"), fields=tuple(wrong))
    if any(one.on_hand != one.seen.on_hand for one in changes):
        principal().require("stock.edit")
    reason = request.form.get("reason", "").strip() or gettext("Spreadsheet")
    count = sheets.change(merchant_id(), found.place_id, changes, reason)
    here = url_for("merchant.price_sheet", **request.args)  # type: ignore[arg-type]
    return see(here, ngettext("%(num)s line is saved", "%(num)s lines are saved", count))


def _change(row: Row, form: Mapping[str, str], wrong: list[FieldError]) -> Change | None:
    """Read a line of the form; None where it was not sent. What was shown is sent along, to find what differs."""
    key = row.variant_id
    if f"{key}.price" not in form:
        return None
    seen, typed = written(row), {}
    for name in CELLS:
        shown, text = form.get(f"{key}.{name}.seen", seen[name]), form.get(f"{key}.{name}", seen[name]).strip()
        # A cell that nobody touched follows what others changed meanwhile; one that was touched must be as it was seen.
        typed[name] = seen[name] if text == shown else text
        if text != shown and shown != seen[name]:
            wrong.append(FieldError(f"{key}.{name}", _("Somebody changed this cell in the meantime")))
    return _read(row, typed, wrong)


def _read(row: Row, typed: Mapping[str, str], wrong: list[FieldError]) -> Change | None:
    values: dict[str, Money | None] = {}
    for name in ("price", "was"):
        try:
            values[name] = Money.parse(typed[name], current().currency) if typed[name] else None
        except Invalid as error:
            wrong.append(FieldError(f"{row.variant_id}.{name}", error.message.format(**error.facts)))
            values[name] = None
    price, units = values["price"], typed["on_hand"]
    if price is None and not typed["price"]:
        wrong.append(FieldError(f"{row.variant_id}.price", _("Give a price, zero or more")))
    if not (units.isascii() and units.isdigit() and len(units) < 10):
        wrong.append(FieldError(f"{row.variant_id}.on_hand", _("Enter a number, such as 12.")))
        return None
    return None if price is None else Change(row, price, values["was"], int(units))
