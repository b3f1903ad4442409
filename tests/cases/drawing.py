"""Draws cases at random, with what they must end in: carts, coupons, caps, kept fees, refunds and payouts in any order."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.cases.reckoning import Books, Document

_CATEGORIES = ("books", "tea", "tools")
_TAXES = (0, 700, 1000, 2000, 2300)
_LEAST_PAYMENT = 200
"""A payment below this is too small for a provider."""


def draw(seed: int, *, currency: str | None = None, steps: int = 10) -> Document:
    """Draw a case of about so many steps; the same seed draws the same case."""
    random = Random(seed)
    case = ground(random, currency or random.choice(("EUR", "EUR", "JPY", "USD", "KRW")))
    case["id"], case["title"] = f"D{seed}", f"Drawn by {seed}"
    return history(case, random, steps=steps)


def draw_ground(random: Random) -> Document:
    """Draw a marketplace in any currency, those with three decimals included."""
    return ground(random, random.choice(("EUR", "EUR", "JPY", "KWD")))


def ground(random: Random, currency: str) -> Document:
    """Draw a marketplace: shops, rates, goods and coupons."""
    names = "ABCD"[: random.randint(1, 4)]
    shops: Document = {name: {} for name in names}
    if random.random() < 0.3:
        shops["O"] = {"own": True}
    products = {f"good{number}": _product(random, list(shops)) for number in range(random.randint(2, 6))}
    return {
        "currency": currency, "fee_tax_bps": random.choice((0, 600, 1900, 2000)), "prices_include_tax": True,
        "shops": shops, "products": products, "rates": _rates(random, list(names)),
        "coupons": {f"CODE{number}": _coupon(random, list(shops)) for number in range(random.randint(0, 3))},
    }  # fmt: skip


def _product(random: Random, shops: list[str]) -> Document:
    price = random.choice((random.randint(1, 99), random.randint(100, 3000), random.randint(3000, 99_999)))
    return {"shop": random.choice(shops), "category": random.choice(_CATEGORIES), "price": price,
            "tax_bps": random.choice(_TAXES)}  # fmt: skip


def _rates(random: Random, shops: list[str]) -> list[Document]:
    rates = []
    for number in range(random.randint(0, 4)):
        rate: Document = {"name": f"rate {number}", "percent_bps": random.choice((0, 250, 830, 1000, 1250, 3333))}
        when: Document = {}
        if random.random() < 0.5:
            when["category"] = random.sample(_CATEGORIES, random.randint(1, 2))
        if random.random() < 0.3:
            when["shop"] = random.sample(shops, random.randint(1, len(shops)))
        if when:
            rate["when"] = when
        for name, low, high in (("per_unit", 1, 50), ("floor", 10, 200), ("cap", 200, 2000)):
            if random.random() < 0.3:
                rate[name] = random.randint(low, high)
        if random.random() < 0.3:
            rate["on_refund"] = "keep"
        rates.append(rate)
    return rates


def _coupon(random: Random, shops: list[str]) -> Document:
    coupon: Document = {"platform_bps": random.choice((0, 2500, 3333, 6000, 10_000))}
    if random.random() < 0.5:
        coupon["percent_bps"] = random.choice((500, 1000, 1370, 2500, 5000))
    else:
        coupon["amount"] = random.randint(1, 5000)
    if random.random() < 0.3:
        coupon["shop"] = random.choice(shops)
    return coupon


def history(case: Document, random: Random, *, steps: int) -> Document:
    """Return the case with a drawn history of about so many steps, each with what it must end in."""
    books, told = Books(case), []
    for number in range(1, 1 + max(1, steps // 8)):
        for step in _purchase(case, random, f"p{number}"):
            told.append({**step, "expect": books.take(step)})
    while len(told) < steps:
        step = _next(books, random, len(told))
        if step is None:
            break
        told.append({**step, "expect": books.take(step)})
    return {**case, "steps": told}


def _purchase(case: Document, random: Random, name: str) -> list[Document]:
    """Draw a cart that can be paid: one whose lines are all worth at least nothing, in all not too little."""
    while True:
        skus = random.sample(sorted(case["products"]), random.randint(1, min(4, len(case["products"]))))
        shops = sorted({case["products"][sku]["shop"] for sku in skus})
        step: Document = {
            "do": "buy", "purchase": name, "lines": [[sku, random.randint(1, 9)] for sku in skus],
            "delivery": {shop: random.randint(1, 900) for shop in shops if random.random() < 0.4},
            "coupons": _codes(case, random, shops),
        }  # fmt: skip
        trial = Books(case)
        expect = trial.take(step)
        lines = [line for order in trial.orders[name].values() for line in order.lines]
        if expect["total"] >= _LEAST_PAYMENT and all(line.paid >= 0 for line in lines):
            return [step, {"do": "pay", "purchase": name}]


def _codes(case: Document, random: Random, shops: list[str]) -> list[str]:
    fitting = [code for code, coupon in case["coupons"].items() if coupon.get("shop") in (None, *shops)]
    return [random.choice(fitting)] if fitting and random.random() < 0.7 else []


def _next(books: Books, random: Random, number: int) -> Document | None:
    """Draw something that can still happen: a completion, a refund of some units, or a payout."""
    open_orders: list[tuple[str, Any]] = [
        (purchase, order) for purchase, orders in books.orders.items() for order in orders.values()
    ]
    kinds = [
        *(("complete", purchase, order) for purchase, order in open_orders if not order.is_complete),
        *(("refund", purchase, order) for purchase, order in open_orders
          if any(line.back < line.quantity for line in order.lines)),
        *(("payout", "", order) for _purchase, order in open_orders if order.is_complete and not order.is_own),
    ]  # fmt: skip
    if not kinds:
        return None
    kind, purchase, order = random.choice(kinds)
    if kind == "payout":
        return {"do": "payout", "shop": order.shop, "minimum": random.choice((0, 0, 500, 5000))}
    if kind == "complete":
        return {"do": "complete", "purchase": purchase, "shop": order.shop}
    left = [(line.sku, line.quantity - line.back) for line in order.lines if line.back < line.quantity]
    chosen = random.sample(left, random.randint(1, len(left)))
    units = [[sku, random.choice((most, random.randint(1, most)))] for sku, most in chosen]
    return {"do": "refund", "purchase": purchase, "shop": order.shop, "lines": units, "key": f"r{number}"}
