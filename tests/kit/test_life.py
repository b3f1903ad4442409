"""A plugin's life at a marketplace: switched on, off and on again, its rows exported, erased and purged, its neighbours
untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from uuid import UUID

import psycopg
import pytest
from alembic import command
from flask import Flask
from werkzeug.routing import Rule

import plugins as built_in
from core.hooks.data import DataSubject, erase_subject, export_subject
from core.hooks.discovery import installed
from core.hooks.markers import Scope, rules_of
from core.hooks.runtime import plugins
from core.hooks.surfaces import nav_items
from core.hooks.types import Surface
from core.kernel.config import Config
from core.kernel.errors import Invalid
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from migrations import run
from tenants import plugins as switches
from tenants import values
from tests.contracts.asking import WHO, ask
from tests.contracts.conformance import SPECS, implementations
from tests.databases import columns, fresh, tables
from tests.tenants.people import signed_in
from tests.tenants.planting import CANARY, fingerprints, plant, tables_of
from web.plugin_mounts import PREFIXES

__all__ = ["fresh"]  # a fixture
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MakeTenant = Callable[..., Tenant]


@pytest.fixture
def admin(config: Config, app: Flask) -> Iterator[psycopg.Connection]:
    """The administrator, who sees every marketplace."""
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as connection:
        yield connection


def again(tenant: Tenant) -> Tenant:
    """Return the marketplace as it is now."""
    values.forget(tenant.id)
    found = values.find(tenant.id)
    assert found is not None
    return found


def switch_on(tenant: Tenant, name: str) -> Tenant:
    """Switch a plugin on, and first what it requires."""
    with bind(tenant), transaction():
        for other in plugins().manifests[name].requires:
            switches.enable(other)
    with bind(again(tenant)), transaction():
        switches.enable(name)
    return again(tenant)


def switch_off(tenant: Tenant, name: str) -> Tenant:
    """Switch a plugin off."""
    with bind(tenant), transaction():
        assert switches.disable(name) == "disabled"
    return again(tenant)


def own_rules(app: Flask, name: str) -> list[Rule]:
    """Return the routes below a plugin's mounts."""
    heads = tuple(f"{prefix}/{name}/" for prefix in PREFIXES.values())
    return [rule for rule in app.url_map.iter_rules() if f"{rule.rule}/".startswith(heads)]


def own_tables(name: str) -> list[str]:
    return [table for table in tables_of() if table.startswith(f"{name}_")]


def test_it_starts_with_its_defaults_and_refuses_what_it_does_not_know(make_tenant: MakeTenant, name: str) -> None:
    tenant = switch_on(make_tenant(preset="bare"), name)
    with bind(tenant), transaction():
        if switches.settings_spec(name) is None:
            return
        stored = dict(tenant.settings.get(name, {}))
        assert stored == switches.defaults(name)
        with pytest.raises(Invalid, match=r"plugins\.settings"):
            switches.change_settings(name, {"no_such_field": 1})
    assert again(tenant).settings.get(name, {}) == stored


def test_it_serves_who_switched_it_on_and_nobody_else(make_tenant: MakeTenant, name: str) -> None:
    here, there = make_tenant(preset="bare"), make_tenant(preset="bare")
    here = switch_on(here, name)
    asked = {hook for hook, spec in SPECS.items() if name in _askable(spec, here)}
    assert asked == {hook for hook in implementations_of(name) if rules_of(SPECS[hook]).scope in _TENANTS}
    assert {hook for hook, spec in SPECS.items() if name in _askable(spec, again(there))} == set()
    off = switch_off(here, name)
    left = {hook for hook, spec in SPECS.items() if name in _askable(spec, off)}
    assert left == {hook for hook in asked if rules_of(SPECS[hook]).scope is Scope.HOLDING}
    assert name in switch_on(off, name).enabled


_TENANTS = (Scope.ENABLED, Scope.SERVING, Scope.HOLDING)


def implementations_of(name: str) -> set[str]:
    """Return the hooks that an installed plugin implements."""
    return set(implementations(installed([built_in])[name]))


def _askable(spec: Callable[..., object], tenant: Tenant) -> tuple[str, ...]:
    return plugins().implementers(spec, tenant) if rules_of(spec).scope in _TENANTS else ()


@pytest.mark.parametrize("is_on", [True, False], ids=["on", "off"])
def test_its_pages_and_menu_are_there_only_where_it_is_on(
    app: Flask, make_tenant: MakeTenant, name: str, is_on: bool
) -> None:
    tenant = make_tenant(preset="bare")
    tenant = switch_on(tenant, name)
    if not is_on:
        tenant = switch_off(tenant, name)
    client, base = app.test_client(), f"http://{tenant.slug}.localhost"
    signed_in(client, tenant, "operator", f"{tenant.slug}.localhost")
    plain = [rule for rule in own_rules(app, name) if not rule.arguments]
    answers = {
        f"{method} {rule.rule}": client.open(rule.rule, method=method, base_url=base).status_code
        for rule in plain
        for method in METHODS
        if not is_on or (method in ("GET",) and method in (rule.methods or ()))
    }
    wrong = {key: code for key, code in answers.items() if (code >= 500 or code == 404) is is_on}
    assert wrong == {}
    with bind(tenant):
        shown = {owner for surface in Surface for owner, _item in
                 plugins().attributed(nav_items, tenant=tenant, surface=surface)}  # fmt: skip
    assert (name in shown) is (is_on and "nav_items" in implementations_of(name))


@pytest.mark.parametrize("who", WHO)
def test_its_routes_show_and_change_nothing_of_another_marketplace(
    app: Flask, admin: psycopg.Connection, make_tenant: MakeTenant, name: str, who: str
) -> None:
    mine, other = switch_on(make_tenant(preset="bare"), name), make_tenant(preset="bare")
    key = plant(admin, other.id)
    before = fingerprints(admin, other.id)
    leaked, failed = ask(own_rules(app, name), app, mine, key, who)
    assert (leaked, failed) == ([], [])
    assert fingerprints(admin, other.id) == before


def test_a_person_is_found_and_forgotten_though_it_is_off(
    admin: psycopg.Connection, make_tenant: MakeTenant, module: ModuleType, name: str
) -> None:
    tenant = switch_off(switch_on(make_tenant(preset="bare"), name), name)
    subject = DataSubject("customer", plant(admin, tenant.id, own_tables(name)))
    with bind(tenant), transaction():
        files = plugins().collect(export_subject, tenant=tenant, subject=subject)
        erased = plugins().collect(erase_subject, tenant=tenant, subject=subject)
    of_customers = {column.removesuffix(".customer_id") for column in module.MANIFEST.personal} & set(own_tables(name))
    assert bool(files) is bool(of_customers), "what is held of a person is exported, and nothing else"
    left = of_customers - {one.table for one in erased if one.kept}
    for table, _dot, field in (column.partition(".") for column in module.MANIFEST.personal):
        assert table not in left or _holding(admin, tenant.id, table, field, subject.id) == 0, f"{table}.{field}"


def _holding(admin: psycopg.Connection, tenant_id: UUID, table: str, field: str, person: UUID) -> int:
    query = f'select count(*) from "{table}" where tenant_id = %s and "{field}"::text in (%s, %s)'
    row = admin.execute(query, (tenant_id, str(person), CANARY)).fetchone()
    admin.rollback()
    assert row is not None
    return int(row[0])


def test_purging_takes_every_row_of_one_marketplace(
    admin: psycopg.Connection, make_tenant: MakeTenant, name: str
) -> None:
    here, there = (switch_off(switch_on(make_tenant(preset="bare"), name), name) for _each in range(2))
    for tenant in (here, there):
        plant(admin, tenant.id, own_tables(name))
    before = fingerprints(admin, there.id)
    with bind(here), transaction():
        plugins().ask(name, SPECS["purge_tenant"], tenant=here)
    assert {table: fingerprints(admin, here.id)[table][0] for table in own_tables(name)} == dict.fromkeys(
        own_tables(name), 0
    )
    assert fingerprints(admin, there.id) == before


def test_its_tables_go_down_alone_and_up_again(fresh: Config, name: str) -> None:
    if name not in run.areas():
        return
    before, own = columns(fresh), tables(fresh, f"{name}_")
    others = tables(fresh) - own
    run.downgrade(fresh, name, "base")
    assert tables(fresh) == others
    with run.alembic(fresh, name) as settings:
        command.upgrade(settings, "head")
    assert columns(fresh) == before
