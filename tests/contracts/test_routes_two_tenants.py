"""Every route of the application, asked by people of one marketplace for the rows of another.

New routes are covered by being there: addresses are built from the URL map, and the other marketplace has a row in
every table, all with one key and one text.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import AnyConverter, Rule

from core.kernel.config import Config
from core.kernel.db import db, session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, read_only
from core.merchants.models import MerchantRow
from tests.tenants.people import signed_in
from tests.tenants.planting import CANARY, LOOKUP, fingerprints, plant, tables_of

WHO = ("guest", "buyer", "merchant", "operator")
_NOT_ASKED = ("static", "sign_out", "sessions", "sandbox")
"""Signing out would end the test's own sessions; the rest belongs to no marketplace."""


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not any(word in rule.endpoint for word in _NOT_ASKED)]


def _address(rule: Rule, key: UUID) -> str:
    """Build a rule's address with the other marketplace's key, or its text where the rule wants words."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
        else:
            values[name] = {"UUIDConverter": key, "IntegerConverter": 990}.get(type(converter).__name__, LOOKUP)
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def _requests(rule: Rule, key: UUID) -> Iterator[tuple[str, str, dict[str, object]]]:
    address = _address(rule, key)
    fields = {name: str(key) for name in sorted({c.name for t in db.metadata.tables.values() for c in t.columns})
              if name.endswith("_id")}  # fmt: skip
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        if method == "GET":
            yield method, f"{address}?q=word&cursor={key}&after={key}", {}
        elif address.startswith("/api/"):
            yield method, address, {"json": {}}
        else:
            yield method, address, {"data": {**fields, "id": str(key), "reason": "x"}}


def _sign_in(client: FlaskClient, tenant: Tenant, who: str) -> str | None:
    if who == "guest":
        return None
    merchant_id = None
    if who == "merchant":
        with bind(tenant), read_only():
            merchant_id = session().scalars(select(MerchantRow.id)).first()
    return signed_in(client, tenant, who, f"{tenant.slug}.localhost", merchant_id=merchant_id)


def _ask_everything(app: Flask, mine: Tenant, key: UUID, who: str) -> tuple[list[str], list[str]]:
    """Ask every route; return the requests whose answers leaked, and those that failed."""
    client, base = app.test_client(), f"http://{mine.slug}.localhost"
    _sign_in(client, mine, who)
    leaked, failed = [], []
    for rule in _rules(app):
        for method, address, body in _requests(rule, key):
            answer = client.open(address, method=method, base_url=base, **body)
            seen = f"{answer.get_data(as_text=True)} {answer.headers}"
            if CANARY in seen:
                leaked.append(f"{method} {rule.rule}: {answer.status_code}")
            if answer.status_code >= 500:
                failed.append(f"{method} {rule.rule}: {answer.status_code}")
    return leaked, failed


@pytest.fixture
def planted(config: Config, make_tenant, app: Flask) -> tuple[Tenant, UUID]:
    """Another marketplace with a row in every table, and the key of them all."""
    other = make_tenant()
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as admin:
        return other, plant(admin, other.id)


@pytest.mark.parametrize("who", WHO)
def test_no_route_shows_changes_or_trips_over_another_marketplaces_rows(
    app: Flask, config: Config, tenant: Tenant, planted: tuple[Tenant, UUID], who: str
) -> None:
    other, key = planted
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as admin:
        before = fingerprints(admin, other.id)
        leaked, failed = _ask_everything(app, tenant, key, who)
        assert leaked == [], leaked
        assert failed == [], failed
        assert fingerprints(admin, other.id) == before
    assert {table for table, (count, _digest) in before.items() if count} == set(tables_of())


def test_control_a_route_that_forgets_the_tenant_is_found(
    app: Flask, tenant: Tenant, planted: tuple[Tenant, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    _other, key = planted
    chosen = next(rule for rule in _rules(app) if "GET" in (rule.methods or ()) and len(rule.arguments) == 1)

    def careless(**_given: object) -> str:
        with platform_transaction():
            found = session().execute(text("select name from merchants where id = :i"), {"i": key}).scalar()
        return found or abort(404)

    monkeypatch.setitem(app.view_functions, chosen.endpoint, careless)
    leaked, _failed = _ask_everything(app, tenant, key, "guest")
    assert f"GET {chosen.rule}: 200" in leaked
