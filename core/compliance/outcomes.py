"""What a rule answers: one of six statuses with the reason in words and the day that changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Fact = str | int | tuple[str, ...] | None
"""A plain value; a tuple holds words that are each to be translated."""


class Status(StrEnum):
    """Pass; does not apply; owed and not late (due); close to failing (warn); fail; cannot be judged (unknown)."""

    PASS = "pass"  # noqa: S105 - no password
    NOT_APPLICABLE = "n/a"
    DUE = "due"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer. `why` is an English template over `facts`; `due` is the last day on which a due thing is in time;

    `again` the first day on which time alone may change the answer.
    """

    status: Status
    why: str = ""
    due: date | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    again: date | None = None


def _plain(facts: Mapping[str, object]) -> dict[str, Fact]:
    return {name: _fact(value) for name, value in facts.items()}


def _fact(value: object) -> Fact:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Iterable):
        return tuple(str(part) for part in value)
    return str(value)


def ok(why: str = "", *, again: date | None = None, **facts: object) -> Outcome:
    """Say that the duty is met; `again` is the first day on which that may end."""
    return Outcome(Status.PASS, why, facts=_plain(facts), again=again)


def na(why: str, *, again: date | None = None, **facts: object) -> Outcome:
    """Say that the duty does not apply."""
    return Outcome(Status.NOT_APPLICABLE, why, facts=_plain(facts), again=again)


def wait(due: date | datetime, why: str, *, again: date | None = None, **facts: object) -> Outcome:
    """Say what is owed until the end of a day (or until a moment), and is not late."""
    last = due.date() if isinstance(due, datetime) else due
    return Outcome(Status.DUE, why, last, _plain({"due": due, **facts}), again)


def warn(why: str, *, again: date | None = None, **facts: object) -> Outcome:
    """Say what is close to failing or deserves a look."""
    return Outcome(Status.WARN, why, facts=_plain(facts), again=again)


def bad(why: str, **facts: object) -> Outcome:
    """Say what breaks the duty."""
    return Outcome(Status.FAIL, why, facts=_plain(facts))


def unknown(why: str, **facts: object) -> Outcome:
    """Say that it cannot be judged, and what for."""
    return Outcome(Status.UNKNOWN, why, facts=_plain(facts))
