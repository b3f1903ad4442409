"""The form of one rate: its schema with what can be chosen, and the way between it and a draft."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from flask_babel import gettext
from marshmallow import Schema, fields, validate

from core.http.submitting import amount, text_of
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.commission import choosing
from plugins.commission.services import RateDraft, Settings, Trial

CONDITIONS = ("category", "shop", "merchant")
_AMOUNTS = ("per_unit", "per_line", "floor", "cap")


def schema() -> Schema:
    """Return the form's schema for the bound tenant."""
    currency = current().currency

    def money(label: str, group: str) -> fields.String:
        metadata = {"label": label, "group": group, "prefix": currency, "kind": "money"}
        return fields.String(load_default="", metadata=metadata)

    def several(label: str, options: list[tuple[str, str]]) -> fields.List[Any]:
        rule = validate.OneOf([key for key, _name in options], [name for _key, name in options])
        return fields.List(fields.String(validate=rule), load_default=list, metadata={"label": label, "group": "when"})

    share, bounds = gettext("What it costs"), gettext("Bounds for each order line")
    bases = validate.OneOf(["net", "gross"], [gettext("The net price"), gettext("The price with tax")])
    policies = validate.OneOf(
        ["proportional", "keep", "keep_fixed"],
        [gettext("Give it back in proportion"), gettext("Keep it"), gettext("Keep the fixed part to the last unit")],
    )
    about = {"label": gettext("Name"), "group": share, "hint": gettext("Merchants read it with each fee.")}
    made: dict[str, Any] = {
        "name": fields.String(required=True, validate=validate.Length(min=1, max=80), metadata=about),
        "percent": fields.String(
            load_default="0",
            metadata={"label": gettext("Percentage"), "group": share, "suffix": "%", "kind": "decimal"},
        ),
        "base": fields.String(
            load_default="net", validate=bases, metadata={"label": gettext("Of what"), "group": share, "kind": "radio"}
        ),
        "per_unit": money(gettext("For each unit"), share),
        "per_line": money(gettext("For each order line"), share),
        "floor": money(gettext("At least"), bounds),
        "cap": money(gettext("At most"), bounds),
        "on_refund": fields.String(
            load_default="proportional",
            validate=policies,
            metadata={"label": gettext("When the order is refunded"), "group": bounds, "kind": "radio"},
        ),
        "category": several(gettext("Categories, with all below them"), choosing.categories()),
        "shop": several(gettext("Shops"), choosing.shops()),
        "merchant": several(gettext("Merchants"), choosing.merchants()),
    }
    return Schema.from_dict(made)()


def values(draft: RateDraft | None) -> dict[str, object]:
    """Return what the form shows of a rate; the tenant's usual choices for a new one."""
    if draft is None:
        settings = Settings.of(current())
        chosen: dict[str, object] = {kind: [] for kind in CONDITIONS}
        return {"base": settings.base.value, "on_refund": settings.on_refund.value, **chosen}
    currency = current().currency
    amounts = {name: getattr(draft, name).get(currency) for name in _AMOUNTS}
    return {
        "name": draft.name,
        "percent": f"{(Decimal(draft.percent_bps) / 100).normalize():f}",
        "base": draft.base,
        "on_refund": draft.on_refund,
        **{name: text_of(None if minor is None else Money(minor, currency)) for name, minor in amounts.items()},
        **{kind: [str(key) for key in draft.conditions.get(kind, ())] for kind in CONDITIONS},
    }


def draft(form: Mapping[str, Any], before: RateDraft | None) -> RateDraft:
    """Return the rate that a form describes. Amounts in other currencies stay as they were before."""
    amounts = {name: _amounts(name, form[name], getattr(before, name) if before else {}) for name in _AMOUNTS}
    return RateDraft(
        name=form["name"],
        conditions={kind: [UUID(key) for key in form[kind]] for kind in CONDITIONS if form[kind]},
        percent_bps=_bps("percent", form["percent"]),
        base=form["base"],
        on_refund=form["on_refund"],
        **amounts,
    )


def _amounts(name: str, text: str, before: Mapping[str, int]) -> dict[str, int]:
    kept = {currency: minor for currency, minor in before.items() if currency != current().currency}
    if not text.strip():
        return kept
    given = amount(text, name)
    return {**kept, given.currency: given.minor}


def _bps(name: str, text: str) -> int:
    """Read a percentage with at most two decimals."""
    try:
        value = Decimal(text.strip().removesuffix("%").replace(",", ".")) * 100
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= 10_000:
        wrong = FieldError(name, _("Enter a percentage from 0 to 100, with at most two decimals"))
        raise Invalid("commission.percentage", _("Some of this cannot be right."), fields=(wrong,))
    return int(value)


def trial(asked: Mapping[str, str]) -> Trial:
    """Return the made-up line of an address. Raise Invalid for one that makes no sense."""
    try:
        category_id, shop_id = UUID(asked.get("category", "")), UUID(asked.get("shop", ""))
        quantity = int(asked.get("quantity", "1"))
    except ValueError:
        raise Invalid("commission.no_such_line", _("Choose a shop and a category that exist")) from None
    price, tax_bps = amount(asked.get("price", ""), "price"), _bps("tax", asked.get("tax", "") or "0")
    if not 1 <= quantity <= 1_000_000 or price.minor < 0:
        raise Invalid("commission.no_such_line", _("Enter a price and a quantity of at least 1"))
    return Trial(category_id, shop_id, quantity, price, tax_bps)
