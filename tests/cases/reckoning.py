"""What a case must end in, worked out a second time: from the rules of cases/README.md alone, with nothing of the program.

Whole numbers and fractions only. An order's balances follow from what is left of its lines, so that they cannot depend
on the order in which things happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Document = dict[str, Any]


def half_up(value: Fraction) -> int:
    """Round to a whole minor unit; a half goes up."""
    return (value + Fraction(1, 2)).__floor__()


def of_bps(amount: int, bps: int) -> int:
    """Return a share in basis points, rounded."""
    return half_up(Fraction(amount * bps, 10_000))


def spread(amount: int, weights: list[int]) -> list[int]:
    """Divide by weights: the largest remainders get what is left over, of equal ones the earlier (R2)."""
    shown = weights if sum(weights) else [1] * len(weights)
    exact = [Fraction(amount * weight, sum(shown)) for weight in shown]
    parts = [value.__floor__() for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts


@dataclass(slots=True)
class Line:
    """A line's frozen amounts, and how many of its units went back."""

    sku: str
    shop: str
    quantity: int
    gross: int
    tax_bps: int
    by_platform: int = 0
    by_merchant: int = 0
    fee: int = 0
    fee_tax: int = 0
    keeps_fee: bool = False
    back: int = 0

    @property
    def discounted(self) -> int:
        return self.gross - self.by_merchant

    @property
    def net(self) -> int:
        return half_up(Fraction(self.discounted * 10_000, 10_000 + self.tax_bps))

    @property
    def tax(self) -> int:
        return self.discounted - self.net

    @property
    def paid(self) -> int:
        return self.discounted - self.by_platform

    def left(self, amount: int, *, keeps: bool = False) -> int:
        """Return what is left of a frozen amount after the units that went back (R4)."""
        return amount if keeps else amount - half_up(Fraction(amount * self.back, self.quantity))

    def paid_left(self) -> int:
        return self.left(self.discounted) - self.left(self.by_platform)


@dataclass(slots=True)
class Order:
    """One shop's part of a purchase."""

    shop: str
    is_own: bool
    lines: list[Line]
    delivery: int
    is_paid: bool = False
    is_complete: bool = False

    @property
    def total(self) -> int:
        return sum(line.paid for line in self.lines) + self.delivery


@dataclass(slots=True)
class Books:
    """A case being reckoned: its orders by purchase and shop, and what each merchant was paid out."""

    case: Document
    orders: dict[str, dict[str, Order]] = field(default_factory=dict)
    paid_out: dict[str, int] = field(default_factory=dict)

    def take(self, step: Document) -> Document:
        """Take a step and return what it must end in."""
        expect: Document = getattr(self, f"_{step['do']}")(step)
        return {**expect, "balances": self.balances()}

    def _buy(self, step: Document) -> Document:
        lines = [self._line(sku, quantity) for sku, quantity in step["lines"]]
        for code in step.get("coupons", []):
            self._discount(lines, self.case["coupons"][code])
        for line in lines:
            self._charge(line)
        shops = list(dict.fromkeys(line.shop for line in lines))
        orders = {
            shop: Order(shop, bool(self.case["shops"][shop].get("own")), [line for line in lines if line.shop == shop],
                        step.get("delivery", {}).get(shop, 0))
            for shop in shops
        }  # fmt: skip
        self.orders[step["purchase"]] = orders
        figures = {
            line.sku: {"discount": line.by_platform + line.by_merchant, "net": line.net, "tax": line.tax,
                       "fee": line.fee, "fee_tax": line.fee_tax}
            for line in lines
        }  # fmt: skip
        shares = {shop: order.total for shop, order in orders.items()}
        return {"total": sum(shares.values()), "shares": shares, "lines": figures}

    def _line(self, sku: str, quantity: int) -> Line:
        product = self.case["products"][sku]
        return Line(sku, product["shop"], quantity, product["price"] * quantity, product["tax_bps"])

    def _discount(self, lines: list[Line], coupon: Document) -> None:
        eligible = [line for line in lines if coupon.get("shop") in (None, line.shop)]
        weights = [line.gross for line in eligible]
        asked = of_bps(sum(weights), coupon["percent_bps"]) if "percent_bps" in coupon else coupon["amount"]
        whole = min(asked, sum(weights))
        by_platform = of_bps(whole, coupon.get("platform_bps", 0))
        shares = zip(eligible, spread(by_platform, weights), spread(whole - by_platform, weights), strict=True)
        for line, platform, merchant in shares:
            line.by_platform, line.by_merchant = platform, merchant

    def _charge(self, line: Line) -> None:
        """Set the fee by the first rate that matches; an own shop has none."""
        if self.case["shops"][line.shop].get("own"):
            return
        category = self.case["products"][line.sku]["category"]
        for rate in self.case["rates"]:
            when = rate.get("when", {})
            if category in when.get("category", [category]) and line.shop in when.get("shop", [line.shop]):
                fee = of_bps(line.net, rate.get("percent_bps", 0)) + rate.get("per_unit", 0) * line.quantity
                fee = max(fee, rate.get("floor", 0))
                line.fee = min(fee, rate.get("cap", fee))
                line.fee_tax = of_bps(line.fee, self.case["fee_tax_bps"])
                line.keeps_fee = rate.get("on_refund") == "keep"
                return

    def _pay(self, step: Document) -> Document:
        for order in self.orders[step["purchase"]].values():
            order.is_paid = True
        return {}

    def _complete(self, step: Document) -> Document:
        self.orders[step["purchase"]][step["shop"]].is_complete = True
        return {}

    def _refund(self, step: Document) -> Document:
        lines = {line.sku: line for line in self.orders[step["purchase"]][step["shop"]].lines}
        before = sum(line.paid_left() for line in lines.values())
        for sku, quantity in step["lines"]:
            lines[sku].back += quantity
        return {"buyer": before - sum(line.paid_left() for line in lines.values())}

    def _payout(self, step: Document) -> Document:
        due = -self.balances().get(f"payable:{step['shop']}", 0)
        amount = due if due > 0 and due >= step.get("minimum", 0) else 0
        self.paid_out[step["shop"]] = self.paid_out.get(step["shop"], 0) + amount
        return {"amount": amount}

    def balances(self) -> dict[str, int]:
        """Return every account that is not zero: debit positive."""
        found: dict[str, int] = {}
        for order in (order for orders in self.orders.values() for order in orders.values() if order.is_paid):
            for account, amount in _of_order(order).items():
                found[account] = found.get(account, 0) + amount
        for shop, amount in self.paid_out.items():
            found[f"payable:{shop}"] = found.get(f"payable:{shop}", 0) + amount
            found["psp"] = found.get("psp", 0) - amount
        return {account: amount for account, amount in sorted(found.items()) if amount}


def _of_order(order: Order) -> dict[str, int]:
    lines = order.lines
    value = sum(line.left(line.discounted) for line in lines) + order.delivery
    promo = sum(line.left(line.by_platform) for line in lines)
    found = {"psp": value - promo, "promo_expense": promo}
    if not order.is_complete:
        return {**found, f"held:{order.shop}": -value}
    if order.is_own:
        tax = sum(line.left(line.tax) for line in lines)
        return {**found, "own_sales": tax - value, "own_tax": -tax}
    fee = sum(line.left(line.fee, keeps=line.keeps_fee) for line in lines)
    fee_tax = sum(line.left(line.fee_tax, keeps=line.keeps_fee) for line in lines)
    return {**found, f"payable:{order.shop}": fee + fee_tax - value, "fee": -fee, "fee_tax": -fee_tax}
