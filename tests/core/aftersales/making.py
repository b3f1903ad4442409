"""Orders that have arrived, and cases about them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.aftersales import asking, moves
from core.aftersales.asking import Ask
from core.catalogue.models import VariantRow
from core.catalogue.stock_models import LocationRow, MovementRow, StockRow
from core.fulfilment.shipping import Shipment, deliver, ship
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.outbox import OutboxRow
from core.merchants.models import ShopRow
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import LineRow, OrderRow
from core.payments import payments
from core.payments.models import PaymentRow
from tests.market import Shop, buy, make_good, make_shop, orders_of

ADDRESS = {"line1": "2 Mill Lane", "city": "Cork", "country": "IE"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """An order of one line whose goods have arrived."""

    shop: Shop
    order: OrderRow
    line: LineRow
    variant_id: UUID


def arrived(*, units: int = 2, price: int = 1000, delivery: int = 490, address: bool = True) -> Arrived:
    """Sell so many units, send them and let them arrive; five lay on the shelf before."""
    shop = make_shop(delivery=delivery)
    if address:
        session().query(ShopRow).filter_by(id=shop.id).one().return_address = dict(ADDRESS)
    variant_id = make_good(shop, price, stock=5)
    purchase = buy({variant_id: units})
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase).with_for_update()).one()
    payments.captured(row, "card")
    (order,) = orders_of(purchase)
    ship(order.id, Shipment("Post"))
    deliver(order.id)
    line = session().scalars(select(LineRow).where(LineRow.order_id == order.id)).one()
    return Arrived(shop, order, line, variant_id)


def ask(sold: Arrived, kind: str = "return", reason: str = "damaged", units: int = 1, **given: object) -> AftersaleRow:
    """Open a case about some units of the line."""
    wanted = Ask(sold.order.id, kind, reason, {sold.line.id: units}, text="It has a crack", **given)  # type: ignore[arg-type]
    return moves.find(asking.request(wanted))


def sibling(sold: Arrived, *, price: int = 1000, stock: int = 3) -> UUID:
    """Add another variant of the sold listing."""
    own = session().query(VariantRow).filter_by(id=sold.variant_id).one()
    row = VariantRow(id=new_id(), listing_id=own.listing_id, merchant_id=own.merchant_id, sku=f"{own.sku}-B",
                     options=["Blue"], option_key="blue", price_minor=price, currency=own.currency)  # fmt: skip
    location = session().query(LocationRow).filter_by(merchant_id=own.merchant_id).first()
    assert location is not None
    session().add(row)
    session().add(StockRow(variant_id=row.id, location_id=location.id, available=stock))
    session().add(MovementRow(variant_id=row.id, location_id=location.id, kind="receipt", quantity=stock))
    session().flush()
    return row.id


def shelf(variant_id: UUID) -> tuple[int, int]:
    """Return what can be sold of a variant, and the sum of its movements."""
    session().flush()
    stock = session().scalars(select(StockRow.available).where(StockRow.variant_id == variant_id)).one()
    moved = session().scalars(select(MovementRow.quantity).where(MovementRow.variant_id == variant_id))
    return stock, sum(moved)


def timer(case: AftersaleRow) -> OutboxRow | None:
    """Return the timer of a case, if one waits."""
    query = select(OutboxRow).where(OutboxRow.key == f"aftersale:{case.id}", OutboxRow.done_at.is_(None))
    return session().scalars(query).one_or_none()
