"""State machines as data: a table of allowed steps, and the one function that writes a state column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import attributes

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, _


class Stateful(Protocol):
    """A tenant-owned row with a state column."""

    tenant_id: UUID
    id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class Machine:
    """`steps` maps a state to the states that may follow it."""

    name: str
    steps: Mapping[str, frozenset[str]]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of the table."""
        return tuple(self.steps)

    def allows(self, source: str, target: str) -> bool:
        """Tell whether the step is in the table."""
        return target in self.steps.get(source, frozenset())


def machine(name: str, **steps: str) -> Machine:
    """Build a machine from words: `machine("door", open="closed", closed="open locked", locked="closed")`."""
    table = {state: frozenset(targets.split()) for state, targets in steps.items()}
    unknown = frozenset().union(*table.values()) - table.keys()
    if unknown:
        raise ValueError(f"{name}: no row for {', '.join(sorted(unknown))}")
    return Machine(name, table)


def check(rules: Machine, source: str, target: str) -> None:
    """Raise Conflict unless the machine allows the step."""
    if not rules.allows(source, target):
        raise Conflict(
            f"{rules.name}.not_now",
            _("This cannot be done in its present state; look again"),
            machine=rules.name,
            source=source,
            target=target,
        )


def write(rules: Machine, row: Stateful, target: str, **facts: audit.Plain) -> str:
    """Move a row to a state and log it; return the state before. Raise Conflict if it may not, or has moved since.

    Services call `core.hooks.moves.move`, which asks the plugins first.
    """
    source = row.state
    check(rules, source, target)
    kind = type(row)
    changed = session().execute(
        update(kind)
        .where(kind.tenant_id == row.tenant_id, kind.id == row.id, kind.state == source)  # type: ignore[arg-type]
        .values(state=target)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(f"{rules.name}.moved_meanwhile", _("Somebody changed this in the meantime; look again"))
    attributes.set_committed_value(row, "state", target)
    audit.record(f"{rules.name}.{target}", rules.name, row.id, source=source, target=target, **facts)
    return source
