"""The process's registry of plugins, set once by the composition root, and what core does through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import structlog

from core.hooks import events, faults
from core.hooks.events import Event, OrderEvent, PaymentEvent, PluginEvent, RefundEvent, SubjectEvent
from core.hooks.orders import Transition, check_transition
from core.hooks.registry import Registry
from core.kernel import audit, codec, jobs, machine
from core.kernel.db import session
from core.kernel.errors import Conflict
from core.kernel.tenancy import current

log = structlog.get_logger()
_registry: list[Registry] = []

_KINDS: dict[type[Event], str] = {
    OrderEvent: "on_order_event",
    PaymentEvent: "on_payment_event",
    RefundEvent: "on_refund_event",
    SubjectEvent: "on_subject_event",
    PluginEvent: "on_plugin_event",
}


class SessionGuard:
    """Puts a savepoint of the open transaction around a plugin's call, and its failures into the log."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo a failed plugin's database work alone."""
        with session().begin_nested():
            yield

    def record_failure(self, plugin: str, hook: str, error: BaseException, seconds: float) -> None:
        """Write the failure into the log, where alerts see it, and note it for the operator."""
        log.error("plugin failed", plugin=plugin, hook=hook, error=repr(error), seconds=round(seconds, 3))
        faults.note(plugin, hook, error, seconds)


def install(registry: Registry) -> None:
    """Set the registry of this process; a second call replaces it (tests do)."""
    _registry[:] = [registry]


def plugins() -> Registry:
    """Return the process's registry. Raise RuntimeError before the composition root has set it."""
    if not _registry:
        raise RuntimeError("no registry of plugins is installed; web.app does it")
    return _registry[0]


def move(rules: machine.Machine, row: machine.Stateful, target: str, **facts: audit.Plain) -> str:
    """Move a row to a state: the machine's table, then every plugin's veto, then the write and its log.

    Return the state before. Raise Conflict with the reason if either forbids it.
    """
    machine.check(rules, row.state, target)
    change = Transition(rules.name, row.id, row.state, target, audit.actor().id)
    for violation in plugins().collect(check_transition, tenant=current(), change=change):
        raise Conflict(violation.code, violation.message, **violation.facts)
    return machine.write(rules, row, target, **facts)


def publish(event: Event, subject: UUID | None = None) -> None:
    """Tell every serving plugin that listens: one outbox row each, in order per subject, after the commit."""
    publish_all([(event, subject)])


def publish_all(told: Sequence[tuple[Event, UUID | None]]) -> None:
    """Tell of several events, each with its subject, as `publish` does, in one statement."""
    wanted: list[tuple[jobs.Payload, str | None]] = []
    for event, subject in told:
        name = _KINDS[type(event)]
        listeners = plugins().implementers(getattr(events, name), current())
        dumped = codec.dump(event) if listeners else {}
        wanted += [({"plugin": plugin, "hook": name, "event": dumped}, f"{plugin}:{subject}" if subject else None)
                   for plugin in listeners]  # fmt: skip
    jobs.soon_all("hooks.deliver", wanted)


@jobs.job("hooks.deliver")
def _deliver(payload: jobs.Payload) -> None:
    name = payload["hook"]
    kind = next(event for event, hook in _KINDS.items() if hook == name)
    event = codec.load(kind, payload["event"])
    plugins().ask(payload["plugin"], getattr(events, name), tenant=current(), event=event)
