"""What happens to a marketplace after its opening: suspended and restored, renamed, moved to another plan."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select, update

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.machine import check, machine
from core.kernel.tenancy import bind, current_id
from core.kernel.tx import after_commit
from tenants import deeds, values
from tenants.billing import subscriptions
from tenants.billing.facts import Customer
from tenants.models import PlanRow, TenantRow

MACHINE = machine(
    "tenant", provisioning="active closed", active="suspended closed", suspended="active closed", closed=""
)


def require(tenant_id: UUID) -> TenantRow:
    """Return a tenant's row, locked. Raise Missing for the platform's own. Platform transaction."""
    query = select(TenantRow).where(TenantRow.id == tenant_id, TenantRow.id != values.PLATFORM.id)
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    return row


def suspend(tenant_id: UUID, reason: str) -> None:
    """Close a marketplace for the moment: every page answers 503, nothing is lost. Platform transaction."""
    if not reason.strip():
        wrong = FieldError("reason", _("Say why; the log keeps it"))
        raise Invalid("tenants.reason", _("A reason is needed"), fields=(wrong,))
    _move(require(tenant_id), "suspended", reason.strip()[:500])


def restore(tenant_id: UUID, reason: str = "") -> None:
    """Open a suspended marketplace again. Raise Conflict if it is not suspended. Platform transaction."""
    row = require(tenant_id)
    if row.state != "suspended":
        raise Conflict("tenants.not_suspended", _("This marketplace is not suspended"))
    _move(row, "active", reason.strip()[:500])


def _move(row: TenantRow, target: str, reason: str) -> None:
    source = row.state
    check(MACHINE, source, target)
    changed = session().execute(
        update(TenantRow)
        .where(TenantRow.id == row.id, TenantRow.state == source)
        .values(state=target, suspended_reason=reason if target == "suspended" else "", version=TenantRow.version + 1)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("tenant.moved_meanwhile", _("Somebody changed this in the meantime; look again"))
    deeds.record(f"tenant.{target}", row.id, source=source, target=target, reason=reason)
    _forget_after(row.id)


def change_plan(tenant_id: UUID, plan: str) -> None:
    """Give a marketplace another plan at once; what it has beyond the new limits stays. Platform transaction."""
    row = require(tenant_id)
    if session().get(PlanRow, plan) is None:
        raise Invalid("tenants.plan", _("There is no such plan"), fields=(FieldError("plan", _("Choose a plan")),))
    before = row.plan_code
    who = Customer(row.id, row.slug, row.name, row.country, row.currency, row.timezone)
    with bind(values.PLATFORM):
        subscriptions.put_on(who, plan)
    deeds.record("tenant.plan", row.id, before=before, after=plan)


def rename(name: str) -> None:
    """Give the bound marketplace another name, at most 80 characters."""
    if not 0 < len(name.strip()) <= 80:
        wrong = FieldError("name", _("Give the marketplace a name of at most 80 characters"))
        raise Invalid("tenants.name", _("This name does not work"), fields=(wrong,))
    row = _own()
    before, row.name = row.name, name.strip()
    _changed(row, "tenant.renamed", before=before, after=row.name)


def change_languages(languages: Sequence[str]) -> None:
    """Set the bound marketplace's languages, the first one being its own."""
    chosen = list(dict.fromkeys(languages))
    if not chosen or not set(chosen) <= {"en", "zh"}:
        wrong = FieldError("languages", _("Choose English, Chinese or both"))
        raise Invalid("tenants.languages", _("These languages do not work"), fields=(wrong,))
    row = _own()
    row.languages = chosen
    _changed(row, "tenant.languages", after=", ".join(chosen))


def change_timezone(timezone: str) -> None:
    """Set the time zone of the bound marketplace's business days, such as "Europe/Dublin"."""
    if timezone not in available_timezones():
        wrong = FieldError("timezone", _("Give the time zone by its name, such as Europe/Dublin"))
        raise Invalid("tenants.timezone", _("There is no such time zone"), fields=(wrong,))
    row = _own()
    before, row.timezone = row.timezone, timezone
    _changed(row, "tenant.timezone", before=before, after=timezone)


def _own() -> TenantRow:
    return session().scalars(select(TenantRow).where(TenantRow.id == current_id()).with_for_update()).one()


def _changed(row: TenantRow, action: str, **facts: audit.Plain) -> None:
    row.version += 1
    audit.record(action, "tenant", row.id, **facts)
    _forget_after(row.id)


def _forget_after(tenant_id: UUID) -> None:
    after_commit(lambda: values.forget(tenant_id))
