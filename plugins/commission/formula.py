"""What a rate costs a sale, each step written down: share or tiers, fixed parts, floor, cap, tax. Pure.

Everything that is not a whole minor unit stays a fraction until it is rounded half up, once (R1). Values in another
currency than the order's do not apply (R8).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from core.hooks.types import Json
from core.kernel.money import Money, round_half_up
from plugins.commission.values import Amounts, Base, Fee, Rate, Sale, Tier, TierMode

_WHOLE = 10_000


def slices(tiers: Sequence[Tier], start: int, amount: int) -> list[tuple[int, int]]:
    """Cut an amount that begins at a volume by the tiers it runs through: (part, basis points), in order.

    An amount of nothing is one empty part of the tier that it would begin in.
    """
    parts, at, left = [], start, amount
    for tier in tiers:
        room = left if tier.up_to is None else min(left, max(0, tier.up_to - at))
        if room:
            parts.append((room, tier.percent_bps))
            at, left = at + room, left - room
    return parts or [(0, reached(tiers, start).percent_bps)]


def marginal(tiers: Sequence[Tier], start: int, amount: int) -> Fraction:
    """Return the exact fee of an amount that begins at a volume, each part by its own tier."""
    return sum((Fraction(part * bps, _WHOLE) for part, bps in slices(tiers, start, amount)), Fraction(0))


def reached(tiers: Sequence[Tier], volume: int) -> Tier:
    """Return the tier in which a volume lies; the bound of a tier is still in it."""
    return next((tier for tier in tiers if tier.up_to is None or volume <= tier.up_to), tiers[-1])


def exact(value: Fraction) -> str:
    """Write minor units with their fraction; hundredths of a per cent never need more than four digits."""
    scaled = round_half_up(value * _WHOLE)
    whole, rest = divmod(abs(scaled), _WHOLE)
    digits = f"{rest:04d}".rstrip("0")
    return f"{'-' if scaled < 0 else ''}{whole}{'.' + digits if digits else ''}"


def basis_of(rate: Rate, sale: Sale) -> Money:
    """Return what a rate's percentage is of."""
    goods = sale.net if rate.base is Base.NET else sale.discounted
    return goods + sale.delivery if rate.with_delivery and sale.delivery else goods


def worked_out(rate: Rate, sale: Sale, fee_tax_bps: int) -> tuple[Fee, list[Json]]:
    """Return the fee with the tax on it, and each step. A floor or cap that decides makes the fee its own."""
    basis = basis_of(rate, sale)
    currency = basis.currency
    amount, bps, step = _share(rate, sale, basis)
    steps: list[Json] = [step]
    fixed = Money.zero(currency)
    for name, values, times in (("per_unit", rate.per_unit, sale.quantity), ("per_line", rate.per_line, 1)):
        each = values.get(currency)
        if each:
            fixed += Money(each, currency) * times
            amount += Money(each, currency) * times
            steps.append({"step": name, "each_minor": each, "times": times, "result_minor": amount.minor})
    floor, cap = rate.floor.get(currency), rate.cap.get(currency)
    if floor is not None and amount.minor < floor:
        amount = fixed = Money(floor, currency)
        steps.append({"step": "floor", "bound_minor": floor, "result_minor": amount.minor})
    if cap is not None and amount.minor > cap:
        amount = Money(cap, currency)
        fixed = min(fixed, amount)
        steps.append({"step": "cap", "bound_minor": cap, "result_minor": amount.minor})
    tax_bps = fee_tax_bps if rate.tax_bps is None else rate.tax_bps
    tax = amount.share(tax_bps)
    steps.append(_share_step("tax", amount, tax_bps, tax))
    return Fee(rate, basis, amount, fixed, tax, bps), steps


def _share(rate: Rate, sale: Sale, basis: Money) -> tuple[Money, int | None, Json]:
    tiers = rate.tiers.get(basis.currency)
    if not tiers:
        amount = basis.share(rate.percent_bps)
        return amount, rate.percent_bps, _share_step("percent", basis, rate.percent_bps, amount)
    before = sale.before.of(rate)
    if rate.tier_mode is TierMode.WHOLE:
        bps = reached(tiers, before + basis.minor).percent_bps
        amount = basis.share(bps)
        step: dict[str, Json] = {"mode": "whole", "before_minor": before, "after_minor": before + basis.minor}
        return amount, bps, {**_share_step("tiers", basis, bps, amount), **step}
    parts = slices(tiers, before, basis.minor)
    value = marginal(tiers, before, basis.minor)
    amount = Money(round_half_up(value), basis.currency)
    told: list[Json] = [
        {"part_minor": part, "bps": bps, "exact": exact(Fraction(part * bps, _WHOLE))} for part, bps in parts
    ]
    return amount, parts[0][1] if len(parts) == 1 else None, {
        "step": "tiers", "mode": "marginal", "before_minor": before, "of_minor": basis.minor, "slices": told,
        "exact": exact(value), "result_minor": amount.minor,
    }  # fmt: skip


def _share_step(name: str, of: Money, bps: int, result: Money) -> dict[str, Json]:
    value = exact(Fraction(of.minor * bps, _WHOLE))
    return {"step": name, "of_minor": of.minor, "bps": bps, "exact": value, "result_minor": result.minor}


def _parts(rate: Rate) -> tuple[tuple[str, Amounts], ...]:
    return (("per_unit", rate.per_unit), ("per_line", rate.per_line), ("floor", rate.floor), ("cap", rate.cap))


def as_data(rate: Rate, currency: str) -> dict[str, Json]:
    """Return a rate's formula in one currency as data; None where it has no value in it."""
    amounts: dict[str, Json] = {f"{name}_minor": values.get(currency) for name, values in _parts(rate)}
    tiers: list[Json] = [{"up_to_minor": t.up_to, "percent_bps": t.percent_bps} for t in rate.tiers.get(currency, ())]
    return {"percent_bps": rate.percent_bps, **amounts, "tiers": tiers, "tier_mode": rate.tier_mode.value,
            "with_delivery": rate.with_delivery}  # fmt: skip


def foreign(rate: Rate, currency: str) -> list[Json]:
    """Return the parts of a rate that do not apply, because they have no value in the currency (R8)."""
    parts = (*_parts(rate), ("tiers", rate.tiers))
    return [{"part": name, "currencies": sorted(values)} for name, values in parts if values and currency not in values]
