"""Writes past orders as if they had been placed here: frozen rows, charges by the rates of today, money by its dates.

No event goes out, no stock is touched, no mail is sent. A purchase carries the source's key, so a second run finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.billing import capture, charges, release
from core.catalogue.tax import default_bps
from core.customers.models import CustomerRow
from core.fulfilment.models import ParcelLineRow, ParcelRow
from core.hooks.types import OrderSnapshot
from core.kernel import clock, jobs
from core.kernel.db import Model, session
from core.kernel.ids import new_id
from core.kernel.money import total
from core.kernel.tenancy import current, current_id
from core.ledger import journal
from core.merchants.models import ShopRow
from core.orders.models import LineRow, OrderRow, PurchaseRow, TimelineRow
from core.orders.numbers import next_numbers
from core.orders.snapshot import build
from core.payments.models import PaymentRow
from tenants.history import goods, people
from tenants.history.goods import Good
from tenants.history.people import Seat
from tenants.history.plan import Life, Part, life, parts
from tenants.history.reader import CURRENCY, PastOrder
from tenants.history.rows import Values, known, write

PROVIDER = "history"
"""Who held the money of these orders; no request to a provider is ever made for them."""


@dataclass(frozen=True, slots=True)
class Written:
    """One past order, as it goes into the tables; its rows are in no session."""

    order: OrderRow
    lines: Sequence[LineRow]
    life: Life
    snapshot: OrderSnapshot


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the rows of a chunk refer to."""

    customers: Mapping[str, UUID]
    seats: Mapping[str, Seat]
    goods: Mapping[tuple[str, str], Good]
    tax_bps: int
    return_days: Mapping[UUID, int]


def add(past: Sequence[PastOrder]) -> int:
    """Write the orders that are not here yet and post their money; return how many there were."""
    there = known(PurchaseRow, [order.key for order in past])
    fresh = [order for order in past if order.key not in there]
    if not fresh:
        return 0
    ground = _ground(fresh)
    numbers = next_numbers("purchase", len(fresh))
    purchases, payments, written = [], [], []
    for order, number in zip(fresh, numbers, strict=True):
        purchase, made = _purchase(order, f"P{number}", ground)
        purchases.append(values_of(purchase))
        payments.append(payment(purchase, made[0].life, PROVIDER))
        written += made
    write(PurchaseRow, purchases)
    write(PaymentRow, payments)
    write_orders(written)
    post(written, PROVIDER)
    return len(fresh)


def _ground(past: Sequence[PastOrder]) -> _Ground:
    items = [item for order in past for item in order.items]
    seats = people.seats(item.seller for item in items)
    days = select(ShopRow.id, ShopRow.return_days).where(ShopRow.id.in_([seat.shop_id for seat in seats.values()]))
    return _Ground(
        known(CustomerRow, [order.customer.key for order in past]),
        seats,
        goods.find((item.seller, item.product) for item in items),
        default_bps(),
        dict(session().execute(days).all()),
    )


def values_of(row: Model) -> Values:
    """Return a row that is in no session as the values of its columns."""
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return values | {"tenant_id": current_id()}


def _purchase(past: PastOrder, number: str, ground: _Ground) -> tuple[PurchaseRow, list[Written]]:
    pieces = parts(past.items)
    days = max(ground.return_days[ground.seats[part.seller].shop_id] for part in pieces)
    course = life(past, days, clock.now())
    name = people.customer_name(past.customer.key)
    row = PurchaseRow(
        id=new_id(), number=number, external_key=past.key, customer_id=ground.customers[past.customer.key],
        email=people.customer_email(past.customer.key), locale=current().locale, currency=CURRENCY,
        total_minor=total((part.goods + part.freight for part in pieces), CURRENCY).minor, prices_include_tax=True,
        address=people.address(past.customer.place, name), codes=[], answers={}, guest_digest="",
        state=course.purchase_state, placed_at=past.placed_at, paid_at=course.paid_at,
    )  # fmt: skip
    return row, [_order(row, past, course, part, n, ground) for n, part in enumerate(pieces, start=1)]


def _order(purchase: PurchaseRow, past: PastOrder, course: Life, part: Part, n: int, ground: _Ground) -> Written:
    seat = ground.seats[part.seller]
    row = OrderRow(
        id=new_id(), purchase_id=purchase.id, merchant_id=seat.merchant_id, shop_id=seat.shop_id,
        customer_id=purchase.customer_id, number=f"{purchase.number}-{n}", state=course.state, is_house=False,
        currency=CURRENCY, goods_minor=part.goods.minor, discount_minor=0, delivery_minor=part.freight.minor,
        fee_minor=0, tax_minor=0, total_minor=(part.goods + part.freight).minor, delivery_code="", delivery_label="",
        delivery_min_days=0, delivery_max_days=0, labels={}, note="", placed_at=past.placed_at,
        cancel_reason=past.status if course.state == "cancelled" else "", paid_at=course.paid_at,
        shipped_at=course.shipped_at, delivered_at=course.delivered_at, completed_at=course.completed_at,
    )  # fmt: skip
    lines = _lines(row, part, course, ground)
    row.tax_minor = sum(line.tax_minor for line in lines)
    return Written(row, lines, course, build(row, purchase, lines, []))


def _lines(order: OrderRow, part: Part, course: Life, ground: _Ground) -> list[LineRow]:
    rows = []
    for position, line in enumerate(part.lines):
        good, gross = ground.goods[part.seller, line.product], line.price * line.quantity
        net = gross.net_of(ground.tax_bps)
        rows.append(LineRow(
            id=new_id(), order_id=order.id, listing_id=good.listing_id, variant_id=good.variant_id,
            category_id=good.category_id, position=position, title=good.title, options=[], sku=good.sku,
            quantity=line.quantity, unit_price_minor=line.price.minor, gross_minor=gross.minor,
            merchant_discount_minor=0, platform_discount_minor=0, discounted_minor=gross.minor, net_minor=net.minor,
            tax_minor=(gross - net).minor, tax_bps=ground.tax_bps, currency=CURRENCY, refunded=0, answers={},
            shipped=line.quantity if course.shipped_at else 0,
        ))  # fmt: skip
    return rows


def payment(purchase: PurchaseRow, course: Life, provider: str) -> Values:
    """Return the payment of a past purchase; no reference, so no provider is ever asked about it."""
    return {
        "id": new_id(), "purchase_id": purchase.id, "provider": provider, "amount_minor": purchase.total_minor,
        "currency": purchase.currency, "state": course.payment_state, "captured_at": course.paid_at,
        "created_at": purchase.placed_at,
    }  # fmt: skip


def write_orders(written: Sequence[Written]) -> None:
    """Write orders with their lines, moments and parcels."""
    write(OrderRow, [values_of(entry.order) for entry in written])
    write(LineRow, [values_of(line) for entry in written for line in entry.lines])
    write(TimelineRow, [moment for entry in written for moment in _moments(entry)])
    parcels = [(entry, new_id()) for entry in written if entry.life.shipped_at]
    write(ParcelRow, [_parcel(entry, parcel_id) for entry, parcel_id in parcels])
    write(ParcelLineRow, [
        {"id": new_id(), "parcel_id": parcel_id, "line_id": line.id, "quantity": line.quantity}
        for entry, parcel_id in parcels for line in entry.lines
    ])  # fmt: skip


def _moments(entry: Written) -> list[Values]:
    course = entry.life
    steps: list[tuple[str, datetime | None]] = [
        ("placed", entry.order.placed_at), ("paid", course.paid_at), ("shipped", course.shipped_at),
        ("delivered", course.delivered_at), ("completed", course.completed_at),
        ("cancelled", entry.order.placed_at if course.state == "cancelled" else None),
    ]  # fmt: skip
    return [
        {"id": new_id(), "order_id": entry.order.id, "kind": kind, "facts": {}, "by_kind": "system", "at": at}
        for kind, at in steps
        if at is not None
    ]


def _parcel(entry: Written, parcel_id: UUID) -> Values:
    arrived = entry.life.delivered_at
    return {
        "id": parcel_id, "order_id": entry.order.id, "carrier": "", "shipped_at": entry.life.shipped_at,
        "state": "delivered" if arrived else "shipped", "delivered_at": arrived,
    }  # fmt: skip


def post(written: Sequence[Written], provider: str) -> None:
    """Charge, capture and release orders on the days on which it happened; those without money are left alone."""
    drafts = []
    for entry in written:
        course, order = entry.life, entry.snapshot
        if course.paid_at is None:
            continue
        stated = [charge for _plugin, charge in charges.record(order, at=course.paid_at)]
        drafts.append(capture.capture_draft(order, provider, _day(course.paid_at)))
        capture.tell_captured(order)
        if course.completed_at is not None:
            drafts.append(release.first_release_draft(order, stated, _day(course.completed_at)))
            release.tell_released(order, release.whole(order))
        elif course.due_at is not None:
            jobs.at(f"order.complete:{order.id}", course.due_at, "billing.complete", {"order": str(order.id)})
    journal.post_many(drafts)


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(current().timezone)).date()
