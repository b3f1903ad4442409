"""Key figures of placed orders: sales by day, and two periods to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, cast, func, select

from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.orders.models import LineRow, OrderRow
from core.orders.states import UNPAID


@dataclass(frozen=True, slots=True)
class Day:
    """Paid orders that were placed on one day of the marketplace's calendar, in its own currency."""

    on: date
    orders: int
    sales: Money


@dataclass(frozen=True, slots=True)
class Figures:
    """The last days, oldest first, and as many days before them with their sums."""

    days: tuple[Day, ...]
    orders: int
    sales: Money
    orders_before: int
    sales_before: Money
    days_before: tuple[Day, ...] = ()

    @property
    def average(self) -> Money:
        """What an order was worth on average, rounded down to the minor unit; zero without orders."""
        return _average(self.sales, self.orders)

    @property
    def average_change(self) -> int | None:
        """The change of the average order in basis points; None if there were none before."""
        return _change(self.average.minor, _average(self.sales_before, self.orders_before).minor)

    @property
    def sales_change(self) -> int | None:
        """The change against the period before in basis points; None if there were no sales then."""
        return _change(self.sales.minor, self.sales_before.minor)

    @property
    def orders_change(self) -> int | None:
        """The change of the number of orders in basis points; None if there were none before."""
        return _change(self.orders, self.orders_before)


def _change(now: int, before: int) -> int | None:
    return (now - before) * 10_000 // before if before else None


def _average(sales: Money, orders: int) -> Money:
    return Money(sales.minor // orders if orders else 0, sales.currency)


def figures(*, days: int = 30, merchant_id: UUID | None = None) -> Figures:
    """Return the figures of so many days up to today, of one merchant or of the marketplace."""
    today = clock.today(current().timezone)
    found = _by_day(today - timedelta(days=2 * days - 1), merchant_id)
    spans = [today - timedelta(days=back) for back in range(2 * days - 1, -1, -1)]
    all_days = [found.get(on, Day(on, 0, Money.zero(current().currency))) for on in spans]
    before, recent = all_days[:days], all_days[days:]
    return Figures(
        tuple(recent),
        sum(d.orders for d in recent),
        _sales(recent),
        sum(d.orders for d in before),
        _sales(before),
        tuple(before),
    )


def _sales(days: list[Day]) -> Money:
    return Money(sum(day.sales.minor for day in days), current().currency)


def _by_day(since: date, merchant_id: UUID | None) -> dict[date, Day]:
    tenant = current()
    on = cast(func.timezone(tenant.timezone, OrderRow.placed_at), Date)
    start = datetime.combine(since, time(), ZoneInfo(tenant.timezone))
    query = (
        select(on, func.count(), func.sum(OrderRow.total_minor))
        .where(OrderRow.placed_at >= start, OrderRow.state.not_in(UNPAID), OrderRow.currency == tenant.currency)
        .group_by(on)
    )
    if merchant_id is not None:
        query = query.where(OrderRow.merchant_id == merchant_id)
    rows = session().execute(query).all()
    return {day: Day(day, count, Money(int(minor), tenant.currency)) for day, count, minor in rows}


@dataclass(frozen=True, slots=True)
class Seller:
    """A good and what was sold of it: units, and what was paid for them before refunds, tax left out."""

    listing_id: UUID
    title: str
    units: int
    sales: Money


def best_sellers(*, days: int = 30, merchant_id: UUID | None = None, limit: int = 10) -> tuple[Seller, ...]:
    """Return what sold for most in so many days up to today, of one merchant or of the marketplace."""
    tenant = current()
    first = clock.today(tenant.timezone) - timedelta(days=days - 1)
    of_order = (OrderRow.tenant_id == LineRow.tenant_id) & (OrderRow.id == LineRow.order_id)
    sales = func.sum(LineRow.net_minor)
    query = (
        select(LineRow.listing_id, func.max(LineRow.title), func.sum(LineRow.quantity), sales)
        .join(OrderRow, of_order)
        .where(
            OrderRow.placed_at >= datetime.combine(first, time(), ZoneInfo(tenant.timezone)),
            OrderRow.state.not_in(UNPAID), OrderRow.currency == tenant.currency,
        )
        .group_by(LineRow.listing_id)
        .order_by(sales.desc(), LineRow.listing_id)
        .limit(limit)
    )  # fmt: skip
    if merchant_id is not None:
        query = query.where(OrderRow.merchant_id == merchant_id)
    rows = session().execute(query)
    return tuple(
        Seller(key, title, int(units), Money(int(minor), tenant.currency)) for key, title, units, minor in rows
    )
