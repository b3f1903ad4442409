"""Stores what plugins failed at once a request or a job is over."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from flask import Flask

from core.hooks import faults
from core.hooks.faults import Fault
from core.kernel.tenancy import bind
from core.kernel.tx import transaction
from tenants import plugin_health, values


def flush() -> None:
    """Store what is noted, in a transaction of its own for each marketplace; quick where nothing is."""
    by_tenant: dict[UUID, list[Fault]] = defaultdict(list)
    for fault in faults.taken():
        by_tenant[fault.tenant_id].append(fault)
    for tenant_id, noted in by_tenant.items():
        tenant = values.find(tenant_id)
        if tenant is not None:
            with bind(tenant), transaction():
                plugin_health.store(noted)


def register(app: Flask) -> None:
    """Look after each request whether a plugin failed in it."""

    @app.teardown_request
    def store(_error: BaseException | None) -> None:
        flush()
