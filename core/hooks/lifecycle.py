"""A tenant switches a plugin on and off. Each hook is called on that one plugin only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.hooks.markers import Phase, Scope, hook
from core.kernel.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class Obligation:
    """Unfinished business that keeps a plugin draining: `count` things of one kind, `message` for people."""

    code: str
    count: int
    message: str


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of a table are gone."""

    table: str
    rows: int


@hook(Phase.TX, Scope.NAMED, budget_ms=10_000)
def on_enable(tenant: Tenant, settings: Mapping[str, object]) -> None:
    """Prepare default rows.

    Runs in the transaction that enables the plugin, with its loaded settings; an error leaves it as it was.
    Runs again on re-enabling over retained rows, so create only what is missing.
    """


@hook(Phase.READ, Scope.NAMED, budget_ms=2_000)
def find_obligations(tenant: Tenant) -> Sequence[Obligation]:
    """Return unfinished business: what somebody has paid for and not yet got.

    Runs for the plan shown before switching off, and daily while draining. While there is some, the plugin
    drains and does not become disabled; none lets it.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.NAMED, budget_ms=10_000)
def on_disable(tenant: Tenant) -> None:
    """Undo side effects outside own tables, such as own timers. Keep own rows.

    Runs in the transaction that ends draining; an error keeps the plugin draining. A call to the outside
    world, such as removing a carrier's webhook, is queued here and made by a job.
    """


@hook(Phase.TX, Scope.NAMED, budget_ms=60_000)
def purge_tenant(tenant: Tenant) -> Sequence[Purged]:
    """Delete every own row of the tenant, children first, and return the counts. Irreversible.

    Runs after an export and the retention time, confirmed by a person.
    """
    raise NotImplementedError
