"""A buyer with an account, an operator, and the way of an order through the API, for tests of points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from core.customers import buyers
from core.identity.models import UserRow
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import transaction
from core.ledger.balances import balance
from core.orders.models import LineRow, OrderRow
from core.payments import payments
from core.payments.models import PaymentRow
from plugins.membership import accounts, reading
from plugins.membership.models import LotRow, MemberRow
from tenants import plugins as tenant_plugins
from tenants import values
from tests.market import ADDRESS
from tests.plugin_rows import make_key
from tests.tenants.people import signed_in
from tests.working import run_due


def switch_on(tenant: Tenant, **settings: object) -> Tenant:
    """Enable points with settings and return the marketplace as it is then."""
    with bind(tenant), transaction():
        tenant_plugins.enable("membership")
        if settings:
            tenant_plugins.change_settings("membership", settings)
    values.forget(tenant.id)
    found = values.find(tenant.id)
    assert found is not None
    return found


@dataclass(slots=True)
class People:
    """A buyer and the operator of a marketplace, who speak to its API."""

    app: Flask
    tenant: Tenant
    buyer_id: UUID
    buyer: Mapping[str, str]
    operator: Mapping[str, str]

    def ask(self, who: str, method: str, path: str, body: object = None, **more: Any) -> Any:
        """Call the API as "buyer" or "operator"."""
        headers = {**(self.buyer if who == "buyer" else self.operator), **more.pop("headers", {})}
        client, base = self.app.test_client(), f"http://{self.tenant.slug}.localhost"
        return client.open(f"/api/v1{path}", method=method, json=body, base_url=base, headers=headers, **more)

    def give(self, points: int, **more: object) -> None:
        """Give points by hand."""
        body = {"points": points, "reason": "Welcome", **more}
        answer = self.ask("operator", "POST", f"/membership/members/{self.buyer_id}/entries", body)
        assert answer.status_code == 201, answer.text

    def points(self) -> int:
        """Return what the API says of the buyer's points."""
        return int(self.ask("buyer", "GET", "/membership/me").json["points"])

    def fill(self, variant: UUID, quantity: int, answer: str = "") -> Any:
        """Put units into the cart and answer how many points to use; return the cart."""
        lines = {"variant_id": str(variant), "quantity": quantity}
        cart = self.ask("buyer", "POST", "/cart/lines", lines)
        assert cart.status_code == 201, cart.text
        if answer:
            cart = self.ask("buyer", "PUT", "/cart/answers", {"answers": {"membership.points": answer}})
            assert cart.status_code == 200, cart.text
        return cart.json

    def place(self, **more: object) -> Any:
        """Place what is in the cart."""
        return self.ask("buyer", "POST", "/purchases", {"email": "ada@example.com", "address": ADDRESS, **more})

    def buy(self, variant: UUID, quantity: int, answer: str = "") -> UUID:
        """Buy and pay units; return the order."""
        self.fill(variant, quantity, answer)
        placed = self.place()
        assert placed.status_code == 201, placed.text
        pay(UUID(placed.json["id"]))
        return UUID(placed.json["orders"][0]["id"])

    def complete(self, order_id: UUID) -> None:
        """Complete an order, and let what follows happen."""
        with transaction():
            session().get_one(OrderRow, (current().id, order_id)).state = "delivered"
        answer = self.ask("operator", "POST", f"/orders/{order_id}/complete", {})
        assert answer.status_code in (200, 204), answer.text
        run_due()

    def refund(self, order_id: UUID, quantity: int, key: str) -> None:
        """Give units of an order's only line back, and let what follows happen."""
        with transaction():
            line = session().scalars(select(LineRow.id).where(LineRow.order_id == order_id)).one()
        body = {"lines": [{"line_id": str(line), "quantity": quantity}], "reason": "back"}
        answer = self.ask("operator", "POST", f"/orders/{order_id}/refunds", body, headers={"Idempotency-Key": key})
        assert answer.status_code in (200, 201), answer.text
        run_due()


def people(app: Flask, tenant: Tenant) -> People:
    """Write a signed-in buyer and an operator's key."""
    secret = signed_in(app.test_client(), tenant, "buyer", f"{tenant.slug}.localhost")
    with transaction():
        user = session().scalars(select(UserRow).where(UserRow.realm == "buyer").order_by(UserRow.id.desc())).first()
        assert user is not None
        customer = buyers.ensure_customer(user.id, user.email, "Ada")
        operator = make_key("operator", "*")
    return People(app, tenant, customer, {"Authorization": f"Bearer {secret}"}, operator)


def pay(purchase_id: UUID) -> None:
    """Let a purchase's payment arrive."""
    with transaction():
        query = select(PaymentRow).where(PaymentRow.purchase_id == purchase_id).with_for_update()
        payments.captured(session().scalars(query).one(), "card")
    run_due()


def assert_agrees() -> None:
    """The books, the accounts and the lots say the same of every buyer."""
    with transaction():
        owed = reading.liability()
        assert owed.accounts == owed.ledger
        assert balance(accounts.LIABILITY, current().currency) == -owed.accounts
        assert (owed.months[-1].closing if owed.months else 0) == owed.accounts.minor
        left = dict(session().execute(select(LotRow.member_id, func.sum(LotRow.left)).group_by(LotRow.member_id)).all())
        for member in session().scalars(select(MemberRow)):
            assert left.get(member.id, 0) == max(member.points, 0), (member.points, left)
