"""The values that billing computes with: what a month was used for, which plan it had when, and the lines it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core.hooks.types import Json
from core.kernel.money import Money
from tenants.billing.terms import Terms


@dataclass(frozen=True, slots=True)
class Span:
    """Days with one version of a plan: from a day until before another, None for ever. `anchor_on` begins its years."""

    plan: str
    version: int
    cycle: str
    from_on: date
    until_on: date | None
    anchor_on: date
    terms: Terms

    def days_of(self, start: date, end: date) -> tuple[date, date] | None:
        """Return the part of some days that this span covers, None if it is none."""
        low, high = max(start, self.from_on), min(end, self.until_on or end)
        return (low, high) if low < high else None


@dataclass(frozen=True, slots=True)
class Volume:
    """What was sold in a currency: orders completed, and what was refunded of completed ones. Both positive."""

    sales: Money
    refunds: Money

    @property
    def net(self) -> Money:
        """Sales without refunds; may be negative."""
        return self.sales - self.refunds


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened from a day until before another. `items` is what plugins billed to merchants, net of credits."""

    start: date
    end: date
    volumes: tuple[Volume, ...] = ()
    items: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a marketplace used in a month. `plugin_days` are days of the month (1 is the first) with a plugin on."""

    month: date
    stretches: tuple[Stretch, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    plugin_days: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return the facts as JSON keeps them."""
        return {
            "month": self.month.isoformat(), "counts": dict(self.counts),
            "plugin_days": {name: list(days) for name, days in self.plugin_days.items()},
            "stretches": [
                {
                    "start": one.start.isoformat(), "end": one.end.isoformat(),
                    "volumes": [
                        {"currency": v.sales.currency, "sales_minor": v.sales.minor, "refunds_minor": v.refunds.minor}
                        for v in one.volumes
                    ],
                    "items": [{"currency": item.currency, "amount_minor": item.minor} for item in one.items],
                }
                for one in self.stretches
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted to a marketplace: days without fixed charges, and a discount until before a day."""

    trial_until: date | None = None
    discount_bps: int = 0
    discount: Money | None = None
    discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice before tax; `facts` say how the amount came about, as data."""

    code: str
    amount: Money
    facts: Mapping[str, Json] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return the line as JSON keeps it."""
        return {"code": self.code, "amount_minor": self.amount.minor, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Draft:
    """A month's lines in one currency and their sum; a sum below zero is carried into the next month."""

    currency: str
    lines: tuple[Line, ...]
    net: Money


@dataclass(frozen=True, slots=True)
class Customer:
    """A marketplace as the platform bills it; the currency and time zone are its own."""

    id: UUID
    slug: str
    name: str
    country: str
    currency: str
    timezone: str
