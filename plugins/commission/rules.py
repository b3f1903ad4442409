"""Which rate a sale falls under and what it costs, with every step written down. Pure.

Rates are tried in order and the first that fits counts (money.md). A fee is the rate's percentage of the base, rounded
half up once, plus its fixed parts, then at least the floor, then at most the cap. Values in another currency than the
order's do not apply (R8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.hooks.money import Charge, OnRefund
from core.hooks.types import Json, OrderSnapshot, Party
from core.kernel.money import Money

Lineage = Mapping[UUID, frozenset[UUID]]
"""Each category with itself and those above it."""
Amounts = Mapping[str, int]
"""Minor units by currency."""


class Condition(StrEnum):
    """What a rate may ask for."""

    CATEGORY = "category"  # one of these or below one of them
    SHOP = "shop"
    MERCHANT = "merchant"


class Base(StrEnum):
    """What the percentage is of: the discounted amount, without its tax or with it."""

    NET = "net"
    GROSS = "gross"


@dataclass(frozen=True, slots=True)
class Rate:
    """One line of the list. All conditions must hold; the targets inside one are alternatives."""

    id: UUID
    name: str
    conditions: Mapping[Condition, frozenset[UUID]]
    percent_bps: int
    per_unit: Amounts
    per_line: Amounts
    floor: Amounts
    cap: Amounts
    base: Base
    on_refund: OnRefund


@dataclass(frozen=True, slots=True)
class RateList:
    """The rates of one version, in the order in which they are tried. Version 0 is the empty start."""

    version: int
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Sale:
    """A line that a fee is asked for. `net` and `discounted` (tax included) are its frozen amounts."""

    category_id: UUID
    shop_id: UUID | None
    merchant_id: UUID
    quantity: int
    net: Money
    discounted: Money


@dataclass(frozen=True, slots=True)
class Fee:
    """What a rate costs a sale. `fixed` is the part of the amount that does not follow a refund in proportion."""

    rate: Rate
    basis: Money
    amount: Money
    fixed: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fee, None when no rate fits, and how it came about as data."""

    fee: Fee | None
    explanation: Mapping[str, Json]


def failing(rate: Rate, sale: Sale, lineage: Lineage) -> Condition | None:
    """Return the first condition of the rate that the sale does not meet; None when all hold."""
    for condition in Condition:
        wanted = rate.conditions.get(condition)
        if wanted is not None and not wanted & _facts(condition, sale, lineage):
            return condition
    return None


def _facts(condition: Condition, sale: Sale, lineage: Lineage) -> frozenset[UUID | None]:
    if condition is Condition.CATEGORY:
        return lineage.get(sale.category_id, frozenset({sale.category_id}))
    return frozenset({sale.shop_id if condition is Condition.SHOP else sale.merchant_id})


def _value(condition: Condition, sale: Sale) -> str | None:
    value = {
        Condition.CATEGORY: sale.category_id,
        Condition.SHOP: sale.shop_id,
        Condition.MERCHANT: sale.merchant_id,
    }[condition]
    return None if value is None else str(value)


def judge(rates: RateList, sale: Sale, lineage: Lineage, fee_tax_bps: int) -> Verdict:
    """Find the rate that a sale falls under and work out its fee and the tax on it, with the explanation."""
    tried: list[Json] = []
    for rate in rates.rates:
        failed = failing(rate, sale, lineage)
        tried.append(_trial(rate, failed, sale))
        if failed is None:
            return _charged(rates.version, rate, sale, fee_tax_bps, tried)
    return Verdict(None, {"version": rates.version, "tried": tried, "currency": sale.net.currency})


def _trial(rate: Rate, failed: Condition | None, sale: Sale) -> Mapping[str, Json]:
    trial: dict[str, Json] = {"rate": str(rate.id), "name": rate.name, "fits": failed is None}
    if failed is not None:
        wanted = sorted(str(target) for target in rate.conditions[failed])
        trial["failed"] = {"condition": failed.value, "value": _value(failed, sale), "wanted": wanted}
    return trial


def _charged(version: int, rate: Rate, sale: Sale, fee_tax_bps: int, tried: Sequence[Json]) -> Verdict:
    basis = sale.net if rate.base is Base.NET else sale.discounted
    amount, fixed, steps = _worked_out(rate, basis, sale.quantity)
    tax = amount.share(fee_tax_bps)
    steps.append(_share_step("tax", amount, fee_tax_bps, tax))
    explanation: dict[str, Json] = {
        "version": version,
        "tried": tried,
        "currency": basis.currency,
        "rate": {"id": str(rate.id), "name": rate.name},
        "base": rate.base.value,
        "basis_minor": basis.minor,
        "quantity": sale.quantity,
        "formula": _formula(rate, basis.currency),
        "steps": steps,
        "not_applied": _foreign(rate, basis.currency),
        "fee_minor": amount.minor,
        "tax_minor": tax.minor,
    }
    return Verdict(Fee(rate, basis, amount, fixed, tax), explanation)


def _worked_out(rate: Rate, basis: Money, quantity: int) -> tuple[Money, Money, list[Json]]:
    """Return the fee, its fixed part, and each step. A floor or cap that decides makes the whole fee its own."""
    amount = basis.share(rate.percent_bps)
    fixed = Money.zero(basis.currency)
    steps: list[Json] = [_share_step("percent", basis, rate.percent_bps, amount)]
    for name, values, times in (("per_unit", rate.per_unit, quantity), ("per_line", rate.per_line, 1)):
        each = values.get(basis.currency)
        if each:
            fixed += Money(each, basis.currency) * times
            amount += Money(each, basis.currency) * times
            steps.append({"step": name, "each_minor": each, "times": times, "result_minor": amount.minor})
    floor, cap = rate.floor.get(basis.currency), rate.cap.get(basis.currency)
    if floor is not None and amount.minor < floor:
        amount = fixed = Money(floor, basis.currency)
        steps.append({"step": "floor", "bound_minor": floor, "result_minor": amount.minor})
    if cap is not None and amount.minor > cap:
        amount = Money(cap, basis.currency)
        fixed = min(fixed, amount)
        steps.append({"step": "cap", "bound_minor": cap, "result_minor": amount.minor})
    return amount, fixed, steps


def _share_step(name: str, of: Money, bps: int, result: Money) -> Mapping[str, Json]:
    exact = f"{(Decimal(of.minor) * bps / 10_000).normalize():f}"
    return {"step": name, "of_minor": of.minor, "bps": bps, "exact": exact, "result_minor": result.minor}


def _parts(rate: Rate) -> tuple[tuple[str, Amounts], ...]:
    return (("per_unit", rate.per_unit), ("per_line", rate.per_line), ("floor", rate.floor), ("cap", rate.cap))


def _formula(rate: Rate, currency: str) -> Mapping[str, Json]:
    amounts: dict[str, Json] = {f"{name}_minor": values.get(currency) for name, values in _parts(rate)}
    return {"percent_bps": rate.percent_bps, **amounts}


def _foreign(rate: Rate, currency: str) -> Sequence[Json]:
    return [
        {"part": name, "currencies": sorted(values)}
        for name, values in _parts(rate)
        if values and currency not in values
    ]


def unreachable(rates: Sequence[Rate], lineage: Lineage) -> frozenset[UUID]:
    """Return the rates that can never count, because an earlier one fits whatever they fit."""
    return frozenset(
        rate.id for place, rate in enumerate(rates) if any(_covers(earlier, rate, lineage) for earlier in rates[:place])
    )


def _covers(earlier: Rate, later: Rate, lineage: Lineage) -> bool:
    for condition, targets in earlier.conditions.items():
        asked = later.conditions.get(condition)
        if asked is None:
            return False
        if not all(targets & _above(condition, target, lineage) for target in asked):
            return False
    return True


def _above(condition: Condition, target: UUID, lineage: Lineage) -> frozenset[UUID]:
    if condition is Condition.CATEGORY:
        return lineage.get(target, frozenset({target}))
    return frozenset({target})


def charges(rates: RateList, order: OrderSnapshot, lineage: Lineage, fee_tax_bps: int) -> tuple[Charge, ...]:
    """Return the commission of each line of an order; nothing for the house's own and where no rate fits."""
    if order.is_house:
        return ()
    found = []
    for line in order.lines:
        amounts = order.amounts[line.id]
        sale = Sale(line.category_id, line.shop_id, order.merchant_id, line.quantity, amounts.net, amounts.discounted)
        verdict = judge(rates, sale, lineage, fee_tax_bps)
        if verdict.fee is not None:
            found.append(_charge(verdict.fee, rates.version, line.id, verdict.explanation))
    return tuple(found)


def _charge(fee: Fee, version: int, line_id: UUID, explanation: Mapping[str, Json]) -> Charge:
    return Charge(
        kind="commission.sale",
        payer=Party.MERCHANT,
        payee=Party.PLATFORM,
        amount=fee.amount,
        tax=fee.tax,
        basis=fee.basis,
        rate_bps=fee.rate.percent_bps,
        on_refund=fee.rate.on_refund,
        reason=f"commission:{version}/{fee.rate.id}",
        line_id=line_id,
        exclusive="commission",
        fixed=fee.fixed,
        explanation=explanation,
    )
