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
from core.hooks.markers import PROJECT, Scope, rules_of
from core.kernel.tenancy import Tenant

P = ParamSpec("P")
T = TypeVar("T")
Calls = tuple[Call, ...]
Sets = tuple[frozenset[str], ...]
AREAS = (declare, lifecycle, catalogue, pricing, checkout, orders, money, fulfilment, compliance, events,
         surfaces, data)  # fmt: skip
_ENABLED = Scope.ENABLED  # looking a member up costs as much as the rest of a call that reaches nobody
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
        self._names = frozenset(plugins)
        self.manifests = {name: _manifest(name, module) for name, module in self._plugins.items()}
        self.order = ordered(self.manifests)
        self.problems: tuple[Problem, ...] = missing(self.manifests)
        self.manager = lru_cache(maxsize=256)(self._build)
        self._calls: dict[tuple[Callable[..., Any], Sets], Calls] = {}
        self._runner = Runner(guard or NoGuard(), timer)
        self.manager(self._names)  # a hook that does not exist is found at boot

    def left_out(self, tenant_id: UUID | None, plugin: str) -> list[str]:
        """Return the hooks in which a tenant's plugin is not asked for a while, after failing in this process."""
        return self._runner.left_out(tenant_id, plugin)

    def collect(self, spec: Callable[P, Sequence[T]], *args: P.args, **kwargs: P.kwargs) -> list[T]:
        """Call a hook by keyword and chain the answers, in plugin order."""
        calls = self._of_audience(spec, args, kwargs)
        if not calls:
            return []
        tenant_id = _check(calls, args, kwargs)
        found: list[T] = []
        for call in calls:
            found.extend(self._runner.run(call, tenant_id, kwargs) or ())
        return found

    def attributed(self, spec: Callable[P, Sequence[T]], *args: P.args, **kwargs: P.kwargs) -> list[tuple[str, T]]:
        """Call a hook by keyword like `collect`, each answer with the name of the plugin that gave it."""
        calls = self._of_audience(spec, args, kwargs)
        tenant_id = _check(calls, args, kwargs)
        return [(call.plugin, item) for call in calls for item in self._runner.run(call, tenant_id, kwargs) or ()]

    def first(self, spec: Callable[P, T | None], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a hook and return the first answer that is not None, in plugin order."""
        calls = self._of_audience(spec, args, kwargs)
        tenant_id = _check(calls, args, kwargs)
        for call in calls:
            answer: T | None = self._runner.run(call, tenant_id, kwargs)
            if answer is not None:
                return answer
        return None

    def ask(self, plugin: str, spec: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a hook on one plugin alone: its life cycle, or one event whose failure is its own.

        Return None if the plugin is not installed, does not implement the hook, or is left out.
        """
        sets = (frozenset({plugin}),)
        calls = self._calls.get((spec, sets))
        if calls is None:
            calls = self._find(spec, sets)
        tenant_id = _check(calls, args, kwargs)
        answer: T | None = self._runner.run(calls[0], tenant_id, kwargs) if calls else None
        return answer

    def implementers(self, spec: Callable[..., Any], tenant: Tenant) -> tuple[str, ...]:
        """Return which plugins of the tenant's audience implement a hook, in plugin order: one job for
        each.
        """
        return tuple(call.plugin for call in self._of_audience(spec, (), {"tenant": tenant}))

    def _of_audience(self, spec: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Calls:
        """Look up by the tenant's own sets: uniting them at each call costs more than the call."""
        scope = rules_of(spec).scope
        if scope is _ENABLED and not args:
            sets: Sets = (kwargs["tenant"].enabled,)
        elif scope is Scope.INSTALLED:
            sets = (self._names,)
        elif args or scope is Scope.NAMED:
            raise TypeError(f"{spec.__name__} is called by keyword, on one plugin by ask()")
        else:
            tenant: Tenant = kwargs["tenant"]
            sets = (tenant.enabled, tenant.draining)
            if scope is Scope.HOLDING:
                sets = (*sets, tenant.retained)
        calls = self._calls.get((spec, sets))
        return calls if calls is not None else self._find(spec, sets)

    def _find(self, spec: Callable[..., Any], sets: Sets) -> Calls:
        if len(self._calls) >= _MOST:
            self._calls.clear()
        names = self._names & frozenset[str]().union(*sets)
        caller = getattr(self.manager(names).hook, spec.__name__)
        calls = self._calls[spec, sets] = tuple(_call(spec, impl) for impl in reversed(caller.get_hookimpls()))
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
        raise PluginClash(f"{impl.plugin_name}.{spec.__name__}: order comes from the manifest; nobody wraps others")
    return Call(impl.plugin_name, rules_of(spec), impl.function, tuple(impl.argnames), expected_of(spec))


def _check(calls: Calls, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> UUID | None:
    """Return the tenant's id. Raise TypeError unless the call is by keyword and complete."""
    if calls and (args or kwargs.keys() != calls[0].rules.parameters):
        wanted = ", ".join(sorted(calls[0].rules.parameters))
        raise TypeError(f"{calls[0].rules.name} is called by keyword, with {wanted or 'nothing'}")
    tenant: Tenant | None = kwargs.get("tenant")
    return None if tenant is None else tenant.id
