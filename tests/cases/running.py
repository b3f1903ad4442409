"""A running application for cases: real database, real provider stand-in, webhooks over HTTP, work in the background."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from werkzeug.serving import make_server

from core.identity import accounts, passwords
from core.identity.principals import Realm
from core.kernel import runner
from core.kernel.config import Config
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction
from tenants import provisioning, values
from tests.plugin import _config, _template, onboard
from web.app import create_app
from web.sandbox.processes import state_folder
from web.sandbox.services import local_services
from web.sandbox.stripe.server import Sandbox
from web.sandbox.stripe.server import Settings as SandboxSettings

ADMIN = ("admin@cases.example", "a-password-for-cases")
_KEY, _SECRET = "sk_test_cases", "whsec_cases"


@dataclass(frozen=True, slots=True)
class Running:
    """Where the application and the provider's stand-in answer."""

    host: str
    port: int
    stripe_url: str
    config: Config
    flask: Flask

    def url(self, slug: str | None = None) -> str:
        """Return the address of a tenant, or of the platform."""
        return f"http://{slug + '.' if slug else ''}{self.host}:{self.port}"

    def make_tenant(self, currency: str) -> Tenant:
        """Onboard a marketplace from within, with the currency given."""
        with bind(None):
            return onboard(f"inside-{currency.lower()}-{secrets.token_hex(3)}", currency=currency)


@contextmanager
def ground() -> Iterator[None]:
    """Start the servers and make the migrated template once, for programs that play at the same time."""
    with local_services(state_folder() / "tests", durable=False) as services:
        os.environ["TEST_TEMPLATE"] = _template(services.database_url, services.redis_url)
        yield


@contextmanager
def running() -> Iterator[Running]:
    """Start everything in a database of its own; stop it at the end."""
    _hush()
    _hash_quickly()
    with ExitStack() as stack:
        services = stack.enter_context(local_services(state_folder() / "tests", durable=False))
        database = _database(stack, services.database_url, services.redis_url)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        config = _config(database, services.redis_url)
        server_port = _free_port()
        webhook = f"http://127.0.0.1:{server_port}/webhooks/stripe"
        sandbox = Sandbox(
            SandboxSettings(data=folder / "stripe.sqlite", key=_KEY, webhook=webhook, webhook_secret=_SECRET)
        )
        sandbox.start()
        stack.callback(sandbox.stop)
        config = replace(
            config, stripe_api_base=sandbox.url, stripe_api_key=_KEY, stripe_webhook_secrets=(_SECRET,), pool_size=10,
            media_root=folder / "media",
        )  # fmt: skip
        app = create_app(config)
        _make_admin(app)
        server = make_server("127.0.0.1", server_port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        stop = threading.Event()
        worker = threading.Thread(target=_work, args=(app, stop), daemon=True)
        worker.start()
        stack.callback(worker.join, 5)
        stack.callback(stop.set)
        yield Running("localhost", server_port, sandbox.url, config, app)


def _hush() -> None:
    """Keep the access logs out of the runner's output; errors still show."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _hash_quickly() -> None:
    """Hash passwords without much work: that they take long is not what cases of money are about."""
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database(stack: ExitStack, admin_url: str, redis_url: str) -> str:
    template = os.environ.get("TEST_TEMPLATE") or _template(admin_url, redis_url)
    name = f"cases_{os.getpid()}"
    admin = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'create database "{name}" template "{template}"')
    stack.callback(_drop, admin_url, name)
    admin.dispose()
    return make_url(admin_url).set(database=name).render_as_string(hide_password=False)


def _drop(admin_url: str, name: str) -> None:
    admin = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
    admin.dispose()


def _make_admin(app) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        with bind(None), platform_transaction():
            provisioning.ensure_platform()
        with bind(values.PLATFORM), transaction():
            accounts.create_staff(Realm.PLATFORM, ADMIN[0], "Admin", ADMIN[1])


def _work(app, stop: threading.Event) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        while not stop.is_set():
            if not runner.drain(values.find, seconds=5):
                stop.wait(0.02)
