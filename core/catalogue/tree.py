"""The category tree as one frozen value, read at once and remembered for a few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import AttributeRow, CategoryRow
from core.kernel.db import connection
from core.kernel.fresh import Fresh, mark_of
from core.kernel.tenancy import current, current_id

_FRESH_SECONDS = 5.0


def named(names: Mapping[str, str], language: str) -> str:
    """Return the name in a language, else in the marketplace's, else any."""
    return names.get(language) or names.get(current().locale) or next(iter(names.values()), "")


@dataclass(frozen=True, slots=True)
class Facet:
    """A property that listings of a category are filtered by. `options` are its values' names by language."""

    code: str
    names: Mapping[str, str]
    unit: str
    options: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Node:
    """A category. `path` is slugs from the root; `below` are its own key and those of all active ones below it."""

    id: UUID
    parent_id: UUID | None
    slug: str
    path: str
    names: Mapping[str, str]
    below: tuple[UUID, ...]
    children: tuple[UUID, ...]
    facets: tuple[Facet, ...]

    def name(self, language: str) -> str:
        """Return the name in a language, else in the marketplace's."""
        return named(self.names, language)


@dataclass(frozen=True, slots=True)
class Tree:
    """Every active category of the marketplace, whose ancestors are active too. `mark` tells two trees apart."""

    nodes: Mapping[UUID, Node]
    roots: tuple[Node, ...]
    by_path: Mapping[str, Node] = field(default_factory=dict)
    mark: str = ""

    def children(self, node: Node) -> tuple[Node, ...]:
        """Return the categories right below one, in their order."""
        return tuple(self.nodes[key] for key in node.children)

    def way(self, node: Node) -> tuple[Node, ...]:
        """Return the categories from the root to one, itself last."""
        found: list[Node] = [node]
        while found[-1].parent_id is not None:
            found.append(self.nodes[found[-1].parent_id])
        return tuple(reversed(found))


_trees: Fresh[Tree] = Fresh(_FRESH_SECONDS)


def tree() -> Tree:
    """Return the marketplace's categories, at most a few seconds old."""
    return _trees.get(current().version, _read)


def forget() -> None:
    """Drop the remembered tree of this process; call it after a commit that changed categories."""
    _trees.forget()


def _read() -> Tree:
    c = CategoryRow.__table__.c
    query = (
        select(c.id, c.parent_id, c.slug, c.path, c.names)
        .where(c.tenant_id == current_id(), c.is_active)
        .order_by(c.position, c.path)
    )
    rows = connection().execute(query).all()
    facets = _facets()
    children: dict[UUID | None, list[UUID]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row.id)
    by_id = {row.id: row for row in rows}
    nodes: dict[UUID, Node] = {}

    def grow(key: UUID, inherited: tuple[Facet, ...]) -> tuple[UUID, ...]:
        row = by_id[key]
        own = inherited + tuple(f for f in facets.get(key, ()) if f.code not in {i.code for i in inherited})
        below = (key, *(deep for child in children.get(key, ()) for deep in grow(child, own)))
        nodes[key] = Node(key, row.parent_id, row.slug, row.path, row.names, below, tuple(children.get(key, ())), own)
        return below

    for root in children.get(None, ()):
        grow(root, ())
    roots = tuple(nodes[key] for key in children.get(None, ()))
    return Tree(nodes, roots, {node.path: node for node in nodes.values()}, mark_of(nodes))


def _facets() -> dict[UUID, list[Facet]]:
    c = AttributeRow.__table__.c
    query = (
        select(c.category_id, c.code, c.names, c.unit, c.options)
        .where(c.tenant_id == current_id(), c.is_facet)
        .order_by(c.position, c.code)
    )
    found: dict[UUID, list[Facet]] = {}
    for row in connection().execute(query):
        options = {str(option.get("code", "")): option.get("names", {}) for option in row.options}
        found.setdefault(row.category_id, []).append(Facet(row.code, row.names, row.unit, options))
    return found
