"""Every route of the application, asked by people of one marketplace for the rows of another.

New routes are covered by being there: addresses are built from the URL map, and the other marketplace has a row in
every table, all with one key and one text.
"""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from flask import Flask, abort
from sqlalchemy import text
from werkzeug.routing import Rule

from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.tenancy import Tenant
from core.kernel.tx import platform_transaction
from tests.contracts.asking import WHO, ask
from tests.tenants.planting import fingerprints, plant, tables_of

_NOT_ASKED = ("static", "sign_out", "sessions", "sandbox")
"""Signing out would end the test's own sessions; the rest belongs to no marketplace."""


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not any(word in rule.endpoint for word in _NOT_ASKED)]


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
        leaked, failed = ask(_rules(app), app, tenant, key, who)
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
    leaked, _failed = ask(_rules(app), app, tenant, key, "guest")
    assert f"GET {chosen.rule}: 200" in leaked
