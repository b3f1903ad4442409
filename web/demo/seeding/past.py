"""Four months of trade: orders that were placed, sent and mostly completed, with their commission and money."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text

from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.stock_models import LocationRow, MovementRow
from core.customers.models import CustomerRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current, current_id
from core.merchants import house
from core.orders.models import LineRow, OrderRow, PurchaseRow
from core.orders.numbers import next_numbers
from core.orders.snapshot import build
from core.payments.models import PaymentRow
from tenants.history.orders import Written, payment, post, values_of, write_orders
from tenants.history.plan import Life
from tenants.history.rows import Values, write
from web.demo.content import Delivery, Marketplace
from web.demo.seeding.people import address_of
from web.demo.seeding.shelves import live_variants

PROVIDER = "demo"
PURCHASES, _DAYS, _UNTIL = 300, 120, 7
_COMPLETE_AFTER = timedelta(days=14)
Good = tuple[ListingRow, VariantRow]


class _Trade:
    """What the past of one marketplace is made of; always the same for the same marketplace."""

    def __init__(self, market: Marketplace) -> None:
        self.chance = random.Random(f"past {market.slug}")
        self.goods = live_variants()
        self.popular = [self.chance.paretovariate(1.1) for _good in self.goods]
        self.house = house.house_id()
        self.buyers = {row.email: row.id for row in session().scalars(select(CustomerRow))}
        self.people = market.buyers
        self.ways: dict[str, Delivery] = {shop.slug: shop.delivery[0] for shop in market.shops}
        self.shops = {row.shop_id: row.shop for row in session().execute(_SHOPS, {"tenant": current_id()})}

    def moment(self) -> datetime:
        """Return when somebody buys: more often lately, and in the evening."""
        back = _UNTIL + (_DAYS - _UNTIL) * self.chance.random() ** 1.35
        day = clock.now() - timedelta(days=back)
        hour = min(23, max(6, round(self.chance.gauss(18, 3.5))))
        return day.replace(hour=hour, minute=self.chance.randrange(60), second=self.chance.randrange(60))

    def basket(self) -> dict[UUID, list[tuple[Good, int]]]:
        """Return what is bought, by shop."""
        count = self.chance.choices((1, 2, 3), (60, 28, 12))[0]
        found: dict[UUID, list[tuple[Good, int]]] = {}
        for good in dict.fromkeys(self.chance.choices(self.goods, self.popular, k=count)):
            found.setdefault(good[0].shop_id, []).append((good, self.chance.choices((1, 2, 4), (80, 16, 4))[0]))
        return found


_SHOPS = text("select id as shop_id, slug as shop from shops where tenant_id = :tenant")


def add_past(market: Marketplace, count: int = PURCHASES) -> None:
    """Write so many purchases of the past, oldest first, and post their money by their dates."""
    trade = _Trade(market)
    moments = sorted(trade.moment() for _n in range(count))
    purchases, payments = [], []
    written: list[Written] = []
    for number, placed_at in zip(next_numbers("purchase", count), moments, strict=True):
        purchase, made = _purchase(trade, f"P{number}", placed_at)
        purchases.append(values_of(purchase))
        payments.append(payment(purchase, made[0].life, PROVIDER))
        written += made
    write(PurchaseRow, purchases)
    write(PaymentRow, payments)
    write_orders(written)
    write(MovementRow, _movements(written))
    post(written, PROVIDER)
    session().execute(_COUNT_SOLD, {"tenant": current_id()})


_COUNT_SOLD = text("""
    update listings l set sold_count = t.units
      from (select listing_id, sum(quantity)::int as units from order_lines where tenant_id = :tenant
             group by listing_id) t
     where l.tenant_id = :tenant and l.id = t.listing_id""")


def _life(trade: _Trade, placed_at: datetime, now: datetime) -> Life:
    paid = placed_at + timedelta(minutes=trade.chance.randrange(1, 9))
    shipped = paid + timedelta(hours=trade.chance.randrange(8, 40))
    delivered = shipped + timedelta(hours=trade.chance.randrange(30, 96))
    end = delivered + _COMPLETE_AFTER
    if end > now:
        return Life("delivered", paid, shipped, delivered, due_at=end)
    return Life("completed", paid, shipped, delivered, end)


def _purchase(trade: _Trade, number: str, placed_at: datetime) -> tuple[PurchaseRow, list[Written]]:
    who = trade.chance.choice(trade.people)
    course = _life(trade, placed_at, clock.now())
    row = PurchaseRow(
        id=new_id(), number=number, customer_id=trade.buyers[who.email], email=who.email, locale=current().locale,
        currency=current().currency, total_minor=0, prices_include_tax=True, address=address_of(who), codes=[],
        answers={}, guest_digest="", state=course.purchase_state, placed_at=placed_at, paid_at=course.paid_at,
    )  # fmt: skip
    made = [
        _order(trade, row, course, shop_id, goods, n)
        for n, (shop_id, goods) in enumerate(trade.basket().items(), start=1)
    ]
    row.total_minor = sum(entry.order.total_minor for entry in made)
    return row, made


def _order(
    trade: _Trade, purchase: PurchaseRow, course: Life, shop_id: UUID, goods: list[tuple[Good, int]], n: int
) -> Written:  # fmt: skip
    order_id, merchant_id = new_id(), goods[0][0][0].merchant_id
    lines = [_line(order_id, good, units, place) for place, (good, units) in enumerate(goods)]
    gross = sum(line.gross_minor for line in lines)
    way = trade.ways[trade.shops[shop_id]]
    is_free = way.free_over_minor is not None and gross >= way.free_over_minor
    delivery = 0 if is_free else way.price_minor
    row = OrderRow(
        id=order_id, purchase_id=purchase.id, merchant_id=merchant_id, shop_id=shop_id,
        customer_id=purchase.customer_id, number=f"{purchase.number}-{n}", state=course.state,
        is_house=merchant_id == trade.house, currency=purchase.currency, goods_minor=gross, discount_minor=0,
        delivery_minor=delivery, fee_minor=0, tax_minor=sum(line.tax_minor for line in lines),
        total_minor=gross + delivery, delivery_code=way.code, delivery_label=way.label,
        delivery_min_days=way.days[0], delivery_max_days=way.days[1], labels={}, note="", cancel_reason="",
        placed_at=purchase.placed_at, paid_at=course.paid_at, shipped_at=course.shipped_at,
        delivered_at=course.delivered_at, completed_at=course.completed_at,
    )  # fmt: skip
    return Written(row, lines, course, build(row, purchase, lines, []))


def _line(order_id: UUID, good: Good, units: int, place: int) -> LineRow:
    listing, variant = good
    gross = Money(variant.price_minor, variant.currency) * units
    net = gross.net_of(listing.tax_bps)
    return LineRow(
        id=new_id(), order_id=order_id, listing_id=listing.id, variant_id=variant.id,
        category_id=listing.category_id, position=place, title=listing.title, options=list(variant.options),
        sku=variant.sku, quantity=units, unit_price_minor=variant.price_minor, gross_minor=gross.minor,
        merchant_discount_minor=0, platform_discount_minor=0, discounted_minor=gross.minor, net_minor=net.minor,
        tax_minor=(gross - net).minor, tax_bps=listing.tax_bps, currency=gross.currency, shipped=units, refunded=0,
        answers={},
    )  # fmt: skip


def _movements(written: Sequence[Written]) -> list[Values]:
    """Return what came in for these orders and went out with them; what lies on the shelves stays as it is."""
    places = {row.merchant_id: row.id for row in session().scalars(select(LocationRow))}
    rows: list[Values] = []
    for entry in written:
        for line in entry.lines:
            base = {"variant_id": line.variant_id, "location_id": places[entry.order.merchant_id]}
            rows.append({"id": new_id(), **base, "kind": "receipt", "quantity": line.quantity, "order_id": None,
                         "at": entry.order.placed_at})  # fmt: skip
            rows.append({"id": new_id(), **base, "kind": "sale", "quantity": -line.quantity,
                         "order_id": entry.order.id, "at": entry.order.shipped_at})  # fmt: skip
    return rows
