"""Which plugins a tenant has switched on: enabled, draining, disabled; each switch is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select, update

from core.hooks import lifecycle
from core.hooks.declare import SettingsSpec, declare_settings
from core.hooks.lifecycle import Obligation
from core.hooks.manifest import misfits
from core.hooks.runtime import plugins
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.locks import lock_name
from core.kernel.machine import check, machine
from core.kernel.tenancy import current
from core.kernel.tx import after_commit
from tenants import values
from tenants.models import PluginRow, TenantRow

MACHINE = machine(
    "plugin", enabled="draining disabled", draining="enabled disabled", disabled="enabled purged", purged="enabled"
)


def settings_spec(plugin: str) -> SettingsSpec | None:
    """Return the plugin's settings schema, if it declares one."""
    declared = plugins().ask(plugin, declare_settings)
    return declared[0] if declared else None


def _row(plugin: str) -> PluginRow | None:
    return session().scalars(select(PluginRow).where(PluginRow.plugin == plugin).with_for_update()).one_or_none()


def defaults(plugin: str) -> dict[str, Any]:
    """Return the settings that a plugin starts with."""
    spec = settings_spec(plugin)
    return load_settings(plugin, {}) if spec else {}


def load_settings(plugin: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Check settings against the plugin's schema and return them as stored. Raise Invalid by field."""
    spec = settings_spec(plugin)
    if spec is None:
        raise Missing("plugins.no_settings", _("This plugin has no settings"))
    try:
        loaded = spec.schema().load(raw)
    except ValidationError as error:
        wrong = tuple(FieldError(str(name), " ".join(map(str, texts))) for name, texts in error.messages_dict.items())
        raise Invalid("plugins.settings", _("The settings do not hold together"), fields=wrong) from None
    stored: dict[str, Any] = spec.schema().dump(loaded)
    return stored


def enable_if_installed(plugin: str) -> bool:
    """Switch a plugin on if this installation has it; return whether it has."""
    if plugin not in plugins().order:
        return False
    enable(plugin)
    return True


def enable(plugin: str) -> None:
    """Switch a plugin on. Raise Missing, or Conflict where another is required or in the way."""
    if plugin not in plugins().order:
        raise Missing("plugins.unknown", _("There is no plugin of this name"))
    lock_name("plugins")
    row = _row(plugin)
    if row is not None and row.state == "enabled":
        return
    for problem in misfits(current().enabled | {plugin}, plugins().manifests):
        raise Conflict(
            "plugins.misfit",
            _("It cannot be switched on: {problem} ({other})"),
            problem=problem.code,
            other=problem.other,
        )
    if row is None:
        row = PluginRow(plugin=plugin, state="enabled", settings=defaults(plugin))
        session().add(row)
    else:
        _set_state(row, "enabled")
    plugins().ask(plugin, lifecycle.on_enable, tenant=current(), settings=row.settings)
    audit.record("plugin.enabled", "plugin", row.id, plugin=plugin)
    _touch()


def obligations(plugin: str) -> list[Obligation]:
    """Return the plugin's unfinished business at this tenant."""
    return list(plugins().ask(plugin, lifecycle.find_obligations, tenant=current()) or ())


def disable(plugin: str) -> str:
    """Switch a plugin off: it drains while business of the past is open. Return the state reached."""
    lock_name("plugins")
    row = _row(plugin)
    if row is None or row.state not in ("enabled", "draining"):
        raise Conflict("plugins.not_on", _("This plugin is not switched on"))
    dependent = [n for n, m in plugins().manifests.items() if plugin in m.requires and n in current().enabled]
    if dependent:
        raise Conflict("plugins.required", _("{names} need it; switch them off first"), names=", ".join(dependent))
    target = "draining" if obligations(plugin) else "disabled"
    if target == "disabled":
        plugins().ask(plugin, lifecycle.on_disable, tenant=current())
    if row.state != target:
        _set_state(row, target)
        audit.record(f"plugin.{target}", "plugin", row.id, plugin=plugin)
    _touch()
    return target


def change_settings(plugin: str, raw: Mapping[str, Any]) -> None:
    """Store a plugin's settings. Raise Invalid by field, or Conflict where it is not switched on."""
    loaded = load_settings(plugin, raw)
    row = _row(plugin)
    if row is None or row.state not in ("enabled", "draining"):
        raise Conflict("plugins.not_on", _("This plugin is not switched on"))
    _check_change(plugin, row.settings, loaded)
    row.settings = loaded
    row.version += 1
    audit.record("plugin.settings", "plugin", row.id, plugin=plugin, version=row.version)
    _touch()


def _check_change(plugin: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    spec = settings_spec(plugin)
    if spec is None or spec.check_change is None:
        return
    faults = spec.check_change(before, after, clock.today(current().timezone))
    if faults:
        wrong = tuple(FieldError(name, text) for name, text in faults.items())
        raise Invalid("plugins.settings", _("The settings do not hold together"), fields=wrong)


def _set_state(row: PluginRow, target: str) -> None:
    check(MACHINE, row.state, target)
    row.state = target
    row.changed_at = clock.now()


def _touch() -> None:
    """Give the tenant a new version, so that every process reads it again."""
    tenant_id = current().id
    session().execute(update(TenantRow).where(TenantRow.id == tenant_id).values(version=TenantRow.version + 1))
    after_commit(lambda: values.forget(tenant_id))
