"""Orders as plugins see them: frozen values made of frozen rows."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.hooks.types import Adjustment, Line, LineAmounts, OrderSnapshot, Party, Stage, Target
from core.kernel.db import session
from core.kernel.money import Money, spread
from core.orders.models import AppliedRow, LineRow, OrderRow, PurchaseRow


def snapshot(order_id: UUID) -> OrderSnapshot:
    """Return an order as it was placed; read from its rows."""
    order = session().scalars(select(OrderRow).where(OrderRow.id == order_id)).one()
    purchase = session().scalars(select(PurchaseRow).where(PurchaseRow.id == order.purchase_id)).one()
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order_id).order_by(LineRow.position)).all()
    applied = session().scalars(select(AppliedRow).where(AppliedRow.purchase_id == purchase.id)).all()
    return build(order, purchase, lines, applied)


def build(
    order: OrderRow, purchase: PurchaseRow, lines: Sequence[LineRow], applied: Sequence[AppliedRow]
) -> OrderSnapshot:
    """Return an order's value from rows at hand."""

    def money(minor: int) -> Money:
        return Money(minor, order.currency)

    delivery = spread(money(order.delivery_minor), [line.gross_minor for line in lines])
    ids = {line.id for line in lines}
    return OrderSnapshot(
        id=order.id,
        purchase_id=purchase.id,
        merchant_id=order.merchant_id,
        customer_id=order.customer_id,
        placed_at=order.placed_at,
        lines=tuple(_line(line, order) for line in lines),
        amounts={line.id: _amounts(line, part) for line, part in zip(lines, delivery, strict=True)},
        goods=money(sum(line.net_minor for line in lines)),
        delivery=money(order.delivery_minor),
        tax=money(order.tax_minor),
        total=money(order.total_minor),
        tax_inclusive=purchase.prices_include_tax,
        is_house=order.is_house,
        labels=order.labels,
        applied=tuple(_adjustment(row) for row in applied if row.line_id in ids),
        visit=purchase.visit,
    )


def _line(row: LineRow, order: OrderRow) -> Line:
    return Line(
        id=row.id, listing_id=row.listing_id, offer_id=row.variant_id, merchant_id=order.merchant_id,
        category_id=row.category_id, quantity=row.quantity, unit_price=Money(row.unit_price_minor, row.currency),
        labels=order.labels, shop_id=order.shop_id,
    )  # fmt: skip


def _amounts(row: LineRow, delivery: Money) -> LineAmounts:
    return LineAmounts(
        gross=Money(row.gross_minor, row.currency),
        merchant_discount=Money(row.merchant_discount_minor, row.currency),
        platform_discount=Money(row.platform_discount_minor, row.currency),
        discounted=Money(row.discounted_minor, row.currency),
        net=Money(row.net_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        delivery=delivery,
    )


def _adjustment(row: AppliedRow) -> Adjustment:
    return Adjustment(
        stage=Stage(row.stage), amount=Money(row.amount_minor, row.currency), label=row.label, reason=row.reason,
        funded_by=Party(row.funded_by), line_id=row.line_id, target=Target(row.target), merchant_id=row.merchant_id,
    )  # fmt: skip
