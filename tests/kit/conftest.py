"""The plugin that a test of the kit is about: the one of `--plugin`, or each that is installed."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

import plugins
from core.hooks.discovery import homes, installed


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask every test that takes a plugin's name about the plugin of the command line, or about all."""
    if "name" in metafunc.fixturenames:
        asked = metafunc.config.option.plugin
        metafunc.parametrize("name", [asked] if asked else list(installed([plugins])))


@pytest.fixture
def module(name: str) -> ModuleType:
    """The plugin's `plugin` module."""
    return installed([plugins])[name]


@pytest.fixture
def home(name: str) -> Path:
    """The plugin's folder."""
    return homes([plugins])[name]
