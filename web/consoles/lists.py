"""Lists with tools: rows on a page, columns, kept views, filters as chips, and the present view as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext

from core.http import csv
from core.http.answers import Answer, Page
from core.http.edge import principal
from core.http.listing import Chip, Filter, Listing, Saved, Tools
from core.identity import preferences, saved_views
from core.identity.preferences import Preferences
from core.identity.saved_views import SavedView
from core.kernel.money import Money
from web.badges import Badge, badge

_CURSORS = ("after", "before", "format", "lang")


@dataclass(frozen=True, slots=True)
class Desk:
    """How the reader wants the list that is asked for. `limit` is the number of rows to read."""

    listing: str
    wish: Preferences
    views: Sequence[SavedView]
    is_file: bool

    @property
    def limit(self) -> int:
        """Return how many rows to read: a page of the reader's size, or all that go into a file."""
        return csv.MOST if self.is_file else self.wish.page_size

    def cursor(self, name: str = "after") -> UUID | None:
        """Return where the page begins; a file begins at the first row."""
        return None if self.is_file else request.args.get(name, type=UUID)

    def shown(self, template: str, name: str, listing: Listing, **values: object) -> Answer:
        """Answer with the list's page, or with its rows as a file; `name` is what the template calls the list."""
        if self.is_file:
            return _file(listing)
        return Page(template, {name: self.dressed(listing), **values})

    def dressed(self, listing: Listing) -> Listing:
        """Return the list with its tools, without the columns that the reader has put away."""
        away = set(self.wish.columns.get(self.listing, ()))
        columns = [c for n, c in enumerate(listing.columns) if n == 0 or c.key not in away]
        picker = [(c.key, c.label, c.key not in away) for c in listing.columns[1:]]
        surface, query = self.listing.partition(".")[0], state()
        tools = Tools(
            self.listing, query, url_for(f"{surface}.keep_view"), url_for(f"{surface}.set_list"),
            f"?{query}&format=csv" if query else "?format=csv", self._saved(query), picker, self.wish.page_size,
            preferences.PAGE_SIZES, principal().user_id is not None,
        )  # fmt: skip
        return replace(listing, columns=columns, tools=tools, chips=(*listing.chips, *_chips(listing.filters)))

    def _saved(self, query: str) -> list[Saved]:
        surface, may_all = self.listing.partition(".")[0], principal().may("team.manage")
        return [
            Saved(
                view.name, f"{url_for(self.listing)}?{view.query}", view.is_shared, view.query == query,
                url_for(f"{surface}.delete_view", view_id=view.id) if view.is_mine or may_all else "",
            )
            for view in self.views
        ]  # fmt: skip


def here() -> Desk:
    """Return the reader's wishes for the list of this address. Two statements."""
    who, name = principal(), str(request.endpoint)
    is_file = request.args.get("format") == "csv"
    views = () if is_file else saved_views.views(who, name)
    return Desk(name, preferences.of(who.user_id), views, is_file)


def state(*, without: Sequence[str] = ()) -> str:
    """Return the list's state as an address, without the place in it and without some of its names."""
    pairs = [(name, value) for name, value in request.args.items(multi=True)
             if value and name not in (*_CURSORS, *without)]  # fmt: skip
    return urlencode(pairs)


def kept(*without: str) -> list[tuple[str, str]]:
    """Return what the forms of search and filters send along, besides what they ask for themselves."""
    return [(name, value) for name, value in request.args.items() if value and name not in (*_CURSORS, *without)]


def day(name: str) -> date | None:
    """Return a day of the address; None where there is none or it is no day."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def sorting(keys: Sequence[tuple[str, str, str]], column: str, usual: str) -> tuple[str, str]:
    """Return a column's heading as (address, "ascending" or "descending" or "").

    `keys` are (column, sort upwards, sort downwards); following the heading turns the order round.
    """
    present = request.args.get("sort", usual)
    for name, up, down in keys:
        if name == column:
            following = down if present == up else up
            rest = state(without=("sort",))
            words = {up: "ascending", down: "descending"}
            return f"?{rest}{'&' if rest else ''}sort={following}", words.get(present, "")
    return "", ""


def _chips(filters: Sequence[Filter]) -> list[Chip]:
    return [Chip(f"{f.label}: {dict(f.options).get(f.value, f.value)}", f"?{state(without=(f.name,))}")
            for f in filters if f.value]  # fmt: skip


def _plain(value: object) -> object:
    """Return a cell as a file holds it: numbers without signs of currency, states in words, moments in UTC."""
    if isinstance(value, Money):
        return f"{value.decimal:f}"
    if isinstance(value, tuple):
        return badge(*value).word
    if isinstance(value, Badge):
        return value.word
    return value.isoformat() if isinstance(value, date | datetime) else value


def _file(listing: Listing) -> Response:
    head = [gettext("Key"), *(column.label for column in listing.columns)]
    rows = ([row["id"], *(_plain(row[column.key]) for column in listing.columns)] for row in listing.rows)
    return csv.answer(listing.id, head, rows)
