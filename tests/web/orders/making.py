"""Paid orders, and browsers and programs of those who look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from core.identity.models import ApiKeyRow
from core.identity.principals import KEY_PREFIX
from core.kernel.db import db, session
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.payments import payments
from core.payments.models import PaymentRow
from tests.core.merchants import making
from tests.market import Shop, buy, make_good, make_shop, orders_of


@dataclass(frozen=True, slots=True)
class Sold:
    """A paid order and whose it is."""

    shop: Shop
    purchase_id: UUID
    order_id: UUID
    number: str


def sell(shop: Shop | None = None, *, units: int = 2) -> Sold:
    """Place and pay an order of so many units at 10.00 each and delivery of 4.90."""
    with transaction():
        shop = shop or make_shop(delivery=490)
        purchase = buy({make_good(shop, 1000): units})
        row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == purchase).with_for_update()).one()
        payments.captured(row, "card")
        (order,) = orders_of(purchase)
        return Sold(shop, purchase, order.id, order.number)


def browser_of(app: Flask, tenant: Tenant, realm: str, merchant_id: UUID | None = None) -> FlaskClient:
    """Return a browser in which somebody of a realm is signed in."""
    with transaction():
        secret = making.person(realm, merchant_id)
    browser = app.test_client()
    browser.set_cookie(f"{realm}_session", secret, domain=f"{tenant.slug}.localhost")
    return browser


def key_of(realm: str, merchant_id: UUID | None = None, permissions: tuple[str, ...] = ("*",)) -> Mapping[str, str]:
    """Return the header of a program with an API key."""
    secret = KEY_PREFIX + token()
    with transaction():
        session().add(ApiKeyRow(id=new_id(), name="Test", prefix=secret[:6], key_digest=digest(secret), realm=realm,
                                merchant_id=merchant_id, permissions=list(permissions)))  # fmt: skip
    return {"Authorization": f"Bearer {secret}"}


class Statements:
    """Counts the statements that the application's engine sends inside the block."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self._engine = db.engine
        self.count = 0

    def _one(self, *_given: object) -> None:
        self.count += 1

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._one)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._one)
