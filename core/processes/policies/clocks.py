"""How long a change is open to comment and how long ahead it is published: the longest that a pack in force asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.compliance.packs import RULES
from core.compliance.ruling import numbers_of
from core.compliance.switches import InForce, in_force
from core.kernel import clock
from core.kernel.tenancy import current

_COMMON_NOTICE = 7
"""Days of notice where no pack that is on asks for more."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Days of comment (0: none is asked for) and of publication before a change applies."""

    comment_days: int
    notice_days: int


def of_change(*, is_weighty: bool, binds_merchants: bool, adaptation_days: int = 0) -> Clocks:
    """Return the clocks of a change under the packs in force; one or two queries."""
    force = in_force()
    asked = [_COMMON_NOTICE, _number(force, "cn.ecl.34.1", "days"),
             _number(force, "cn.pr.12.1", "important" if is_weighty else "other")]  # fmt: skip
    if binds_merchants:
        asked += [_number(force, "eu.p2b.3.2", "days"), adaptation_days]
    return Clocks(_number(force, "cn.ecl.34.1", "comment_days"), max(asked))


def _number(force: InForce, rule: str, name: str) -> int:
    if rule not in force.modes:
        return 0
    return numbers_of(RULES[rule], force.numbers.get(rule, {}))[name]


def today() -> date:
    """Return the marketplace's day."""
    return clock.now().astimezone(ZoneInfo(current().timezone)).date()


def begin_of(day: date) -> datetime:
    """Return the first moment of a day at the marketplace."""
    return datetime.combine(day, datetime.min.time(), ZoneInfo(current().timezone))


def after_full_days(count: int) -> datetime:
    """Return when so many full days are over; today is not counted."""
    return begin_of(today() + timedelta(days=count + 1))
