"""What stands around a list of goods: facets with counts, chips, orders, and the words for how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext, ngettext

from core.catalogue import facets as counting
from core.catalogue.keyset import Sort
from core.catalogue.queries import Total
from core.catalogue.tree import Facet, Node, named, tree
from core.catalogue.visibility import Sight
from core.http.listing import Chip
from core.kernel.fresh import Made
from core.kernel.tenancy import current
from web.languages import language
from web.store.wishes import Wishes

_MOST_OPTIONS = 12
Option = tuple[str, str, str | None, bool]
Group = tuple[str, str, list[Option]]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Everything around the cards. `groups` are (title, field name, options); `links` lead to categories.

    It is made once from equal values and equals only itself: parts that are drawn of it are kept by it.
    """

    groups: Sequence[Group]
    links: Sequence[tuple[str, str, int | None]]
    chips: Sequence[Chip]
    orders: Sequence[tuple[str, str]]
    count_words: str
    show_words: str


_panels: Made[Panel] = Made(most=5_000)


def panel(
    wishes: Wishes, sight: Sight, total: Total, node: Node | None,
    links: tuple[tuple[str, str, int | None], ...] = (),
) -> Panel:  # fmt: skip
    """Return the panel of a list of a category, or of all goods. Needs a transaction."""
    facets = node.facets if node else ()
    counted = counting.counts(wishes.filters, sight, facets)
    key = (current().version, language(), tree().mark, node.id if node else None, wishes, total, counted, links)
    return _panels.get(key, lambda: _panel(wishes, total, facets, counted, links))


def _panel(
    wishes: Wishes, total: Total, facets: tuple[Facet, ...], counted: counting.Counted,
    links: tuple[tuple[str, str, int | None], ...],
) -> Panel:  # fmt: skip
    counts, mark = counted.by_option, "+" if counted.is_capped else ""
    groups = [group for facet in facets if (group := _group(facet, counts.get(facet.code, {}), wishes, mark))]
    return Panel([*groups, _ticks(wishes)], links, _chips(wishes, facets), orders(wishes), _count(total), _show(total))


def _group(facet: Facet, counts: Mapping[str, int], wishes: Wishes, mark: str) -> Group | None:
    name = f"f.{facet.code}"
    chosen = {value for key, value in wishes.pairs if key == name}
    places = {value: place for place, value in enumerate(facet.options)}
    shown = sorted({*counts, *chosen}, key=lambda v: (v not in chosen, places.get(v, 999), -counts.get(v, 0), v))
    options: list[Option] = [
        (value, _word(facet, value), f"{counts.get(value, 0)}{mark}", value in chosen)
        for value in shown[:_MOST_OPTIONS]
    ]
    return (named(facet.names, language()), name, options) if options else None


def _word(facet: Facet, value: str) -> str:
    names = facet.options.get(value)
    word = named(names, language()) if names else value
    return f"{word} {facet.unit}" if facet.unit and not names else word


def _ticks(wishes: Wishes) -> Group:
    ticks: list[Option] = [
        ("1", str(gettext("In stock")), None, bool(wishes.value("available"))),
    ]
    return (str(gettext("Availability")), "available", ticks)


def _chips(wishes: Wishes, facets: tuple[Facet, ...]) -> list[Chip]:
    by_code = {facet.code: facet for facet in facets}
    return [Chip(_chip(name, value, by_code), wishes.href(without=[(name, value)])) for name, value in wishes.narrowing]


def _chip(name: str, value: str, facets: Mapping[str, Facet]) -> str:
    facet = facets.get(name.removeprefix("f."))
    if name.startswith("f."):
        return _word(facet, value) if facet else value
    node = tree().by_path.get(value) if name == "category" else None
    words = {
        "min": gettext("From %(amount)s", amount=f"{value} {current().currency}"),
        "max": gettext("Up to %(amount)s", amount=f"{value} {current().currency}"),
        "available": gettext("In stock"),
        "sale": gettext("Reduced"),
        "own": gettext("Own goods"),
        "category": node.name(language()) if node else value,
    }
    return str(words[name])


def orders(wishes: Wishes) -> list[tuple[str, str]]:
    """Return the orders that a list can have, best match only for searches."""
    words = [
        (Sort.NEWEST, gettext("Newest")),
        (Sort.POPULAR, gettext("Most popular")),
        (Sort.PRICE_UP, gettext("Price: low to high")),
        (Sort.PRICE_DOWN, gettext("Price: high to low")),
    ]
    best = [(Sort.BEST, gettext("Best match"))] if wishes.filters.words else []
    return [(sort.value, str(word)) for sort, word in [*best, *words]]


def _count(total: Total) -> str:
    if total.is_capped:
        return str(gettext("More than %(number)s results", number=f"{total.number:,}"))
    return str(ngettext("%(num)s result", "%(num)s results", total.number))


def _show(total: Total) -> str:
    if total.is_capped:
        return str(gettext("Show more than %(number)s results", number=f"{total.number:,}"))
    return str(ngettext("Show %(num)s result", "Show %(num)s results", total.number))


def below(node: Node | None) -> tuple[tuple[str, str, int | None], ...]:
    """Return links to the categories right below one, or to the top ones."""
    categories = tree().children(node) if node else tree().roots
    return tuple((each.name(language()), f"/categories/{each.path}", None) for each in categories)


def in_search(wishes: Wishes, by_category: Mapping[UUID, int]) -> tuple[tuple[str, str, int | None], ...]:
    """Return links that narrow a search to a category, with how many it finds there, most first."""
    nodes = tree().nodes
    found = sorted(((count, key) for key, count in by_category.items() if key in nodes), reverse=True)
    shown = ((nodes[key], count) for count, key in found[:8])
    return tuple((node.name(language()), wishes.href(category=node.path), count) for node, count in shown)
