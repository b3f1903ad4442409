"""Which coupon applies to a basket, and how its discount falls on lines and funders. Pure.

A coupon takes an amount, or a percentage of what the eligible lines cost (rounded once), never more than they cost.
The platform's part is its share of that, rounded; merchants fund the rest; each part is spread over the eligible lines
by what they cost (R2). No line falls below zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.hooks.types import Adjustment, Basket, Line, Party, Stage
from core.kernel.money import Money, spread, total

GROUP = "coupons"


class Refusal(StrEnum):
    """Why a code does not apply."""

    UNKNOWN = "unknown"
    STOPPED = "stopped"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    CURRENCY = "currency"
    OTHER_SHOP = "other_shop"
    MINIMUM = "minimum"
    USED_UP = "used_up"
    USED_BY_YOU = "used_by_you"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Coupon:
    """A code and what it does. Exactly one of `amount` and `percent_bps` is set.

    `merchant_id` is whose coupon it is, None for the operator's; `shop_id` limits it to one shop's lines.
    `platform_bps` is the platform's share of the discount. `used` counts claimed uses.
    """

    id: UUID
    code: str
    currency: str
    amount: Money | None
    percent_bps: int | None
    minimum: Money | None
    merchant_id: UUID | None
    shop_id: UUID | None
    platform_bps: int
    starts_at: datetime | None
    ends_at: datetime | None
    total_uses: int | None
    uses_per_customer: int | None
    used: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Uses:
    """What is known about a buyer's earlier uses; `customer_id` is None for one who is not known."""

    customer_id: UUID | None
    by_coupon: Mapping[UUID, int]


def normal(code: str) -> str:
    """Return a code as it is stored and compared: without spaces around, in capitals."""
    return code.strip().upper()


def eligible(coupon: Coupon, basket: Basket) -> tuple[Line, ...]:
    """Return the lines that a coupon counts over."""
    return tuple(
        line
        for line in basket.lines
        if (coupon.shop_id is None or line.shop_id == coupon.shop_id)
        and (coupon.merchant_id is None or line.merchant_id == coupon.merchant_id)
    )


def cost(line: Line, basket: Basket) -> Money:
    """Return what a line costs after the stages before."""
    return basket.amounts.get(line.id, line.unit_price * line.quantity)


def refusal(coupon: Coupon, basket: Basket, uses: Uses) -> Refusal | None:
    """Return the first reason why a coupon does not apply; None if it does."""
    lines = eligible(coupon, basket)
    worth = total((cost(line, basket) for line in lines), basket.currency)
    by_them = uses.by_coupon.get(coupon.id, 0)
    reasons = (
        (Refusal.STOPPED, not coupon.is_active),
        (Refusal.NOT_YET, coupon.starts_at is not None and basket.at < coupon.starts_at),
        (Refusal.EXPIRED, coupon.ends_at is not None and basket.at >= coupon.ends_at),
        (Refusal.CURRENCY, coupon.currency != basket.currency),
        (Refusal.OTHER_SHOP, not lines),
        (Refusal.MINIMUM, coupon.minimum is not None and worth.minor < coupon.minimum.minor),
        (Refusal.USED_UP, coupon.total_uses is not None and coupon.used >= coupon.total_uses),
        (Refusal.SIGN_IN, coupon.uses_per_customer is not None and uses.customer_id is None),
        (Refusal.USED_BY_YOU, coupon.uses_per_customer is not None and by_them >= coupon.uses_per_customer),
    )
    return next((reason for reason, holds in reasons if holds), None)


def adjustments(coupon: Coupon, basket: Basket, label: str) -> tuple[Adjustment, ...]:
    """Return a row for each line and funder; the reason is the coupon's, so that they count together or not at all."""
    lines = eligible(coupon, basket)
    costs = [cost(line, basket) for line in lines]
    platform, merchants = shares(coupon, costs, basket.currency)
    rows = []
    for line, by_platform, by_merchant in zip(lines, platform, merchants, strict=True):
        for funder, part in ((Party.PLATFORM, by_platform), (Party.MERCHANT, by_merchant)):
            if part:
                reason = f"coupons:{coupon.id}"
                rows.append(Adjustment(Stage.BASKET, -part, label, reason, funder, line.id, exclusive=GROUP))
    return tuple(rows)


def shares(coupon: Coupon, costs: Sequence[Money], currency: str) -> tuple[list[Money], list[Money]]:
    """Return the platform's and the merchants' part of the discount on each line."""
    worth = total(costs, currency)
    whole = coupon.amount if coupon.amount is not None else worth.share(coupon.percent_bps or 0)
    whole = min(whole, worth)
    if not whole:
        return [Money.zero(currency)] * len(costs), [Money.zero(currency)] * len(costs)
    by_platform = whole.share(coupon.platform_bps)
    weights = [amount.minor for amount in costs]
    platform = spread(by_platform, weights)
    merchants = spread(whole - by_platform, weights)
    return platform, _within(merchants, [paid - part for paid, part in zip(costs, platform, strict=True)])


def _within(parts: Sequence[Money], room: Sequence[Money]) -> list[Money]:
    """Keep each part within its line's room; what does not fit goes to the earliest lines that have some.

    Two spreads round by themselves, so that on a free line both may round up: then one cent too many stands there.
    """
    kept = [min(part, most) for part, most in zip(parts, room, strict=True)]
    over = sum(part.minor for part in parts) - sum(part.minor for part in kept)
    for place, most in enumerate(room):
        more = min(over, most.minor - kept[place].minor)
        kept[place] += Money(more, most.currency)
        over -= more
    return kept
