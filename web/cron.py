"""Jobs by the clock: once a minute, what is due in each tenant's time zone becomes an outbox row, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from croniter import croniter
from sqlalchemy import select, text

from core.hooks.declare import declare_jobs
from core.hooks.runtime import plugins
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction
from tenants import domain_checks, values
from tenants.models import PluginRow, TenantRow


@dataclass(frozen=True, slots=True)
class Timed:
    """A job and when it runs; `plugin` is None for core's own, which run at every active tenant.

    With `for_platform` it runs once, on the platform's own ground.
    """

    name: str
    cron: str
    plugin: str | None = None
    for_platform: bool = False


CORE = (
    Timed("ledger.seal", "*/10 * * * *"),
    Timed("ledger.roll", "25 3 * * *"),
    Timed("idempotency.sweep", "40 * * * *"),
    Timed("tenants.check_domains", "*/20 * * * *", for_platform=True),
)


JOBS = (domain_checks,)
"""Modules whose jobs run by the clock alone; importing them makes the jobs known."""


def timed() -> Iterable[Timed]:
    """Return core's timed jobs and those of the installed plugins."""
    yield from CORE
    for plugin in plugins().order:
        for job in plugins().ask(plugin, declare_jobs) or ():
            if job.cron:
                yield Timed(job.name, job.cron, plugin)


_PUT = text("""
    insert into outbox (tenant_id, id, handler, payload, key, created_at, next_at, attempts)
    values (:tenant, :id, :handler, '{}', :key, now(), now(), 0) on conflict do nothing""")


def put_due(now: datetime) -> int:
    """Write a row for each tenant and job that is due in this minute; return how many. Repeats write nothing."""
    minute = now.replace(second=0, microsecond=0)
    jobs = list(timed())
    written = 0
    with bind(None), platform_transaction():
        tenants = session().execute(select(TenantRow.id, TenantRow.timezone).where(TenantRow.state == "active")).all()
        serving = _serving()
        for job in jobs:
            zones = {zone: _is_due(job.cron, minute, zone) for zone in {row.timezone for row in tenants}}
            for row in tenants:
                if zones[row.timezone] and _runs_at(job, row.id, serving):
                    key = f"cron:{job.name}:{minute.isoformat()}"
                    given = {"tenant": row.id, "id": new_id(), "handler": job.name, "key": key}
                    written += session().execute(_PUT, given).rowcount  # type: ignore[attr-defined]
    return written


def _runs_at(job: Timed, tenant_id: UUID, serving: set[tuple[object, str]]) -> bool:
    if job.for_platform:
        return tenant_id == values.PLATFORM.id
    return job.plugin is None or (tenant_id, job.plugin) in serving


def _is_due(cron: str, minute: datetime, timezone: str) -> bool:
    local = minute.astimezone(ZoneInfo(timezone))
    following: datetime = croniter(cron, local - timedelta(minutes=1)).get_next(datetime)
    return following == local


def _serving() -> set[tuple[object, str]]:
    rows = session().execute(
        select(PluginRow.tenant_id, PluginRow.plugin).where(PluginRow.state.in_(["enabled", "draining"]))
    )
    return {(row.tenant_id, row.plugin) for row in rows}
