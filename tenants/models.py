"""Rows of the platform itself: tenants, their host names, plans and plugin states."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.ids import new_id
from core.kernel.tenancy import TenantOwned


class PlanRow(Model):
    """What a tenant has bought of the platform. `limits` maps a limit's name to its number; absent is unlimited."""

    __tablename__ = "plans"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    limits: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    position: Mapped[int] = mapped_column(default=0)


class TenantRow(Model):
    """One marketplace. `version` grows with each change, so that caches know.

    `limits` are those of the plan's version that it has; None where it has what the plan had from the start.
    """

    __tablename__ = "tenants"
    __table_args__ = (CheckConstraint("state in ('provisioning','active','suspended','closed')", name="state"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="provisioning")
    plan_code: Mapped[str] = mapped_column(ForeignKey("plans.code"))
    limits: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    country: Mapped[str]
    currency: Mapped[str]
    timezone: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(JSON)
    preset: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    suspended_reason: Mapped[str] = mapped_column(default="")


class DomainRow(TenantOwned, Model):
    """A host name that a tenant claims. It serves only once verified, and then only one tenant of the platform.

    `failing_since` is when the DNS stopped to show the proof of one that serves.
    """

    __tablename__ = "tenant_domains"
    __table_args__ = (
        UniqueConstraint("tenant_id", "host"),
        Index("uq_tenant_domains_served", "host", unique=True, postgresql_where=text("verified_at is not null")),
    )
    host: Mapped[str]
    challenge: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None] = mapped_column(Timestamp)
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    failing_since: Mapped[datetime | None] = mapped_column(Timestamp)


class PluginRow(TenantOwned, Model):
    """A plugin's state and settings at a tenant; `schema_version` says which upgrades the settings have had."""

    __tablename__ = "tenant_plugins"
    __table_args__ = (
        UniqueConstraint("tenant_id", "plugin"),
        CheckConstraint("state in ('enabled','draining','disabled','purged')", name="state"),
    )
    plugin: Mapped[str]
    state: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    schema_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class PluginFaultRow(TenantOwned, Model):
    """A way in which a plugin failed at a tenant, and how often; the same failure again only counts."""

    __tablename__ = "plugin_faults"
    __table_args__ = (UniqueConstraint("tenant_id", "plugin", "hook", "error"),)
    plugin: Mapped[str]
    hook: Mapped[str]
    error: Mapped[str]
    count: Mapped[int] = mapped_column(default=1)
    longest_ms: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    last_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ProvisioningRow(TenantOwned, Model):
    """A step of a tenant's onboarding, for the progress page."""

    __tablename__ = "tenant_provisioning"
    __table_args__ = (UniqueConstraint("tenant_id", "position"),)
    position: Mapped[int]
    step: Mapped[str]
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
