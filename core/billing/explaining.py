"""How a line's price came about: the list price, each adjustment with who funds it, the tax, what the buyer paid.

Read from what was frozen at placing, so it says the same for ever. The steps always sum to the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.billing.views import OrderView
from core.hooks.types import Target
from core.kernel.db import session
from core.kernel.money import Money, total
from core.orders.models import AppliedRow
from core.orders.queries import LineView


@dataclass(frozen=True, slots=True)
class PriceStep:
    """What moved a price: negative is in the buyer's favour.

    `funded_by` is a party; it, `plugin` and `reason` are empty for the rest that no adjustment names by itself.
    """

    label: str
    amount: Money
    funded_by: str
    plugin: str
    reason: str


@dataclass(frozen=True, slots=True)
class PriceStory:
    """One line: its list price (of all units), the steps from there, and the result on the line itself."""

    line: LineView
    listed: Money
    steps: tuple[PriceStep, ...]

    @property
    def is_tax_inside(self) -> bool:
        """Whether the tax is a part of the price rather than added to it."""
        return self.line.net + self.line.tax == self.line.discounted


def prices(order: OrderView) -> tuple[PriceStory, ...]:
    """Return how the price of each line of an order came about, in the order of its lines."""
    ids = [line.id for line in order.lines]
    query = select(AppliedRow).where(
        AppliedRow.purchase_id == order.purchase_id, AppliedRow.line_id.in_(ids), AppliedRow.target == Target.GOODS
    )
    rows = session().scalars(query.order_by(AppliedRow.stage, AppliedRow.id)).all()
    return tuple(_story(line, [row for row in rows if row.line_id == line.id]) for line in order.lines)


def _story(line: LineView, rows: Sequence[AppliedRow]) -> PriceStory:
    listed = line.unit_price * line.quantity
    steps = [
        PriceStep(row.label, Money(row.amount_minor, row.currency), row.funded_by, row.plugin, row.reason)
        for row in rows
    ]
    moved = line.gross - line.merchant_discount - line.platform_discount - listed
    rest = moved - total((step.amount for step in steps), listed.currency)
    if rest:
        steps.append(PriceStep("", rest, "", "", ""))
    return PriceStory(line, listed, tuple(steps))
