"""What a plugin is made of. Asked once per process; the answers are checked for clashes and then frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from core.hooks.markers import Phase, Scope, hook
from core.hooks.types import Surface

if TYPE_CHECKING:
    from flask import Blueprint
    from marshmallow import Schema

Upgrade: TypeAlias = Callable[[Mapping[str, object]], Mapping[str, object]]
ChangeCheck: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any], date], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class SettingsSpec:
    """`upgrades[n]` turns stored data of version n into version n + 1; pure, total, never removed.

    `check_change` is given the stored settings, the new ones and the marketplace's date of today, and says what is wrong
    with the change, by field: for what depends on what was before, or on the day. It is asked when a person saves them;
    what is stored stays readable.
    """

    schema: type[Schema]
    version: int
    upgrades: Mapping[int, Upgrade]
    check_change: ChangeCheck | None = None


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that a role may hold. `name` is "<plugin>.<verb>"; `label` is shown to people."""

    name: str
    label: str
    surface: Surface


@dataclass(frozen=True, slots=True)
class Mount:
    """A blueprint below /<plugin> of a surface."""

    surface: Surface
    blueprint: Blueprint


@dataclass(frozen=True, slots=True)
class Job:
    """`run(tenant, **payload)`: payload is JSON; the runner opens the transaction and commits.

    With `cron`, in the tenant's timezone, it also runs by itself for each tenant that the plugin serves.
    `name` is "<plugin>.<job>"; after `timeout` it is stopped and tried again, `retries` times.
    """

    name: str
    run: Callable[..., None]
    timeout: timedelta
    retries: int
    cron: str | None = None


@hook(Phase.BOOT, Scope.INSTALLED)
def declare_settings() -> Sequence[SettingsSpec]:
    """Return at most one settings schema.

    Runs once per process. Core makes the settings form from it, and stores one versioned document per tenant;
    absent fields take the schema's load defaults.
    """
    raise NotImplementedError


@hook(Phase.BOOT, Scope.INSTALLED)
def declare_permissions() -> Sequence[Permission]:
    """Return the permissions that the plugin's views and API check.

    Runs once per process. Roles of the surface can be given them; names start with the plugin's name.
    """
    raise NotImplementedError


@hook(Phase.BOOT, Scope.INSTALLED)
def declare_blueprints() -> Sequence[Mount]:
    """Return blueprints to mount below /<plugin> of a surface.

    Runs once per process. For a tenant that lacks the plugin they answer 404, for every method.
    """
    raise NotImplementedError


@hook(Phase.BOOT, Scope.INSTALLED)
def declare_jobs() -> Sequence[Job]:
    """Return background jobs, by name or by clock.

    Runs once per process. Jobs by name are queued with core's outbox; those by clock run for each tenant
    served.
    """
    raise NotImplementedError
