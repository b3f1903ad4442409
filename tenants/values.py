"""From rows to the frozen tenant value, and a small cache of it: a switch is seen everywhere within a second."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text

from core.kernel.db import db, fetched
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only
from tenants.upgrades import upgraded

PLATFORM = Tenant(
    id=UUID(int=0),
    slug="platform",
    name="Platform",
    country="ZZ",
    currency="EUR",
    timezone="UTC",
    languages=("en", "zh"),
)
"""The platform's own ground, as a tenant: its staff are users of it."""

_FRESH_SECONDS = 1.0
_cache: dict[UUID, tuple[float, Tenant | None]] = {}
_hosts: dict[str, tuple[float, UUID | None]] = {}


# Once a second for each marketplace that is visited: one statement for all that belongs to it.
_READ = """
    select t.id, t.slug, t.name, t.state, t.country, t.currency, t.timezone, t.version, t.languages, t.settings,
           coalesce(t.limits, (select p.limits from plans p where p.code = t.plan_code)),
           (select coalesce(json_agg(json_build_array(d.part, d.published)), '[]')
              from design_parts d where d.tenant_id = t.id and d.number > 0),
           (select coalesce(json_agg(json_build_array(g.plugin, g.state, g.settings)), '[]')
              from tenant_plugins g where g.tenant_id = t.id)
      from tenants t where t.id = %(tenant)s"""


def read(tenant_id: UUID) -> Tenant | None:
    """Return the tenant as its rows say now. Needs a transaction that may see it."""
    found = fetched(_READ, {"tenant": tenant_id})
    if not found or found[0][3] == "closed":
        return None
    *plain, languages, settings, limits, design, plugins = found[0]
    names = "id slug name state country currency timezone version".split()
    return Tenant(
        **dict(zip(names, plain, strict=True)),
        languages=tuple(languages),
        settings={"core": upgraded(settings), **{plugin: chosen for plugin, _state, chosen in plugins}},
        limits=limits or {},
        design={part: published for part, published in design if published},
        enabled=_in_state(plugins, "enabled"),
        draining=_in_state(plugins, "draining"),
        retained=_in_state(plugins, "disabled"),
    )


def _in_state(plugins: Sequence[tuple[str, str, object]], wanted: str) -> frozenset[str]:
    return frozenset(plugin for plugin, state, _settings in plugins if state == wanted)


def find(tenant_id: UUID) -> Tenant | None:
    """Return a tenant by its key, from the cache if it was read within the last second."""
    if tenant_id == PLATFORM.id:
        return PLATFORM
    now = time.monotonic()
    cached = _cache.get(tenant_id)
    if cached is None or now - cached[0] > _FRESH_SECONDS:
        with bind(replace(PLATFORM, id=tenant_id)), read_only():
            cached = _cache[tenant_id] = (now, read(tenant_id))
    return cached[1]


def find_by_host(host: str, base_host: str) -> Tenant | None:
    """Return the tenant that answers at a host name: a verified domain, or its slug below the platform's host."""
    now = time.monotonic()
    cached = _hosts.get(host)
    if cached is None or now - cached[0] > _FRESH_SECONDS:
        cached = _hosts[host] = (now, _look_up(host, base_host))
        if len(_hosts) > 50_000:
            _hosts.clear()
    return find(cached[1]) if cached[1] else None


def _look_up(host: str, base_host: str) -> UUID | None:
    slug = host.removesuffix(f".{base_host}") if host.endswith(f".{base_host}") else ""
    with bind(PLATFORM), db.engines[None].begin() as connection:
        found = connection.execute(text("select app.tenant_of_host(:host, :slug)"), {"host": host, "slug": slug})
        key: UUID | None = found.scalar_one()
    return key if key != PLATFORM.id else None


def forget(tenant_id: UUID | None = None) -> None:
    """Drop what this process remembers of a tenant, or of all."""
    _hosts.clear()
    if tenant_id is None:
        _cache.clear()
    else:
        _cache.pop(tenant_id, None)
