"""The demo's last days: purchases in every state, made through the same services as real ones, then dated back."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, text

from core.billing import cancelling, disputes, refund, release
from core.billing.refund import RefundRequest
from core.checkout import cart as carts
from core.checkout import settle
from core.checkout.cart import Owner
from core.checkout.place import Placing, place
from core.customers.models import CustomerRow
from core.fulfilment import shipping
from core.fulfilment.shipping import Shipment
from core.hooks.types import Viewer
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import current, current_id
from core.orders import progress, requests
from core.orders.models import LineRow, OrderRow
from core.payments import payments
from core.payments.dispute_news import DisputeNews
from core.payments.models import PaymentRow
from web.demo.content import Marketplace
from web.demo.seeding.past import PROVIDER
from web.demo.seeding.people import address_of
from web.demo.seeding.shelves import live_variants

_CARRIERS = {"IE": "An Post", "CN": "顺丰速运"}
_ANSWERS = {
    "IE": "The parcel was handed over on the third day; the carrier has the signature of the neighbour at number 4.",
    "CN": "包裹已于第三天签收，物流显示由小区驿站代收，签收照片可提供。",
}
_DISPUTED = {"disputed": "submitted", "dispute_won": "won"}
_REASONS = {"IE": "Arrived with a crack", "CN": "到货时有裂纹"}
# How each of the last purchases stands, oldest first; the hours are how long ago it was placed.
_PLAN = (
    ("completed", 160), ("refunded", 155), ("delivered", 150), ("delivered", 141), ("cancelled", 133),
    ("dispute_won", 122), ("partly_refunded", 118), ("shipped", 96), ("shipped", 80), ("disputed", 76), ("shipped", 65),
    ("dropped", 60), ("shipped", 52), ("accepted", 47), ("accepted", 40), ("paid", 33), ("accepted", 29),
    ("asked_to_cancel", 27), ("paid", 24), ("paid", 16), ("paid", 9), ("paid", 5), ("pending", 1), ("paid", 2),
    ("pending", 0),
)  # fmt: skip


def add_present(market: Marketplace) -> None:
    """Place and carry on one purchase for each row of the plan."""
    chance = random.Random(f"present {market.slug}")
    goods = [variant.id for _listing, variant in live_variants()]
    prices = {variant.id: variant.price_minor for _listing, variant in live_variants()}
    goods, coupon = list(prices), market.coupons[0]
    customers = {row.email: row.id for row in session().scalars(select(CustomerRow))}
    for number, (state, hours) in enumerate(_PLAN):
        who = chance.choice(market.buyers)
        units = {key: chance.choice((1, 1, 2)) for key in chance.sample(goods, chance.choice((1, 1, 2, 3)))}
        cart, _token = carts.open_cart(Owner(customer_id=customers[who.email]))
        for variant_id, quantity in units.items():
            carts.add(cart, variant_id, quantity)
        worth = sum(prices[key] * quantity for key, quantity in units.items())
        if number % 3 == 0 and worth >= coupon.minimum_minor:
            carts.add_code(cart, coupon.code)
        session().flush()
        viewer = Viewer(customers[who.email], current().locale, market.country)
        bought = place(cart, Placing(viewer, who.email, address_of(who), f"demo-{number}"))
        _carry_on(bought, state, market.country)
        _date_back(bought, hours)
    session().execute(delete(OutboxRow).where(OutboxRow.handler.startswith("messages.")))


def _carry_on(purchase_id: UUID, state: str, country: str) -> None:
    if state == "pending":
        return
    if state == "dropped":
        settle.cancel(purchase_id)
        return
    row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase_id)).one()
    row.provider = PROVIDER
    payments.captured(row, "card")
    for order_id in session().scalars(select(OrderRow.id).where(OrderRow.purchase_id == purchase_id)).all():
        for step in _STEPS.get(state, ()):
            step(order_id, country)
            session().flush()
    if state in _DISPUTED:
        _dispute(row, country, _DISPUTED[state])


def _dispute(payment: PaymentRow, country: str, outcome: str) -> None:
    """Have the buyer's bank dispute a payment that its shops have answered for."""
    amount, fee = Money(payment.amount_minor, payment.currency), Money(1500, payment.currency)
    due = clock.now() + timedelta(days=6)
    ref = f"du_demo_{payment.id.hex[-12:]}"
    news = DisputeNews(ref, payment.id, payment.provider, amount, fee, "product_not_received", "open", due)
    disputes.hear(news)
    found = next(one for one in disputes.search() if one.ref == ref)
    for share in disputes.shares(found.id):
        disputes.answer(share.id, _ANSWERS.get(country, _ANSWERS["IE"]), None, merchant_id=share.merchant_id)
    disputes.hear(replace(news, state=outcome))


def _accept(order_id: UUID, _country: str) -> None:
    progress.accept(order_id)


def _ship(order_id: UUID, country: str) -> None:
    shipping.ship(order_id, Shipment(_CARRIERS.get(country, "Post"), f"RR{order_id.int % 10**9:09d}{country}"))


def _deliver(order_id: UUID, _country: str) -> None:
    shipping.deliver(order_id)


def _complete(order_id: UUID, _country: str) -> None:
    release.complete(order_id)


def _cancel(order_id: UUID, country: str) -> None:
    cancelling.cancel_paid(order_id, {"CN": "买家改变主意"}.get(country, "Changed my mind"), f"demo-cancel:{order_id}")


def _ask(order_id: UUID, country: str) -> None:
    requests.ask_to_cancel(order_id, {"CN": "拍错了颜色"}.get(country, "I chose the wrong colour"))


def _refund_all(order_id: UUID, country: str) -> None:
    _refund(order_id, country, lambda line: line.quantity)


def _refund_one(order_id: UUID, country: str) -> None:
    _refund(order_id, country, lambda line: 1 if line.position == 0 else 0)


def _refund(order_id: UUID, country: str, units: Callable[[LineRow], int]) -> None:
    lines = session().scalars(select(LineRow).where(LineRow.order_id == order_id)).all()
    given = {line.id: units(line) for line in lines if units(line)}
    refund.refund(RefundRequest(order_id, given, f"demo-refund:{order_id}", _REASONS.get(country, "")))


Step = Callable[[UUID, str], None]
_TO_DELIVERED: tuple[Step, ...] = (_accept, _ship, _deliver)
_STEPS: Mapping[str, tuple[Step, ...]] = {
    "accepted": (_accept,),
    "shipped": (_accept, _ship),
    "delivered": _TO_DELIVERED,
    "completed": (*_TO_DELIVERED, _complete),
    "disputed": _TO_DELIVERED,
    "dispute_won": _TO_DELIVERED,
    "cancelled": (_cancel,),
    "asked_to_cancel": (_ask,),
    "refunded": (*_TO_DELIVERED, _refund_all),
    "partly_refunded": (*_TO_DELIVERED, _refund_one),
}

# The steps of a purchase happened over half of the time since it was placed, in their order.
_BACK = tuple(
    text(sql)
    for sql in (
        """update purchases set placed_at = placed_at - :back, paid_at = paid_at - :back + interval '4 minutes',
                  expires_at = expires_at where tenant_id = :tenant and id = :purchase""",
        """update orders set placed_at = placed_at - :back, paid_at = paid_at - :back + interval '4 minutes',
                  shipped_at = shipped_at - :back * 0.7, delivered_at = delivered_at - :back * 0.25,
                  completed_at = completed_at - :back * 0.1 where tenant_id = :tenant and purchase_id = :purchase""",
        """update payments set created_at = created_at - :back, captured_at = captured_at - :back + interval '4 minutes'
            where tenant_id = :tenant and purchase_id = :purchase""",
        """update parcels set shipped_at = shipped_at - :back * 0.7, delivered_at = delivered_at - :back * 0.25
            where tenant_id = :tenant and order_id in (select id from orders where tenant_id = :tenant
                  and purchase_id = :purchase)""",
        """update order_timeline set at = at - :back * case kind when 'placed' then 1 when 'paid' then 0.99
                  when 'accepted' then 0.9 when 'shipped' then 0.7 when 'delivered' then 0.25 else 0.1 end
            where tenant_id = :tenant and order_id in (select id from orders where tenant_id = :tenant
                  and purchase_id = :purchase)""",
    )
)


def _date_back(purchase_id: UUID, hours: int) -> None:
    session().flush()
    for statement in _BACK:
        session().execute(
            statement, {"tenant": current_id(), "purchase": purchase_id, "back": timedelta(hours=hours, minutes=13)}
        )  # fmt: skip
    session().expire_all()
