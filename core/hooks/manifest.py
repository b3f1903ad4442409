"""What a plugin says about itself, and whether plugins can live together: in a process, and for a tenant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush

from core.hooks.types import Surface

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_RESERVED = frozenset({"core", "platform", "tenants", "web", "subject"})


class PluginClash(RuntimeError):
    """Installed plugins cannot form one system; the process must not start."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's name, needs and announcements. Title and summary are marked for translation.

    `requires` must be enabled with it; `after` only orders calls; `conflicts` must not be enabled beside it.
    `purposes` are consent purposes ("campaigns.email") and `machines` state machines of its own;
    `announces` and `listens` are facts ("orders_import.done"); `personal` names columns with personal data
    ("crm_notes.text"); `provides` are roles with one owner per tenant, such as "stock" for move_stock.
    """

    name: str
    version: str
    title: str
    summary: str
    requires: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    announces: tuple[str, ...] = ()
    listens: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    surfaces: tuple[Surface, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a plugin does not fit.

    `code` is stable; `other` is the plugin, role or name that it does not fit with.
    """

    plugin: str
    code: str
    other: str


def own_problems(name: str, manifest: Manifest) -> Iterator[Problem]:
    """Yield what is wrong with one manifest, found under a folder's or an entry point's name."""
    if manifest.name != name:
        yield Problem(name, "plugins.other_name", manifest.name)
    if not _NAME.fullmatch(name) or name in _RESERVED:
        yield Problem(name, "plugins.bad_name", name)
    for own in (*manifest.purposes, *manifest.announces, *manifest.machines):
        if not own.startswith(f"{name}."):
            yield Problem(name, "plugins.foreign_name", own)
    for column in manifest.personal:
        if not column.startswith(f"{name}_") or "." not in column:
            yield Problem(name, "plugins.foreign_table", column)
    for other in sorted({*manifest.requires, *manifest.after} & {name, *manifest.conflicts}):
        yield Problem(name, "plugins.needs_and_conflicts", other)


def missing(manifests: Mapping[str, Manifest]) -> tuple[Problem, ...]:
    """Report required plugins and facts listened to that no installed plugin has.

    Such a plugin starts with the process, so that deleting a folder stops nothing, but cannot be enabled if
    what it requires is missing.
    """
    announced = {fact for manifest in manifests.values() for fact in manifest.announces}
    found = []
    for name, manifest in sorted(manifests.items()):
        found += [Problem(name, "plugins.unknown", other) for other in manifest.requires if other not in manifests]
        found += [Problem(name, "plugins.unheard", fact) for fact in manifest.listens if fact not in announced]
    return tuple(found)


def misfits(names: Iterable[str], manifests: Mapping[str, Manifest]) -> tuple[Problem, ...]:
    """Return why this set of plugins cannot be enabled together for a tenant; empty when it can."""
    chosen = sorted(set(names))
    owners: dict[str, str] = {}
    found = [Problem(name, "plugins.unknown", name) for name in chosen if name not in manifests]
    for name in (name for name in chosen if name in manifests):
        manifest = manifests[name]
        found += [Problem(name, "plugins.required", other) for other in manifest.requires if other not in chosen]
        found += [Problem(name, "plugins.conflict", other) for other in manifest.conflicts if other in chosen]
        for role in manifest.provides:
            owner = owners.setdefault(role, name)
            if owner != name:
                found.append(Problem(name, "plugins.provided", f"{role}: {owner}"))
    return tuple(found)


def ordered(manifests: Mapping[str, Manifest]) -> tuple[str, ...]:
    """Sort plugins by what they require and come after, then by name. Raise PluginClash on a circle."""
    sorter = TopologicalSorter(
        {name: {*m.requires, *m.after} & manifests.keys() for name, m in sorted(manifests.items())}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        raise PluginClash(f"plugins wait for each other: {' > '.join(error.args[1])}") from error
    order, ready = [], list(sorter.get_ready())
    heapify(ready)
    while ready:
        name = heappop(ready)
        order.append(name)
        sorter.done(name)
        for freed in sorter.get_ready():
            heappush(ready, freed)
    return tuple(order)
