"""Onboarding a marketplace: one row first, then steps that can be repeated until all are done."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import available_timezones

from babel import Locale
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, bind, current_id
from core.kernel.tx import platform_transaction, transaction
from core.merchants.models import MerchantRow
from core.orders.models import CounterRow
from tenants import plugins, values
from tenants.models import PlanRow, ProvisioningRow, TenantRow
from tenants.presets import PRESETS

DEFAULT_PLAN = "standard"
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
_RESERVED = frozenset("platform www api admin static mail app status help".split())
_ENGLISH = Locale("en")


@dataclass(frozen=True, slots=True)
class Onboarding:
    """What it takes to open a marketplace. `slug` is its name in addresses; languages are "en" and "zh"."""

    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    preset: str
    plan: str = DEFAULT_PLAN
    settings: Mapping[str, object] = field(default_factory=dict)


def check(request: Onboarding) -> None:
    """Raise Invalid with an error for each input at fault."""
    wrong = [
        FieldError(path, message)
        for path, message, holds in (
            ("slug", _("Use lower-case letters, digits and hyphens, at most 50; some names are reserved"),
             bool(_SLUG.fullmatch(request.slug)) and request.slug not in _RESERVED),
            ("name", _("Give the marketplace a name of at most 80 characters"), 0 < len(request.name.strip()) <= 80),
            ("country", _("Give the country as two letters, such as IE"), request.country in _ENGLISH.territories
             and len(request.country) == 2),
            ("currency", _("Give the currency as three letters, such as EUR"), request.currency in _ENGLISH.currencies),
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


def create(request: Onboarding) -> UUID:
    """Write a tenant that is being provisioned and its steps. Raise Invalid or Conflict. Platform transaction."""
    check(request)
    ensure_platform()
    tenant_id = new_id()
    written = session().execute(
        insert(TenantRow)
        .values(
            id=tenant_id, slug=request.slug, name=request.name.strip(), plan_code=request.plan, country=request.country,
            currency=request.currency, timezone=request.timezone, languages=list(request.languages),
            preset=request.preset, settings=dict(request.settings), state="provisioning", version=1,
            created_at=clock.now(), suspended_reason="",
        )
        .on_conflict_do_nothing()
        .returning(TenantRow.id)
    )  # fmt: skip
    if written.first() is None:
        raise Conflict("tenants.slug_taken", _("The name {slug} is taken"), slug=request.slug)
    for position, step in enumerate(STEPS):
        session().add(ProvisioningRow(tenant_id=tenant_id, position=position, step=step))
    return tenant_id


def ensure_platform() -> None:
    """Make the platform's own row and the plans that come with the program, where they are missing."""
    plans = [
        {"code": "starter", "name": "Starter", "limits": {"listings": 500, "merchants": 20, "staff": 5}, "position": 1},
        {"code": "standard", "name": "Standard", "limits": {"listings": 50_000, "merchants": 2_000, "staff": 50},
         "position": 2},
        {"code": "unlimited", "name": "Unlimited", "limits": {}, "position": 3},
    ]  # fmt: skip
    session().execute(insert(PlanRow).values(plans).on_conflict_do_nothing())
    ground = values.PLATFORM
    row = {
        "id": ground.id, "slug": ground.slug, "name": ground.name, "state": "active", "plan_code": "unlimited",
        "country": ground.country, "currency": ground.currency, "timezone": ground.timezone, "preset": "bare",
        "languages": list(ground.languages), "settings": {}, "version": 1, "suspended_reason": "",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    session().execute(insert(TenantRow).values(row).on_conflict_do_nothing())


def _make_house(tenant: Tenant) -> None:
    row = {
        "tenant_id": tenant.id, "id": new_id(), "name": tenant.name, "kind": "company", "country": tenant.country,
        "email": "", "state": "approved", "is_house": True, "approved_at": clock.now(), "created_at": clock.now(),
        "phone": "", "registration_number": "", "tax_number": "", "address": {}, "note": "",
    }  # fmt: skip
    session().execute(insert(MerchantRow).values(row).on_conflict_do_nothing())


def _make_counters(tenant: Tenant) -> None:
    rows = [{"tenant_id": tenant.id, "id": new_id(), "series": s, "last": 10_000} for s in ("purchase", "refund")]
    session().execute(insert(CounterRow).values(rows).on_conflict_do_nothing())


def _switch_on_plugins(tenant: Tenant) -> None:
    preset = session().scalars(select(TenantRow.preset).where(TenantRow.id == tenant.id)).one()
    for plugin in PRESETS[preset].plugins:
        plugins.enable_if_installed(plugin)


_STEP: Mapping[str, Callable[[Tenant], None]] = {
    "house": _make_house,
    "counters": _make_counters,
    "plugins": _switch_on_plugins,
}
STEPS = tuple(_STEP)


def complete(tenant_id: UUID) -> None:
    """Carry out the steps that are left, one transaction each, and open the marketplace. Safe to repeat."""
    for name in STEPS:
        values.forget(tenant_id)
        tenant = values.find(tenant_id)
        if tenant is None:
            return
        with bind(tenant), transaction():
            _carry_out(name, tenant)
    with platform_transaction():
        session().execute(
            update(TenantRow).where(TenantRow.id == tenant_id, TenantRow.state == "provisioning").values(state="active")
        )
    values.forget(tenant_id)


def _carry_out(name: str, tenant: Tenant) -> None:
    row = session().scalars(select(ProvisioningRow).where(ProvisioningRow.step == name)).one_or_none()
    if row is not None and row.done_at is None:
        _STEP[name](tenant)
        row.done_at = clock.now()


@jobs.slow_job("tenants.provision")
def _provision(_payload: jobs.Payload) -> None:
    complete(current_id())
