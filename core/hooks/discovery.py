"""Finds installed plugins: folders of a package that the caller names, and wheels by their entry point."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from core.hooks.manifest import PluginClash

GROUP = "marketplace.plugins"


def installed(packages: Iterable[ModuleType]) -> dict[str, ModuleType]:
    """Return each plugin's `plugin` module by name, sorted.

    A folder without a plugin.py is none. Raise PluginClash if two plugins have one name; errors while
    importing a plugin pass, since a half-loaded process must not start.
    """
    found: dict[str, ModuleType] = {}
    for name, module in (*_folders(packages), *_wheels()):
        if found.setdefault(name, module) is not module:
            raise PluginClash(f"two plugins are named {name}: {found[name].__name__} and {module.__name__}")
    return dict(sorted(found.items()))


def wheel_packages() -> list[ModuleType]:
    """Return the packages that plugins outside of this tree live in, imported, by the entry points' names."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return [import_module(point.module.rpartition(".")[0]) for point in points]


def homes(packages: Iterable[ModuleType]) -> dict[str, Path]:
    """Return the folder of each installed plugin by name, sorted: where migrations and translations lie."""
    found = {
        entry.name: Path(path) / entry.name
        for package in packages
        for path in package.__path__
        for entry in pkgutil.iter_modules([path])
        if entry.ispkg
    }
    for point, package in zip(sorted(entry_points(group=GROUP), key=lambda p: p.name), wheel_packages(), strict=True):
        found[point.name] = Path(next(iter(package.__path__)))
    return dict(sorted(found.items()))


def _folders(packages: Iterable[ModuleType]) -> Iterator[tuple[str, ModuleType]]:
    for package in packages:
        for entry in pkgutil.iter_modules(package.__path__):
            path = f"{package.__name__}.{entry.name}.plugin"
            if entry.ispkg and find_spec(path) is not None:
                yield entry.name, import_module(path)


def _wheels() -> Iterator[tuple[str, ModuleType]]:
    for point in entry_points(group=GROUP):
        module = point.load()
        if not isinstance(module, ModuleType):
            raise PluginClash(f"entry point {point.name} of {GROUP} is not a module")
        yield point.name, module
