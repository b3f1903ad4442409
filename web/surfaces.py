"""Puts a surface together: every module of its package adds routes to the package's one blueprint, and menu entries."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType

from flask import request, url_for
from flask_babel import gettext

from core.hooks.runtime import plugins
from core.hooks.surfaces import nav_items
from core.hooks.types import Surface
from core.http.edge import principal
from core.kernel.tenancy import current


@dataclass(frozen=True, slots=True)
class Entry:
    """A menu entry. `label` is English and translated when shown; `permission` hides it from who lacks it."""

    section: str
    position: int
    label: str
    endpoint: str
    icon: str
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A menu entry as the shell draws it. `key` goes there after G."""

    label: str
    href: str
    icon: str
    count: int
    current: bool
    key: str = ""


class Menu:
    """The menu of one console: modules add to it beside their routes."""

    def __init__(self, surface: Surface, sections: tuple[str, ...]) -> None:
        self._surface = surface
        self._sections = sections
        self._entries: list[Entry] = []
        self._keys: dict[str, str] = {}

    def add(
        self, section: str, position: int, label: str, endpoint: str, icon: str, permission: str | None = None
    ) -> None:
        """Add an entry; smaller positions stand higher."""
        self._entries.append(Entry(section, position, label, endpoint, icon, permission))

    def reach(self, **keys: str) -> None:
        """Let letters, pressed after G, go to entries: `reach(o="merchant.orders")`."""
        self._keys.update({endpoint: letter for letter, endpoint in keys.items()})

    def shown(self) -> list[tuple[str, list[Item]]]:
        """Return sections and entries that the principal may see, plugins' entries included."""
        who = principal()
        entries = [*self._entries, *self._of_plugins()]
        visible = sorted(
            (e for e in entries if e.permission is None or who.may(e.permission)), key=lambda e: e.position
        )
        titles = [*self._sections, *sorted({e.section for e in visible} - set(self._sections))]
        drawn = [
            (
                gettext(t) if t else "",
                [self._draw(e, self._keys.get(e.endpoint, "")) for e in visible if e.section == t],
            )
            for t in titles
        ]
        return [(title, items) for title, items in drawn if items]

    def _of_plugins(self) -> list[Entry]:
        found = plugins().collect(nav_items, tenant=current(), surface=self._surface)
        return [Entry(i.section, i.position, i.label, i.endpoint, "blocks", i.permission) for i in found]

    @staticmethod
    def _draw(entry: Entry, key: str) -> Item:
        href = url_for(entry.endpoint)
        is_here = request.path == href or (href.count("/") > 2 and request.path.startswith(f"{href.rstrip('/')}/"))
        return Item(gettext(entry.label), href, entry.icon, 0, is_here, key)


def load(package: ModuleType) -> None:
    """Import every module of a surface's package, so that its routes and menu entries are there."""
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
