"""Plays drawn cases inside the program, through its services, many thousands of histories and none of them kept.

A marketplace is made once and its histories are played on it one after another, each in a savepoint that is undone.
After every step the journal is compared with what the rules give (tests/cases/reckoning.py), and what holds of all
journals is looked at as well: they vanish in sum, and no order gives back more than was paid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from uuid import UUID

from sqlalchemy import func, select

from core.billing.models import RefundRow
from core.billing.payouts import claiming, settling
from core.billing.payouts.models import PayoutRow
from core.billing.refund import RefundRequest, refund
from core.billing.release import complete
from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.checkout.place import Placing, place
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.ledger import balances as journal
from core.merchants.models import DeliveryRow
from core.orders.models import LineRow, OrderRow
from core.payments import bank_accounts, payments
from core.payments.adapters import Sent, SentState
from core.payments.bank_accounts import Details
from core.payments.models import PaymentRow
from plugins.commission import services as commission
from plugins.coupons import services as coupons
from tests.cases.drawing import draw_ground, history
from tests.cases.reckoning import Document
from tests.market import ADDRESS, Shop, make_category, make_good, make_shop, viewer

PER_GROUND = 25
Opener = Callable[[str, int], Tenant]


class _Undo(Exception):
    """Ends what was played without keeping its rows."""


@dataclass(slots=True)
class Ground:
    """A case's marketplace in the database: what its words stand for."""

    shops: dict[str, Shop] = field(default_factory=dict)
    variants: dict[str, UUID] = field(default_factory=dict)


def lay(case: Document) -> Ground:
    """Make the shops, goods, rates and coupons of a case in the bound tenant."""
    found = Ground()
    categories = {slug: make_category() for slug in ("books", "tea", "tools")}
    for name, shop in case["shops"].items():
        found.shops[name] = made = make_shop(house=bool(shop.get("own")))
        if not shop.get("own"):
            bank_accounts.write(made.merchant_id, Details("Merchant Ltd", "IE29AIBK93115212345678", country="IE"))
    for sku, product in case["products"].items():
        found.variants[sku] = make_good(
            found.shops[product["shop"]], product["price"], stock=100_000, tax_bps=product["tax_bps"],
            category_id=categories[product["category"]],
        )  # fmt: skip
    commission.publish([_rate(rate, case["currency"], found, categories) for rate in case["rates"]])
    for code, coupon in case["coupons"].items():
        shop = found.shops[coupon["shop"]].id if "shop" in coupon else None
        coupons.create(
            coupons.CouponDraft(code, case["currency"], amount_minor=coupon.get("amount"), shop_id=shop,
                                percent_bps=coupon.get("percent_bps"), platform_bps=coupon["platform_bps"]), None,
        )  # fmt: skip
    session().flush()
    return found


def _rate(rate: Document, currency: str, ground: Ground, categories: dict[str, UUID]) -> commission.RateDraft:
    when = rate.get("when", {})
    conditions = {
        **({"category": [categories[slug] for slug in when["category"]]} if "category" in when else {}),
        **({"shop": [ground.shops[name].id for name in when["shop"]]} if "shop" in when else {}),
    }
    bounds = {name: {currency: rate[name]} for name in ("per_unit", "floor", "cap") if name in rate}
    return commission.RateDraft(
        rate["name"], conditions, rate["percent_bps"], on_refund=rate.get("on_refund"), **bounds
    )


class Played:
    """One history being played."""

    def __init__(self, case: Document, ground: Ground) -> None:
        self.case, self.ground = case, ground
        self.purchases: dict[str, UUID] = {}

    def run(self) -> list[str]:
        """Play every step; return what differs from what is expected."""
        differences = []
        for number, step in enumerate(self.case["steps"], 1):
            found = {**getattr(self, f"_{step['do']}")(step), "balances": self._balances()}
            session().flush()
            differences += [
                f"{self.case['id']} step {number} ({step['do']}): {name}: expected {step['expect'][name]}, found {value}"
                for name, value in found.items()
                if step["expect"].get(name) != value
            ]
        return differences

    def _buy(self, step: Document) -> Document:
        cart, _token = carts.open_cart(Owner())
        for sku, quantity in step["lines"]:
            carts.add(cart, self.ground.variants[sku], quantity)
        for code in step["coupons"]:
            carts.add_code(cart, code)
        for name, price in step["delivery"].items():
            carts.choose_delivery(cart, self.ground.shops[name].id, self._delivery(name, price))
        session().flush()
        purchase = place(cart, Placing(viewer(), "ada@example.com", ADDRESS, f"{self.case['id']}-{step['purchase']}"))
        self.purchases[step["purchase"]] = purchase
        orders = self._orders(step["purchase"])
        shares = {name: order.total_minor for name, order in orders.items()}
        return {"total": sum(shares.values()), "shares": shares}

    def _delivery(self, name: str, price: int) -> str:
        shop, code = self.ground.shops[name], f"at-{price}"
        query = select(DeliveryRow.id).where(DeliveryRow.shop_id == shop.id, DeliveryRow.code == code)
        if session().scalar(query) is None:
            session().add(
                DeliveryRow(shop_id=shop.id, code=code, label=code, price_minor=price, currency=self.case["currency"])
            )
            session().flush()
        return code

    def _orders(self, purchase: str) -> dict[str, OrderRow]:
        names = {shop.id: name for name, shop in self.ground.shops.items()}
        rows = session().scalars(select(OrderRow).where(OrderRow.purchase_id == self.purchases[purchase]))
        return {names[row.shop_id]: row for row in rows}

    def _pay(self, step: Document) -> Document:
        query = select(PaymentRow).where(PaymentRow.purchase_id == self.purchases[step["purchase"]]).with_for_update()
        payments.captured(session().scalars(query).one(), "card")
        return {}

    def _complete(self, step: Document) -> Document:
        complete(self._orders(step["purchase"])[step["shop"]].id)
        return {}

    def _refund(self, step: Document) -> Document:
        order = self._orders(step["purchase"])[step["shop"]]
        skus = dict(step["lines"])
        variants = {self.ground.variants[sku]: quantity for sku, quantity in skus.items()}
        lines = session().scalars(select(LineRow).where(LineRow.order_id == order.id))
        units = {line.id: variants[line.variant_id] for line in lines if line.variant_id in variants}
        request = RefundRequest(order.id, units, f"{order.id}-{step['key']}")
        first = refund(request)
        assert refund(request) == first
        given = select(func.sum(RefundRow.amount_minor)).where(RefundRow.order_id == order.id)
        assert session().scalar(given) <= order.total_minor
        return {"buyer": first.amount.minor}

    def _payout(self, step: Document) -> Document:
        least = Money(step["minimum"], self.case["currency"])
        key = claiming.claim(self.ground.shops[step["shop"]].merchant_id, minimum=least)
        if key is None:
            return {"amount": 0}
        settling.note(key, Sent("statement 1", SentState.PAID))
        return {"amount": session().scalars(select(PayoutRow.amount_minor).where(PayoutRow.id == key)).one()}

    def _balances(self) -> dict[str, int]:
        names = {str(shop.merchant_id): name for name, shop in self.ground.shops.items()}
        found: dict[str, int] = {}
        total = 0
        for row in journal.balances():
            total += row.amount.minor
            account, _colon, owner = row.account.removeprefix("platform:").partition(":")
            name = account if account == "psp" or not owner else f"{account}:{names.get(owner, owner)}"
            found[name] = found.get(name, 0) + row.amount.minor
        assert total == 0
        return {name: amount for name, amount in sorted(found.items()) if amount}


def opener(make: Callable[..., Tenant]) -> Opener:
    """Return how a tenant with a currency and a tax on fees is had, from how one is made: one for each currency."""
    made = cache(lambda currency: make(currency=currency))

    def opened(currency: str, fee_tax_bps: int) -> Tenant:
        tenant = made(currency)
        taxed = {**tenant.settings.get("commission", {}), "fee_tax_bps": fee_tax_bps}
        return replace(tenant, settings={**tenant.settings, "commission": taxed})

    return opened


def play(count: int, seed: int, opened: Opener) -> list[str]:
    """Play so many histories, 25 on each ground; return what differs. `opened` gives a tenant for currency and tax."""
    random = Random(seed)
    differences: list[str] = []
    for first in range(0, count, PER_GROUND):
        case = draw_ground(random)
        try:
            with bind(opened(case["currency"], case["fee_tax_bps"])), transaction():
                differences += _on_one_ground(case, random, range(first, min(first + PER_GROUND, count)), seed)
                raise _Undo
        except _Undo:
            pass
    return differences


def _on_one_ground(case: Document, random: Random, numbers: range, seed: int) -> list[str]:
    ground, differences = lay(case), list[str]()
    for number in numbers:
        told = history({**case, "id": f"{seed}.{number}"}, random, steps=random.randint(4, 12))
        nested = session().begin_nested()
        differences += Played(told, ground).run()
        nested.rollback()
        session().expire_all()
    return differences
