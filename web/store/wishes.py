"""What an address asks of a list: its filters and order, and the addresses that change one of them.

The whole state of a list is in the query string, so that it can be shared and Back returns to it. Names: q, sort,
cursor, min, max (major units), available, sale, own, category (a path), and f.<code> for each facet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from core.catalogue.keyset import Sort
from core.catalogue.queries import Filters
from core.catalogue.tree import Node
from core.kernel.errors import Invalid
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants import shopfronts

_FACET = "f."
_MOST_FACETS = 6
_MOST_VALUES = 20
_LONGEST = 100
_TICKS = ("available", "sale", "own")
_KEPT = ("q", "category", "sort", "min", "max", *_TICKS)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """`pairs` are the filters as the address has them, in its order; unknown names are dropped."""

    path: str
    pairs: Pairs
    filters: Filters
    sort: Sort
    cursor: str

    def value(self, name: str) -> str:
        """Return one plain value of the address."""
        return next((value for key, value in self.pairs if key == name), "")

    def has(self, name: str, value: str) -> bool:
        """Tell whether a filter is applied."""
        return (name, value) in self.pairs

    def href(self, *, without: Iterable[tuple[str, str]] = (), cursor: str = "", **more: str) -> str:
        """Return the address with some filters less, others more, from the first page unless a cursor is given."""
        left = set(without)
        pairs = [pair for pair in self.pairs if pair not in left and pair[0] not in more]
        pairs += [(name, value) for name, value in more.items() if value]
        pairs += [("cursor", cursor)] if cursor else []
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def clear_href(self) -> str:
        """The address without filters, with the words that were searched."""
        kept = [(name, value) for name, value in self.pairs if name in ("q", "sort")]
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    @property
    def narrowing(self) -> Pairs:
        """The filters that a person has applied, each of which can be taken off."""
        return tuple(pair for pair in self.pairs if pair[0] not in ("q", "sort"))


def read(
    path: str, args: MultiDict[str, str], *, node: Node | None = None, base: Filters | None = None,
    sort: Sort = Sort.NEWEST,
) -> Wishes:  # fmt: skip
    """Return what an address asks for; what cannot be read is ignored, as a filter of an old link may be."""
    base, given = base or Filters(), args.to_dict()  # a plain one: looking for what is absent costs an exception there
    facets = _facets(args) if node else ()  # a facet belongs to a category, which bounds what is looked through
    pairs = [(name, given[name][:_LONGEST]) for name in _KEPT if given.get(name)]
    pairs += [(f"{_FACET}{code}", value) for code, values in facets for value in values]
    own = shopfronts.house_id() if given.get("own") else None
    filters = Filters(
        categories=node.below if node else base.categories,
        shop_id=base.shop_id,
        merchant_id=own,
        price_from=_minor(given.get("min", "")),
        price_to=_minor(given.get("max", "")),
        facets=facets,
        available_only=bool(given.get("available")),
        on_sale=bool(given.get("sale")),
        words=given.get("q", "")[:_LONGEST].strip(),
    )
    return Wishes(path, tuple(pairs), filters, _sort(given.get("sort", ""), sort), given.get("cursor", ""))


def _sort(text: str, otherwise: Sort) -> Sort:
    return Sort(text) if text in Sort.__members__.values() else otherwise


def _minor(text: str) -> int | None:
    try:
        return max(Money.parse(text, current().currency).minor, 0) if text else None
    except Invalid:
        return None


def _facets(args: MultiDict[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, tuple[str, ...]] = {}
    for name in args:
        code = name.removeprefix(_FACET)
        if name.startswith(_FACET) and 0 < len(code) <= _LONGEST and len(found) < _MOST_FACETS:
            values = dict.fromkeys(value for value in args.getlist(name) if 0 < len(value) <= _LONGEST)
            found[code] = tuple(values)[:_MOST_VALUES]
    return tuple(sorted((code, values) for code, values in found.items() if values))
