"""Declaring rules and asking them: a rule is a pure function over facts and a day, with the law that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from core.compliance.calendars import CALENDARS, Calendar
from core.compliance.facts import Facts, Lacking, Tree
from core.compliance.outcomes import Outcome, Status, na, unknown
from core.kernel.errors import Invalid, _


@dataclass(frozen=True, slots=True)
class Law:
    """What a rule stands for. `grade` tells how far the reading can be trusted: A read, B confirmed, C from memory.

    `keep_months` is how long proof is kept, `keep_from` from when; `likelihood` and `impact` go from 1 to 5.
    """

    id: str
    pack: str
    subject: str
    title: str
    duty: str
    law: str
    since: date
    grade: str
    likelihood: int
    impact: int
    is_waivable: bool = True
    keep_months: int = 36
    keep_from: str = "closing"

    @property
    def score(self) -> int:
        """Likelihood times impact, 1 to 25."""
        return self.likelihood * self.impact


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a tenant may tighten. `floor` and `cap` are the law's; without them it is the product's choice."""

    default: int
    floor: int | None = None
    cap: int | None = None

    @property
    def is_law(self) -> bool:
        """Whether a law sets a limit."""
        return self.floor is not None or self.cap is not None

    def checked(self, value: int) -> int:
        """Return the value. Raise Invalid if it is looser than the law."""
        if self.cap is not None and value > self.cap:
            raise Invalid("compliance.too_loose", _("The law allows at most {cap}"), cap=self.cap)
        if value < (self.floor or 0):
            raise Invalid("compliance.too_loose", _("At least {floor}"), floor=self.floor or 0)
        return value


@dataclass(frozen=True, slots=True)
class At:
    """When a rule is asked: the tenant's day, the moment, the numbers in force, and the calendars."""

    today: date
    moment: datetime
    numbers: Mapping[str, int] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=lambda: CALENDARS)

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    @property
    def china(self) -> Calendar:
        """The working days of China."""
        return self.calendars["CN"]

    @property
    def europe(self) -> Calendar:
        """The working days of the European Union."""
        return self.calendars["EU"]


Check = Callable[[Facts, At], Outcome]


@dataclass(frozen=True, slots=True)
class Rule:
    """A law with the function that checks it. `version` goes up when its answer to old facts may change."""

    law: Law
    check: Check
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    version: int = 1

    @property
    def id(self) -> str:
        """The rule's name, such as "cn.ecl.10.1"."""
        return self.law.id


def at(day: date | datetime, calendars: Mapping[str, Calendar] = CALENDARS) -> At:
    """Return the moment of asking; a date means its beginning."""
    if isinstance(day, datetime):
        moment = day if day.tzinfo else day.replace(tzinfo=UTC)
        return At(moment.date(), moment, calendars=calendars)
    return At(day, datetime.combine(day, time(), UTC), calendars=calendars)


def numbers_of(rule: Rule, settings: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers in force: the tenant's where it has set one, else the rule's own."""
    return {
        name: parameter.checked(settings[name]) if name in settings else parameter.default
        for name, parameter in rule.parameters.items()
    }


def judge(rule: Rule, facts: Mapping[str, Tree], when: At, settings: Mapping[str, int] | None = None) -> Outcome:
    """Ask a rule. What it cannot do without and does not find makes the answer unknown, never an error.

    A law that is not in force yet does not apply; the answer carries the day on which to ask again.
    """
    if when.today < rule.law.since:
        return na(_("In force from {since}"), again=rule.law.since, since=rule.law.since)
    when = replace(when, numbers=numbers_of(rule, settings or {}))
    try:
        outcome = rule.check(Facts(facts), when)
    except Lacking as lacking:
        return unknown(_("This is not known yet: {field}"), field=lacking.path)
    if outcome.status is Status.DUE and outcome.due and not outcome.again:
        return replace(outcome, again=max(outcome.due, when.today) + timedelta(days=1))
    return outcome


class Shelf:
    """Rules by their ids. Every law has one check and every check a law."""

    def __init__(self, laws: Iterable[Law]) -> None:
        self._laws = {law.id: law for law in laws}
        self.rules: dict[str, Rule] = {}

    def rule(self, law: str, *, version: int = 1, **parameters: Parameter) -> Callable[[Check], Check]:
        """Mark a function as the check of a law. Raise ValueError for a law that is not known or has a check."""

        def mark(check: Check) -> Check:
            if law in self.rules or law not in self._laws:
                raise ValueError(f"{law} is no law of this shelf, or has a check already")
            self.rules[law] = Rule(self._laws[law], check, parameters, version)
            return check

        return mark

    def missing(self) -> frozenset[str]:
        """Return the laws without a check."""
        return frozenset(self._laws) - frozenset(self.rules)
