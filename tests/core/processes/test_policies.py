"""A policy changes through its clocks, and the rules about it read what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.compliance import answers, switches
from core.compliance import reading as compliance
from core.compliance.models import RecordRow
from core.compliance.switches import Mode
from core.customers import buyers
from core.identity import approvals
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid, Missing
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.merchants import directory
from core.processes.policies import (
    accepting,
    clocks,
    commenting,
    decisions,
    drafting,
    holding,
    leaving,
    publishing,
    reading,
)
from core.processes.policies.commenting import Voice
from core.processes.policies.drafting import Draft
from core.processes.policies.models import AcceptanceRow
from tests.core.merchants.making import approved
from tests.core.processes.clocks import Move, days
from tests.working import run_due

__all__ = ["days"]
HELD = holding.SOURCE, holding.EXIT
ME, OTHER = uuid4(), uuid4()
TEXT = {"en": "# Fees\n\nTen percent."}


def agree(version_id: UUID, by: UUID = OTHER) -> None:
    """Let a version out as the second person."""
    asked = approvals.latest(publishing.OPENING, version_id)
    assert asked is not None
    decisions._agree(asked, by)


def in_force(kind: str = "fees", texts: Mapping[str, str] = TEXT) -> UUID:
    """Bring the first version of a policy into force."""
    with transaction():
        key = drafting.start(kind)
        drafting.write(key, Draft(texts))
        publishing.propose(key, by=ME)
        agree(key)
        publishing.publish(key, clocks.today())
    run_due()
    return key


def proposed(text: str = "# Fees\n\nEleven percent.", *, is_weighty: bool = True) -> UUID:
    """Draft and propose the next version."""
    with transaction():
        key = drafting.start("fees")
        why = "" if is_weighty else "A spelling mistake only"
        drafting.write(key, Draft({"en": text}, {"en": "Fees rise"}, is_weighty, why))
        publishing.propose(key, by=ME)
        return key


def state(version_id: UUID) -> str:
    with read_only():
        return reading.find(version_id).state


def china() -> None:
    with transaction():
        switches.switch_on("cn_base", Mode.OBSERVE)
    run_due()


def published(days: Move) -> UUID:
    """Bring a second version through comments to publication; on day 10, for day 25."""
    key = proposed()
    with transaction():
        agree(key)
    days(9)
    run_due()
    with transaction():
        publishing.conclude(key)
        publishing.publish(key, clocks.today() + timedelta(days=15))
    run_due()
    return key


def test_first_version_applies_at_once(tenant: Tenant, days: Move) -> None:
    key = in_force()
    with read_only():
        found = reading.standing()["fees"]
        assert (found.id, found.number, found.state, len(found.digest)) == (key, 1, "in_force", 64)


def test_own_draft_is_not_let_out_alone(tenant: Tenant, days: Move) -> None:
    in_force()
    key = proposed()
    with pytest.raises(Denied), transaction():
        agree(key, ME)
    assert state(key) == "review"


def test_change_waits_for_comments_and_publication(tenant: Tenant, days: Move) -> None:
    china()
    first = in_force()
    key = proposed()
    with transaction():
        agree(key)
    assert state(key) == "comment"
    days(7)
    run_due()
    assert state(key) == "comment"
    with pytest.raises(Conflict), transaction():
        publishing.conclude(key)
    days(8)
    run_due()
    assert state(key) == "closed"
    with transaction():
        publishing.conclude(key)
    with pytest.raises(Invalid), transaction():
        publishing.publish(key, clocks.today() + timedelta(days=14))
    assert state(key) == "approved"
    with transaction():
        publishing.publish(key, clocks.today() + timedelta(days=15))
    days(22)
    run_due()
    assert (state(first), state(key)) == ("in_force", "published")
    days(23)
    run_due()
    assert (state(first), state(key)) == ("superseded", "in_force")


def test_without_a_pack_no_comment_is_asked_for(tenant: Tenant, days: Move) -> None:
    in_force()
    key = proposed()
    with transaction():
        agree(key)
        assert publishing.earliest(publishing.finding.row_of(key)) == date(2026, 11, 9)
    assert state(key) == "approved"


def test_rules_read_the_clocks_and_nobody_declares_them(tenant: Tenant, days: Move) -> None:
    china()
    in_force()
    key = published(days)
    days(25)
    run_due()
    with read_only():
        lines = {line.law.id: line.counts for line in compliance.checklist()}
        assert [lines[rule] for rule in (*publishing.RULES, "cn.otm.28.1")] == [{"pass": 1}] * 3
        record = session().scalars(select(RecordRow).where(RecordRow.source_id == key)).first()
        assert record is not None
    with pytest.raises(Conflict), transaction():
        answers.remove_record(record.id)
    with transaction():
        answers.declare("record", record.id, "cn.ecl.34.1", {"v.published_at": "2026-11-20"}, evidence="A letter")
    run_due()
    with read_only():
        lines = {line.law.id: line.counts for line in compliance.checklist()}
        assert lines["cn.ecl.34.1"] == {"pass": 1}


def test_comment_is_answered_before_publication(tenant: Tenant, days: Move) -> None:
    china()
    in_force()
    key = proposed()
    with pytest.raises(Conflict), transaction():
        commenting.say(key, "Too much", Voice("Ada"))
    with transaction():
        agree(key)
        said = commenting.say(key, "Too much", Voice("Ada"))
    days(8)
    run_due()
    with pytest.raises(Conflict), transaction():
        publishing.conclude(key)
    with pytest.raises(Invalid), transaction():
        commenting.answer(said, "taken", "")
    with transaction():
        commenting.answer(said, "partly", "Ten and a half")
        drafting.correct(key, {"en": "# Fees\n\nTen and a half."}, "As asked in the comments")
        publishing.conclude(key)
    with read_only():
        (one,) = reading.comments(key)
        assert (one.name, one.outcome, one.answer) == ("Ada", "partly", "Ten and a half")
        version = reading.find(key)
        assert version.commented_texts["en"].endswith("Eleven percent.")


def test_light_change_of_a_weighty_policy_needs_a_reason(tenant: Tenant, days: Move) -> None:
    china()
    in_force()
    with transaction():
        key = drafting.start("fees")
    with pytest.raises(Invalid) as refused, transaction():
        drafting.write(key, Draft({"en": "x"}, is_weighty=False))
    assert [fault.path for fault in refused.value.fields] == ["weight_reason"]
    with read_only():
        assert reading.find(key).texts == TEXT


def test_void_clause_is_refused_where_the_law_is_on(tenant: Tenant, days: Move) -> None:
    china()
    with transaction():
        key = drafting.start("consumers")
    with pytest.raises(Invalid) as refused, transaction():
        drafting.write(key, Draft({"zh": "特价商品一经售出概不退换。"}))
    assert [fault.path for fault in refused.value.fields] == ["text_zh"]


def test_merchants_are_told_and_answer(tenant: Tenant, days: Move) -> None:
    with transaction():
        one, two = approved("One"), approved("Two")
    china()
    in_force()
    key = published(days)
    with transaction():
        assert reading.acceptance_counts(key) == {"pending": 2}
        accepting.accept(one, key, by=ME)
    days(25)
    run_due()
    with transaction():
        assert reading.acceptance_counts(key) == {"accepted": 1, "silent": 1}
        accepting.accept(two, key, by=ME)
        assert reading.acceptance_counts(key) == {"accepted": 2}


def test_merchant_leaves_under_the_old_rules(tenant: Tenant, days: Move) -> None:
    with transaction():
        merchant_id = approved()
    china()
    in_force()
    key = published(days)
    with transaction():
        accepting.object_(merchant_id, key, by=ME)
    run_due()
    with read_only():
        found = reading.exit_of(merchant_id)
        assert found is not None
        assert (found.objected_number, found.governing_number, found.settle_by) == (2, 1, date(2026, 12, 11))
        lines = {line.law.id: line.counts for line in compliance.checklist()}
        assert lines["cn.ecl.34.2"] == {"due": 1}
    with transaction():
        leaving.settle(found.id)
    run_due()
    with read_only():
        assert directory.find(merchant_id).state == "closed"
        lines = {line.law.id: line.counts for line in compliance.checklist()}
        assert lines["cn.ecl.34.2"] == {"pass": 1}


def test_merchant_stays_after_all(tenant: Tenant, days: Move) -> None:
    with transaction():
        merchant_id = approved()
    in_force()
    key = proposed()
    with transaction():
        agree(key)
        publishing.publish(key, date(2026, 11, 9))
        accepting.object_(merchant_id, key, by=ME)
    with pytest.raises(Conflict), transaction():
        accepting.object_(merchant_id, key, by=ME)
    with transaction():
        leaving.stay(merchant_id)
    with read_only():
        assert reading.exit_of(merchant_id) is None
        assert reading.acceptance_counts(key) == {"accepted": 1}


def test_nobody_objects_to_what_applies_already(tenant: Tenant, days: Move) -> None:
    with transaction():
        merchant_id = approved()
    key = in_force()
    with pytest.raises(Conflict), transaction():
        accepting.object_(merchant_id, key, by=ME)
    with read_only():
        assert reading.exits() == ()


def test_withdrawn_version_never_applies(tenant: Tenant, days: Move) -> None:
    china()
    first = in_force()
    key = published(days)
    with pytest.raises(Invalid), transaction():
        publishing.withdraw(key, " ")
    with transaction():
        publishing.withdraw(key, "We have heard you")
    days(40)
    run_due()
    assert (state(first), state(key)) == ("in_force", "withdrawn")
    with pytest.raises(Missing), read_only():
        reading.public("fees", 2)


def test_buyers_accept_by_ordering_once(tenant: Tenant, days: Move) -> None:
    in_force("terms")
    in_force("fees")
    with transaction():
        customer_id = buyers.ensure_guest("ada@example.com")
        accepting.ordered(customer_id)
        accepting.ordered(customer_id)
        rows = session().scalars(select(AcceptanceRow).where(AcceptanceRow.customer_id == customer_id)).all()
        assert [row.state for row in rows] == ["accepted"]


def test_versions_of_the_day_of_an_order(tenant: Tenant, days: Move) -> None:
    in_force()
    key = proposed()
    with transaction():
        agree(key)
        publishing.publish(key, date(2026, 11, 9))
    before = publishing.clock.now()
    days(10)
    run_due()
    with read_only():
        assert reading.at(before)["fees"].number == 1
        assert reading.at(publishing.clock.now())["fees"].number == 2
        assert reading.difference("a\nb", "a\nc") == (("same", "a"), ("gone", "b"), ("new", "c"))
