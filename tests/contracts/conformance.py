"""Whether a plugin keeps the contract of the hooks: for every built-in plugin, and for authors of others."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, get_type_hints

from core.hooks.manifest import Manifest, own_problems
from core.hooks.markers import PROJECT, HookRules
from core.hooks.registry import AREAS

SPECS: Mapping[str, Callable[..., Any]] = {
    name: function
    for area in AREAS
    for name, function in vars(area).items()
    if inspect.isfunction(function) and isinstance(getattr(function, "hook_rules", None), HookRules)
}


def implementations(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the hook implementations that a plugin's module marks."""
    functions = inspect.getmembers(module, inspect.isfunction)
    return {name: function for name, function in functions if hasattr(function, f"{PROJECT}_impl")}


def assert_conforms(module: ModuleType) -> None:
    """Fail unless the manifest is sound and each implementation's signature equals its specification's.

    An implementation may leave parameters out; those that it takes, and its answer, have the same types.
    """
    manifest = module.MANIFEST
    assert isinstance(manifest, Manifest)
    assert not list(own_problems(manifest.name, manifest))
    _assert_own_names(module)
    for name, function in implementations(module).items():
        assert name in SPECS, f"{name} is no hook"
        promised, given = get_type_hints(SPECS[name]), get_type_hints(function)
        taken = set(inspect.signature(function).parameters)
        assert taken <= promised.keys() - {"return"}, f"{name} takes {taken - promised.keys()}"
        assert given == {key: promised[key] for key in (*taken, "return")}, f"{name} differs: {given}"


def _assert_own_names(module: ModuleType) -> None:
    """Fail unless every job and permission is called "<plugin>.<...>", and every blueprint after the plugin."""
    own = f"{module.MANIFEST.name}."
    found = implementations(module)
    for hook in ("declare_jobs", "declare_permissions"):
        names = [one.name for one in found[hook]()] if hook in found else []
        assert [name for name in names if not name.startswith(own)] == [], hook
        assert len(set(names)) == len(names), f"{hook} names one twice"
