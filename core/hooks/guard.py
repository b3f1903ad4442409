"""What keeps one plugin's fault from becoming everybody's: savepoint, measured budget, circuit breaker,
fallback.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError

from core.hooks.answers import Expected
from core.hooks.markers import HookRules, OnFailure, Phase
from core.kernel.errors import AppError, Unavailable, _

TRIES = 5
"""Failures or overruns in a row that open a breaker."""
PAUSE = 30.0
"""Seconds until an open breaker lets one call try again."""
_MOST = 10_000  # breakers kept; beyond that all are forgotten, which only costs some tries

Key = tuple[UUID | None, str, str]


class Guard(Protocol):
    """What the registry needs of the outside. Neither method may raise."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a block whose database work is undone, alone, if it raises."""

    def record_failure(self, plugin: str, hook: str, error: BaseException, seconds: float) -> None:
        """Tell staff that a plugin failed, or answered late (Overrun), after so many seconds."""


class NoGuard:
    """Stands in where there is no database: no savepoints, and failures are only counted."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a block that undoes nothing."""
        return nullcontext()

    def record_failure(self, plugin: str, hook: str, error: BaseException, seconds: float) -> None:
        """Do nothing."""


class Overrun(Exception):
    """A plugin answered, but later than its hook allows."""


class BreakerOpen(Exception):
    """A plugin failed so often that it is not asked for a while."""


@dataclass(slots=True)
class _Trouble:
    failures: int = 0
    closed_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Call:
    """One plugin's implementation of one hook."""

    plugin: str
    rules: HookRules
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    expected: Expected


class Runner:
    """Runs implementations one at a time.

    A breaker belongs to one tenant, plugin and hook, so that one tenant's rows never switch a plugin off for
    another. It counts within this process. In a refusal (AppError) the plugin did its work: it passes
    through and counts as success.
    """

    def __init__(self, guard: Guard, timer: Callable[[], float] = time.perf_counter) -> None:
        self._guard = guard
        self._timer = timer
        self._troubles: dict[Key, _Trouble] = {}
        self._suspects: set[tuple[str, str]] = set()

    def run(self, call: Call, tenant_id: UUID | None, values: Mapping[str, Any]) -> Any:
        """Return the implementation's answer, or None where it is left out.

        Raise Unavailable "plugins.failed" where the hook stops on failure.
        """
        key = (tenant_id, call.plugin, call.rules.name)
        started = self._timer()
        if self._troubles and self._is_open(key, started):
            return self._fall_back(call, BreakerOpen(f"{call.plugin}.{call.rules.name}"))
        try:
            answer = self._answer(call, values)
        except AppError:
            self._troubles.pop(key, None)
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plugin's sys.exit() must not end the process
            return self._failed(call, key, error, started)
        if call.rules.budget is not None and self._timer() - started > call.rules.budget:
            self._overran(call, key, started)
        elif self._troubles:
            self._troubles.pop(key, None)
        return answer

    def _answer(self, call: Call, values: Mapping[str, Any]) -> Any:
        if call.rules.phase is Phase.TX or (call.plugin, call.rules.name) in self._suspects:
            with self._guard.savepoint():
                return call.expected.checked(call.function(*[values[name] for name in call.arguments]))
        return call.expected.checked(call.function(*[values[name] for name in call.arguments]))

    def left_out(self, tenant_id: UUID | None, plugin: str) -> list[str]:
        """Return the hooks in which a plugin is not asked now, because it failed too often in this process."""
        now = self._timer()
        return sorted(
            hook for (whose, name, hook), trouble in list(self._troubles.items())
            if (whose, name) == (tenant_id, plugin) and trouble.failures >= TRIES and now < trouble.closed_until
        )  # fmt: skip

    def _is_open(self, key: Key, now: float) -> bool:
        trouble = self._troubles.get(key)
        if trouble is None or trouble.failures < TRIES:
            return False
        if now < trouble.closed_until:
            return True
        trouble.closed_until = now + PAUSE  # this call tries; the others wait for it
        return False

    def _count(self, key: Key) -> None:
        if len(self._troubles) >= _MOST:
            self._troubles.clear()
        trouble = self._troubles.setdefault(key, _Trouble())
        trouble.failures += 1
        trouble.closed_until = self._timer() + PAUSE

    def _overran(self, call: Call, key: Key, started: float) -> None:
        if call.rules.on_failure is OnFailure.OMIT:
            # An answer that may not be left out was right, only late: a busy machine must not stop checkouts.
            self._count(key)
        seconds = self._timer() - started
        late = Overrun(f"{call.plugin}.{call.rules.name} took {seconds:.3f} s of {call.rules.budget} s")
        self._guard.record_failure(call.plugin, call.rules.name, late, seconds)

    def _failed(self, call: Call, key: Key, error: BaseException, started: float) -> None:
        if call.rules.guarded:
            self._count(key)
        self._guard.record_failure(call.plugin, call.rules.name, error, self._timer() - started)
        spot = (call.plugin, call.rules.name)
        if (
            call.rules.phase is Phase.READ
            and isinstance(error, DBAPIError | psycopg.Error)
            and spot not in self._suspects
        ):
            # Outside a savepoint the error has ended the caller's transaction, so nothing can be left out now.
            self._suspects.add(spot)
            raise _failure(call) from error
        return self._fall_back(call, error)

    def _fall_back(self, call: Call, error: BaseException) -> None:
        if call.rules.on_failure is OnFailure.STOP:
            raise _failure(call) from error


def _failure(call: Call) -> Unavailable:
    message = _("{plugin} does not answer. Try again in a moment.")
    return Unavailable("plugins.failed", message, plugin=call.plugin, hook=call.rules.name)
