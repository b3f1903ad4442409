"""What merchants have sold in a month of the marketplace's calendar: goods of orders that stand, less what went back.

It is summed from the orders themselves, under a lock of the merchant's own, so that two orders that cross a tier at
once cost what they would have cost one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select

from core.billing.models import RefundLineRow, RefundRow
from core.hooks.types import OrderSnapshot
from core.kernel import clock
from core.kernel.db import session
from core.kernel.locks import lock_name
from core.kernel.tenancy import current
from core.orders.models import LineRow, OrderRow
from plugins.commission.rules import day_of
from plugins.commission.values import Volume


def month_of(day: date) -> tuple[datetime, datetime]:
    """Return where the month of a day begins and ends in the marketplace's time zone."""
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return midnight(first), midnight(following)


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in the marketplace's time zone."""
    return datetime.combine(day, time(), ZoneInfo(current().timezone))


def before(order: OrderSnapshot) -> Volume:
    """Return what an order's merchant has sold in its month before it, in its currency, and keep others waiting.

    Further orders of the same purchase count in the order of their keys.
    """
    lock_name(f"commission.volume:{order.merchant_id}")
    earlier = or_(OrderRow.purchase_id != order.purchase_id, OrderRow.id < order.id)
    start, end = month_of(day_of(order.placed_at, current().timezone))
    query = _sums([order.merchant_id], order.total.currency, start, end).where(earlier)
    refunds = _refunds([order.merchant_id], order.total.currency, start, end).where(OrderRow.id != order.id)
    return _volumes(query, refunds).get(order.merchant_id, Volume())


def so_far(merchant_id: UUID, currency: str) -> Volume:
    """Return what a merchant has sold in the present month."""
    start, end = month_of(clock.today(current().timezone))
    return of_merchants([merchant_id], currency, start, end).get(merchant_id, Volume())


def of_merchants(
    merchant_ids: Sequence[UUID] | None, currency: str, start: datetime, end: datetime
) -> dict[UUID, Volume]:
    """Return what these merchants, or all, have sold between two moments, the second excluded."""
    asked = (merchant_ids, currency, start, end)
    return _volumes(_sums(*asked), _refunds(*asked))


def _sums(
    merchant_ids: Sequence[UUID] | None, currency: str, start: datetime, end: datetime
) -> Select[UUID, UUID, int, int, int]:
    """Select each order's sums; its delivery price stands once, whatever the number of its lines."""
    return (
        select(
            OrderRow.merchant_id, OrderRow.id, func.sum(LineRow.net_minor), func.sum(LineRow.discounted_minor),
            func.max(OrderRow.delivery_minor),
        )
        .join(LineRow, (LineRow.tenant_id == OrderRow.tenant_id) & (LineRow.order_id == OrderRow.id))
        .where(*_of(merchant_ids, currency, start, end))
        .group_by(OrderRow.merchant_id, OrderRow.id)
    )  # fmt: skip


def _refunds(
    merchant_ids: Sequence[UUID] | None, currency: str, start: datetime, end: datetime
) -> Select[UUID, UUID, int, int, int]:
    return (
        select(
            OrderRow.merchant_id, RefundRow.id, func.coalesce(func.sum(RefundLineRow.net_minor), 0),
            func.coalesce(func.sum(RefundLineRow.discounted_minor), 0), func.max(RefundRow.delivery_minor),
        )
        .join(RefundRow, (RefundRow.tenant_id == OrderRow.tenant_id) & (RefundRow.order_id == OrderRow.id))
        .outerjoin(
            RefundLineRow, (RefundLineRow.tenant_id == RefundRow.tenant_id) & (RefundLineRow.refund_id == RefundRow.id)
        )
        .where(*_of(merchant_ids, currency, start, end))
        .group_by(OrderRow.merchant_id, RefundRow.id)
    )  # fmt: skip


def _of(
    merchant_ids: Sequence[UUID] | None, currency: str, start: datetime, end: datetime
) -> list[ColumnElement[bool]]:
    asked = [
        OrderRow.currency == currency, OrderRow.state != "cancelled", OrderRow.placed_at >= start,
        OrderRow.placed_at < end,
    ]  # fmt: skip
    return asked if merchant_ids is None else [OrderRow.merchant_id.in_(merchant_ids), *asked]


def _volumes(
    sold: Select[UUID, UUID, int, int, int], returned: Select[UUID, UUID, int, int, int]
) -> dict[UUID, Volume]:
    found: dict[UUID, Volume] = {}
    for query, sign in ((sold, 1), (returned, -1)):
        each = query.subquery()
        merchant, _key, net, gross, delivery = each.c
        sums = select(merchant, func.sum(net), func.sum(gross), func.sum(delivery)).group_by(merchant)
        for merchant_id, *parts in session().execute(sums):
            was = found.get(merchant_id, Volume())
            more = [sign * int(part) for part in parts]
            found[merchant_id] = Volume(was.net + more[0], was.gross + more[1], was.delivery + more[2])
    return found
