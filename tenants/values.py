"""From rows to the frozen tenant value, and a small cache of it: a switch is seen everywhere within a second."""

from __future__ import annotations

import time
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, text

from core.kernel.db import db, session
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only
from tenants.design.models import DesignRow
from tenants.models import PlanRow, PluginRow, TenantRow
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


def read(tenant_id: UUID) -> Tenant | None:
    """Return the tenant as its rows say now. Needs a transaction that may see it."""
    row = session().scalars(select(TenantRow).where(TenantRow.id == tenant_id)).one_or_none()
    if row is None or row.state in ("closed",):
        return None
    limits = row.limits
    if limits is None:
        limits = session().scalar(select(PlanRow.limits).where(PlanRow.code == row.plan_code))
    value = Tenant(
        id=row.id,
        slug=row.slug,
        name=row.name,
        country=row.country,
        currency=row.currency,
        timezone=row.timezone,
        languages=tuple(row.languages),
        state=row.state,
        version=row.version,
        settings={"core": upgraded(row.settings)},
        limits=limits or {},
        design=_design(row.id),
    )
    return _with_plugins(value)


def _design(tenant_id: UUID) -> dict[str, dict[str, object]]:
    query = select(DesignRow.part, DesignRow.published).where(DesignRow.tenant_id == tenant_id, DesignRow.number > 0)
    return {part: content for part, content in session().execute(query) if content}


def _with_plugins(value: Tenant) -> Tenant:
    rows = session().scalars(select(PluginRow).where(PluginRow.tenant_id == value.id)).all()
    named = {
        state: frozenset(r.plugin for r in rows if r.state == state) for state in ("enabled", "draining", "disabled")
    }
    return replace(
        value,
        enabled=named["enabled"],
        draining=named["draining"],
        retained=named["disabled"],
        settings={**value.settings, **{r.plugin: r.settings for r in rows}},
    )


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
