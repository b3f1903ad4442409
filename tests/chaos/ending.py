"""What must hold when all is quiet again: asked of the database as its owner, of the provider, and of the journal."""

from __future__ import annotations

import time
from typing import Any

import requests
from flask import Flask
from sqlalchemy import Engine, text

from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.ledger import seals
from core.ledger.verify import verify
from tests.chaos.buyers import Bought

_QUIET = """
    select (select count(*) from purchases where tenant_id = :t and state <> 'paid')
         + (select count(*) from outbox where done_at is null and dead_at is null and next_at <= now() + interval '5 min')
"""
_ROWS = {
    "purchases": "select id, state, total_minor from purchases where tenant_id = :t",
    "orders": "select id, state from orders where tenant_id = :t",
    "payments": "select purchase_id, state, provider_ref, amount_minor from payments where tenant_id = :t",
    "captures": "select order_id from ledger_entries where tenant_id = :t and order_id is not null",
    "dead": "select handler, last_error from outbox where dead_at is not null",
    "left": "select handler, last_error from outbox where done_at is null and next_at <= now() + interval '5 min'",
    "stock": """
        select s.variant_id, s.available, s.reserved,
               (select coalesce(sum(m.quantity), 0) from stock_movements m
                 where (m.tenant_id, m.variant_id) = (s.tenant_id, s.variant_id)) as moved,
               (select coalesce(sum(r.quantity), 0) from reservations r
                 where (r.tenant_id, r.variant_id) = (s.tenant_id, s.variant_id) and r.state = 'allocated') as sold,
               (select coalesce(sum(r.quantity), 0) from reservations r
                 where (r.tenant_id, r.variant_id) = (s.tenant_id, s.variant_id) and r.state = 'held') as held
          from stock s where s.tenant_id = :t""",
    "ordered": "select coalesce(sum(quantity), 0) as units from order_lines where tenant_id = :t",
    "half": """
        select o.id from orders o where o.tenant_id = :t and not exists (
          select 1 from reservations r where (r.tenant_id, r.order_id) = (o.tenant_id, o.id))""",
    "letters": """
        select payload from outbox where tenant_id = :t and handler = 'messages.order_placed'""",
}


class Ending:
    """Collects what does not hold."""

    def __init__(self, engine: Engine, tenant: Tenant) -> None:
        """Look with the owner's eyes, which see every row."""
        self._engine, self._tenant = engine, tenant
        self.violations: list[str] = []

    def rows(self, name: str) -> list[Any]:
        """Return the rows of one question."""
        with self._engine.connect() as connection:
            return list(connection.execute(text(_ROWS[name]), {"t": self._tenant.id}))

    def wait_until_quiet(self, mend: Any, seconds: float) -> float:
        """Wait until everything is paid and nothing is due; return how long it took. Too long is a violation."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            mend()
            with self._engine.connect() as connection:
                if not connection.execute(text(_QUIET), {"t": self._tenant.id}).scalar_one():
                    return time.monotonic() - started
            time.sleep(0.3)
        self.violations.append(f"not quiet after {seconds:.0f} seconds: {self.rows('left')[:5]}")
        return seconds

    def hold(self, what: str, expected: object, found: object) -> None:
        """Note a violation unless the two are equal."""
        if expected != found:
            self.violations.append(f"{what}: expected {expected}, found {found}"[:500])

    def check_purchases(self, bought: list[Bought]) -> None:
        """Each buyer's purchase exists once and is paid once; nothing else exists."""
        rows = self.rows("purchases")
        mine = sorted((one.id, "paid", one.total_minor) for one in bought)
        self.hold("purchases", mine, sorted((str(row.id), row.state, row.total_minor) for row in rows))
        self.hold("states of orders", {"paid"}, {row.state for row in self.rows("orders")})
        self.hold("one capture for each order", sorted(row.id for row in self.rows("orders")),
                  sorted(row.order_id for row in self.rows("captures")))  # fmt: skip
        self.hold("orders without stock", [], self.rows("half"))
        self.hold("one letter for each purchase", len(bought), len(self.rows("letters")))

    def check_provider(self, url: str, key: str) -> None:
        """The provider holds one payment and one charge for each of ours, of the same amount."""
        ours = sorted((row.provider_ref, row.state, row.amount_minor) for row in self.rows("payments"))
        charges = [charge for charge in _all(url, key, "charges") if charge["status"] == "succeeded"]
        theirs = sorted((charge["payment_intent"], "captured", charge["amount"]) for charge in charges)
        self.hold("payments and charges", ours, theirs)
        self.hold("payments at the provider", len(ours), len(_all(url, key, "payment_intents")))

    def check_stock(self, bought: list[Bought]) -> None:
        """Movements explain what is on hand, and what is promised is what was sold."""
        for row in self.rows("stock"):
            self.hold(f"on hand of {row.variant_id}", row.moved, row.available + row.reserved)
            self.hold(f"reserved of {row.variant_id}", row.sold, row.reserved)
            self.hold(f"held of {row.variant_id}", 0, row.held)
        units = sum(one.units for one in bought)
        self.hold("units sold", units, sum(row.sold for row in self.rows("stock")))
        self.hold("units ordered", units, self.rows("ordered")[0].units)

    def check_journal(self, app: Flask, total: int) -> None:
        """The journal proves itself after sealing, and holds what was charged."""
        with app.app_context(), bind(self._tenant):
            with transaction():
                for chain in seals.CHAINS:
                    seals.seal(chain)
            with read_only():
                proof = verify()
        self.hold("the journal is clean", True, proof.is_clean)
        with self._engine.connect() as connection:
            query = text("""select coalesce(sum(amount_minor), 0) from ledger_postings
                             where tenant_id = :t and source not like 'psp:%' and destination = 'psp:stripe'""")
            charged = connection.execute(query, {"t": self._tenant.id}).scalar_one()
        self.hold("charged by the journal", total, int(charged))

    def check_outbox(self) -> None:
        """Nothing is left and nothing has died."""
        self.hold("dead jobs", [], self.rows("dead"))
        self.hold("jobs left", [], self.rows("left"))


def _all(url: str, key: str, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        query = {"limit": 100, **({"starting_after": found[-1]["id"]} if found else {})}
        answer = requests.get(f"{url}/v1/{kind}", query, auth=(key, ""), timeout=30)
        answer.raise_for_status()
        found += answer.json()["data"]
        if not answer.json()["has_more"]:
            return found
