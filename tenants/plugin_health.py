"""How well a plugin does at a marketplace: its failures of the last weeks, and where it is left out just now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from core.hooks.faults import Fault
from core.hooks.runtime import plugins as registry
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id
from tenants.models import PluginFaultRow

RECENT = timedelta(days=7)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Failure:
    """A way in which it failed, and how often; `error` is the error's kind and first line, as the plugin wrote it."""

    hook: str
    error: str
    count: int
    longest_ms: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """`left_out` names the hooks in which the answering process does not ask it for half a minute."""

    failures: tuple[Failure, ...]
    left_out: tuple[str, ...]

    @property
    def state(self) -> str:
        """Return "left_out", "failing" (something failed within a week) or "well"."""
        if self.left_out:
            return "left_out"
        since = clock.now() - RECENT
        return "failing" if any(one.last_at > since for one in self.failures) else "well"


def health(plugin: str) -> Health:
    """Return a plugin's health at the bound marketplace; the newest failures first."""
    query = select(PluginFaultRow).where(PluginFaultRow.plugin == plugin)
    rows = session().scalars(query.order_by(PluginFaultRow.last_at.desc()).limit(_SHOWN))
    failures = tuple(Failure(r.hook, r.error, r.count, r.longest_ms, r.first_at, r.last_at) for r in rows)
    return Health(failures, tuple(registry().left_out(current_id(), plugin)))


def store(faults: Sequence[Fault]) -> None:
    """Write failures of the bound marketplace; one that is known counts up."""
    table = PluginFaultRow
    for fault in sorted(faults, key=lambda one: (one.plugin, one.hook, one.error)):
        ms = round(fault.seconds * 1000)
        row = {"tenant_id": current_id(), "id": new_id(), "plugin": fault.plugin, "hook": fault.hook,
               "error": fault.error, "count": 1, "longest_ms": ms, "first_at": fault.at, "last_at": fault.at}  # fmt: skip
        again = {"count": table.count + 1, "last_at": fault.at, "longest_ms": func.greatest(table.longest_ms, ms)}
        keys = [table.tenant_id, table.plugin, table.hook, table.error]
        session().execute(
            insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=again),
            execution_options={"synchronize_session": False},
        )
