"""Looks again and again whether the domains that serve still show their proof, and whether waiting ones do by now.

A domain that lost its proof goes on serving: a fault of the DNS must not close a shop. The platform's console names it,
and somebody decides.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update

from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import platform_transaction
from tenants import domains, values
from tenants.domains import Domain, Resolver
from tenants.models import DomainRow, TenantRow

_AGAIN = timedelta(hours=20)
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Lost:
    """A domain that serves and no longer shows its proof."""

    tenant_id: UUID
    tenant_name: str
    host: str
    since: datetime


@jobs.slow_job("tenants.check_domains", timeout=timedelta(seconds=180))
def _check(_payload: jobs.Payload) -> None:
    check_due(domains.Dns(), seconds=_SECONDS)


def check_due(resolver: Resolver, *, seconds: float = _SECONDS) -> int:
    """Ask the DNS about domains that were not looked at for a day, for so many seconds; return how many were asked.

    Opens its own transactions; nothing waits for the DNS inside of one.
    """
    end, count = time.monotonic() + seconds, 0
    for row in _due():
        if time.monotonic() > end:
            break
        _look(row, resolver)
        count += 1
    return count


def _due() -> Sequence[DomainRow]:
    with platform_transaction():
        query = (
            select(DomainRow)
            .join(TenantRow, TenantRow.id == DomainRow.tenant_id)
            .where(or_(DomainRow.checked_at.is_(None), DomainRow.checked_at < clock.now() - _AGAIN))
            .where(TenantRow.state != "closed")
            .order_by(DomainRow.checked_at.asc().nulls_first(), DomainRow.id)
            .limit(500)
        )
        return session().scalars(query).all()


def _look(row: DomainRow, resolver: Resolver) -> None:
    domain = Domain(row.id, row.host, row.challenge, row.verified_at)
    with bind(_ground(row.tenant_id)):
        if row.verified_at is None:
            _try(domain, resolver)
            is_shown = True
        else:
            is_shown = domains.is_proved(domain, resolver)
        with platform_transaction():
            _note(row, is_shown=is_shown)


def _try(domain: Domain, resolver: Resolver) -> None:
    try:
        domains.verify(domain, resolver)
    except Conflict:  # it serves another marketplace; the page says so to whoever checks it by hand
        return


def _note(row: DomainRow, *, is_shown: bool) -> None:
    now = clock.now()
    since = None if is_shown else row.failing_since or now
    where = (DomainRow.tenant_id == row.tenant_id, DomainRow.id == row.id)
    session().execute(update(DomainRow).where(*where).values(checked_at=now, failing_since=since))
    if (since is None) != (row.failing_since is None):
        audit.record("domain.proof_lost" if since else "domain.proof_back", "domain", row.id, host=row.host)


def _ground(tenant_id: UUID) -> Tenant:
    return replace(values.PLATFORM, id=tenant_id)


def lost(limit: int = 50) -> list[Lost]:
    """Return domains that serve without their proof, the longest first. Platform transaction."""
    query = (
        select(DomainRow.tenant_id, TenantRow.name, DomainRow.host, DomainRow.failing_since)
        .join(TenantRow, TenantRow.id == DomainRow.tenant_id)
        .where(DomainRow.failing_since.is_not(None), DomainRow.verified_at.is_not(None))
    )
    rows = session().execute(query.order_by(DomainRow.failing_since, DomainRow.id).limit(limit))
    return [Lost(row.tenant_id, row.name, row.host, row.failing_since) for row in rows if row.failing_since]
