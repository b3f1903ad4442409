"""Whose data it is: export, erasure, and made-up data for demonstrations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.hooks.markers import Phase, Scope, hook
from core.kernel.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class DataSubject:
    """Whose data: `kind` is "customer" or "merchant"."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file of the archive that a person gets; `name` is "<plugin>/<table>.json"."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Erasure:
    """`kept` says why rows stay, such as a tax law; empty when all went."""

    table: str
    erased: int
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """What made-up rows are about. They must be the same for the same `number`."""

    number: int
    merchant_ids: tuple[UUID, ...]
    listing_ids: tuple[UUID, ...]
    customer_ids: tuple[UUID, ...]


@hook(Phase.READ, Scope.HOLDING, budget_ms=10_000)
def export_subject(tenant: Tenant, subject: DataSubject) -> Sequence[ExportFile]:
    """Return everything held about the subject.

    Runs in a worker on a person's request, also where the plugin is off but keeps rows. A failure stops the
    export.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.HOLDING, budget_ms=10_000)
def erase_subject(tenant: Tenant, subject: DataSubject) -> Sequence[Erasure]:
    """Erase or anonymise what the law lets go, and say how many rows of each table.

    Runs in one transaction for all plugins, also where the plugin is off but keeps rows; a failure undoes
    all.
    """
    raise NotImplementedError


@hook(Phase.TX, Scope.ENABLED, budget_ms=60_000)
def seed_demo(tenant: Tenant, seed: Seed) -> None:
    """Create demonstration rows for the given merchants, listings and customers.

    Runs when a demo is made; repeatable.
    """
