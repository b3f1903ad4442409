"""What decides: a share of the goods' price for buyers with enough completed orders. Pure functions over values."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks.types import Adjustment, Basket, Party, Stage
from core.kernel.money import total
from galleria_thanks.settings import Settings

REASON = "thanks:regular"


def discount(basket: Basket, completed: int, settings: Settings, label: str) -> Sequence[Adjustment]:
    """Return one discount on the whole basket, paid for by the marketplace; none below the number of orders."""
    if completed < settings.after_orders:
        return ()
    worth = total((basket.amounts[line.id] for line in basket.lines), basket.currency)
    off = worth.share(settings.percent_bps)
    return (Adjustment(Stage.BASKET, -off, label, REASON, Party.PLATFORM),) if off else ()
