"""Typed, tenant-aware hook calls: one immutable pluggy manager for each set of plugins, built on first use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import pluggy

from core.hooks import (
    catalogue,
    checkout,
    compliance,
    data,
    declare,
    events,
    fulfilment,
    lifecycle,
    money,
    orders,
    pricing,
    surfaces,
)
from core.hooks.answers import expected_of
from core.hooks.guard import Call, Guard, NoGuard, Runner
from core.hooks.manifest import Manifest, PluginClash, Problem, missing, ordered, own_problems
from core.hooks.markers import PROJECT, HookRules, Scope, rules_of
from core.kernel.tenancy import Tenant

P = ParamSpec("P")
T = TypeVar("T")
Calls = tuple[Call, ...]
AREAS = (declare, lifecycle, catalogue, pricing, checkout, orders, money, fulfilment, compliance, events,
         surfaces, data)  # fmt: skip
_MOST = 20_000  # pairs of audience and hook that are remembered


class Registry:
    """The installed plugins, in order, and the calls to them. Immutable but for caches and breakers.

    `order` is what "plugin order" means everywhere; `problems` lists what is missing without being fatal.
    """

    def __init__(
        self,
        plugins: Mapping[str, ModuleType],
        *,
        guard: Guard | None = None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take plugins by name. Raise PluginClash if their manifests cannot form one system."""
        self._plugins = dict(plugins)
        self.manifests = {name: _manifest(name, module) for name, module in self._plugins.items()}
        self.order = ordered(self.manifests)
        self.problems: tuple[Problem, ...] = missing(self.manifests)
        self.manager = lru_cache(maxsize=256)(self._build)
        self._calls: dict[tuple[frozenset[str] | str, Callable[..., Any]], Calls] = {}
        self._runner = Runner(guard or NoGuard(), timer)
        self.manager(frozenset(self._plugins))  # a hook that does not exist is found at boot

    def collect(self, spec: Callable[P, Sequence[T]], *args: P.args, **kwargs: P.kwargs) -> list[T]:
        """Call a hook by keyword and chain the answers, in plugin order."""
        calls = self._of_audience(spec, args, kwargs)
        if not calls:
            return []
        tenant_id = _tenant_id(kwargs)
        found: list[T] = []
        for call in calls:
            found.extend(self._runner.run(call, tenant_id, kwargs) or ())
        return found

    def attributed(
        self, spec: Callable[P, Sequence[T]], *args: P.args, **kwargs: P.kwargs
    ) -> list[tuple[str, T]]:
        """Call a hook by keyword like `collect`, each answer with the name of the plugin that gave it."""
        calls = self._of_audience(spec, args, kwargs)
        tenant_id = _tenant_id(kwargs)
        return [
            (call.plugin, item) for call in calls for item in self._runner.run(call, tenant_id, kwargs) or ()
        ]

    def first(self, spec: Callable[P, T | None], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a hook and return the first answer that is not None, in plugin order."""
        tenant_id = _tenant_id(kwargs)
        for call in self._of_audience(spec, args, kwargs):
            answer: T | None = self._runner.run(call, tenant_id, kwargs)
            if answer is not None:
                return answer
        return None

    def ask(self, plugin: str, spec: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a hook on one plugin alone: its life cycle, or one event whose failure is its own.

        Return None if the plugin is not installed, does not implement the hook, or is left out.
        """
        rules_of(spec)
        calls = self._calls.get((plugin, spec))
        if calls is None:
            calls = self._find(plugin, spec)
        _by_keyword(spec, args, kwargs, calls)
        answer: T | None = self._runner.run(calls[0], _tenant_id(kwargs), kwargs) if calls else None
        return answer

    def implementers(self, spec: Callable[..., Any], tenant: Tenant) -> tuple[str, ...]:
        """Return which plugins of the tenant's audience implement a hook, in plugin order: one job for
        each.
        """
        audience = self._audience(rules_of(spec), {"tenant": tenant})
        return tuple(call.plugin for call in self._find(audience, spec))

    def _of_audience(
        self, spec: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Calls:
        audience = self._audience(rules_of(spec), kwargs)
        calls = self._calls.get((audience, spec))
        if calls is None:
            calls = self._find(audience, spec)
        _by_keyword(spec, args, kwargs, calls)
        return calls

    def _audience(self, rules: HookRules, kwargs: Mapping[str, Any]) -> frozenset[str]:
        scope = rules.scope
        if scope is Scope.NAMED:
            raise TypeError(f"{rules.name} is asked of one plugin: use ask()")
        if scope is Scope.INSTALLED:
            return frozenset(self._plugins)
        tenant: Tenant = kwargs["tenant"]
        if scope is Scope.ENABLED:
            return tenant.enabled
        serving = tenant.enabled | tenant.draining if tenant.draining else tenant.enabled
        return serving if scope is Scope.SERVING else serving | tenant.retained

    def _find(self, audience: frozenset[str] | str, spec: Callable[..., Any]) -> Calls:
        if len(self._calls) >= _MOST:
            self._calls.clear()
        names = frozenset({audience}) if isinstance(audience, str) else audience
        caller = getattr(self.manager(names & self._plugins.keys()).hook, spec.__name__)
        calls = self._calls[audience, spec] = tuple(
            _call(spec, impl) for impl in reversed(caller.get_hookimpls())
        )
        return calls

    def _build(self, names: frozenset[str]) -> pluggy.PluginManager:
        manager = pluggy.PluginManager(PROJECT)
        for area in AREAS:
            manager.add_hookspecs(area)
        for name in reversed(self.order):  # pluggy calls the last registered first
            if name in names:
                manager.register(self._plugins[name], name)
        manager.check_pending()
        return manager


def unknown(names: Iterable[str], registry: Registry) -> frozenset[str]:
    """Return names that no installed plugin has; a tenant row may outlive a plugin's folder."""
    return frozenset(names) - frozenset(registry.order)


def _manifest(name: str, module: ModuleType) -> Manifest:
    manifest = getattr(module, "MANIFEST", None)
    if not isinstance(manifest, Manifest):
        raise PluginClash(f"{name} has no MANIFEST")
    problems = list(own_problems(name, manifest))
    if problems:
        raise PluginClash("; ".join(f"{found.plugin}: {found.code} {found.other}" for found in problems))
    return manifest


def _call(spec: Callable[..., Any], impl: pluggy.HookImpl) -> Call:
    if impl.wrapper or impl.hookwrapper or impl.tryfirst or impl.trylast:
        raise PluginClash(
            f"{impl.plugin_name}.{spec.__name__}: order comes from the manifest; nobody wraps others"
        )
    return Call(impl.plugin_name, rules_of(spec), impl.function, tuple(impl.argnames), expected_of(spec))


def _tenant_id(kwargs: Mapping[str, Any]) -> UUID | None:
    tenant: Tenant | None = kwargs.get("tenant")
    return None if tenant is None else tenant.id


def _by_keyword(
    spec: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], calls: Calls
) -> None:
    if args:
        raise TypeError(f"call {spec.__name__} by keyword")
    for call in calls:
        if not kwargs.keys() >= set(call.arguments):
            raise TypeError(f"{spec.__name__} needs {', '.join(call.arguments)}")
