"""The form of one rate: its schema with what can be chosen, and the way between it and a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask_babel import gettext
from marshmallow import Schema, fields, validate
from sqlalchemy import or_, select

from core.catalogue.models import ListingRow, VariantRow
from core.http.submitting import amount, text_of
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.commission import choosing
from plugins.commission.asking import Trial
from plugins.commission.choices import Settings
from plugins.commission.documents import AMOUNTS, RateDraft
from plugins.commission.values import Band, Tier, Window

CONDITIONS = ("category", "shop", "merchant")
TIERS = 5
"""Tiers that the form has room for; the API takes more."""


def schema(before: RateDraft | None = None) -> Schema:
    """Return the form's schema for the bound tenant."""
    return Schema.from_dict({**_costs(), **_tier_fields(), **_bounds(), **_conditions(before)})()


def _money(label: str, group: str, hint: str = "") -> fields.String:
    metadata = {"label": label, "group": group, "prefix": current().currency, "kind": "money", "hint": hint}
    return fields.String(load_default="", metadata=metadata)


def _percent(label: str, group: str, default: str = "", hint: str = "") -> fields.String:
    metadata = {"label": label, "group": group, "suffix": "%", "kind": "decimal", "hint": hint}
    return fields.String(load_default=default, metadata=metadata)


def _radio(label: str, group: str, default: str, options: Mapping[str, str]) -> fields.String:
    rule = validate.OneOf(list(options), list(options.values()))
    return fields.String(
        load_default=default, validate=rule, metadata={"label": label, "group": group, "kind": "radio"}
    )


def _costs() -> dict[str, Any]:
    group = gettext("What it costs")
    about = {"label": gettext("Name"), "group": group, "hint": gettext("Merchants read it with each fee.")}
    bases = {"net": gettext("The net price"), "gross": gettext("The price with tax")}
    return {
        "name": fields.String(required=True, validate=validate.Length(min=1, max=80), metadata=about),
        "percent": _percent(gettext("Percentage"), group, "0"),
        "base": _radio(gettext("Of what"), group, "net", bases),
        "with_delivery": fields.Boolean(
            load_default=False, metadata={"label": gettext("The delivery price counts as well"), "group": group}
        ),
        "per_unit": _money(gettext("For each unit"), group),
        "per_line": _money(gettext("For each order line"), group),
    }


def _tier_fields() -> dict[str, Any]:
    modes = {
        "": gettext("One percentage for all"),
        "marginal": gettext("By tiers: each part of a line in its own tier"),
        "whole": gettext("By tiers: the whole line in the tier that it reaches"),
    }
    made: dict[str, Any] = {"tier_mode": _radio(gettext("By the month's sales"), "tiers", "", modes)}
    for place in range(TIERS):
        made[f"up_to_{place}"] = _money(gettext("Up to"), "tiers")
        made[f"share_{place}"] = _percent(gettext("Percentage"), "tiers")
    return {**made, "share_above": _percent(gettext("Above"), "tiers")}


def _bounds() -> dict[str, Any]:
    group = gettext("Bounds for each order line")
    policies = {
        "proportional": gettext("Give it back in proportion"),
        "keep": gettext("Keep it"),
        "keep_fixed": gettext("Keep the fixed part to the last unit"),
    }
    usual = gettext("Empty: the marketplace's usual one.")
    return {
        "floor": _money(gettext("At least"), group),
        "cap": _money(gettext("At most"), group),
        "tax": _percent(gettext("Tax on the fee"), group, hint=usual),
        "on_refund": _radio(gettext("When the order is refunded"), group, "proportional", policies),
    }


def _conditions(before: RateDraft | None) -> dict[str, Any]:
    def several(label: str, options: list[tuple[str, str]]) -> fields.List[Any]:
        rule = validate.OneOf([key for key, _name in options], [name for _key, name in options])
        return fields.List(fields.String(validate=rule), load_default=list, metadata={"label": label, "group": "when"})

    def day(label: str) -> fields.Date:
        return fields.Date(load_default=None, allow_none=True, metadata={"label": label, "group": "range"})

    products = {"label": gettext("Products"), "group": "range", "kind": "tags",
                "hint": gettext("Article numbers or the last part of a product's address, separated with commas.")}  # fmt: skip
    return {
        "category": several(gettext("Categories, with all below them"), choosing.categories()),
        "shop": several(gettext("Shops"), choosing.shops()),
        "merchant": several(gettext("Merchants"), choosing.merchants()),
        "model": several(gettext("Operating models"), choosing.models(before.models if before else ())),
        "product": fields.List(fields.String(), load_default=list, metadata=products),
        "price_from": _money(gettext("Unit price from"), "range"),
        "price_to": _money(gettext("Unit price below"), "range"),
        "starts_on": day(gettext("From this day on")),
        "ends_on": day(gettext("Before this day")),
    }


def values(draft: RateDraft | None) -> dict[str, object]:
    """Return what the form shows of a rate; the tenant's usual choices for a new one."""
    if draft is None:
        settings = Settings.of(current())
        chosen: dict[str, object] = {kind: [] for kind in (*CONDITIONS, "model", "product")}
        return {"base": settings.base.value, "on_refund": settings.on_refund.value, **chosen}
    currency = current().currency
    return {
        "name": draft.name,
        "percent": shown_percent(draft.percent_bps),
        "base": draft.base,
        "with_delivery": draft.with_delivery,
        "on_refund": draft.on_refund,
        "tax": "" if draft.tax_bps is None else shown_percent(draft.tax_bps),
        **{name: _shown(getattr(draft, name).get(currency)) for name in AMOUNTS},
        **{kind: [str(key) for key in draft.conditions.get(kind, ())] for kind in CONDITIONS},
        "model": list(draft.models),
        "product": _slugs(draft.conditions.get("product", ())),
        **_shown_ranges(draft),
        **_shown_tiers(draft),
    }


def _shown(minor: int | None) -> str:
    return text_of(None if minor is None else Money(minor, current().currency))


def shown_percent(bps: int) -> str:
    """Write basis points the way a field wants a percentage."""
    return f"{(Decimal(bps) / 100).normalize():f}"


def _shown_ranges(draft: RateDraft) -> dict[str, object]:
    band = draft.bands.get(current().currency, Band(None, None))
    period = draft.period or Window(None, None)
    return {"price_from": _shown(band.low), "price_to": _shown(band.high), "starts_on": period.start,
            "ends_on": period.end}  # fmt: skip


def _shown_tiers(draft: RateDraft) -> dict[str, object]:
    steps = draft.tiers.get(current().currency, ())
    if not steps:
        return {"tier_mode": draft.tier_mode if draft.tiers else ""}
    made: dict[str, object] = {"tier_mode": draft.tier_mode, "share_above": shown_percent(steps[-1].percent_bps)}
    for place, step in enumerate(steps[:-1][:TIERS]):
        made[f"up_to_{place}"], made[f"share_{place}"] = _shown(step.up_to), shown_percent(step.percent_bps)
    return made


def draft(form: Mapping[str, Any], before: RateDraft | None) -> RateDraft:
    """Return the rate that a form describes. Amounts in other currencies stay as they were before."""
    amounts = {name: _amounts(name, form[name], getattr(before, name) if before else {}) for name in AMOUNTS}
    conditions: dict[str, Sequence[UUID]] = {
        kind: [UUID(key) for key in form[kind]] for kind in CONDITIONS if form[kind]
    }
    if form["product"]:
        conditions["product"] = _listings(form["product"])
    tiers = _tiers(form, before)
    return RateDraft(
        name=form["name"],
        conditions=conditions,
        percent_bps=bps("percent", form["percent"] or "0"),
        base=form["base"],
        on_refund=form["on_refund"],
        bands=_bands(form, before),
        period=_period(form["starts_on"], form["ends_on"]),
        models=tuple(form["model"]),
        tiers=tiers,
        tier_mode=form["tier_mode"] or "marginal",
        with_delivery=form["with_delivery"],
        tax_bps=bps("tax", form["tax"]) if form["tax"].strip() else None,
        **amounts,
    )


def _amounts(name: str, text: str, before: Mapping[str, int]) -> dict[str, int]:
    kept = {currency: minor for currency, minor in before.items() if currency != current().currency}
    if not text.strip():
        return kept
    given = amount(text, name)
    return {**kept, given.currency: given.minor}


def _bands(form: Mapping[str, Any], before: RateDraft | None) -> dict[str, Band]:
    own = current().currency
    kept = {currency: band for currency, band in (before.bands if before else {}).items() if currency != own}
    low, high = (amount(form[name], name).minor if form[name].strip() else None for name in ("price_from", "price_to"))
    if low is not None and high is not None and high <= low:
        raise _wrong("price_to", _("The price band is empty: the first price is below the second"))
    return kept if low is None and high is None else {**kept, own: Band(low, high)}


def _period(start: date | None, end: date | None) -> Window | None:
    if start is not None and end is not None and end <= start:
        raise _wrong("ends_on", _("The period is empty: its last day comes before its first"))
    return Window(start, end) if start or end else None


def _tiers(form: Mapping[str, Any], before: RateDraft | None) -> dict[str, Sequence[Tier]]:
    if not form["tier_mode"]:
        return {}
    own = current().currency
    kept = {currency: steps for currency, steps in (before.tiers if before else {}).items() if currency != own}
    steps = [
        Tier(amount(form[f"up_to_{place}"], f"up_to_{place}").minor, bps(f"share_{place}", form[f"share_{place}"]))
        for place in range(TIERS)
        if form[f"up_to_{place}"].strip() or form[f"share_{place}"].strip()
    ]
    if not steps:
        raise _wrong("up_to_0", _("Give at least one bound and what counts above it, at most 20 tiers"))
    if any(later.up_to <= earlier.up_to for earlier, later in pairwise(steps)):  # type: ignore[operator]
        raise _wrong("up_to_0", _("Each bound is higher than the one before"))
    return {**kept, own: (*steps, Tier(None, bps("share_above", form["share_above"])))}


def _wrong(name: str, text: str) -> Invalid:
    return Invalid("commission.form", _("Some of this cannot be right."), fields=(FieldError(name, text),))


def bps(name: str, text: str) -> int:
    """Read a percentage with at most two decimals."""
    try:
        value = Decimal(text.strip().removesuffix("%").replace(",", ".")) * 100
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= 10_000:
        wrong = FieldError(name, _("Enter a percentage from 0 to 100, with at most two decimals"))
        raise Invalid("commission.percentage", _("Some of this cannot be right."), fields=(wrong,))
    return int(value)


def _slugs(keys: Sequence[UUID]) -> list[str]:
    if not keys:
        return []
    return list(session().scalars(select(ListingRow.slug).where(ListingRow.id.in_(keys)).order_by(ListingRow.slug)))


def _listings(words: Sequence[str]) -> list[UUID]:
    """Return the products that addresses or article numbers name; Raise Invalid for a word that names none or many."""
    query = (
        select(ListingRow.id, ListingRow.slug, VariantRow.sku)
        .outerjoin(
            VariantRow, (VariantRow.tenant_id == ListingRow.tenant_id) & (VariantRow.listing_id == ListingRow.id)
        )
        .where(or_(ListingRow.slug.in_(words), VariantRow.sku.in_(words)))
    )
    rows = session().execute(query.limit(choosing.MOST)).all()
    found: list[UUID] = []
    for word in words:
        named = {row.id for row in rows if row.slug == word} or {row.id for row in rows if row.sku == word}
        if not named:
            raise _wrong("product", _("One of these is no product of this marketplace"))
        if len(named) > 1:
            raise _wrong("product", _("One of these numbers names products of several shops; use the address"))
        found += named
    return sorted(set(found))


def trial(asked: Mapping[str, str]) -> Trial:
    """Return the made-up line of an address. Raise Invalid for one that makes no sense."""
    try:
        category_id, shop_id = UUID(asked.get("category", "")), UUID(asked.get("shop", ""))
        quantity = int(asked.get("quantity", "1"))
    except ValueError:
        raise Invalid("commission.no_such_line", _("Choose a shop and a category that exist")) from None
    price, tax_bps = amount(asked.get("price", ""), "price"), bps("tax", asked.get("tax", "") or "0")
    if not 1 <= quantity <= 1_000_000 or price.minor < 0:
        raise Invalid("commission.no_such_line", _("Enter a price and a quantity of at least 1"))
    return Trial(category_id, shop_id, quantity, price, tax_bps)
