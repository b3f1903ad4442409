"""Rates as someone writes them, and as documents: what the API takes, what a draft keeps, what a version's row holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from core.hooks.money import OnRefund
from plugins.commission.choices import Settings
from plugins.commission.values import TARGETS, Band, Base, Condition, Rate, Tier, TierMode, Window

AMOUNTS = ("per_unit", "per_line", "floor", "cap")


@dataclass(frozen=True, slots=True)
class RateDraft:
    """A rate as someone writes it. Amounts are minor units by currency; None takes the tenant's setting."""

    name: str
    conditions: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    percent_bps: int = 0
    per_unit: Mapping[str, int] = field(default_factory=dict)
    per_line: Mapping[str, int] = field(default_factory=dict)
    floor: Mapping[str, int] = field(default_factory=dict)
    cap: Mapping[str, int] = field(default_factory=dict)
    base: str | None = None
    on_refund: str | None = None
    bands: Mapping[str, Band] = field(default_factory=dict)
    period: Window | None = None
    models: Sequence[str] = ()
    tiers: Mapping[str, Sequence[Tier]] = field(default_factory=dict)
    tier_mode: str = "marginal"
    with_delivery: bool = False
    tax_bps: int | None = None


def draft_of(rate: Rate) -> RateDraft:
    """Return a rate as one would write it again; the new version gives it a key of its own."""
    return RateDraft(
        name=rate.name,
        conditions={kind.value: sorted(keys) for kind, keys in rate.conditions.items()},
        percent_bps=rate.percent_bps,
        per_unit=rate.per_unit,
        per_line=rate.per_line,
        floor=rate.floor,
        cap=rate.cap,
        base=rate.base.value,
        on_refund=rate.on_refund.value,
        bands=rate.bands,
        period=rate.period,
        models=sorted(rate.models),
        tiers=rate.tiers,
        tier_mode=rate.tier_mode.value,
        with_delivery=rate.with_delivery,
        tax_bps=rate.tax_bps,
    )


def rate_of(draft: RateDraft, settings: Settings, key: UUID | None = None) -> Rate:
    """Return a draft as a rate that can be tried; its conditions must be known."""
    return Rate(
        id=key or uuid4(),
        name=draft.name.strip(),
        conditions={Condition(kind): frozenset(keys) for kind, keys in draft.conditions.items()},
        percent_bps=draft.percent_bps,
        per_unit=draft.per_unit,
        per_line=draft.per_line,
        floor=draft.floor,
        cap=draft.cap,
        base=Base(draft.base or settings.base.value),
        on_refund=OnRefund(draft.on_refund or settings.on_refund.value),
        bands=draft.bands,
        period=draft.period,
        models=frozenset(draft.models),
        tiers={currency: tuple(tiers) for currency, tiers in draft.tiers.items()},
        tier_mode=TierMode(draft.tier_mode),
        with_delivery=draft.with_delivery,
        tax_bps=draft.tax_bps,
    )


def when(draft: RateDraft) -> dict[str, Any]:
    """Return a draft's conditions as plain data."""
    found: dict[str, Any] = {kind: sorted(str(key) for key in set(keys)) for kind, keys in draft.conditions.items()}
    if draft.bands:
        found["price"] = {
            currency: {"from_minor": band.low, "to_minor": band.high} for currency, band in draft.bands.items()
        }
    if draft.period is not None:
        start, end = draft.period.start, draft.period.end
        found["period"] = {"start": start.isoformat() if start else None, "end": end.isoformat() if end else None}
    if draft.models:
        found["model"] = sorted(set(draft.models))
    return found


def tiers(draft: RateDraft) -> dict[str, Any]:
    """Return a draft's tiers as plain data."""
    return {
        currency: [{"up_to_minor": tier.up_to, "percent_bps": tier.percent_bps} for tier in steps]
        for currency, steps in draft.tiers.items()
    }


def as_data(draft: RateDraft) -> dict[str, Any]:
    """Return a draft as plain data, the way the API takes it."""
    return {
        "name": draft.name,
        "when": when(draft),
        "percent_bps": draft.percent_bps,
        **{name: dict(getattr(draft, name)) for name in AMOUNTS},
        "base": draft.base,
        "on_refund": draft.on_refund,
        "tiers": tiers(draft),
        "tier_mode": draft.tier_mode,
        "with_delivery": draft.with_delivery,
        "tax_bps": draft.tax_bps,
    }


def from_data(given: Mapping[str, Any]) -> RateDraft:
    """Return the draft of a document; what it leaves out is left open."""
    asked = given.get("when") or {}
    return RateDraft(
        name=given["name"],
        conditions={
            kind: [UUID(str(key)) for key in keys]
            for kind, keys in asked.items()
            if kind not in ("price", "period", "model")
        },
        percent_bps=given.get("percent_bps", 0),
        **{name: dict(given.get(name) or {}) for name in AMOUNTS},
        base=given.get("base"),
        on_refund=given.get("on_refund"),
        bands=bands_of(asked),
        period=period_of(asked),
        models=tuple(asked.get("model") or ()),
        tiers=tiers_of(given.get("tiers") or {}),
        tier_mode=given.get("tier_mode") or "marginal",
        with_delivery=bool(given.get("with_delivery")),
        tax_bps=given.get("tax_bps"),
    )


def keys_of(asked: Mapping[str, Any]) -> dict[Condition, frozenset[UUID]]:
    """Return the targets that stored conditions name."""
    return {kind: frozenset(UUID(key) for key in asked[kind.value]) for kind in TARGETS if kind.value in asked}


def bands_of(asked: Mapping[str, Any]) -> dict[str, Band]:
    """Return the price bands of conditions, by currency."""
    found = asked.get("price") or {}
    return {currency: Band(band.get("from_minor"), band.get("to_minor")) for currency, band in found.items()}


def period_of(asked: Mapping[str, Any]) -> Window | None:
    """Return the period of conditions; None if they have none."""
    found = asked.get("period")
    return Window(_day(found.get("start")), _day(found.get("end"))) if found else None


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def tiers_of(given: Mapping[str, Any]) -> dict[str, tuple[Tier, ...]]:
    """Return stored tiers, by currency."""
    return {
        currency: tuple(Tier(step.get("up_to_minor"), step["percent_bps"]) for step in steps)
        for currency, steps in given.items()
    }
