"""Past orders as the rules see them, read in pieces: what each line was, and what it was charged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from core.billing.models import ChargeRow
from core.kernel.db import session
from core.kernel.money import Money, spread
from core.kernel.tenancy import current
from core.orders.models import LineRow, OrderRow
from core.orders.states import UNPAID
from plugins.commission.choices import NAME
from plugins.commission.rules import day_of, models
from plugins.commission.values import Sale, Volume
from plugins.commission.volumes import midnight


@dataclass(frozen=True, slots=True)
class Charged:
    """What a line was charged, before refunds; `explanation` has the parts of it that were asked for."""

    fee: int
    tax: int
    rate: str
    explanation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of a past order; the sale's volume before it stands only in `charged`, if at all."""

    id: UUID
    sale: Sale
    value: int
    charged: Charged | None


@dataclass(frozen=True, slots=True)
class PastOrder:
    """A paid order of a merchant. `value` and `delivery` are what the merchant gets for it before fees."""

    id: UUID
    number: str
    placed_at: datetime
    merchant_id: UUID
    shop_id: UUID
    currency: str
    delivery: int
    lines: tuple[PastLine, ...]

    @property
    def mark(self) -> str:
        """Where a reading goes on after this order."""
        return f"{self.placed_at.isoformat()}|{self.id}"

    @property
    def value(self) -> int:
        """What the merchant gets for goods and delivery before fees."""
        return sum(line.value for line in self.lines) + self.delivery


def _of(start: date, end: date) -> list[Any]:
    return [
        OrderRow.is_house.is_(False), OrderRow.state.not_in(UNPAID), OrderRow.placed_at >= midnight(start),
        OrderRow.placed_at < midnight(end),
    ]  # fmt: skip


def count(start: date, end: date, most: int) -> int:
    """Count the orders placed from one day on and before another, up to `most`."""
    some = select(OrderRow.id).where(*_of(start, end)).limit(most).subquery()
    return session().scalar(select(func.count()).select_from(some)) or 0


def mark_before_newest(start: date, end: date, most: int) -> str:
    """Return the mark after which only the newest `most` orders follow; empty if there are not more."""
    query = select(OrderRow.placed_at, OrderRow.id).where(*_of(start, end))
    row = session().execute(query.order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()).offset(most).limit(1)).first()
    return f"{row.placed_at.isoformat()}|{row.id}" if row else ""


def newest(most: int, parts: Sequence[str] = ()) -> list[PastOrder]:
    """Return the newest orders of all, oldest first, with these parts of their charges' explanations."""
    query = _orders().where(OrderRow.is_house.is_(False), OrderRow.state.not_in(UNPAID))
    rows = session().execute(query.order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()).limit(most)).all()
    return _told(rows[::-1], parts)


def piece(start: date, end: date, mark: str, most: int, parts: Sequence[str] = ()) -> list[PastOrder]:
    """Return the next orders of a period after a mark, oldest first, with these parts of their explanations."""
    query = _orders().where(*_of(start, end))
    if mark:
        moment, _bar, key = mark.partition("|")
        after = tuple_(OrderRow.placed_at, OrderRow.id) > (datetime.fromisoformat(moment), UUID(key))
        query = query.where(after)
    return _told(session().execute(query.order_by(OrderRow.placed_at, OrderRow.id).limit(most)).all(), parts)


def _orders() -> Any:
    return select(
        OrderRow.id, OrderRow.number, OrderRow.placed_at, OrderRow.merchant_id, OrderRow.shop_id, OrderRow.currency,
        OrderRow.labels, OrderRow.delivery_minor,
    )  # fmt: skip


def _told(rows: Sequence[Any], parts: Sequence[str]) -> list[PastOrder]:
    ids = [row.id for row in rows]
    lines: dict[UUID, list[Any]] = {key: [] for key in ids}
    for line in _lines(ids):
        lines[line.order_id].append(line)
    charged = _charged(ids, parts)
    timezone = current().timezone
    return [
        PastOrder(
            row.id, row.number, row.placed_at, row.merchant_id, row.shop_id, row.currency, row.delivery_minor,
            tuple(_line(row, line, part, charged.get(line.id), timezone) for line, part in _with_delivery(row, lines)),
        )
        for row in rows
    ]  # fmt: skip


def _with_delivery(row: Any, lines: Mapping[UUID, list[Any]]) -> Iterator[tuple[Any, Money]]:
    """Yield an order's lines with their shares of its delivery price, spread as when it was placed."""
    own = lines[row.id]
    shares = spread(Money(row.delivery_minor if own else 0, row.currency), [line.gross_minor for line in own])
    return zip(own, shares, strict=True)


def _lines(order_ids: Sequence[UUID]) -> Sequence[Any]:
    query = select(
        LineRow.id, LineRow.order_id, LineRow.listing_id, LineRow.category_id, LineRow.quantity,
        LineRow.unit_price_minor, LineRow.gross_minor, LineRow.discounted_minor, LineRow.net_minor, LineRow.tax_minor,
    )  # fmt: skip
    return session().execute(query.where(LineRow.order_id.in_(order_ids)).order_by(LineRow.position)).all()


def _charged(order_ids: Sequence[UUID], parts: Sequence[str]) -> dict[UUID, Charged]:
    """Explanations are long, so only what is needed of them leaves the database."""
    told = [ChargeRow.explanation[part].label(part) for part in parts]
    query = select(ChargeRow.line_id, ChargeRow.amount_minor, ChargeRow.tax_minor, ChargeRow.reason, *told).where(
        ChargeRow.order_id.in_(order_ids), ChargeRow.plugin == NAME, ChargeRow.line_id.is_not(None)
    )
    return {
        key: Charged(fee, tax, reason.rpartition("/")[2], dict(zip(parts, found, strict=True)))
        for key, fee, tax, reason, *found in session().execute(query)
    }


def _line(row: Any, line: Any, delivery: Money, charged: Charged | None, timezone: str) -> PastLine:
    sale = Sale(
        category_id=line.category_id,
        shop_id=row.shop_id,
        merchant_id=row.merchant_id,
        quantity=line.quantity,
        net=Money(line.net_minor, row.currency),
        discounted=Money(line.discounted_minor, row.currency),
        product_id=line.listing_id,
        unit_price=Money(line.unit_price_minor, row.currency),
        on=day_of(row.placed_at, timezone),
        models=models(row.labels),
        delivery=delivery,
    )
    return PastLine(line.id, sale, line.net_minor + line.tax_minor, charged)


def volume_of(charged: Charged | None) -> Volume | None:
    """Return the volume that a charge was worked out after; None if its explanation does not say."""
    told = (charged.explanation.get("facts") or {}).get("before") if charged else None
    return Volume(told["net_minor"], told["gross_minor"], told["delivery_minor"]) if told else None
