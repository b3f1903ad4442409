"""The forms of price lists and quantities: their fields, and their lines of text to and fro."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, fields, validate

from core.http.submitting import amount
from core.kernel.errors import FieldError, Invalid, Phrase, _
from core.kernel.tenancy import current
from plugins.b2b.price_lists import ListDraft, PackDraft, Price, PriceDraft, PriceList

_MOST_TEXT = 200_000


def _lines_field(label: str, hint: str, rows: int) -> fields.String:
    about = {"label": label, "group": "", "hint": hint, "kind": "textarea", "rows": rows}
    return fields.String(load_default="", validate=validate.Length(max=_MOST_TEXT), metadata=about)


def price_list() -> Schema:
    """Return the form of a price list."""
    who = validate.OneOf(["named", "all"], [gettext("Named companies"), gettext("Every approved company")])
    day: dict[str, Any] = {"load_default": None, "allow_none": True}
    prices = gettext(
        "One a line: SKU; from quantity; price of one in %(currency)s, such as CUP-1; 10; 11.00. All units of a "
        "quantity cost the same. It counts where it is below the shop's own price.", currency=current().currency,
    )  # fmt: skip
    return Schema.from_dict({
        "name": fields.String(
            required=True, validate=validate.Length(max=80),
            metadata={"label": gettext("Name of the list"), "group": "", "hint": gettext("Companies read it.")},
        ),
        "audience": fields.String(
            load_default="named", validate=who, metadata={"label": gettext("For"), "group": "", "kind": "radio"}
        ),
        "companies": fields.String(
            load_default="", validate=validate.Length(max=20_000),
            metadata={"label": gettext("Registration numbers"), "group": "", "show_if": "audience=named",
                      "hint": gettext("Of approved companies; separate them with commas.")},
        ),
        "prices": _lines_field(gettext("Prices"), prices, 12),
        "valid_from": fields.Date(**day, metadata={"label": gettext("First day"), "group": "", "kind": "date"}),
        "valid_to": fields.Date(**day, metadata={"label": gettext("Last day"), "group": "", "kind": "date"}),
        "is_active": fields.Boolean(load_default=True, metadata={"label": gettext("In use"), "group": ""}),
    })()  # fmt: skip


def packs() -> Schema:
    """Return the form of quantities."""
    hint = gettext(
        "One a line: SKU; fewest units; multiples of, such as CUP-1; 10; 5. Products that are not named are sold to "
        "companies by the unit. Buyers for themselves are free."
    )  # fmt: skip
    return Schema.from_dict({"packs": _lines_field(gettext("Quantities"), hint, 10)})()


def list_values(held: PriceList, prices: Iterable[Price]) -> dict[str, object]:
    """Return what the form shows of a list."""
    lines = [f"{one.sku}; {one.from_quantity}; {one.unit.decimal}" for one in prices]
    return {
        "name": held.name, "audience": "all" if held.is_for_all else "named", "prices": "\n".join(lines),
        "companies": ", ".join(number for number, _name in held.companies), "valid_from": held.valid_from,
        "valid_to": held.valid_to, "is_active": held.is_active,
    }  # fmt: skip


def price_drafts(text: str, field: str) -> list[PriceDraft]:
    """Return what lines of SKU, quantity and price describe. Raise Invalid at the field, naming the line at fault."""
    return [
        PriceDraft(sku, _count(count, field, number), _price(price, field, number))
        for number, (sku, count, price) in _cells(text, field)
    ]


def list_draft(form: Mapping[str, Any]) -> ListDraft:
    """Return the list that a form describes. Raise Invalid at the field, naming the line at fault."""
    prices = price_drafts(form["prices"], "prices")
    return ListDraft(
        name=form["name"], prices=prices, companies=re.split(r"[,;\s]+", form["companies"].strip()),
        is_for_all=form["audience"] == "all", is_active=form["is_active"], valid_from=form["valid_from"],
        valid_to=form["valid_to"],
    )  # fmt: skip


def pack_drafts(text: str) -> list[PackDraft]:
    """Return the quantities that lines of text describe. Raise Invalid, naming the line at fault."""
    return [
        PackDraft(sku, _count(minimum, "packs", number), _count(step, "packs", number))
        for number, (sku, minimum, step) in _cells(text, "packs")
    ]


def _cells(text: str, field: str) -> Iterator[tuple[int, tuple[str, str, str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in re.split(r"[;\t]", line)]
        if any(cells):
            if len(cells) != 3 or not all(cells):
                raise _wrong(field, _("Line {line}: three entries are wanted, with semicolons between them"), number)
            yield number, (cells[0], cells[1], cells[2])


def _count(text: str, field: str, line: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise _wrong(field, _("Line {line}: a quantity is a whole number from 1 on"), line)
    return int(text)


def _price(text: str, field: str, line: int) -> int:
    try:
        minor = amount(text, field).minor
    except Invalid:
        minor = -1
    if minor < 0:
        raise _wrong(field, _("Line {line}: the price is no amount"), line)
    return minor


def _wrong(field: str, message: str, line: int) -> Invalid:
    fault = FieldError(field, Phrase(message, line=line))
    return Invalid("b2b.lines", _("Some of this cannot be right."), fields=(fault,))
