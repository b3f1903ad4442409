"""Plays cases of rules: a rule on facts as of a day must answer as expected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from core.compliance import calendars
from core.compliance.packs import RULES
from core.compliance.ruling import at, judge


def play(file: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each case's name with what is wrong; "" where nothing is."""
    known = {name: calendars.make(days["holidays"], days["workdays"]) for name, days in file["calendars"].items()}
    for case in file["cases"]:
        rule = RULES.get(case["rule"])
        name = f"{case['rule']}: {case['case']}"
        if rule is None:
            yield name, "there is no such rule"
            continue
        today = case["today"]
        day = datetime.fromisoformat(today) if "T" in today else date.fromisoformat(today)
        outcome = judge(rule, case["snapshot"], at(day, calendars.CALENDARS | known))
        reason = outcome.why.format(**outcome.facts)
        yield (
            name,
            "" if outcome.status == case["expect"] else f"expected {case['expect']}, got {outcome.status}: {reason}",
        )
