"""How a price comes about. Plugins return adjustments as data; core alone adds them up."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks.markers import Phase, Scope, hook
from core.hooks.types import Adjustment, Basket, BasketKind, Stage, Target
from core.kernel.tenancy import Tenant

__all__ = ["Adjustment", "Basket", "BasketKind", "Stage", "Target", "price_adjustments"]


@hook(Phase.READ, Scope.ENABLED)
def price_adjustments(tenant: Tenant, basket: Basket) -> Sequence[Adjustment]:
    """Return adjustments of `basket.stage` for the basket; those of other stages are ignored.

    Runs once per stage, LIST to FEE, each time with the amounts after the stages before; a QUOTE asks LIST
    and LINE only and judges each line alone. Pure: the same basket at the same moment (`basket.at`) gives
    the same answer, so the price is the same on every page. Amounts are signed minor units of the basket's
    currency.
    """
    raise NotImplementedError
