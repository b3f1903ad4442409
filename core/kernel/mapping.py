"""Imports every module that maps tables, so that references between areas resolve and the schema is whole."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType

_OTHERS = ("core.kernel.audit", "core.kernel.outbox", "core.kernel.mail")


def import_models(packages: Iterable[ModuleType]) -> None:
    """Import the `*models` modules below packages, and the kernel's own tables."""
    for package in packages:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("models") or module.name in _OTHERS:
                importlib.import_module(module.name)
