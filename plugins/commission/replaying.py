"""Works out past charges again, by the list and the facts of their time, and says where the figures differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from plugins.commission import rules
from plugins.commission.past import Charged, PastLine, PastOrder, volume_of
from plugins.commission.values import Fee, Lineage, RateList, Sale

PARTS = ("version", "facts", "steps")
"""What is needed of a charge's explanation."""
MOST = 200
"""Differences that are kept with their details; all are counted."""


def empty() -> dict[str, Any]:
    """Return the tally of no orders."""
    return {"orders": 0, "lines": 0, "charged": 0, "different": 0, "differences": [], "sums": {}}


def add(
    tally: dict[str, Any], order: PastOrder, lists: Mapping[int, RateList], fallback: RateList, lineage: Lineage
) -> None:
    """Count an order in: each line's charge as it is stored beside the one that is worked out now.

    `lists` are the versions that charges name; `fallback` is the list of the order's time, for lines without a charge.
    """
    tally["orders"] += 1
    for line in order.lines:
        tally["lines"] += 1
        tally["charged"] += line.charged is not None
        fee = _again(line, lists, fallback, lineage)
        stored = (line.charged.fee, line.charged.tax) if line.charged else (0, 0)
        again = (fee.amount.minor, fee.tax.minor) if fee else (0, 0)
        sums = tally["sums"].setdefault(order.currency, [0, 0, 0, 0])
        for place, more in enumerate((*stored, *again)):
            sums[place] += more
        is_other_rate = line.charged is not None and fee is not None and line.charged.rate != str(fee.rate.id)
        if stored != again or is_other_rate:
            _differs(tally, order, line, stored, again)


def _differs(
    tally: dict[str, Any], order: PastOrder, line: PastLine, stored: tuple[int, int], again: tuple[int, int]
) -> None:
    tally["different"] += 1
    if len(tally["differences"]) < MOST:
        tally["differences"].append({
            "order_id": str(order.id), "order": order.number, "line_id": str(line.id), "currency": order.currency,
            "fee_minor": stored[0], "tax_minor": stored[1], "again_fee_minor": again[0], "again_tax_minor": again[1],
        })  # fmt: skip


def _again(line: PastLine, lists: Mapping[int, RateList], fallback: RateList, lineage: Lineage) -> Fee | None:
    if line.charged is None:
        fee = rules.fee_of(fallback, line.sale, lineage, 0)
        # What tiers made of it depends on a volume that nothing was charged after and nobody kept.
        return None if fee is None or fee.rate.tiers else fee
    told = line.charged.explanation
    sale, above = _as_it_was(line.sale, line.charged, lineage)
    rates = lists.get(int(told.get("version") or 0), RateList(0, ()))
    return rules.fee_of(rates, sale, above, _tax_of(told))


def _as_it_was(sale: Sale, charged: Charged, lineage: Lineage) -> tuple[Sale, Lineage]:
    """Put what the charge's explanation has kept of its time over what is known of the line today."""
    facts = charged.explanation.get("facts")
    if not facts:
        return sale, lineage
    above = {sale.category_id: frozenset(UUID(key) for key in facts["categories"])}
    known = replace(
        sale,
        before=volume_of(charged) or sale.before,
        models=frozenset(facts["models"]),
        on=date.fromisoformat(facts["on"]) if facts["on"] else sale.on,
    )
    return known, above


def _tax_of(told: Mapping[str, Any]) -> int:
    return next((int(step["bps"]) for step in told.get("steps") or () if step["step"] == "tax"), 0)
