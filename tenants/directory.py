"""The platform's view of its marketplaces: found, listed, with their use of the plan. Platform transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.kernel.db import session
from core.kernel.errors import Missing, _
from tenants import usage
from tenants.models import DomainRow, PlanRow, PluginRow, TenantRow
from tenants.usage import Use
from tenants.values import PLATFORM


@dataclass(frozen=True, slots=True)
class Entry:
    """A marketplace in a list."""

    id: UUID
    slug: str
    name: str
    state: str
    plan: str
    country: str
    currency: str
    created_at: datetime
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of marketplaces, newest first; `next` is the key to go on after."""

    entries: tuple[Entry, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class Details:
    """All that the platform shows of one marketplace."""

    entry: Entry
    timezone: str
    languages: tuple[str, ...]
    preset: str
    suspended_reason: str
    plugins: Mapping[str, str]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be bought of the platform; an absent limit is unlimited."""

    code: str
    name: str
    limits: Mapping[str, int]
    tenants: int


def require_slug(slug: str) -> UUID:
    """Return the key of the marketplace of this name. Raise Missing."""
    found = session().scalar(select(TenantRow.id).where(TenantRow.slug == slug, TenantRow.id != PLATFORM.id))
    if found is None:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    return found


def find_page(*, search: str = "", state: str = "", after: UUID | None = None, limit: int = 25) -> EntryPage:
    """Return marketplaces newest first, by part of a name or slug and by state."""
    query = select(TenantRow).where(TenantRow.id != PLATFORM.id).order_by(TenantRow.id.desc()).limit(limit + 1)
    if search.strip():
        wanted = search.strip().lower()
        query = query.where(
            func.lower(TenantRow.name).contains(wanted, autoescape=True)
            | TenantRow.slug.startswith(wanted, autoescape=True)
        )
    if state:
        query = query.where(TenantRow.state == state)
    if after is not None:
        query = query.where(TenantRow.id < after)
    rows = session().scalars(query).all()
    shown = rows[:limit]
    return EntryPage(tuple(_entries(shown)), shown[-1].id if len(rows) > limit else None)


def _entries(rows: Sequence[TenantRow]) -> list[Entry]:
    counts = usage.counts([row.id for row in rows], usage.month_start("UTC")) if rows else {}
    limits = dict(session().execute(select(PlanRow.code, PlanRow.limits)).all())
    return [
        Entry(
            row.id, row.slug, row.name, row.state, row.plan_code, row.country, row.currency, row.created_at,
            tuple(usage.uses(counts.get(row.id, {}), limits.get(row.plan_code, {}) if row.limits is None else row.limits)),
        )
        for row in rows
    ]  # fmt: skip


def details(tenant_id: UUID) -> Details:
    """Return one marketplace. Raise Missing."""
    row = session().get(TenantRow, tenant_id)
    if row is None or row.id == PLATFORM.id:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    states = select(PluginRow.plugin, PluginRow.state).where(PluginRow.tenant_id == tenant_id)
    hosts = select(DomainRow.host).where(DomainRow.tenant_id == tenant_id).order_by(DomainRow.host)
    return Details(
        _entries([row])[0], row.timezone, tuple(row.languages), row.preset, row.suspended_reason,
        dict(session().execute(states).all()), tuple(session().scalars(hosts)),
    )  # fmt: skip


def state_counts() -> dict[str, int]:
    """Return how many marketplaces there are in each state."""
    query = select(TenantRow.state, func.count()).where(TenantRow.id != PLATFORM.id).group_by(TenantRow.state)
    return dict(session().execute(query).all())


def plans() -> list[Plan]:
    """Return the plans in their order, with how many marketplaces have each."""
    mine = select(TenantRow.plan_code, func.count()).where(TenantRow.id != PLATFORM.id).group_by(TenantRow.plan_code)
    counted = dict(session().execute(mine).all())
    rows = session().scalars(select(PlanRow).order_by(PlanRow.position))
    return [Plan(row.code, row.name, row.limits, counted.get(row.code, 0)) for row in rows]
