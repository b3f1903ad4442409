"""Facts that processes hold: areas above register how their rows answer what a rule asks; nobody declares those.

    holdings.register("policy_version", facts_of)

A process calls `follow` once for each rule that is about its row, and `changed` whenever the row moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.compliance.facts import Tree
from core.compliance.models import RecordRow
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

Source = Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Tree]]]
"""Returns the facts of many of a process's rows by their ids; a number of queries that does not grow with them."""
House = Callable[[], Mapping[str, Tree]]
"""Returns facts about the marketplace as a whole."""

CHANGED = "compliance.held"
_sources: dict[str, Source] = {}
_houses: list[House] = []


def register(kind: str, source: Source) -> None:
    """Have a kind of process answer rules that follow its rows. Raise ValueError if another area has the name."""
    if _sources.setdefault(kind, source) is not source:
        raise ValueError(f"two areas answer for {kind}")


def register_house(house: House) -> None:
    """Have an area answer for the marketplace as a whole."""
    if house not in _houses:
        _houses.append(house)


def follow(kind: str, rule: str, source_id: UUID, title: str, merchant_id: UUID | None = None) -> None:
    """Have a rule asked about a process's row from now on; again changes nothing. The title names no person."""
    values = {
        "tenant_id": current_id(), "id": new_id(), "rule": rule, "title": title[:200], "merchant_id": merchant_id,
        "source_kind": kind, "source_id": source_id, "created_at": clock.now(),
    }  # fmt: skip
    session().execute(insert(RecordRow).values(values).on_conflict_do_nothing())
    changed(source_id)


def changed(source_id: UUID) -> None:
    """Have every rule that follows a row asked again after this transaction."""
    jobs.soon(CHANGED, {"source": str(source_id)})


def records_of(source_id: UUID) -> Sequence[UUID]:
    """Return the records by which rules follow a row."""
    return session().scalars(select(RecordRow.id).where(RecordRow.source_id == source_id)).all()


def facts(rows: Sequence[RecordRow]) -> Mapping[UUID, Mapping[str, Tree]]:
    """Return the facts of records that processes hold, by record; each source is asked once."""
    found: dict[UUID, Mapping[str, Tree]] = {}
    held = [
        (row.id, row.source_id, _sources[row.source_kind])
        for row in rows
        if row.source_id and row.source_kind in _sources
    ]
    for source in {source for _record, _key, source in held}:
        mine = [(record, key) for record, key, of in held if of is source]
        known = source(sorted({key for _record, key in mine}))
        found |= {record: known[key] for record, key in mine if key in known}
    return found


def house_facts() -> Mapping[str, Tree]:
    """Return what areas know of the marketplace as a whole."""
    found: dict[str, Tree] = {}
    for house in _houses:
        found |= house()
    return found


def over(under: Mapping[str, Tree], top: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return a tree laid over another: what is held wins over what is declared, part by part."""
    merged = dict(under)
    for name, value in top.items():
        below = merged.get(name)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[name] = over(below, value)
        else:
            merged[name] = value
    return merged
