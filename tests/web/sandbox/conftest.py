"""A stand-in for Stripe on a free port, the real library as its client, and a receiver for its webhooks."""

import json
import os
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.web.sandbox.typed import TypedDicts
from web.sandbox.stripe.server import Sandbox, Settings

KEY = "sk_test_sandbox"
WEBHOOK_SECRET = "whsec_sandbox"
RETURN_URL = "https://shop.example/return?order=7"
_ROOT = Path(__file__).parents[3]


def openapi() -> Path | None:
    """Find Stripe's API document, which the repository does not hold."""
    # Beside the main checkout; beside a worktree it is one folder further up.
    named = os.environ.get("GALLERIA_SHARED")
    places = [Path(named)] if named else [_ROOT.parent / "shared", _ROOT.parent.parent / "shared"]
    found = (place / "data" / "stripe-openapi" / "spec3.pruned.json" for place in places)
    return next((path for path in found if path.is_file()), None)


@dataclass
class Receiver:
    """A shop's webhook address: keeps what arrives, and refuses as often as it is told to."""

    port: int = 0
    received: list[tuple[bytes, str, float]] = field(default_factory=list)
    refusals: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks"

    def events(self, account: str | None = None) -> list[dict[str, Any]]:
        arrived = [json.loads(body) for body, _, _ in list(self.received)]
        return [event for event in arrived if account in {None, event.get("account")}]

    def wait(self, ready: Callable[[], bool], seconds: float = 5) -> None:
        until = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < until, f"not in time: {[event['type'] for event in self.events()]}"
            time.sleep(0.005)


def serve_receiver() -> tuple[Receiver, ThreadingHTTPServer]:
    """Start a receiver on a free port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            refused = receiver.refusals > 0
            receiver.refusals -= refused
            if not refused:
                receiver.received.append((body, self.headers["Stripe-Signature"], time.time()))
            self.send_response(500 if refused else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return receiver, server


@pytest.fixture(scope="session")
def _receiver() -> Iterator[Receiver]:
    receiver, server = serve_receiver()
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory, _receiver) -> Iterator[Sandbox]:
    """The stand-in, which checks every request and answer against Stripe's document where that is at hand."""
    running = Sandbox(
        Settings(
            data=tmp_path_factory.mktemp("stripe") / "state.sqlite",
            key=KEY,
            webhook=_receiver.url,
            webhook_secret=WEBHOOK_SECRET,
            openapi=openapi(),
            v2=TypedDicts(),
        )
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def receiver(_receiver, control) -> Iterator[Receiver]:
    """The receiver, with nothing kept from other tests, and webhooks as usual afterwards."""
    _receiver.received.clear()
    yield _receiver
    _receiver.refusals = 0
    control("", {"reset": True})


@pytest.fixture
def account() -> str:
    """An account of the test's own, so that its lists and balance hold only what it made."""
    return f"acct_{uuid.uuid4().hex}"


@pytest.fixture
def connect(sandbox, account) -> Callable[..., Any]:
    """Make a client of the stand-in: connect(retries=0, timeout=10, key=KEY, account=...)."""

    def make(retries: int = 0, timeout: float = 10, key: str = KEY, account: str | None = account) -> Any:
        return _client(sandbox, retries, timeout, key, account).v1

    return make


def _client(sandbox: Sandbox, retries: int, timeout: float, key: str, account: str | None) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": sandbox.url, "files": sandbox.url},
        max_network_retries=retries,
        stripe_account=account,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


@pytest.fixture
def core(sandbox, account) -> Any:
    """The v2 API of the test's own platform."""
    return _client(sandbox, 0, 10, KEY, account).v2.core


@pytest.fixture
def client(connect) -> Any:
    return connect()


@pytest.fixture
def control(sandbox) -> Callable[..., dict[str, Any]]:
    """Use the control port: control("/pay", {...})."""

    def post(path: str, wanted: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{sandbox.url}/_control{path}", json.dumps(wanted).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    return post


@pytest.fixture
def pay(client) -> Callable[..., Any]:
    """Create and confirm a payment: pay(payment_method="pm_card_visa", amount=2000, ...)."""

    def confirmed(payment_method: str = "pm_card_visa", **params: Any) -> Any:
        return client.payment_intents.create(
            {
                "amount": 2000,
                "currency": "usd",
                "confirm": True,
                "payment_method": payment_method,
                "return_url": RETURN_URL,
                **params,
            }
        )

    return confirmed


@pytest.fixture
def declined(pay) -> Callable[..., stripe.CardError]:
    def attempt(payment_method: str, **params: Any) -> stripe.CardError:
        with pytest.raises(stripe.CardError) as caught:
            pay(payment_method, **params)
        return caught.value

    return attempt
