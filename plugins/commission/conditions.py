"""Which of a rate's conditions a sale does not meet, which rates can never count, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.hooks.types import Json
from plugins.commission.values import TARGETS, Condition, Lineage, Rate, Sale


def failing(rate: Rate, sale: Sale, lineage: Lineage) -> Condition | None:
    """Return the first condition of the rate that the sale does not meet; None when all hold."""
    for condition in TARGETS:
        wanted = rate.conditions.get(condition)
        if wanted is not None and not wanted & _keys(condition, sale, lineage):
            return condition
    if rate.bands and not _is_in_band(rate, sale):
        return Condition.PRICE
    if rate.period is not None and not (sale.on is not None and rate.period.holds(sale.on)):
        return Condition.PERIOD
    if rate.models and not rate.models & sale.models:
        return Condition.MODEL
    return None


def _keys(condition: Condition, sale: Sale, lineage: Lineage) -> frozenset[UUID | None]:
    if condition is Condition.CATEGORY:
        return lineage.get(sale.category_id, frozenset({sale.category_id}))
    return frozenset({_key(condition, sale)})


def _key(condition: Condition, sale: Sale) -> UUID | None:
    return {
        Condition.CATEGORY: sale.category_id,
        Condition.PRODUCT: sale.product_id,
        Condition.SHOP: sale.shop_id,
        Condition.MERCHANT: sale.merchant_id,
    }[condition]


def _is_in_band(rate: Rate, sale: Sale) -> bool:
    """A band without a value in the order's currency holds no price of it (R8)."""
    band = rate.bands.get(sale.unit_price.currency) if sale.unit_price else None
    return band is not None and sale.unit_price is not None and band.holds(sale.unit_price.minor)


def trial(rate: Rate, failed: Condition | None, sale: Sale) -> Mapping[str, Json]:
    """Return a try of a rate as data: whether it fits, or which condition failed on which value.

    One that is a contract of somebody else is marked, so that merchants are not told of it.
    """
    told: dict[str, Json] = {"rate": str(rate.id), "name": rate.name, "fits": failed is None}
    if failed is not None:
        told["failed"] = {"condition": failed.value, **_reason(rate, failed, sale)}
        if rate.is_contract:
            told["contract"] = True
    return told


def _reason(rate: Rate, failed: Condition, sale: Sale) -> Mapping[str, Json]:
    if failed is Condition.PRICE:
        currency = sale.unit_price.currency if sale.unit_price else sale.net.currency
        band = rate.bands.get(currency)
        wanted: Json = None if band is None else {"from_minor": band.low, "to_minor": band.high}
        return {"value": sale.unit_price.minor if sale.unit_price else None, "wanted": wanted, "currency": currency}
    if failed is Condition.PERIOD and rate.period is not None:
        return {"value": sale.on.isoformat() if sale.on else None, "wanted": span(rate.period.start, rate.period.end)}
    if failed is Condition.MODEL:
        return {"value": ", ".join(sorted(sale.models)), "wanted": sorted(rate.models)}
    value = _key(failed, sale)
    return {
        "value": None if value is None else str(value),
        "wanted": sorted(str(target) for target in rate.conditions[failed]),
    }


def span(start: date | None, end: date | None) -> Mapping[str, Json]:
    """Return days as data; the end is the first day that is outside."""
    return {"start": start.isoformat() if start else None, "end": end.isoformat() if end else None}


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why a rate can never count: an earlier rate fits whatever it fits, or its period is over (None)."""

    by: Rate | None


def hidden(
    rates: Sequence[Rate], lineage: Lineage, owners: Mapping[UUID, UUID] | None = None, today: date | None = None
) -> Mapping[UUID, Hidden]:
    """Return the rates that can never count from `today` on, and why; `owners` maps shops to their merchants."""
    found: dict[UUID, Hidden] = {}
    for place, rate in enumerate(rates):
        if today is not None and rate.period is not None and rate.period.is_over(today):
            found[rate.id] = Hidden(None)
            continue
        by = next((earlier for earlier in rates[:place] if covers(earlier, rate, lineage, owners or {})), None)
        if by is not None:
            found[rate.id] = Hidden(by)
    return found


def unreachable(rates: Sequence[Rate], lineage: Lineage) -> frozenset[UUID]:
    """Return the rates that can never count, because an earlier one fits whatever they fit."""
    return frozenset(hidden(rates, lineage))


def covers(earlier: Rate, later: Rate, lineage: Lineage, owners: Mapping[UUID, UUID]) -> bool:
    """Tell whether whatever fits the later rate fits the earlier one as well."""
    for condition, targets in earlier.conditions.items():
        if not _are_within(condition, targets, later, lineage, owners):
            return False
    if earlier.period is not None and (later.period is None or not earlier.period.covers(later.period)):
        return False
    if earlier.models and not (later.models and all(_models_of(model) & earlier.models for model in later.models)):
        return False
    return not earlier.bands or _are_bands_within(earlier, later)


def _are_within(
    condition: Condition, targets: frozenset[UUID], later: Rate, lineage: Lineage, owners: Mapping[UUID, UUID]
) -> bool:
    asked = later.conditions.get(condition)
    if asked is None and condition is Condition.MERCHANT and Condition.SHOP in later.conditions:
        shops = later.conditions[Condition.SHOP]
        asked = frozenset(owners[shop] for shop in shops) if shops <= owners.keys() else None
    return asked is not None and all(targets & _above(condition, target, lineage) for target in asked)


def _above(condition: Condition, target: UUID, lineage: Lineage) -> frozenset[UUID]:
    if condition is Condition.CATEGORY:
        return lineage.get(target, frozenset({target}))
    return frozenset({target})


def _models_of(model: str) -> frozenset[str]:
    return frozenset({model, model.partition(":")[0]})


def _are_bands_within(earlier: Rate, later: Rate) -> bool:
    return bool(later.bands) and all(
        currency in earlier.bands and earlier.bands[currency].covers(band) for currency, band in later.bands.items()
    )
