"""The tenant's settings of own goods as one value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from core.kernel.money import Money
from core.kernel.tenancy import Tenant, current

NAME = "self_operated"


@dataclass(frozen=True, slots=True)
class Options:
    """`receipt_limit` is in major units; the tolerance in basis points; days of cover for low and high stock."""

    at_shipment: bool = False
    blocks_below_cost: bool = False
    receipt_limit: Decimal = Decimal(10_000)
    tolerance_bps: int = 100
    low_days: int = 7
    high_days: int = 90

    def is_above_limit(self, amount: Money) -> bool:
        """Tell whether goods of this cost need a second person."""
        return amount.decimal > self.receipt_limit


def options(tenant: Tenant | None = None) -> Options:
    """Return the settings of a tenant, the bound one by default."""
    stored = (tenant or current()).settings.get(NAME, {})
    return Options(
        stored.get("cogs_at", "completion") == "shipment",
        stored.get("below_cost", "warn") == "block",
        Decimal(str(stored.get("receipt_limit", "10000.00"))),
        cast(int, stored.get("count_tolerance_bps", 100)),
        cast(int, stored.get("low_days", 7)),
        cast(int, stored.get("high_days", 90)),
    )
