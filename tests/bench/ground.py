"""A throw-away database with marketplaces in it, and the application on top: the ground of measurements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from core.kernel.config import Config, from_environment
from core.kernel.ids import short_code
from core.kernel.tenancy import Tenant
from core.kernel.tx import platform_transaction
from migrations import run as migrations
from tenants import provisioning, values
from tests.bench import seed
from web.app import create_app
from web.sandbox.processes import state_folder
from web.sandbox.services import local_services
from web.telemetry import configure_logs

_SMALL = 20  # listings of each of the other tenants


@dataclass(frozen=True, slots=True)
class Ground:
    """What is measured: the application, the marketplace under load, and the administrator's engine."""

    app: Flask
    tenant: Tenant
    admin: Engine

    @property
    def host(self) -> str:
        """Where the marketplace answers."""
        return f"{self.tenant.slug}.localhost"


def _config(database_url: str, redis_url: str, root: Path) -> Config:
    return from_environment(
        {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": hashlib.sha256(b"bench").hexdigest(),
         "BASE_URL": "http://localhost", "MEDIA_ROOT": str(root / "media"), "STRIPE_API_KEY": "sk_test_bench",
         "STRIPE_WEBHOOK_SECRET": "whsec_bench", "DATABASE_POOL": "1"}
    )  # fmt: skip


@contextmanager
def ground(listings: int, tenants: int) -> Iterator[Ground]:
    """Build a database with one marketplace of so many listings among so many tenants, and drop it at the end."""
    root = state_folder() / "bench"
    root.mkdir(parents=True, exist_ok=True)
    configure_logs(root / "requests.log")  # the log of a real server: one JSON line a request, to a file
    with local_services(root, durable=False) as services:
        name = f"bench_{short_code().lower()}"
        server = create_engine(services.database_url, isolation_level="AUTOCOMMIT")
        url = make_url(services.database_url).set(database=name).render_as_string(hide_password=False)
        config = _config(url, services.redis_url, root)
        migrations.upgrade(config)
        admin = create_engine(config.database_url, isolation_level="AUTOCOMMIT")
        try:
            app = create_app(config)
            with app.app_context():
                yield Ground(app, _marketplaces(admin, listings, tenants), admin)
        finally:
            admin.dispose()
            with server.connect() as connection:
                connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
            server.dispose()


def _onboard(slug: str) -> UUID:
    with platform_transaction():
        tenant_id = provisioning.create(
            provisioning.Onboarding(slug=slug, name="Bench market", country="IE", currency="EUR",
                                    timezone="Europe/Dublin", languages=("en",), preset="commission")
        )  # fmt: skip
    provisioning.complete(tenant_id)
    return tenant_id


def _marketplaces(admin: Engine, listings: int, tenants: int) -> Tenant:
    main = _onboard("bench")
    other = _onboard("other") if tenants > 1 else None
    with admin.connect() as connection:
        writing = connection.execution_options(isolation_level="READ COMMITTED")
        with writing.begin():
            seed.fill(writing, main, listings)
        if other is not None:
            with writing.begin():
                seed.fill(writing, other, _SMALL, shops=2)
                seed.copy(writing, other, tenants - 2)
    with admin.connect() as connection:
        seed.settle(connection)
    tenant = values.find(main)
    assert tenant is not None
    return tenant
