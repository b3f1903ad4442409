"""Searching and jumping in a console: each module says beside its routes what of its own can be found, and commands.

The palette (Ctrl-K) asks as one types; the same address is a page for those without scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page
from core.http.edge import Tx, edge, principal
from core.identity.principals import Realm
from core.kernel.tx import platform_transaction, read_only

EACH = 5
"""Hits of one kind that are shown."""
_LEAST, _LONGEST = 2, 80


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, a word more about it, and where it is."""

    label: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; `more_href` is the list with the same search."""

    title: str
    icon: str
    hits: tuple[Hit, ...]
    more_href: str


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do from anywhere: an English label, the page where it begins, who may."""

    label: str
    endpoint: str
    icon: str
    permission: str | None


Finder = Callable[[str], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class _Found:
    position: int
    title: str
    icon: str
    permission: str
    endpoint: str
    find: Finder


_finders: dict[Realm, list[_Found]] = {}
_commands: dict[Realm, list[Command]] = {}


def finds(
    realm: Realm, position: int, title: str, icon: str, permission: str, endpoint: str
) -> Callable[[Finder], Finder]:
    """Mark a function that finds things by words for who has the permission; `endpoint` is their list (`?q=`).

    It runs inside the page's transaction, with at most two statements, and returns at most `EACH` hits.
    """

    def mark(find: Finder) -> Finder:
        _finders.setdefault(realm, []).append(_Found(position, title, icon, permission, endpoint, find))
        return find

    return mark


def command(realm: Realm, label: str, endpoint: str, icon: str, permission: str | None = None) -> None:
    """Offer a page as something to do, in the palette of a console."""
    _commands.setdefault(realm, []).append(Command(label, endpoint, icon, permission))


def commands(realm: Realm) -> list[tuple[str, str, str]]:
    """Return what the principal may do, as (label, address, icon)."""
    may = [c for c in _commands.get(realm, ()) if c.permission is None or principal().may(c.permission)]
    return [(gettext(c.label), url_for(c.endpoint), c.icon) for c in may]


def found(realm: Realm, words: str) -> list[Group]:
    """Return what matches and the principal may see; nothing for fewer than two letters."""
    words = words.strip()[:_LONGEST]
    if len(words) < _LEAST:
        return []
    groups = []
    for kind in sorted(_finders.get(realm, ()), key=lambda one: one.position):
        if principal().may(kind.permission):
            more = url_for(kind.endpoint, q=words)
            groups.append(Group(gettext(kind.title), kind.icon, tuple(kind.find(words))[:EACH], more))
    return [group for group in groups if group.hits]


def mount(blueprint: Blueprint, realm: Realm) -> None:
    """Add the search to a console."""

    @blueprint.get("/find", endpoint="find")
    @edge(realm, tx=Tx.OWN)
    def find() -> Answer:
        words = request.args.get("q", "")
        with platform_transaction() if realm is Realm.PLATFORM else read_only():
            groups = found(realm, words)
        return page("consoles/find.html", fragment="consoles/_found.html", words=words.strip(), groups=groups)
