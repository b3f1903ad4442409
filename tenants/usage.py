"""How much of its plan a marketplace uses: one statement, remembered for a minute."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text

from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.tenancy import current

_FRESH_SECONDS = 60.0
_cache: dict[UUID, tuple[float, Mapping[str, int]]] = {}
LABELS: Mapping[str, str] = {
    "listings": _("Products"), "merchants": _("Merchants"), "staff": _("Staff"), "orders": _("Orders this month"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """How many there are of one limited thing; `limit` is None where the plan does not say."""

    name: str
    label: str
    count: int
    limit: int | None

    @property
    def is_reached(self) -> bool:
        """Whether no more may be added."""
        return self.limit is not None and self.count >= self.limit


_COUNTS = text("""
    select t.id,
      (select count(*) from listings l where l.tenant_id = t.id and l.state <> 'archived') as listings,
      (select count(*) from merchants m where m.tenant_id = t.id and m.state = 'approved' and not m.is_house)
        as merchants,
      (select count(*) from users u where u.tenant_id = t.id and u.realm = 'operator' and u.state = 'active') as staff,
      (select count(*) from orders o where o.tenant_id = t.id and o.placed_at >= :since
          and o.placed_at < coalesce(cast(:until as timestamptz), 'infinity')) as orders
    from tenants t where t.id in :ids""").bindparams(bindparam("ids", expanding=True))


def counts(ids: Iterable[UUID], since: datetime, until: datetime | None = None) -> dict[UUID, Mapping[str, int]]:
    """Return the counts of several tenants in one statement; orders from a moment on, and before another.

    Platform transaction for many.
    """
    rows = session().execute(_COUNTS, {"ids": list(ids), "since": since, "until": until}).mappings()
    return {row["id"]: {name: row[name] for name in LABELS} for row in rows}


def month_start(timezone: str) -> datetime:
    """Return when the present month began in a time zone."""
    here = clock.now().astimezone(ZoneInfo(timezone))
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def used() -> Mapping[str, int]:
    """Return the bound tenant's counts, at most a minute old."""
    tenant, now = current(), time.monotonic()
    cached = _cache.get(tenant.id)
    if cached is None or now - cached[0] > _FRESH_SECONDS:
        if len(_cache) > 20_000:
            _cache.clear()
        found = counts([tenant.id], month_start(tenant.timezone)).get(tenant.id, dict.fromkeys(LABELS, 0))
        cached = _cache[tenant.id] = (now, found)
    return cached[1]


def uses(found: Mapping[str, int], limits: Mapping[str, int]) -> list[Use]:
    """Put counts beside a plan's limits."""
    return [Use(name, label, found.get(name, 0), limits.get(name)) for name, label in LABELS.items()]
