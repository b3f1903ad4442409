"""Buyers who do not give up: each step is sent again, under the same key, until it is answered."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.cases.client import Client
from tests.cases.market import Market
from tests.cases.money import ADDRESS

_AGAIN = frozenset((409, 429, 500, 502, 503, 504))
_PATIENCE = 180.0


class GaveUp(RuntimeError):
    """A step was not answered well within the buyer's patience."""


@dataclass(slots=True)
class Bought:
    """What one buyer knows of their purchase at the end."""

    id: str
    key: str
    total_minor: int
    units: int
    seconds: float


@dataclass(slots=True)
class Crowd:
    """Buyers in threads, and what they have bought. Faults that a buyer cannot wait out are kept."""

    market: Market
    stripe_url: str
    wanted: int
    bought: list[Bought] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answered: int = 0
    retries: int = 0
    server_faults: int = 0
    _next: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, threads: int) -> list[threading.Thread]:
        """Send the buyers in."""
        started = [threading.Thread(target=self._shop, daemon=True) for _ in range(threads)]
        for thread in started:
            thread.start()
        return started

    def _shop(self) -> None:
        while (number := self._take()) is not None:
            try:
                self._buy(number)
            except (GaveUp, KeyError, AssertionError) as error:
                self.faults.append(f"purchase {number}: {type(error).__name__}: {error}"[:400])

    def _take(self) -> int | None:
        with self._lock:
            if self._next >= self.wanted:
                return None
            self._next += 1
            return self._next

    def _buy(self, number: int) -> None:
        started, dice = time.monotonic(), random.Random(number)
        buyer = self.market.buyer()
        units = 0
        for sku in dice.sample(sorted(self.market.variants), 2):
            body = {"variant_id": self.market.variants[sku], "quantity": 1}
            answer = self._insist(buyer, "POST", "/cart/lines", body, f"cart-{number}-{sku}")
            buyer.cart = buyer.cart or answer["token"]
            units += 1
        order = {"email": f"buyer{number}@chaos.example", "address": ADDRESS}
        key = f"chaos-{number}"
        placed = self._insist(buyer, "POST", "/purchases", order, key)
        self._pay(placed["payment"]["reference"])
        again = self._insist(buyer, "POST", "/purchases", order, key)
        if again["id"] != placed["id"]:
            raise AssertionError(f"one key made two purchases: {placed['id']} and {again['id']}")
        found = Bought(placed["id"], key, placed["total_minor"], units, time.monotonic() - started)
        with self._lock:
            self.bought.append(found)

    def _insist(self, buyer: Client, method: str, path: str, body: Any, key: str) -> Any:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            answer = self._once(buyer, method, path, body, key)
            if answer is not None and answer.status_code < 400:
                self.answered += 1
                return answer.json()
            if answer is not None and not self._may_pass(answer):
                raise GaveUp(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            self.retries += 1
            time.sleep(float(answer.headers.get("Retry-After", 0.5)) if answer is not None else 0.3)
        raise GaveUp(f"{method} {path}: no answer for {_PATIENCE:.0f} seconds")

    def _may_pass(self, answer: requests.Response) -> bool:
        if answer.status_code == 500:
            self.server_faults += 1
        return answer.status_code in _AGAIN and "out_of_stock" not in answer.text

    @staticmethod
    def _once(buyer: Client, method: str, path: str, body: Any, key: str) -> requests.Response | None:
        headers = {"Host": f"{buyer.host}:{buyer.port}", "Idempotency-Key": key}
        if buyer.cart:
            headers["Cart-Token"] = buyer.cart
        url = f"http://127.0.0.1:{buyer.port}/api/v1{path}"
        try:
            return requests.request(method, url, json=body, headers=headers, timeout=20)
        except requests.RequestException:
            return None

    def _pay(self, reference: str) -> None:
        wanted = {"payment_intent": reference, "outcome": "succeed"}
        answer = requests.post(f"{self.stripe_url}/_control/pay", json=wanted, timeout=60)
        if answer.status_code >= 400:
            raise GaveUp(f"the provider refused the payment: {answer.text[:200]}")
