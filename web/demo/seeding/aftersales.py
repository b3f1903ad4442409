"""The demo's after-sales: cases in many states on orders that have arrived, and what cannot be sent back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import delete, select, text

from core.aftersales import (
    answering,
    asking,
    deciding,
    eligible,
    exchanging,
    exclusions,
    moves,
    returning,
    settling,
    talking,
)
from core.aftersales.asking import Ask
from core.aftersales.eligible import Article
from core.aftersales.reasons import NEEDS_GOODS
from core.catalogue.models import CategoryRow
from core.fulfilment.shipping import Shipment
from core.kernel import audit
from core.kernel.audit import By
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.money import Money
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import current_id
from core.merchants.models import ShopRow
from core.orders.models import OrderRow, PurchaseRow
from core.payments.models import PaymentRow
from web.demo.content import Marketplace

_ADDRESSES = {
    "IE": {"line1": "Unit 4, Harbour Yard", "postcode": "D04 X2K3", "city": "Dublin", "country": "IE"},
    "CN": {"line1": "滨江路 18 号 3 栋", "postcode": "310052", "city": "杭州", "country": "CN"},
}
_CARRIERS = {"IE": "An Post", "CN": "顺丰速运"}
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "IE": {
        "damaged": "There is a crack along the rim; it was well packed, so it may have left like this.",
        "faulty": "It worked for two evenings, now the switch does nothing.",
        "not_as_described": "The page says oak; this is beech.",
        "wrong_item": "I ordered another colour.",
        "changed_mind": "", "incomplete": "The lid is missing.", "not_received": "The tracking has stood still for days.",
        "sorry": "We are sorry. Please send it back to us.", "offer": "Would you keep it for a part of the price?",
        "refuse": "The photograph shows wear from use, not a fault.", "call": "It was like this when I unpacked it.",
        "reject": "It came back washed and without its box.", "decide": "The photograph was taken on the first day.",
        "message": "Thank you for the quick answer. I bring it to the post office tomorrow.",
    },
    "CN": {
        "damaged": "杯口有一道裂纹，包装完好，可能发货前就有了。",
        "faulty": "用了两天就不亮了，开关没有反应。",
        "not_as_described": "页面写的是橡木，收到的是榉木。",
        "wrong_item": "颜色发错了。",
        "changed_mind": "", "incomplete": "少了盖子。", "not_received": "物流好几天没有更新了。",
        "sorry": "非常抱歉，请您寄回，我们马上处理。", "offer": "给您退一部分，东西留着用可以吗？",
        "refuse": "照片里是使用痕迹，不属于质量问题。", "call": "拆开包装时就是这样的。",
        "reject": "退回的商品已经清洗过，包装也没有了。", "decide": "照片是签收当天拍摄的。",
        "message": "谢谢这么快回复，我明天就去寄。",
    },
}  # fmt: skip
_PLAN = (
    ("return", "damaged", "requested"), ("claim", "not_as_described", "requested"), ("return", "changed_mind", "approved"),
    ("exchange", "wrong_item", "sent_back"), ("return", "faulty", "received"), ("exchange", "damaged", "inspected"),
    ("repair", "faulty", "repaired"), ("return", "damaged", "refunded"), ("claim", "incomplete", "offered"),
    ("refund", "damaged", "escalated"), ("return", "not_as_described", "rejected"), ("claim", "damaged", "refunded"),
    ("exchange", "wrong_item", "exchanged"), ("refund", "incomplete", "refused"), ("return", "changed_mind", "closed"),
    ("refund", "damaged", "decided"),
)  # fmt: skip
# Where a marketplace has such a category.
_EXCLUDED = {"plants": "perishable", "tea": "perishable", "snacks": "perishable"}
_BACK = text("""
    update aftersale_moments m set at = m.at - make_interval(hours => t.hours)
      from (select id, 3 * (row_number() over (partition by case_id order by id desc) - 1)::int + 2 as hours
              from aftersale_moments where tenant_id = :tenant) t
     where m.tenant_id = :tenant and m.id = t.id""")
_OPENED = text("""
    update aftersale_cases c set opened_at = t.first
      from (select case_id, min(at) as first from aftersale_moments where tenant_id = :tenant group by case_id) t
     where c.tenant_id = :tenant and t.case_id = c.id""")


def add_aftersales(market: Marketplace) -> None:
    """Give shops an address for returns, exclude some goods, and open a case for each row of the plan."""
    for shop in session().scalars(select(ShopRow).where(ShopRow.state == "open")):
        shop.return_address = dict(_ADDRESSES.get(market.country, _ADDRESSES["IE"]))
    _exclude()
    orders = _arrived()
    for kind, reason, state in _PLAN:
        picked = next((found for found in orders if _fits(found, reason)), None)
        if picked is not None:
            orders.remove(picked)
            _Case(market, picked, kind, reason).reach(state)
    session().flush()
    session().execute(_BACK, {"tenant": current_id()})
    session().execute(_OPENED, {"tenant": current_id()})
    session().execute(delete(OutboxRow).where(OutboxRow.handler.startswith("messages.")))


def _exclude() -> None:
    for slug, ground in _EXCLUDED.items():
        category_id = session().scalar(select(CategoryRow.id).where(CategoryRow.slug == slug))
        if category_id is not None:
            exclusions.exclude_category(category_id, ground)


def _arrived() -> list[OrderRow]:
    """Return orders that arrived lately, spread over shops: those of each shop in turn, the newest first."""
    query = (
        select(OrderRow)
        .join(
            PaymentRow, (PaymentRow.tenant_id == OrderRow.tenant_id) & (PaymentRow.purchase_id == OrderRow.purchase_id)
        )
        .where(OrderRow.state == "delivered")
        .order_by(OrderRow.delivered_at.desc())
    )
    by_shop: dict[UUID, list[OrderRow]] = {}
    for row in session().scalars(query):
        by_shop.setdefault(row.shop_id, []).append(row)
    places = [(place, row) for rows in by_shop.values() for place, row in enumerate(rows)]
    return [row for _place, row in sorted(places, key=lambda pair: pair[0])]


def _fits(order: OrderRow, reason: str) -> bool:
    try:
        found = eligible.of_order(order)
        picked = [(article, 1) for article in found.articles if article.free][:1]
        if picked:
            eligible.check_reason(found, picked, reason, is_sealed=False)
    except Conflict:
        return False
    return bool(picked)


class _Case:
    """A case that is led to a state by the people who would do it."""

    def __init__(self, market: Marketplace, order: OrderRow, kind: str, reason: str) -> None:
        self.texts, self.carrier = _TEXTS.get(market.country, _TEXTS["IE"]), _CARRIERS.get(market.country, "Post")
        purchase = session().scalars(select(PurchaseRow).where(PurchaseRow.id == order.purchase_id)).one()
        self.buyer = By("buyer", name=str(purchase.address.get("name", "")))
        self.shop, self.operator = By("merchant", name=market.name), By("operator", name=market.name)
        article = next(article for article in eligible.of_order(order).articles if article.free)
        with audit.acting(self.buyer):
            amount = Money(article.left.minor // 4, order.currency) if kind == "claim" else None
            ask = Ask(order.id, kind, reason, {article.line.id: 1}, self.texts[reason], amount, _instead(kind, article))
            self.id = asking.request(ask)
        self.order = order

    def reach(self, state: str) -> None:
        """Take the steps that lead to a state; what needs no goods is settled by agreeing."""
        needs_goods = moves.find(self.id).kind in NEEDS_GOODS
        steps = _STEPS.get(state, ()) if needs_goods or state != "refunded" else _AGREE
        for by, step in steps:
            with audit.acting({"buyer": self.buyer, "shop": self.shop, "operator": self.operator}[by]):
                step(self)
                session().flush()

    def offered(self) -> Money:
        """Return what a shop would offer."""
        return Money(max(settling.left(moves.find(self.id)).minor // 10, 1), self.order.currency)


def _instead(kind: str, article: Article) -> UUID | None:
    if kind != "exchange":
        return None
    others = [one.variant_id for one in exchanging.replacements(article, 1) if one.available]
    return others[0] if others else None


Step = tuple[str, Callable[[_Case], object]]
_AGREE: tuple[Step, ...] = (("shop", lambda c: answering.approve(c.id, c.texts["sorry"])),)
_SENT: tuple[Step, ...] = (
    *_AGREE,
    ("buyer", lambda c: talking.write(c.id, c.texts["message"])),
    ("buyer", lambda c: returning.send_back(c.id, c.carrier, f"RT{c.id.int % 10**9:09d}")),
)
_HERE: tuple[Step, ...] = (*_SENT, ("shop", lambda c: answering.receive(c.id)))
_FINE: tuple[Step, ...] = (*_HERE, ("shop", lambda c: answering.accept_goods(c.id, "scrap")))
_AGAIN: tuple[Step, ...] = (
    *_FINE, ("shop", lambda c: answering.send(c.id, Shipment(c.carrier, f"RX{c.id.int % 10**9:09d}")))
)  # fmt: skip
_REFUSE: tuple[Step, ...] = (("shop", lambda c: answering.refuse(c.id, c.texts["refuse"])),)
_CALL: tuple[Step, ...] = (*_REFUSE, ("buyer", lambda c: returning.call_operator(c.id, c.texts["call"])))
_STEPS: Mapping[str, tuple[Step, ...]] = {
    "approved": _AGREE, "sent_back": _SENT, "received": _HERE, "inspected": _FINE, "repaired": _AGAIN,
    "exchanged": _AGAIN, "refunded": _FINE, "refused": _REFUSE, "escalated": _CALL,
    "offered": (("shop", lambda c: answering.offer(c.id, c.offered(), c.texts["offer"])),),
    "rejected": (*_HERE, ("shop", lambda c: answering.reject_goods(c.id, c.texts["reject"]))),
    "closed": (("buyer", lambda c: returning.withdraw(c.id)),),
    "decided": (*_CALL, ("operator", lambda c: deciding.decide(c.id, "refund", c.texts["decide"]))),
}  # fmt: skip
