"""Plays a money case step by step and compares what it expects after each."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.cases.client import Client
from tests.cases.market import Market, offer_delivery, open_market

ADDRESS = {"name": "Ada Byrne", "line1": "1 Quay Street", "city": "Dublin", "postcode": "D01", "country": "IE"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not as the case expects."""

    case: str
    step: int
    what: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.case} step {self.step}: {self.what}: expected {self.expected}, found {self.found}"


@dataclass(slots=True)
class Purchase:
    """A purchase of a case and the guest who made it."""

    buyer: Client
    data: dict[str, Any]


@dataclass(slots=True)
class Play:
    """One case being played."""

    case: dict[str, Any]
    platform: Client
    stripe_url: str
    market: Market = field(init=False)
    purchases: dict[str, Purchase] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def run(self) -> list[Difference]:
        """Play every step; return what differs."""
        self.market = open_market(self.case, self.platform)
        for number, step in enumerate(self.case["steps"], 1):
            getattr(self, f"_{step['do']}")(number, step)
            expected = step.get("expect", {}).get("balances")
            if expected is not None:
                self._compare(number, "balances", expected, self._balances())
        return self.differences

    def _compare(self, number: int, what: str, expected: object, found: object) -> None:
        if expected != found:
            self.differences.append(Difference(self.case["id"], number, what, expected, found))

    def _buy(self, number: int, step: dict[str, Any]) -> None:
        buyer = self.market.buyer()
        for sku, quantity in step["lines"]:
            answer = buyer.post("/cart/lines", {"variant_id": self.market.variants[sku], "quantity": quantity})
            buyer.cart = answer["token"] or buyer.cart
        for code in step.get("coupons", []):
            buyer.post("/cart/codes", {"code": code})
        for shop, price in step.get("delivery", {}).items():
            offer_delivery(self.market, shop, price)
            buyer.put(f"/cart/deliveries/{self.market.shops[shop]}", {"code": f"at-{price}"})
        body = {"email": "ada@cases.example", "address": ADDRESS}
        key = f"{self.case['id']}-{step['purchase']}"
        first = buyer.post("/purchases", body, key=key)
        again = buyer.post("/purchases", body, key=key)
        self._compare(number, "a repeated key places once", first["id"], again["id"])
        self.purchases[step["purchase"]] = Purchase(buyer, first)
        self._check_purchase(number, step.get("expect", {}), first)

    def _check_purchase(self, number: int, expect: dict[str, Any], data: dict[str, Any]) -> None:
        if "total" in expect:
            self._compare(number, "total", expect["total"], data["total_minor"])
        if "shares" in expect:
            names = {shop: name for name, shop in self.market.shops.items()}
            shares = {names[order["shop_id"]]: order["total_minor"] for order in data["orders"]}
            self._compare(number, "shares", expect["shares"], shares)
        lines = {line["sku"]: line for order in data["orders"] for line in order["lines"]}
        for sku, figures in expect.get("lines", {}).items():
            line = lines[sku]
            found = {
                "discount": line["merchant_discount_minor"] + line["platform_discount_minor"],
                "net": line["net_minor"],
                "tax": line["tax_minor"],
                "fee": line["fee_minor"],
                "fee_tax": line["fee_tax_minor"],
            }
            self._compare(number, f"line {sku}", figures, {name: found[name] for name in figures})

    def _pay(self, _number: int, step: dict[str, Any]) -> None:
        purchase = self.purchases[step["purchase"]]
        reference = purchase.data["payment"]["reference"]
        answer = requests.post(
            f"{self.stripe_url}/_control/pay", json={"payment_intent": reference, "outcome": "succeed"}, timeout=30
        )
        answer.raise_for_status()
        for _try in range(500):
            purchase.data = purchase.buyer.get(f"/purchases/{purchase.data['id']}")
            if purchase.data["state"] == "paid":
                return
            time.sleep(0.01)
        raise TimeoutError("the payment's webhook was not worked on within 5 seconds")

    def _order(self, step: dict[str, Any]) -> dict[str, Any]:
        orders = self.purchases[step["purchase"]].data["orders"]
        return next(order for order in orders if order["shop_id"] == self.market.shops[step["shop"]])

    def _complete(self, _number: int, step: dict[str, Any]) -> None:
        self.market.operator.post(f"/orders/{self._order(step)['id']}/complete")

    def _refund(self, number: int, step: dict[str, Any]) -> None:
        order = self._order(step)
        ids = {line["sku"]: line["id"] for line in order["lines"]}
        body = {"lines": [{"line_id": ids[sku], "quantity": quantity} for sku, quantity in step["lines"]]}
        key = f"{self.case['id']}-{step['purchase']}-{step['key']}"
        path = f"/orders/{order['id']}/refunds"
        first = self.market.operator.post(path, body, key=key)
        balances = self._balances()
        again = self.market.operator.post(path, body, key=key)
        self._compare(number, "a repeated key refunds once", first["id"], again["id"])
        self._compare(number, "a repeated key moves nothing", balances, self._balances())
        if "buyer" in step.get("expect", {}):
            self._compare(number, "buyer", step["expect"]["buyer"], first["amount_minor"])

    def _payout(self, number: int, step: dict[str, Any]) -> None:
        body = {"merchant_id": self.market.merchants[step["shop"]], "minimum_minor": step.get("minimum", 0)}
        answer = self.market.operator.post("/payouts", body, key=f"{self.case['id']}-{number}")
        self._compare(number, "payout", step.get("expect", {}).get("amount"), answer["amount_minor"])
        if answer["id"]:
            self._transfer(answer["id"])

    def _transfer(self, payout_id: str) -> None:
        """Make the transfer by hand and say so, once the payout has come to the desk."""
        for _try in range(500):
            if self.market.operator.get(f"/payouts/{payout_id}")["provider_ref"]:
                self.market.operator.post(f"/payouts/{payout_id}/paid", {"bank_ref": "statement 1"})
                return
            time.sleep(0.01)
        raise TimeoutError("the payout did not come to the desk within 5 seconds")

    def _balances(self) -> dict[str, int]:
        names = {merchant: name for name, merchant in self.market.merchants.items()}
        found = {}
        for row in self.market.operator.get("/ledger/balances")["data"]:
            account, _colon, owner = row["account"].partition(":")
            name = account if account == "psp" or not owner else f"{account}:{names.get(owner, owner)}"
            found[name] = found.get(name, 0) + row["balance_minor"]
        return {name: amount for name, amount in found.items() if amount}
