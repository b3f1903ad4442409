"""The report of margins: what own goods brought in a period, what they cost, and what their stock is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.billing.models import RefundLineRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.orders.models import LineRow, OrderRow
from plugins.self_operated import costing, offers
from plugins.self_operated.models import CostRow, ItemRow, MovementRow

_LONGEST = 366


@dataclass(frozen=True, slots=True)
class Row:
    """An own offer's part of the report; `days` is the period's length."""

    offer_id: UUID | None
    title: str
    currency: str
    days: int
    units: int = 0
    net_minor: int = 0
    cogs_minor: int = 0
    stock_minor: int = 0
    shrinkage_minor: int = 0

    @property
    def net_sales(self) -> Money:
        """Sales before tax, less refunds."""
        return Money(self.net_minor, self.currency)

    @property
    def cogs(self) -> Money:
        """What the goods sold had cost."""
        return Money(self.cogs_minor, self.currency)

    @property
    def margin(self) -> Money:
        """Net sales less their cost."""
        return self.net_sales - self.cogs

    @property
    def margin_bps(self) -> int | None:
        """The margin as basis points of net sales; None without sales."""
        return costing.margin_bps(self.net_minor, self.cogs_minor)

    @property
    def stock_value(self) -> Money:
        """What lies there now is worth this."""
        return Money(self.stock_minor, self.currency)

    @property
    def days_on_hand(self) -> int | None:
        """For how many days the stock lasts at the period's pace; None without sales."""
        return costing.days_of_cover(self.stock_minor, self.cogs_minor, self.days)

    @property
    def shrinkage(self) -> Money:
        """What was broken, lost or missing."""
        return Money(self.shrinkage_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Report:
    """Rows by net sales, the largest first, and their sum; `own_share_bps` is own goods' part of all goods sold."""

    start: date
    last: date
    rows: tuple[Row, ...]
    whole: Row
    own_share_bps: int | None


def report(start: date | None = None, last: date | None = None) -> Report:
    """Work the report out for days of the marketplace's timezone, both included; the last 30 days without them.

    Raise Invalid if the days are the wrong way round or more than a year.
    """
    last = last or clock.today(current().timezone)
    start = start or last - timedelta(days=29)
    days = (last - start).days + 1
    if not 1 <= days <= _LONGEST:
        fault = FieldError("last", _("Choose a period of 1 to 366 days"))
        raise Invalid("self_operated.period", _("Choose a period of 1 to 366 days"), fields=(fault,))
    since, until = _moment(start), _moment(last + timedelta(days=1))
    rows = _rows(since, until, days)
    whole = replace(_summed(rows, days), offer_id=None)
    return Report(start, last, rows, whole, _own_share(since, until))


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(current().timezone))


def _rows(since: datetime, until: datetime, days: int) -> tuple[Row, ...]:
    sales, costs = _sales(since, until), _costs(since, until)
    stock = {row.offer_id: row.value_minor for row in session().scalars(select(ItemRow))}
    shrinkage = _shrinkage(since, until)
    keys = {*sales, *costs, *shrinkage, *(key for key, value in stock.items() if value)}
    known = offers.named(keys)
    found = [
        Row(key, known[key].title if key in known else "", current().currency, days, *sales.get(key, (0, 0)),
            costs.get(key, 0), stock.get(key, 0), shrinkage.get(key, 0))
        for key in keys
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: (-row.net_minor, row.title, str(row.offer_id))))


def _summed(rows: Sequence[Row], days: int) -> Row:
    return Row(
        None, "", current().currency, days, sum(r.units for r in rows), sum(r.net_minor for r in rows),
        sum(r.cogs_minor for r in rows), sum(r.stock_minor for r in rows), sum(r.shrinkage_minor for r in rows),
    )  # fmt: skip


def _sales(since: datetime, until: datetime) -> Mapping[UUID, tuple[int, int]]:
    """Return units and net sales of own orders completed in a period, less all that was refunded, by offer."""
    refunded = (
        select(RefundLineRow.line_id, func.sum(RefundLineRow.net_minor).label("net"))
        .group_by(RefundLineRow.line_id).subquery()
    )  # fmt: skip
    query = (
        select(LineRow.variant_id, func.sum(LineRow.quantity - LineRow.refunded),
               func.sum(LineRow.net_minor - func.coalesce(refunded.c.net, 0)))
        .join(OrderRow, (OrderRow.tenant_id == LineRow.tenant_id) & (OrderRow.id == LineRow.order_id))
        .outerjoin(refunded, refunded.c.line_id == LineRow.id)
        .where(OrderRow.is_house, OrderRow.completed_at >= since, OrderRow.completed_at < until)
        .group_by(LineRow.variant_id)
    )  # fmt: skip
    return {key: (int(units), int(net)) for key, units, net in session().execute(query)}


def _costs(since: datetime, until: datetime) -> Mapping[UUID, int]:
    query = (
        select(CostRow.offer_id, func.sum(CostRow.cost_minor - CostRow.back_minor))
        .join(OrderRow, (OrderRow.tenant_id == CostRow.tenant_id) & (OrderRow.id == CostRow.order_id))
        .where(OrderRow.completed_at >= since, OrderRow.completed_at < until)
        .group_by(CostRow.offer_id)
    )
    return {key: int(cost) for key, cost in session().execute(query)}


def _shrinkage(since: datetime, until: datetime) -> Mapping[UUID, int]:
    query = (
        select(MovementRow.offer_id, -func.sum(MovementRow.value_minor))
        .where(MovementRow.kind.in_(("damage", "count")), MovementRow.at >= since, MovementRow.at < until)
        .group_by(MovementRow.offer_id)
    )
    return {key: int(value) for key, value in session().execute(query)}


def _own_share(since: datetime, until: datetime) -> int | None:
    """Return own goods' part of what completed orders sold, in basis points; None without any."""
    query = select(
        func.coalesce(func.sum(OrderRow.goods_minor).filter(OrderRow.is_house), 0),
        func.coalesce(func.sum(OrderRow.goods_minor), 0),
    ).where(OrderRow.completed_at >= since, OrderRow.completed_at < until)
    own, every = session().execute(query).one()
    return int(own) * 10_000 // int(every) if every else None
