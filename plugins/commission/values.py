"""What rates, sales and fees are made of: frozen values without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from core.hooks.money import OnRefund
from core.hooks.types import Json
from core.kernel.money import Money

Lineage = Mapping[UUID, frozenset[UUID]]
"""Each category with itself and those above it."""
Amounts = Mapping[str, int]
"""Minor units by currency."""
ORDINARY = "ordinary"
"""The operating model of goods that no model's plugin has labelled."""


class Condition(StrEnum):
    """What a rate may ask for, in the order in which it is looked at."""

    CATEGORY = "category"  # one of these or below one of them
    PRODUCT = "product"
    SHOP = "shop"
    MERCHANT = "merchant"
    PRICE = "price"
    PERIOD = "period"
    MODEL = "model"


TARGETS = (Condition.CATEGORY, Condition.PRODUCT, Condition.SHOP, Condition.MERCHANT)
"""Conditions that name rows by their keys."""


class Base(StrEnum):
    """What the percentage is of: the discounted amount, without its tax or with it."""

    NET = "net"
    GROSS = "gross"


class TierMode(StrEnum):
    """How tiers count: each part of a line in its own tier, or the whole line in the tier that it reaches."""

    MARGINAL = "marginal"
    WHOLE = "whole"


CONTRACTS = (Condition.PRODUCT, Condition.SHOP, Condition.MERCHANT)
"""Conditions of rates that others than those named have no business to read."""


@dataclass(frozen=True, slots=True)
class Band:
    """Listed prices of one unit in minor units: `low` and above, below `high`; None has no end."""

    low: int | None
    high: int | None

    def holds(self, minor: int) -> bool:
        """Tell whether a price lies in it."""
        return (self.low is None or minor >= self.low) and (self.high is None or minor < self.high)

    def covers(self, other: Band) -> bool:
        """Tell whether every price of the other lies in this one."""
        is_low = self.low is None or (other.low is not None and self.low <= other.low)
        return is_low and (self.high is None or (other.high is not None and self.high >= other.high))


@dataclass(frozen=True, slots=True)
class Window:
    """Days of the marketplace's calendar: from `start`, before `end`; None has no end."""

    start: date | None
    end: date | None

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return (self.start is None or day >= self.start) and (self.end is None or day < self.end)

    def covers(self, other: Window) -> bool:
        """Tell whether every day of the other lies in this one."""
        is_early = self.start is None or (other.start is not None and self.start <= other.start)
        return is_early and (self.end is None or (other.end is not None and self.end >= other.end))

    def is_over(self, day: date) -> bool:
        """Tell whether no day of it is left."""
        return self.end is not None and self.end <= day


@dataclass(frozen=True, slots=True)
class Tier:
    """A percentage up to a monthly volume in minor units, this volume included; the last tier has no end."""

    up_to: int | None
    percent_bps: int


@dataclass(frozen=True, slots=True)
class Rate:
    """One line of the list. All conditions must hold; the targets inside one are alternatives.

    `tiers` are by currency and take the place of `percent_bps` in theirs. `tax_bps` None is the tenant's setting.
    """

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
    bands: Mapping[str, Band] = field(default_factory=dict)
    period: Window | None = None
    models: frozenset[str] = frozenset()
    tiers: Mapping[str, tuple[Tier, ...]] = field(default_factory=dict)
    tier_mode: TierMode = TierMode.MARGINAL
    with_delivery: bool = False
    tax_bps: int | None = None

    @property
    def is_contract(self) -> bool:
        """Whether it is for certain merchants, shops or products alone."""
        return any(kind in self.conditions for kind in CONTRACTS)


@dataclass(frozen=True, slots=True)
class RateList:
    """The rates of one version, in the order in which they are tried. Version 0 is the empty start."""

    version: int
    rates: tuple[Rate, ...]

    @property
    def has_tiers(self) -> bool:
        """Whether any rate needs the month's volume."""
        return any(rate.tiers for rate in self.rates)


@dataclass(frozen=True, slots=True)
class Volume:
    """What a merchant has sold in a month, in minor units of one currency, before a line."""

    net: int = 0
    gross: int = 0
    delivery: int = 0

    def of(self, rate: Rate) -> int:
        """Return it as a rate counts it: by its base, with delivery or without."""
        goods = self.net if rate.base is Base.NET else self.gross
        return max(0, goods + (self.delivery if rate.with_delivery else 0))

    def plus(self, sale: Sale) -> Volume:
        """Return the volume after a line."""
        return Volume(self.net + sale.net.minor, self.gross + sale.discounted.minor, self.delivery + sale.carriage)


@dataclass(frozen=True, slots=True)
class Sale:
    """A line that a fee is asked for. `net`, `discounted` (tax included) and `delivery` are its frozen amounts.

    `unit_price` is the listed price of one unit, `on` the day in the marketplace's calendar, `before` the merchant's
    volume of the month before this line.
    """

    category_id: UUID
    shop_id: UUID | None
    merchant_id: UUID
    quantity: int
    net: Money
    discounted: Money
    product_id: UUID | None = None
    unit_price: Money | None = None
    on: date | None = None
    models: frozenset[str] = frozenset({ORDINARY})
    delivery: Money | None = None
    before: Volume = field(default_factory=Volume)

    @property
    def carriage(self) -> int:
        """Its share of the delivery price in minor units."""
        return self.delivery.minor if self.delivery else 0


@dataclass(frozen=True, slots=True)
class Fee:
    """What a rate costs a sale. `fixed` is the part of the amount that does not follow a refund in proportion.

    `rate_bps` is None where several tiers share the line.
    """

    rate: Rate
    basis: Money
    amount: Money
    fixed: Money
    tax: Money
    rate_bps: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fee, None when no rate fits, and how it came about as data."""

    fee: Fee | None
    explanation: Mapping[str, Json]
