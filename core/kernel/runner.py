"""Runs outbox rows: claim, bind the tenant, effect and mark in one transaction, or a lease around slow work."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

import structlog

from core.kernel import audit, clock, jobs, outbox
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction, transaction

log = structlog.get_logger()
Tenants = Callable[[UUID], Tenant | None]


def run_row(tenant: Tenant, key: UUID, handler: str, *, attempts_left: bool = True) -> bool:
    """Run one row of a tenant; return whether it is done. Failures are logged and noted on the row."""
    job = jobs.find(handler)
    with bind(tenant), audit.acting(audit.SYSTEM):
        if job is None:
            with transaction():
                outbox.fail(key, f"no job is called {handler}; its plugin may be gone", is_final=False)
            return False
        try:
            (_run_slow if job.is_slow else _run_quick)(job, key)
        except Exception as error:  # the job boundary: whatever a job raises is noted and tried again
            log.exception("job failed", job=handler, tenant=tenant.slug, row=str(key))
            with transaction():
                outbox.fail(key, f"{type(error).__name__}: {error}", is_final=not attempts_left)
            return False
    return True


def _run_quick(job: jobs.Job, key: UUID) -> None:
    with transaction():
        payload = outbox.take(key)
        if payload is not None:
            job.run(payload)
            outbox.finish(key)


def _run_slow(job: jobs.Job, key: UUID) -> None:
    with transaction():
        payload = outbox.take(key)
        if payload is not None:
            outbox.extend(key, clock.now() + job.timeout)
    if payload is None:
        return
    job.run(payload)
    with transaction():
        outbox.finish(key)


def drain(tenants: Tenants, *, seconds: float = 20.0) -> int:
    """Run due rows of all tenants until none is left or the time is up; return how many were tried."""
    end, tried = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        with bind(None), platform_transaction():
            claim = outbox.claim()
        if claim is None:
            break
        tenant = tenants(claim.tenant_id)
        if tenant is not None and not claim.is_dead:
            run_row(tenant, claim.id, claim.handler)
            tried += 1
    return tried


def anything_due() -> bool:
    """Tell whether a worker would find something to do."""
    with bind(None), platform_transaction():
        return outbox.is_due()
