"""Packing slips as sheets: the address, what belongs into the parcel, no prices."""

from __future__ import annotations

from flask_babel import get_locale

from core.kernel.tenancy import current
from core.orders.slips import Slip
from web.order_words import gettext
from web.papers.layout import Column, Line, Sheet, Table
from web.rendering import number, write_date

_INK = "#2f3437"


def slip_sheet(slip: Slip) -> Sheet:
    """Return an order's packing slip."""
    columns = [Column(gettext("Article"), 8), Column(gettext("SKU"), 3), Column(gettext("Units"), 1, is_numeric=True)]
    lines = [
        Line((" · ".join((line.title, *line.options)), line.sku, number(line.units))) for line in slip.lines
    ]  # fmt: skip
    whole = sum(line.units for line in slip.lines)
    colour = str(current().setting("brand_hex") or _INK)
    notes = [gettext("Note of the buyer: %(note)s", note=slip.note)] if slip.note else []
    return Sheet(
        brand=(slip.shop, colour if len(colour) == len(_INK) else _INK), title=gettext("Packing slip"),
        number=slip.number,
        facts=[(gettext("Order"), slip.number), (gettext("Placed"), write_date(slip.placed_at)),
               (gettext("Delivery"), slip.delivery)],
        parties=[(gettext("Ships to"), _address(slip))],
        tables=[Table("", columns, [*lines, Line((gettext("Units in all"), "", number(whole)), "sum")])],
        notes=[*notes, gettext("Questions? Write to %(email)s.", email=slip.email)],
        page_of="", language=str(get_locale()),
    )  # fmt: skip


def _address(slip: Slip) -> list[str]:
    parts = slip.address
    town = " ".join(text for name in ("postcode", "city") if (text := parts.get(name, "")))
    lines = [parts.get("name", ""), parts.get("line1", ""), parts.get("line2", ""), town, parts.get("region", ""),
             parts.get("country", ""), parts.get("phone", "")]  # fmt: skip
    return [line for line in lines if line]
