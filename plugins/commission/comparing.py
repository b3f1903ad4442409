"""What another list would have made of past orders: sums by merchant, shop and category, kept as plain data. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from plugins.commission import rules
from plugins.commission.past import PastLine, PastOrder, volume_of
from plugins.commission.values import Fee, Lineage, RateList, Sale, Volume

GROUPS = ("merchant", "shop", "category")
PARTS = ("facts",)
"""What is needed of a charge's explanation, if a list has tiers."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a comparison needs to know: the list, the categories, the tax on fees in basis points."""

    rates: RateList
    lineage: Lineage
    fee_tax_bps: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One merchant, shop or category: lines, what was sold, fees with their tax as they were and as they would be.

    Amounts are minor units of `currency`.
    """

    key: str
    currency: str
    lines: int
    sold: int
    was: int
    now: int

    @property
    def change(self) -> int:
        """What it would pay more; less, if negative."""
        return self.now - self.was

    @property
    def left(self) -> int:
        """What would be left of its sales after the fees."""
        return self.sold - self.now


def empty() -> dict[str, Any]:
    """Return the tally of no orders."""
    return {"orders": 0, "changed": 0, "below": 0, "volumes": {}, **{name: {} for name in GROUPS}}


def add(tally: dict[str, Any], order: PastOrder, ground: Ground) -> bool:
    """Count an order in; return whether its result would change. Orders come oldest first."""
    changed, fees = False, 0
    for line in order.lines:
        sale = replace(line.sale, before=_before(tally, line, order))
        fee = rules.fee_of(ground.rates, sale, ground.lineage, ground.fee_tax_bps)
        was, now = _was(line), _now(fee)
        changed, fees = changed or was != now, fees + sum(now)
        for name, key in zip(GROUPS, (order.merchant_id, order.shop_id, line.sale.category_id), strict=True):
            _count(tally[name], f"{key}|{order.currency}", line.value, sum(was), sum(now))
        _sell(tally["volumes"], order, sale)
    _count_delivery(tally, order)
    tally["orders"] += 1
    tally["changed"] += changed
    tally["below"] += order.value < fees
    return changed


def would_change(order: PastOrder, ground: Ground) -> bool:
    """Tell whether any line of an order would be charged something else."""
    return add(empty(), order, ground)


def _was(line: PastLine) -> tuple[int, int]:
    return (line.charged.fee, line.charged.tax) if line.charged else (0, 0)


def _now(fee: Fee | None) -> tuple[int, int]:
    return (fee.amount.minor, fee.tax.minor) if fee else (0, 0)


def _count(rows: dict[str, list[int]], key: str, sold: int, was: int, now: int) -> None:
    row = rows.setdefault(key, [0, 0, 0, 0])
    for place, more in enumerate((1, sold, was, now)):
        row[place] += more


def _count_delivery(tally: dict[str, Any], order: PastOrder) -> None:
    for name, key in (("merchant", order.merchant_id), ("shop", order.shop_id)):
        if row := tally[name].get(f"{key}|{order.currency}"):
            row[1] += order.delivery


def _month(order: PastOrder, sale: Sale) -> str:
    return f"{order.merchant_id}|{sale.on:%Y-%m}|{order.currency}"


def _before(tally: Mapping[str, Any], line: PastLine, order: PastOrder) -> Volume:
    """The volume that the line was charged after, if that is known; else what came before it in this very reading."""
    known = volume_of(line.charged)
    return known or Volume(*tally["volumes"].get(_month(order, line.sale), (0, 0, 0)))


def _sell(volumes: dict[str, list[int]], order: PastOrder, sale: Sale) -> None:
    key = _month(order, sale)
    after = Volume(*volumes.get(key, (0, 0, 0))).plus(sale)
    volumes[key] = [after.net, after.gross, after.delivery]


def outcomes(tally: Mapping[str, Any], name: str) -> list[Outcome]:
    """Return a tally's rows of one kind, the greatest change first."""
    rows = []
    for key, figures in tally.get(name, {}).items():
        owner, _bar, currency = key.partition("|")
        rows.append(Outcome(owner, currency, *figures))
    return sorted(rows, key=lambda row: (-abs(row.change), row.key))


def totals(tally: Mapping[str, Any]) -> list[Outcome]:
    """Return the sums over all merchants, by currency."""
    found: dict[str, list[int]] = {}
    for row in outcomes(tally, "merchant"):
        sums = found.setdefault(row.currency, [0, 0, 0, 0])
        for place, more in enumerate((row.lines, row.sold, row.was, row.now)):
            sums[place] += more
    return [Outcome("", currency, *sums) for currency, sums in sorted(found.items())]


def keys(tally: Mapping[str, Any], name: str) -> list[UUID]:
    """Return whose rows a tally has."""
    return sorted({UUID(key.partition("|")[0]) for key in tally.get(name, {})})
