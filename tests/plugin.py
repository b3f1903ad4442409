"""Fixtures for every test: real servers of the run's own, a migrated template, a database for each worker."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

import plugins
from core.hooks.discovery import homes
from core.kernel.config import Config, from_environment
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction
from migrations import run as migrations
from tenants import provisioning, values
from tests.browser import browser, page
from web.app import create_app
from web.sandbox.processes import state_folder
from web.sandbox.services import local_services

ROOT = Path(__file__).parent.parent
SECRET = "a-secret-for-tests-only"
_servers = ExitStack()
# A busy machine is no fault of a property.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
__all__ = ["browser", "page"]  # fixtures of the browser, one Chromium for each worker


_KIT = ("tests/kit", "tests/tenants/test_schema.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--plugin NAME`: whether that plugin, of this tree or of a wheel, keeps the contract; and its own tests."""
    parser.addoption("--plugin", default="", metavar="NAME", help="run the conformance kit for one installed plugin")


def _only_of(config: pytest.Config, name: str) -> None:
    own = homes([plugins]).get(name)
    if own is None:
        raise pytest.UsageError(f"no plugin named {name} is installed: {', '.join(homes([plugins]))}")
    asked = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else [str(own / "tests")]
    config.args = [*_KIT, *(path for path in asked if Path(path.partition("::")[0]).exists())]


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, in the process that hands tests out, before its workers start.

    Servers that `TEST_DATABASE_URL` and `TEST_REDIS_URL` name are taken instead.
    """
    if config.option.plugin:
        _only_of(config, config.option.plugin)
    if hasattr(config, "workerinput"):
        return
    if "TEST_DATABASE_URL" in os.environ:
        os.environ["TEST_TEMPLATE"] = _template(os.environ["TEST_DATABASE_URL"], os.environ["TEST_REDIS_URL"])
        return
    services = _servers.enter_context(local_services(state_folder() / "tests", durable=False))
    os.environ["TEST_DATABASE_URL"], os.environ["TEST_REDIS_URL"] = services.database_url, services.redis_url
    os.environ["TEST_TEMPLATE"] = _template(services.database_url, services.redis_url)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers with the last of the run."""
    if not hasattr(config, "workerinput"):
        _servers.close()


def _config(database_url: str, redis_url: str) -> Config:
    return from_environment(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": SECRET,
            "BASE_URL": "http://localhost",
            "MEDIA_ROOT": str(state_folder() / "tests" / "media"),
            "STRIPE_API_KEY": "sk_test_tests",
            "STRIPE_WEBHOOK_SECRET": "whsec_tests",
            "GALLERIA_EMBEDDED": "1",
            "PAGES_KEPT_SECONDS": "0",
        }
    )


def _schema_hash() -> str:
    files = [*ROOT.glob("migrations/**/*.py"), *ROOT.glob("migrations/*.sql")]
    files += [file for home in homes([plugins]).values() for file in home.glob("migrations/*.py")]
    text_of = b"".join(f.read_bytes() for f in sorted(files))
    return hashlib.sha256(text_of).hexdigest()[:12]


def _template(database_url: str, redis_url: str) -> str:
    """Return the name of a database migrated to the present schema; made once for each state of the migrations."""
    name = f"galleria_template_{_schema_hash()}"
    admin = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        if not connection.execute(text("select 1 from pg_database where datname = :n"), {"n": name}).first():
            building = f"{name}_building"
            connection.exec_driver_sql(f'drop database if exists "{building}"')
            url = make_url(database_url).set(database=building)
            migrations.upgrade(_config(url.render_as_string(hide_password=False), redis_url))
            connection.exec_driver_sql(f'alter database "{building}" rename to "{name}"')
    admin.dispose()
    return name


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> Iterator[str]:
    """A database of this worker's own, cloned from the migrated template; the administrator's address."""
    url = make_url(os.environ["TEST_DATABASE_URL"])
    name = f"{os.environ.get('TEST_DATABASES', 'test')}_{worker_id}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
        connection.exec_driver_sql(f'create database "{name}" template "{os.environ["TEST_TEMPLATE"]}"')
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
    admin.dispose()


@pytest.fixture(scope="session")
def config(database_url: str) -> Config:
    """The configuration that the tests' application has."""
    return _config(database_url, os.environ["TEST_REDIS_URL"])


@pytest.fixture(scope="session")
def app(config: Config) -> Flask:
    """The application with every installed plugin."""
    built = create_app(config)
    built.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    return built


@pytest.fixture(autouse=True)
def _in_context(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give tests that use the application its context, and leave none of its sessions behind."""
    if "app" not in request.fixturenames:
        yield
        return
    with request.getfixturevalue("app").app_context():
        yield


_numbers = count(1)


def onboard(slug: str, **given: object) -> Tenant:
    """Onboard a marketplace; keyword arguments replace the least valid ones."""
    request = {"slug": slug, "name": "Test market", "country": "IE", "currency": "EUR", "timezone": "Europe/Dublin",
               "languages": ("en",), "preset": "commission"}  # fmt: skip
    with platform_transaction():
        tenant_id = provisioning.create(provisioning.Onboarding(**{**request, **given}))  # type: ignore[arg-type]
    provisioning.complete(tenant_id)
    values.forget(tenant_id)
    found = values.find(tenant_id)
    assert found is not None
    return found


@pytest.fixture
def make_tenant(app: Flask, worker_id: str) -> Callable[..., Tenant]:
    """Onboard a marketplace; keyword arguments replace the least valid ones. Tests share a database by tenancy."""

    def make(**given: object) -> Tenant:
        return onboard(f"{worker_id}-{os.getpid()}-{next(_numbers)}", **given)

    return make


@pytest.fixture
def tenant(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A fresh marketplace, bound for the test."""
    made = make_tenant()
    with bind(made):
        yield made
