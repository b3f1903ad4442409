"""The rules at their edges, with values missing, and with numbers that tenants set."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compliance import laws, packs
from core.compliance.calendars import CALENDARS, add_months
from core.compliance.outcomes import Status
from core.compliance.packs import PACKS, RULES
from core.compliance.rules import (
    cn_consumers,
    cn_food,
    cn_platform,
    cn_prices,
    cn_privacy,
    cn_sellers,
    eu,
    us,
)
from core.compliance.ruling import at, judge, numbers_of
from core.kernel.errors import Invalid
from tests.core.compliance.edges import EDGES

SHELVES = (cn_sellers, cn_platform, cn_consumers, cn_prices, cn_food, cn_privacy, eu, us)
ODD = st.sampled_from([None, "", "x", 0, -1, True, [], {}, "2026-02-30", [{}], {"a": 1}])


def _at(day: str) -> Any:
    return at(datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day))


@pytest.mark.parametrize(("rule", "day", "facts", "expected"), EDGES)
def test_rule_turns_on_its_day(rule: str, day: str, facts: dict[str, Any], expected: str) -> None:
    outcome = judge(RULES[rule], facts, _at(day))
    assert outcome.status == expected, outcome


def test_all_69_laws_have_a_check_and_a_pack() -> None:
    assert [shelf.SHELF.missing() for shelf in SHELVES] == [frozenset()] * len(SHELVES)
    assert (len(RULES), sum(len(pack.rules) for pack in PACKS.values())) == (69, 69)
    assert laws.__doc__
    assert not any(pack.is_stale(pack.review_by) for pack in packs.PACKS.values())


@pytest.mark.parametrize(
    "rule", sorted(set(RULES) - {"cn.ecl.12.1"})
)  # which asks for nothing where no licence is required
def test_no_facts_make_a_clear_answer(rule: str) -> None:
    outcome = judge(RULES[rule], {}, _at("2026-11-22"))
    assert outcome.status in (Status.UNKNOWN, Status.FAIL, Status.NOT_APPLICABLE)
    assert outcome.why.format(**outcome.facts)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, part in inner for place in _places(part, (*path, key))]


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(copy[path[0]], path[1:], new)
    return copy


@given(case=st.sampled_from(EDGES), new=ODD, pick=st.integers(0, 10_000))
def test_odd_values_never_break_a_rule(case: Any, new: Any, pick: int) -> None:
    rule, day, facts, _expected = case
    places = _places(facts)
    outcome = judge(RULES[rule], _replaced(facts, places[pick % len(places)], new), _at(day))
    assert outcome.why.format(**outcome.facts) is not None


@given(case=st.sampled_from([edge for edge in EDGES if edge[3] in ("pass", "due", "warn")]))
def test_an_answer_says_a_later_day_to_ask_again(case: Any) -> None:
    rule, day, facts, _expected = case
    outcome = judge(RULES[rule], facts, _at(day))
    assert outcome.again is None or outcome.again > _at(day).today


def test_a_tenant_may_tighten_but_not_loosen() -> None:
    rule = RULES["cn.otm.24.1"]
    assert numbers_of(rule, {"months": 3})["months"] == 3
    with pytest.raises(Invalid):
        numbers_of(rule, {"months": 7})
    facts = {"merchant": {"status": "active", "verified_at": "2026-08-01"}}
    assert judge(rule, facts, _at("2026-11-22"), {"months": 3}).status is Status.FAIL


def test_a_law_applies_from_its_day() -> None:
    outcome = judge(RULES["cn.pr.appeal.1"], {}, _at("2026-01-31"))
    assert (outcome.status, outcome.again) == (Status.NOT_APPLICABLE, date(2026, 2, 1))


def test_chinese_make_up_days_are_worked() -> None:
    china = CALENDARS["CN"]
    assert china.is_work(date(2026, 10, 10))
    assert not china.is_work(date(2026, 10, 7))
    assert china.add(date(2026, 10, 8), 2) == date(2026, 10, 10)
    assert china.period_end(date(2026, 11, 7), 7) == date(2026, 11, 16)


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), months=st.integers(-60, 60))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and add_months(later, 0) == later)
