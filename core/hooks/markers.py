"""`hookimpl` for plugins, `hook` for core: a hook states when it runs, for whom, and what its failure
means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import pluggy

P = ParamSpec("P")
R = TypeVar("R")
PROJECT = "marketplace"
hookimpl = pluggy.HookimplMarker(PROJECT)
_spec = pluggy.HookspecMarker(PROJECT)


class Phase(StrEnum):
    """When a hook runs, and so what it may do."""

    BOOT = "boot"  # once per process, no tenant, no database
    READ = "read"  # inside a request; must not write
    TX = "tx"  # inside the caller's transaction; may write own tables; no commit, no network
    AFTER = "after"  # after commit, in a worker, at least once; must be idempotent


class Scope(StrEnum):
    """Which plugins a hook reaches."""

    INSTALLED = "installed"  # every plugin of the process
    ENABLED = "enabled"  # plugins that take new business for the tenant
    SERVING = "serving"  # enabled and draining: obligations of the past are still met
    HOLDING = "holding"  # serving and retained: everyone who may hold the tenant's rows
    NAMED = "named"  # the one plugin that the caller names


class OnFailure(StrEnum):
    """What stands in for the answer of an implementation that fails, or whose breaker is open."""

    OMIT = "omit"  # leave that plugin's answer out
    STOP = "stop"  # raise Unavailable "plugins.failed" with the plugin's name


_BUDGET_MS: dict[Phase, int | None] = {Phase.BOOT: None, Phase.READ: 50, Phase.TX: 200, Phase.AFTER: None}


@dataclass(frozen=True, slots=True)
class HookRules:
    """What a specification declares.

    `budget` is in seconds for one call of one plugin; None measures nothing.
    """

    name: str
    phase: Phase
    scope: Scope
    first: bool
    on_failure: OnFailure
    budget: float | None
    parameters: frozenset[str]

    @property
    def guarded(self) -> bool:
        """On the request path: a failure is counted, and falls back as declared."""
        return self.phase in (Phase.READ, Phase.TX)


def hook(
    phase: Phase,
    scope: Scope,
    *,
    first: bool = False,
    on_failure: OnFailure = OnFailure.STOP,
    budget_ms: int | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a hook specification.

    `first` stops at the first answer that is not None. `budget_ms` is measured, not enforced: an answer that
    comes late still counts, and trips the breaker for later calls. Default: 50 ms for READ, 200 ms for TX,
    none for BOOT and AFTER, whose callers have a timeout of their own.
    """
    budget = budget_ms if budget_ms is not None else _BUDGET_MS[phase]

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        rules = HookRules(
            name=function.__name__,
            phase=phase,
            scope=scope,
            first=first,
            on_failure=on_failure,
            budget=None if budget is None else budget / 1000,
            parameters=frozenset(signature(function).parameters),
        )
        function.hook_rules = rules  # type: ignore[attr-defined]
        return _spec(function, firstresult=first)

    return mark


def rules_of(spec: Callable[..., Any]) -> HookRules:
    """Return what a specification declares. Raise TypeError for any other function."""
    try:
        rules: HookRules = spec.hook_rules  # type: ignore[attr-defined]
    except AttributeError:
        raise TypeError(f"{spec!r} is not a hook specification") from None
    return rules
