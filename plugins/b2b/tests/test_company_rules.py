"""Roles, limits, numbers, and every event in every state of a company."""

from __future__ import annotations

from uuid import UUID

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


ASKING_EVENTS = ("approve", "reject", "withdraw", "lapse", "place")
ASKING = {
    ("waiting", "approve"): "approved", ("waiting", "reject"): "rejected", ("waiting", "withdraw"): "withdrawn",
    ("waiting", "lapse"): "lapsed", ("approved", "place"): "placed", ("approved", "withdraw"): "withdrawn",
    ("approved", "lapse"): "lapsed",
}  # fmt: skip


@pytest.mark.parametrize("state", states.REQUISITION.states)
@pytest.mark.parametrize("event", ASKING_EVENTS)
def test_every_event_in_every_state_of_a_requisition_leads_on_or_is_refused(state: str, event: str) -> None:
    wanted = ASKING.get((state, event))
    if wanted is None:
        with pytest.raises(Conflict, match=r"b2b\.requisition\.not_now"):
            states.target(states.REQUISITION, states.REQUISITION_EVENTS, state, event)
    else:
        assert states.target(states.REQUISITION, states.REQUISITION_EVENTS, state, event) == wanted
        assert states.REQUISITION.allows(state, wanted)


QUOTE_EVENTS = ("answer", "counter", "accept", "decline", "withdraw", "expire")
QUOTES = {
    ("asked", "answer"): "offered", ("asked", "decline"): "declined", ("asked", "withdraw"): "withdrawn",
    ("asked", "expire"): "expired", ("offered", "answer"): "offered", ("offered", "counter"): "asked",
    ("offered", "accept"): "accepted", ("offered", "withdraw"): "withdrawn", ("offered", "expire"): "expired",
}  # fmt: skip


@pytest.mark.parametrize("state", states.QUOTE.states)
@pytest.mark.parametrize("event", QUOTE_EVENTS)
def test_every_event_in_every_state_of_a_quote_leads_on_or_is_refused(state: str, event: str) -> None:
    wanted = QUOTES.get((state, event))
    if wanted is None:
        with pytest.raises(Conflict, match=r"b2b\.quote\.not_now"):
            states.target(states.QUOTE, states.QUOTE_EVENTS, state, event)
    else:
        assert states.target(states.QUOTE, states.QUOTE_EVENTS, state, event) == wanted
        assert states.QUOTE.allows(state, wanted)


@pytest.mark.parametrize(
    ("role", "limit", "is_author", "may"),
    [
        ("buyer", None, False, False), ("approver", None, False, True), ("approver", None, True, False),
        ("approver", 999, False, False), ("approver", 1_000, False, True), ("admin", None, False, True),
        ("admin", None, True, False), ("admin", 0, False, False),
    ],
)  # fmt: skip
def test_another_with_the_role_and_the_limit_agrees_and_never_the_author(
    role: str, limit: int | None, is_author: bool, may: bool
) -> None:
    bound = None if limit is None else Money(limit, "EUR")
    assert rules.may_decide(Role(role), bound, Money(1_000, "EUR"), is_author=is_author) is may


@pytest.mark.parametrize(
    ("asked", "now", "same"),
    [({1: 2}, {1: 2}, True), ({1: 2}, {1: 3}, False), ({1: 2}, {1: 2, 3: 1}, False), ({1: 2, 3: 1}, {1: 2}, False),
     ({}, {}, False)],
)  # fmt: skip
def test_an_approval_holds_for_the_basket_that_was_asked_for(
    asked: dict[int, int], now: dict[int, int], same: bool
) -> None:
    assert rules.is_same(*({UUID(int=key): count for key, count in held.items()} for held in (asked, now))) is same


@pytest.mark.parametrize(
    ("now", "bps", "drifted"),
    [(9_000, 0, False), (10_000, 0, False), (10_001, 0, True), (10_200, 200, False), (10_201, 200, True)],
)
def test_an_approved_total_rises_within_the_bounds_alone(now: int, bps: int, drifted: bool) -> None:
    assert rules.has_drifted(Money(10_000, "EUR"), Money(now, "EUR"), bps) is drifted


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
