"""What payment tests start from: the application on a port, the provider's stand-in, and goods to buy."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from core.kernel import runner
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.payments import payments, stripe
from core.payments.models import PaymentRow
from tests.cases.client import Client
from tests.market import buy, make_good, make_shop
from tests.threads import wide_pool
from web.sandbox.stripe.server import Sandbox, Settings

KEY, SECRETS = "sk_test_payments", ("whsec_new", "whsec_old")
ADDRESS = {"name": "Ada Byrne", "line1": "1 Quay Street", "city": "Dublin", "postcode": "D01", "country": "IE"}


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass(frozen=True, slots=True)
class Provider:
    """The stand-in and the shop's server that it tells about payments."""

    url: str
    port: int
    config: Config

    def fail_next(self, mode: str, path: str = "/v1/payment_intents", **more: Any) -> None:
        """Let the next request below a path go wrong."""
        self.control({"fail_next": {"mode": mode, "path_prefix": path, **more}})

    def control(self, wanted: dict[str, Any], path: str = "") -> requests.Response:
        """Speak to the control port."""
        return requests.post(f"{self.url}/_control{path}", json=wanted, timeout=10)

    def pay(self, reference: str, outcome: str = "succeed") -> requests.Response:
        """Do what a buyer does on the payment page."""
        return self.control({"payment_intent": reference, "outcome": outcome}, "/pay")

    def objects(self, kind: str, **query: object) -> list[dict[str, Any]]:
        """Return what the provider holds of one kind."""
        answer = requests.get(f"{self.url}/v1/{kind}", {"limit": 100, **query}, auth=(KEY, ""), timeout=10)
        answer.raise_for_status()
        return list(answer.json()["data"])

    def intents_of(self, purchase: UUID | str) -> list[dict[str, Any]]:
        """Return the payments that the provider holds for a purchase."""
        found = self.objects("payment_intents")
        return [intent for intent in found if intent["metadata"].get("galleria_purchase") == str(purchase)]


@pytest.fixture(scope="module")
def provider(app: Flask, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """The stand-in and the application, both over HTTP; two webhook secrets are valid."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    webhook = f"http://127.0.0.1:{server.server_port}/webhooks/stripe"
    data = Path(tmp_path_factory.mktemp("stripe")) / "state.sqlite"
    sandbox = Sandbox(Settings(data=data, key=KEY, webhook=webhook, webhook_secret=SECRETS[0]))
    sandbox.start()
    pointed = replace(config, stripe_api_base=sandbox.url, stripe_api_key=KEY, stripe_webhook_secrets=SECRETS)
    stripe.configure(pointed)
    with app.app_context(), wide_pool(app, config, 30):
        yield Provider(sandbox.url, server.server_port, pointed)
    sandbox.stop()
    server.shutdown()
    server.server_close()
    stripe.configure(config)


@pytest.fixture(autouse=True)
def _calm(provider: Provider) -> Iterator[None]:
    yield
    provider.control({"reset": True})


@pytest.fixture
def good(tenant: Tenant) -> UUID:
    """A variant at 10.00 with five on the shelf."""
    with transaction():
        return make_good(make_shop(), 1000, stock=5)


@pytest.fixture
def started(good: UUID) -> payments.Payment:
    """A purchase of two units, whose payment waits at the provider."""
    return start(good)


def start(good: UUID, units: int = 2) -> payments.Payment:
    """Place units of a good and create the payment at the provider."""
    with transaction():
        purchase = buy({good: units})
    with transaction():
        intended = payments.of_purchase(purchase)
    return payments.start(intended)


@pytest.fixture
def guest(provider: Provider, tenant: Tenant, good: UUID) -> Client:
    """A guest whose cart holds one unit."""
    buyer = Client(provider.port, f"{tenant.slug}.localhost")
    answer = buyer.post("/cart/lines", {"variant_id": str(good), "quantity": 1})
    buyer.cart = answer["token"]
    return buyer


def state_of(purchase: UUID) -> str:
    """Return the state of a purchase's payment."""
    with transaction():
        return str(session().scalar(select(PaymentRow.state).where(PaymentRow.purchase_id == purchase)))


def work(tenant: Tenant, *handlers: str) -> None:
    """Do the bound tenant's undone jobs of some kinds once, as a worker would."""
    with transaction():
        query = select(OutboxRow.id, OutboxRow.handler).where(
            OutboxRow.done_at.is_(None), OutboxRow.handler.in_(handlers)
        )
        rows = session().execute(query.order_by(OutboxRow.id)).all()
    for row in rows:
        runner.run_row(tenant, row.id, row.handler)


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for what comes by a webhook."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)


def signed(body: bytes, secret: str = SECRETS[0], *, age: int = 0) -> dict[str, str]:
    """Return the header with which the provider signs a body."""
    at = int(time.time()) - age
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={mark}"}
