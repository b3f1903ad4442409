"""Onboarding marketplaces: a row first, then steps that can be repeated until all are done. One or a thousand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert

from core.catalogue.models import CategoryRow
from core.kernel import clock, jobs
from core.kernel.db import Model, session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, bind, current_id
from core.kernel.tx import platform_transaction, read_only, transaction
from core.merchants.models import MerchantRow
from core.orders.models import CounterRow
from tenants import deeds, domains, plugins, settings, starters, values
from tenants.billing import starting, subscriptions
from tenants.billing.models import PlanVersionRow
from tenants.countries import is_country, is_currency
from tenants.models import DomainRow, PlanRow, ProvisioningRow, TenantRow
from tenants.presets import PRESETS

DEFAULT_PLAN = "standard"
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
_RESERVED = frozenset("platform www api admin static mail app status help".split())


@dataclass(frozen=True, slots=True)
class Onboarding:
    """What it takes to open a marketplace. `slug` is its name in addresses; languages are "en" and "zh".

    `domains` are claimed but serve only once proved. `with_categories` gives it eight categories to start with.
    """

    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    preset: str
    plan: str = DEFAULT_PLAN
    settings: Mapping[str, object] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    with_categories: bool = False


def check(request: Onboarding) -> None:
    """Raise Invalid with an error for each input at fault."""
    wrong = [
        FieldError(path, message)
        for path, message, holds in (
            ("slug", _("Use lower-case letters, digits and hyphens, at most 50; some names are reserved"),
             bool(_SLUG.fullmatch(request.slug)) and request.slug not in _RESERVED),
            ("name", _("Give the marketplace a name of at most 80 characters"), 0 < len(request.name.strip()) <= 80),
            ("country", _("Give the country as two letters, such as IE"), is_country(request.country)),
            ("currency", _("Give the currency as three letters, such as EUR"), is_currency(request.currency)),
            ("timezone", _("Give the time zone by its name, such as Europe/Dublin"),
             request.timezone in available_timezones()),
            ("languages", _("Choose English, Chinese or both"),
             bool(request.languages) and set(request.languages) <= {"en", "zh"}),
            ("preset", _("There is no such preset"), request.preset in PRESETS),
        )
        if not holds
    ]  # fmt: skip
    if wrong:
        raise Invalid("tenants.invalid", _("The marketplace cannot be opened like this"), fields=tuple(wrong))


def create(request: Onboarding, *, platform_host: str = "") -> UUID:
    """Write a tenant that is being provisioned and its steps. Raise Invalid or Conflict. Platform transaction."""
    return create_many([request], platform_host=platform_host)[0]


def create_many(requests: Sequence[Onboarding], *, platform_host: str = "") -> list[UUID]:
    """Write tenants that are being provisioned: in a few batches, all or none. Platform transaction.

    Raise Invalid for the first request at fault, Conflict "tenants.slug_taken" for the first name that is taken.
    """
    for request in requests:
        check(request)
    ensure_platform()
    _require_plans({request.plan for request in requests})
    pairs = [(new_id(), request) for request in requests]
    rows = [_tenant_values(tenant_id, request) for tenant_id, request in pairs]
    written = session().scalars(insert(TenantRow).on_conflict_do_nothing().returning(TenantRow.id), rows).all()
    missing = {tenant_id for tenant_id, _request in pairs} - set(written)
    for tenant_id, request in pairs:
        if tenant_id in missing:
            raise Conflict("tenants.slug_taken", _("The name {slug} is taken"), slug=request.slug)
    _write(ProvisioningRow, [row for tenant_id, request in pairs for row in _step_values(tenant_id, request)])
    _write(DomainRow, [row for key, request in pairs for row in _domain_values(key, request, platform_host)])
    subscriptions.begin([(tenant_id, request.plan, request.timezone) for tenant_id, request in pairs])
    deeds.record_created([(tenant_id, request.slug, request.plan) for tenant_id, request in pairs])
    return [tenant_id for tenant_id, _request in pairs]


def _require_plans(plans: set[str]) -> None:
    unknown = plans - set(session().scalars(select(PlanRow.code)))
    if unknown:
        wrong = FieldError("plan", _("There is no such plan"))
        raise Invalid("tenants.plan", _("The marketplace cannot be opened like this"), fields=(wrong,))


def _tenant_values(tenant_id: UUID, request: Onboarding) -> dict[str, Any]:
    chosen = {**PRESETS[request.preset].settings, **request.settings}
    return {
        "id": tenant_id, "slug": request.slug, "name": request.name.strip(), "plan_code": request.plan,
        "country": request.country, "currency": request.currency, "timezone": request.timezone,
        "languages": list(dict.fromkeys(request.languages)), "preset": request.preset,
        "settings": settings.load(chosen) if chosen else {}, "state": "provisioning", "version": 1,
        "created_at": clock.now(), "suspended_reason": "",
    }  # fmt: skip


def _step_values(tenant_id: UUID, request: Onboarding) -> list[dict[str, Any]]:
    steps = [step for step in STEPS if step != "categories" or request.with_categories]
    return [
        {"tenant_id": tenant_id, "id": new_id(), "position": position, "step": step, "done_at": None}
        for position, step in enumerate(steps)
    ]


def _domain_values(tenant_id: UUID, request: Onboarding, platform_host: str) -> list[dict[str, Any]]:
    return [domains.claim(tenant_id, text, platform_host) for text in dict.fromkeys(request.domains)]


def _write(kind: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    table = kind.__table__
    if rows and isinstance(table, Table):
        session().execute(insert(table).on_conflict_do_nothing(), list(rows))


def ensure_platform() -> None:
    """Make the platform's own row and the plans that come with the program, where they are missing."""
    session().execute(insert(PlanRow).values(list(starting.rows())).on_conflict_do_nothing())
    ground = values.PLATFORM
    row = {
        "id": ground.id, "slug": ground.slug, "name": ground.name, "state": "active", "plan_code": "unlimited",
        "country": ground.country, "currency": ground.currency, "timezone": ground.timezone, "preset": "bare",
        "languages": list(ground.languages), "settings": {}, "version": 1, "suspended_reason": "",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    session().execute(insert(TenantRow).values(row).on_conflict_do_nothing())
    session().execute(insert(PlanVersionRow).values(list(starting.versions())).on_conflict_do_nothing())


def _house(tenant: Tenant) -> list[dict[str, Any]]:
    return [{
        "name": tenant.name, "kind": "company", "country": tenant.country, "email": "", "state": "approved",
        "is_house": True, "approved_at": clock.now(), "created_at": clock.now(), "phone": "",
        "registration_number": "", "tax_number": "", "address": {}, "note": "",
    }]  # fmt: skip


def _counters(_tenant: Tenant) -> list[dict[str, Any]]:
    return [{"series": series, "last": 10_000} for series in ("purchase", "refund")]


def _categories(_tenant: Tenant) -> list[dict[str, Any]]:
    return [dict(row) for row in starters.rows()]


_SEEDS: Mapping[str, tuple[type[Model], Callable[[Tenant], list[dict[str, Any]]]]] = {
    "house": (MerchantRow, _house),
    "counters": (CounterRow, _counters),
    "categories": (CategoryRow, _categories),
}
STEPS = (*_SEEDS, "plugins")


def _seed(step: str, tenants: Sequence[Tenant]) -> None:
    """Write a step's first rows of one tenant or many, in one statement."""
    kind, rows = _SEEDS[step]
    _write(kind, [{"tenant_id": tenant.id, "id": new_id(), **row} for tenant in tenants for row in rows(tenant)])


def _switch_on_plugins(tenant: Tenant) -> None:
    preset = session().scalars(select(TenantRow.preset).where(TenantRow.id == tenant.id)).one()
    with bind(tenant):
        for plugin in PRESETS[preset].plugins:
            plugins.enable_if_installed(plugin)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an onboarding; `done_at` is None while it is still to do."""

    name: str
    done_at: datetime | None


def steps() -> list[Step]:
    """Return the bound tenant's steps in order."""
    rows = session().scalars(select(ProvisioningRow).order_by(ProvisioningRow.position))
    return [Step(row.step, row.done_at) for row in rows]


def complete(tenant_id: UUID) -> None:
    """Carry out the steps that are left, one transaction each, and open the marketplace. Safe to repeat."""
    values.forget(tenant_id)
    tenant = values.find(tenant_id)
    if tenant is None:
        return
    with bind(tenant), read_only():
        left = [step.name for step in steps() if step.done_at is None]
    for name in left:
        with bind(tenant), transaction():
            _carry_out(name, tenant)
    _open([tenant_id])


def complete_many(tenant_ids: Sequence[UUID]) -> None:
    """Do the same for many: the first rows of all in a few statements, then each one's plugins. Safe to repeat."""
    with platform_transaction():
        rows = session().scalars(select(TenantRow).where(TenantRow.id.in_(tenant_ids))).all()
        tenants = {row.id: _value(row) for row in rows}
        for name in _SEEDS:
            undone = session().scalars(
                update(ProvisioningRow)
                .where(ProvisioningRow.tenant_id.in_(tenants), ProvisioningRow.step == name)
                .where(ProvisioningRow.done_at.is_(None))
                .values(done_at=clock.now())
                .returning(ProvisioningRow.tenant_id),
                execution_options={"synchronize_session": False},
            )
            _seed(name, [tenants[key] for key in undone])
    for tenant in tenants.values():
        with bind(tenant), transaction():
            _carry_out("plugins", tenant)
    _open(tenant_ids)


def _value(row: TenantRow) -> Tenant:
    return Tenant(
        row.id, row.slug, row.name, row.country, row.currency, row.timezone, tuple(row.languages), state=row.state
    )


def _open(tenant_ids: Sequence[UUID]) -> None:
    with platform_transaction():
        session().execute(
            update(TenantRow)
            .where(TenantRow.id.in_(tenant_ids), TenantRow.state == "provisioning")
            .values(state="active", version=TenantRow.version + 1),
            execution_options={"synchronize_session": False},
        )
    for tenant_id in tenant_ids:
        values.forget(tenant_id)


def _carry_out(name: str, tenant: Tenant) -> None:
    query = select(ProvisioningRow).where(ProvisioningRow.step == name, ProvisioningRow.done_at.is_(None))
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None:
        return
    if name in _SEEDS:
        _seed(name, [tenant])
    else:
        _switch_on_plugins(tenant)
    row.done_at = clock.now()


def soon(tenant_id: UUID) -> None:
    """Have a worker carry out a new tenant's steps. Platform transaction, the one of `create`."""
    with bind(replace(values.PLATFORM, id=tenant_id)):
        jobs.soon("tenants.provision", {})
        session().flush()


@jobs.slow_job("tenants.provision")
def _provision(_payload: jobs.Payload) -> None:
    complete(current_id())
