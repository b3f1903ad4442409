"""The forms of quotes: what a company asks for or counters with, and what a merchant offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from marshmallow import Schema, fields, validate

from core.http.submitting import amount, text_of
from core.kernel.tenancy import current
from plugins.b2b import price_form
from plugins.b2b.quote_reading import Quote
from plugins.b2b.quotes import Offer

Goods = Sequence[tuple[UUID, str, int]]
"""(variant, title, quantity) of each product of a request."""


def _message(hint: str) -> fields.String:
    about = {"label": gettext("Message"), "group": "", "kind": "textarea", "hint": hint}
    return fields.String(load_default="", validate=validate.Length(max=1_000), metadata=about)


def request(goods: Goods) -> Schema:
    """Return the form of a request: how many of each product, and words to the shop."""
    made: dict[str, Any] = {
        f"units_{place}": fields.Integer(
            load_default=0, validate=validate.Range(0, 999), metadata={"label": title, "group": ""}
        )
        for place, (_variant, title, _quantity) in enumerate(goods)
    }
    made["message"] = _message(gettext("The shop reads it."))
    return Schema.from_dict(made)()


def request_values(goods: Goods) -> dict[str, object]:
    """Return what the form of a request shows."""
    return {f"units_{place}": quantity for place, (_variant, _title, quantity) in enumerate(goods)}


def units(form: Mapping[str, Any], goods: Goods) -> dict[UUID, int]:
    """Return how many of each product were asked for; those with none are left out."""
    found = {variant: form[f"units_{place}"] for place, (variant, _title, _quantity) in enumerate(goods)}
    return {variant: count for variant, count in found.items() if count}


def offer() -> Schema:
    """Return the form of an offer."""
    lines = gettext(
        "One a line: SKU; quantity; price of one in %(currency)s. You may change quantities and products.",
        currency=current().currency,
    )  # fmt: skip
    return Schema.from_dict({
        "lines": fields.String(
            required=True, validate=validate.Length(max=20_000),
            metadata={"label": gettext("What you offer"), "group": "", "kind": "textarea", "rows": 8, "hint": lines},
        ),
        "freight": fields.String(
            load_default="", validate=validate.Length(max=20),
            metadata={"label": gettext("Price of delivery"), "group": "", "kind": "money", "prefix": current().currency,
                      "hint": gettext("Empty: your usual price of delivery.")},
        ),
        "days": fields.Integer(
            load_default=14, validate=validate.Range(1, 180),
            metadata={"label": gettext("The offer holds for so many days"), "group": ""},
        ),
        "is_held": fields.Boolean(
            load_default=False, metadata={"label": gettext("Keep the goods aside until then"), "group": ""}
        ),
        "message": _message(gettext("The company reads it.")),
    })()  # fmt: skip


def offer_values(held: Quote, shop_prices: Mapping[UUID, str]) -> dict[str, object]:
    """Return what the form of an offer shows: the prices that were offered before, else the shop's own."""
    before = {line.variant_id: line.unit for revision in held.revisions for line in revision.lines if line.unit}
    lines = [
        f"{line.sku}; {line.quantity}; {text_of(before.get(line.variant_id)) or shop_prices.get(line.variant_id, '')}"
        for line in held.last.lines
    ]
    freight = next((one.freight for one in reversed(held.revisions) if one.side == "merchant"), None)
    return {"lines": "\n".join(lines), "freight": text_of(freight), "is_held": held.is_held}


def offered(form: Mapping[str, Any]) -> Offer:
    """Return the offer that a form describes. Raise Invalid at the field, naming the line at fault."""
    lines = [(one.sku, one.from_quantity, one.unit_minor) for one in price_form.price_drafts(form["lines"], "lines")]
    text = form["freight"].strip()
    freight = amount(text, "freight").minor if text else None
    return Offer(lines, form["days"], freight, form["is_held"], form["message"])
