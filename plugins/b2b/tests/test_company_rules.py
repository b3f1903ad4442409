"""Roles, limits, numbers, and every event in every state of a company."""

from __future__ import annotations

import pytest

from core.kernel.errors import Conflict
from core.kernel.money import Money
from plugins.b2b import rules, states
from plugins.b2b.rules import Role

EVENTS = ("apply", "approve", "reject", "close")
REACHED = {
    ("applied", "approve"): "active", ("applied", "reject"): "rejected", ("rejected", "apply"): "applied",
    ("active", "close"): "closed",
}  # fmt: skip


@pytest.mark.parametrize("state", states.COMPANY.states)
@pytest.mark.parametrize("event", EVENTS)
def test_every_event_in_every_state_of_a_company_leads_on_or_is_refused(state: str, event: str) -> None:
    wanted = REACHED.get((state, event))
    if wanted is None:
        with pytest.raises(Conflict, match=r"b2b\.company\.not_now"):
            states.target(states.COMPANY, states.COMPANY_EVENTS, state, event)
    else:
        assert states.target(states.COMPANY, states.COMPANY_EVENTS, state, event) == wanted
        assert states.COMPANY.allows(state, wanted)


@pytest.mark.parametrize(
    ("limit", "total", "passes"),
    [(None, 10**9, True), (0, 0, True), (0, 1, False), (500, 499, True), (500, 500, True), (500, 501, False)],
)
def test_a_limit_lets_through_what_does_not_exceed_it(limit: int | None, total: int, passes: bool) -> None:
    bound = None if limit is None else Money(limit, "EUR")
    assert rules.is_within(bound, Money(total, "EUR")) is passes


@pytest.mark.parametrize(
    ("roles", "before", "after", "keeps"),
    [
        ("admin", "admin", "buyer", False),
        ("admin", "admin", "admin", True),
        ("admin", "admin", None, False),
        ("admin admin", "admin", None, True),
        ("admin buyer", "admin", "approver", False),
        ("admin buyer", "buyer", None, True),
    ],
)
def test_a_company_keeps_an_admin(roles: str, before: str, after: str | None, keeps: bool) -> None:
    held = [Role(name) for name in roles.split()]
    assert rules.keeps_an_admin(held, Role(before), Role(after) if after else None) is keeps


@pytest.mark.parametrize(("typed", "kept"), [("ie 123-456", "IE123456"), ("  91.31.0 ", "91310"), ("-/.", "")])
def test_numbers_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert rules.tidy_number(typed) == kept
