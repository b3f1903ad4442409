"""Jobs by the clock: once a minute, what is due in each tenant's time zone becomes an outbox row, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from croniter import croniter
from sqlalchemy import select, text

from core.billing.payouts import terms
from core.hooks.declare import declare_jobs
from core.hooks.runtime import plugins
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction
from tenants import domain_checks, values
from tenants.billing import closing, collecting, dunning
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
    Timed("reconciliation.nightly", "5 4 * * *"),
    Timed("payouts.run", f"0 {terms.HOUR} * * *"),
    Timed("compliance.due", "15 2 * * *"),
    Timed("compliance.everything", "45 2 * * 0"),
    Timed("tenants.check_domains", "*/20 * * * *", for_platform=True),
    Timed("billing.close_due", "12 * * * *", for_platform=True),
    Timed("billing.dun", "30 7 * * *", for_platform=True),
)


JOBS = (domain_checks, closing, collecting, dunning)
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
_KNOWN = text("select tenant_id, key from outbox where key like 'cron:%' and created_at >= :since")
_LATEST = timedelta(hours=24)


def put_due(now: datetime) -> int:
    """Write a row for each tenant and job that is due in this minute; return how many. Repeats write nothing."""
    minute = now.replace(second=0, microsecond=0)
    with bind(None), platform_transaction():
        return _put(lambda cron, zone: minute if _is_due(cron, minute, zone) else None)


def catch_up(now: datetime) -> int:
    """Write a row for each job whose last time of the past day was missed, once however often; return how many.

    For a dispatcher that starts: whatever was due while none ran.
    """
    minute = now.replace(second=0, microsecond=0)
    with bind(None), platform_transaction():
        known = {(row.tenant_id, row.key) for row in session().execute(_KNOWN, {"since": minute - _LATEST})}
        return _put(lambda cron, zone: _last_due(cron, minute, zone), known)


def _put(when: Callable[[str, str], datetime | None], known: Set[tuple[UUID, str]] = frozenset()) -> int:
    tenants = session().execute(select(TenantRow.id, TenantRow.timezone).where(TenantRow.state == "active")).all()
    zones = {row.timezone for row in tenants}
    serving = _serving()
    rows = []
    for job in timed():
        moments = {zone: when(job.cron, zone) for zone in zones}
        for tenant_id, zone in tenants:
            moment = moments[zone]
            if moment is None or not _runs_at(job, tenant_id, serving):
                continue
            key = f"cron:{job.name}:{moment.isoformat()}"
            if (tenant_id, key) not in known:
                rows.append({"tenant": tenant_id, "id": new_id(), "handler": job.name, "key": key})
    return sum(session().execute(_PUT, row).rowcount for row in rows)  # type: ignore[attr-defined]


def _last_due(cron: str, minute: datetime, timezone: str) -> datetime | None:
    """Return the last minute, this one included, in which a job was due; None if that is more than a day ago."""
    local = minute.astimezone(ZoneInfo(timezone))
    last: datetime = croniter(cron, local + timedelta(minutes=1)).get_prev(datetime)
    moment = last.astimezone(minute.tzinfo)
    return moment if moment > minute - _LATEST else None


def _runs_at(job: Timed, tenant_id: UUID, serving: Set[tuple[UUID, str]]) -> bool:
    if job.for_platform:
        return tenant_id == values.PLATFORM.id
    return job.plugin is None or (tenant_id, job.plugin) in serving


def _is_due(cron: str, minute: datetime, timezone: str) -> bool:
    local = minute.astimezone(ZoneInfo(timezone))
    following: datetime = croniter(cron, local - timedelta(minutes=1)).get_next(datetime)
    return following == local


def _serving() -> set[tuple[UUID, str]]:
    rows = session().execute(
        select(PluginRow.tenant_id, PluginRow.plugin).where(PluginRow.state.in_(["enabled", "draining"]))
    )
    return {(row.tenant_id, row.plugin) for row in rows}
