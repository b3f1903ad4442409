"""From lines to totals: adjustments of every plugin by fixed rules, tax, and the reason for each amount.

Pure but for the one question to the plugins per stage. A line's discounted amount is gross less what merchants
fund; tax is worked out on it; the buyer pays it less what the platform funds (money.md, cases/README.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.hooks.contest import open_lines, winners
from core.hooks.types import Adjustment, Basket, Line, Party, Stage, Target
from core.kernel.money import Money, spread, total

STAGES = (Stage.LIST, Stage.LINE, Stage.BASKET, Stage.POINTS)
"""Stages that are asked: fees on the buyer need a receiver in the journal first."""

Ask = Callable[[Basket], Sequence[tuple[str, Adjustment]]]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with every amount that is frozen at placing."""

    line: Line
    gross: Money
    merchant_discount: Money
    platform_discount: Money
    net: Money
    tax: Money
    tax_bps: int
    tax_inclusive: bool

    @property
    def discounted(self) -> Money:
        """Gross less what the merchant funds."""
        return self.gross - self.merchant_discount

    @property
    def value(self) -> Money:
        """What the merchant's side of the line is worth, tax included: the buyer's part and the platform's."""
        return self.discounted if self.tax_inclusive else self.discounted + self.tax

    @property
    def paid(self) -> Money:
        """What the buyer pays for the line."""
        return self.value - self.platform_discount


@dataclass(frozen=True, slots=True)
class Prices:
    """A priced basket. `applied` are the adjustments that counted, with their plugins."""

    lines: tuple[PricedLine, ...]
    delivery: Mapping[UUID, Money]
    applied: tuple[tuple[str, Adjustment], ...]
    currency: str

    @property
    def total(self) -> Money:
        """What the buyer pays for everything."""
        goods = total((line.paid for line in self.lines), self.currency)
        return goods + total(self.delivery.values(), self.currency)


@dataclass(slots=True)
class _Shares:
    """What each party has taken off each line so far; the list price may itself have moved."""

    gross: dict[UUID, Money]
    merchant: dict[UUID, Money]
    platform: dict[UUID, Money]
    delivery: dict[UUID, Money]

    def left(self, line_id: UUID) -> Money:
        return self.gross[line_id] - self.merchant[line_id] - self.platform[line_id]


def price(
    basket: Basket, tax_bps: Mapping[UUID, int], order: Sequence[str], ask: Ask, *, tax_inclusive: bool
) -> Prices:
    """Price a basket: ask for each stage's adjustments, let the contests decide, add up, work out the tax.

    `tax_bps` maps a line to its rate, `order` is the plugins' order. No line falls below zero.
    """
    zero = Money.zero(basket.currency)
    ids = [line.id for line in basket.lines]
    shares = _Shares(
        gross={line.id: line.unit_price * line.quantity for line in basket.lines},
        merchant=dict.fromkeys(ids, zero),
        platform=dict.fromkeys(ids, zero),
        delivery=dict(basket.delivery),
    )
    won: list[tuple[str, Adjustment]] = []
    for stage in STAGES:
        asked = replace(basket, stage=stage, amounts={i: shares.left(i) for i in ids}, delivery=dict(shares.delivery))
        offered = [(plugin, row) for plugin, row in ask(asked) if row.stage is stage]
        counting = winners([row for _p, row in offered], order, [row for _p, row in won])
        for plugin, row in [(p, r) for p, r in offered if any(r is c for c in counting)]:
            _apply(row, basket, shares, [r for _p, r in won])
            won.append((plugin, row))
    lines = tuple(_finished(line, shares, tax_bps[line.id], tax_inclusive) for line in basket.lines)
    return Prices(lines, shares.delivery, tuple(won), basket.currency)


def _apply(row: Adjustment, basket: Basket, shares: _Shares, won: Sequence[Adjustment]) -> None:
    """Take an adjustment into the shares."""
    if row.target is Target.DELIVERY:
        _apply_to_delivery(row, shares)
    elif row.line_id is not None:
        _take(row, row.line_id, row.amount, shares)
    else:
        lines = [line.id for line in open_lines(basket.lines, won)]
        for line_id, part in zip(lines, spread(row.amount, [shares.left(i).minor for i in lines]), strict=True):
            _take(row, line_id, part, shares)


def _take(row: Adjustment, line_id: UUID, amount: Money, shares: _Shares) -> None:
    """Move a line by a signed amount: a list price moves the gross, a discount its funder's share, never below zero.

    A lower list price that the platform pays for, such as its members', leaves the merchant's gross as it is.
    """
    is_given = row.funded_by is Party.PLATFORM and amount.minor < 0
    if row.stage is Stage.LIST and not is_given:
        shares.gross[line_id] = max(shares.gross[line_id] + amount, Money.zero(amount.currency))
        return
    bounded = max(amount, -shares.left(line_id))
    taker = shares.platform if row.funded_by is Party.PLATFORM else shares.merchant
    taker[line_id] -= bounded


def _apply_to_delivery(row: Adjustment, shares: _Shares) -> None:
    chosen = [m for m in shares.delivery if row.merchant_id in (None, m)]
    weights = [shares.delivery[m].minor for m in chosen]
    for merchant_id, part in zip(chosen, spread(row.amount, weights), strict=True):
        shares.delivery[merchant_id] = max(shares.delivery[merchant_id] + part, Money.zero(part.currency))


def _finished(line: Line, shares: _Shares, tax_bps: int, tax_inclusive: bool) -> PricedLine:
    gross, merchant = shares.gross[line.id], shares.merchant[line.id]
    discounted = gross - merchant
    net = discounted.net_of(tax_bps) if tax_inclusive else discounted
    tax = discounted - net if tax_inclusive else discounted.share(tax_bps)
    return PricedLine(line, gross, merchant, shares.platform[line.id], net, tax, tax_bps, tax_inclusive)
