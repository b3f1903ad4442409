"""Puts the stand-in together and serves it on the loopback interface."""

import socket
import threading
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from web.sandbox.stripe.api import Api
from web.sandbox.stripe.app import App
from web.sandbox.stripe.control import Control
from web.sandbox.stripe.courier import Courier
from web.sandbox.stripe.faults import Faults
from web.sandbox.stripe.hosted.onboarding import Onboarding
from web.sandbox.stripe.hosted.pages import Hosted
from web.sandbox.stripe.hosted.saving import Saving
from web.sandbox.stripe.resources import webhook_endpoints
from web.sandbox.stripe.session import PLATFORM, Session, WebhookMode
from web.sandbox.stripe.store import Store
from web.sandbox.stripe.validate import Checker, Spec

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: port 0 takes a free one; `openapi` names Stripe's document to check everything of the v1 API against.

    `v2` checks requests and answers of the v2 API, which is not in that document.
    """

    data: Path
    key: str
    port: int = 0
    webhook: str | None = None
    webhook_secret: str | None = None
    public_url: str | None = None
    openapi: Path | None = None
    v2: Checker | None = None


class _Handler(WSGIRequestHandler):
    # Head and body are two writes; with Nagle's algorithm the second may wait 40 ms for the first one's
    # receipt.
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the caller knows what it asked for."""


class Sandbox:
    """A running stand-in; `url` is where it listens."""

    def __init__(self, settings: Settings) -> None:
        settings.data.parent.mkdir(parents=True, exist_ok=True)
        self._socket = socket.create_server((HOST, settings.port), backlog=128)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._store = Store(settings.data)
        mode = WebhookMode()
        base_url = (settings.public_url or self.url).rstrip("/")
        session = Session(self._store, PLATFORM, base_url, webhooks=mode)
        if settings.webhook and settings.webhook_secret:
            with self._store.transaction():
                webhook_endpoints.configure(session, settings.webhook, settings.webhook_secret)
        self._courier = Courier(self._store, mode)
        faults = Faults()
        wake = self._courier.wake
        checkers: dict[str, Checker] = {"/v1/": Spec(settings.openapi)} if settings.openapi else {}
        checkers |= {"/v2/": settings.v2} if settings.v2 else {}
        app = App(
            api=Api(session, settings.key, faults, wake, checkers),
            hosted=Hosted(session, wake),
            onboarding=Onboarding(session, wake),
            saving=Saving(session, wake),
            control=Control(session, faults, wake),
        )
        self._server = make_server(HOST, 0, app, threaded=True, request_handler=_Handler, fd=self._socket.fileno())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Serve in a thread."""
        self._courier.start()
        self._thread.start()

    def run(self) -> None:
        """Serve until interrupted."""
        self._courier.start()
        self._server.serve_forever()

    def stop(self) -> None:
        """Stop serving and close the file."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._socket.close()
        self._courier.stop()
        self._store.close()
