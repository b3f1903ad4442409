"""Installed plugins are folders of a package and wheels with an entry point."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from core.hooks import discovery
from core.hooks.discovery import installed
from core.hooks.manifest import PluginClash


class Point:
    """An entry point of a wheel."""

    def __init__(self, name: str, target: object) -> None:
        self.name, self._target = name, target

    def load(self) -> object:
        return self._target


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package with the plugins `beta` and `alpha`, and a folder that is none."""
    for name in ("beta", "alpha", "drafts"):
        folder = tmp_path / "found_plugins" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    (tmp_path / "found_plugins" / "__init__.py").touch()
    for name in ("beta", "alpha"):
        (tmp_path / "found_plugins" / name / "plugin.py").write_text("MANIFEST = None\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(discovery, "entry_points", lambda group: [])
    yield importlib.import_module("found_plugins")
    for name in [name for name in sys.modules if name.startswith("found_plugins")]:
        del sys.modules[name]


def test_folders_with_a_plugin_module_are_plugins(package: ModuleType) -> None:
    found = installed([package])
    assert [(name, module.__name__) for name, module in found.items()] == [
        ("alpha", "found_plugins.alpha.plugin"),
        ("beta", "found_plugins.beta.plugin"),
    ]


def test_wheels_are_found_by_their_entry_point(package: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = ModuleType("outside.plugin")
    monkeypatch.setattr(discovery, "entry_points", lambda group: [Point("gamma", outside)])
    assert installed([package])["gamma"] is outside


@pytest.mark.parametrize(("name", "target"), [("alpha", ModuleType("other")), ("gamma", object())])
def test_two_of_a_name_and_things_that_are_no_module_do_not_start(
    package: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str, target: object
) -> None:
    monkeypatch.setattr(discovery, "entry_points", lambda group: [Point(name, target)])
    with pytest.raises(PluginClash, match=name):
        installed([package])


def test_an_error_while_importing_a_plugin_passes(package: ModuleType) -> None:
    Path(package.__path__[0], "alpha", "plugin.py").write_text("1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        installed([package])
