"""Values that describe a list page: columns, saved views, filter chips, bulk actions and the keyset pager.

All state is in the address, so that a view can be kept and shared; the macro `ui.listing` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is looked up in each row.

    `kind` is text, money, number, date, datetime, ago, or badge (a Badge or (machine, state)). `card` is its
    place when the row becomes a card: lead, sub, amt, st, or opt (left out). `sort_href` makes the heading a
    link; `sorted` is "ascending" or "descending" when the list is sorted by it.
    """

    key: str
    label: str
    kind: str = "text"
    card: str = "opt"
    sort_href: str = ""
    sorted: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether values stand at the end of the cell, in tabular figures."""
        return self.kind in {"money", "number"}


@dataclass(frozen=True, slots=True)
class View:
    """A saved view, shown as a tab; `count` is None when it is not counted."""

    label: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is applied; following `href` removes it."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something to do with the ticked rows: posted as `action=name` to the listing's `bulk_href`."""

    name: str
    label: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list: a choice among `options` (value, word), or a day when there are none."""

    name: str
    label: str
    value: str = ""
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept view of the list; `delete_href` is empty for who may not delete it."""

    label: str
    href: str
    is_shared: bool
    current: bool
    delete_href: str = ""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a reader may set about a list: kept views, columns shown (key, word, shown), rows on a page, a file.

    `query` is the present state as an address; forms of `keep_href` and `set_href` send it and `listing` along.
    """

    listing: str
    query: str
    keep_href: str
    set_href: str
    export_href: str
    saved: Sequence[Saved] = ()
    columns: Sequence[tuple[str, str, bool]] = ()
    page_size: int = 25
    page_sizes: Sequence[int] = ()
    may_keep: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page without its rows' meaning.

    Each row is a mapping with the columns' keys, `href` (of the first column) and `id` (for bulk actions).
    `total` is shown when it is known; bulk actions can then mean all rows that match. `search` is the present search
    text, None when the list has no search. `kept` is what the forms of search and filters send along: (name, value).
    """

    id: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]]
    caption: str
    views: Sequence[View] = ()
    chips: Sequence[Chip] = ()
    clear_href: str = ""
    bulk: Sequence[BulkAction] = ()
    bulk_href: str = ""
    search: str | None = None
    next_href: str = ""
    previous_href: str = ""
    total: int | None = None
    filters: Sequence[Filter] = ()
    kept: Sequence[tuple[str, str]] = ()
    tools: Tools | None = None
