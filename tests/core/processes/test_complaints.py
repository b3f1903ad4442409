"""Complaints move through their clocks, and the rules about them read what happened."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.compliance import reading as compliance
from core.compliance.parts import Person
from core.customers import buyers
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.processes.complaints import answering, deciding, filing, holding, moving, personal, reading, replies
from core.processes.complaints.deciding import Decision
from core.processes.complaints.filing import Filed
from tests.core.processes.clocks import Move, days
from tests.core.processes.test_policies import china
from tests.market import make_good, make_shop
from tests.working import run_due

__all__ = ["days"]
HELD = holding.SOURCE, moving.DUE
SAID = "The mug arrived with a crack in it."
DECISION = Decision(
    "upheld", "The picture shows the crack; the shop has not answered.", "Returns 3.2", "refund", "goods"
)


def filed(topic: str = "quality", kind: str = "consumer", **more: object) -> UUID:
    """File a complaint about a shop, unless told otherwise."""
    with transaction():
        merchant_id = more.pop("merchant_id", None) or make_shop().merchant_id
        return filing.file(Filed(kind, topic, SAID, email="ada@example.com", merchant_id=merchant_id, **more))  # type: ignore[arg-type]


def found(key: UUID) -> reading.Complaint:
    with read_only():
        return reading.find(key)


def counts(rule: str) -> dict[str, int]:
    with read_only():
        return {line.law.id: dict(line.counts) for line in compliance.checklist()}[rule]


def test_merchant_answers_first_and_the_buyer_takes_it(tenant: Tenant, days: Move) -> None:
    china()
    key = filed()
    one = found(key)
    assert (one.state, one.due_at) == ("with_merchant", clock.now() + timedelta(days=3))
    with pytest.raises(Missing), transaction():
        answering.answer(key, uuid4(), "refund", "Sorry")
    assert one.merchant_id is not None
    with transaction():
        answering.answer(key, one.merchant_id, "refund", "Sorry, take your money back.")
        answering.settle(key)
    run_due()
    assert counts("cn.ecl.59.1") == {"due": 1}
    with transaction():
        answering.prove(key, "Refund R10001", merchant_id=one.merchant_id)
        answering.close(key)
    run_due()
    assert (found(key).state, found(key).remedy) == ("closed", "refund")
    assert counts("cn.ecl.59.1") == {"pass": 1}


def test_silent_merchant_is_passed_over(tenant: Tenant, days: Move) -> None:
    china()
    key = filed()
    days(2)
    run_due()
    assert found(key).state == "with_merchant"
    days(4)
    run_due()
    assert found(key).state == "platform_decides"
    assert counts("cn.ecl.59.1") == {"fail": 1}
    with transaction():
        deciding.decide(key, DECISION)
    assert (found(key).state, found(key).remedy) == ("decided", "refund")


@pytest.mark.parametrize("topic", ["food", "safety", "fraud"])
def test_urgent_complaints_go_straight_to_the_marketplace(tenant: Tenant, topic: str) -> None:
    assert found(filed(topic)).state == "platform_decides"


def test_refused_offer_is_decided_by_the_marketplace(tenant: Tenant) -> None:
    key = filed()
    merchant_id = found(key).merchant_id
    assert merchant_id is not None
    with transaction():
        answering.answer(key, merchant_id, "refusal", "It was whole when we sent it.")
    with pytest.raises(Invalid), transaction():
        answering.refuse(key, " ")
    assert found(key).state == "answered"
    with transaction():
        answering.refuse(key, "It was not")
    assert found(key).state == "platform_decides"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (Decision("upheld", "Short", "3.2"), "text"),
        (Decision("upheld", DECISION.text, " "), "clause"),
        (Decision("rejected", DECISION.text, "3.2", "refund"), "remedy"),
        (Decision("maybe", DECISION.text, "3.2"), "outcome"),
    ],
)
def test_decision_needs_reasons_and_a_rule(tenant: Tenant, wrong: Decision, path: str) -> None:
    key = filed("fraud")
    with pytest.raises(Invalid) as refused, transaction():
        deciding.decide(key, wrong)
    assert [fault.path for fault in refused.value.fields] == [path]
    assert found(key).state == "platform_decides"


def test_complaint_needs_a_merchant_a_text_and_an_address(tenant: Tenant) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        filing.file(Filed("consumer", "quality", "Bad"))
    assert [fault.path for fault in refused.value.fields] == ["text", "email", "order"]
    with read_only():
        assert reading.listed() == ()


def test_illegal_goods_are_taken_off_and_reported(tenant: Tenant, days: Move) -> None:
    china()
    with transaction():
        make_good(make_shop(), 1000)
        listing_id = session().scalars(select(ListingRow.id)).one()
    key = filed("forbidden", "illegal", listing_id=listing_id)
    assert found(key).due_at == clock.now() + timedelta(hours=24)
    with pytest.raises(Conflict), transaction():
        deciding.report(key, "SAMR 1")
    with transaction():
        deciding.block(key, "Ivory may not be sold")
        assert session().scalar(select(ListingRow.state)) == "blocked"
    run_due()
    assert counts("cn.ecl.29.1") == {"due": 1}
    with transaction():
        deciding.report(key, "Market regulator, receipt 2026-114")
    run_due()
    assert counts("cn.ecl.29.1") == {"pass": 1}


def test_business_user_is_answered_by_a_person(tenant: Tenant, days: Move) -> None:
    china()
    key = filed("penalty", "business")
    assert found(key).state == "platform_decides"
    with transaction():
        deciding.decide(key, Decision("rejected", DECISION.text, "Penalties 2"))
    run_due()
    assert found(key).state == "closed"
    assert counts("cn.ecl.59.1") == {"pass": 1}


def test_internal_notes_are_for_staff_alone(tenant: Tenant) -> None:
    key = filed()
    with transaction():
        answering.write(key, "operator", "Third one this week", is_internal=True)
        answering.write(key, "operator", "We look into it")
    with read_only():
        assert [one.text for one in reading.messages(key)] == ["We look into it"]
        assert len(reading.messages(key, with_internal=True)) == 2


def test_template_has_a_title_of_its_own(tenant: Tenant) -> None:
    with transaction():
        key = replies.add("Sorry", {"en": "We are sorry.", "zh": ""})
    with pytest.raises(Conflict), transaction():
        replies.add("Sorry", {"en": "Again"})
    with transaction():
        assert [one.texts for one in replies.replies()] == [{"en": "We are sorry."}]
        replies.remove(key)
        assert replies.replies() == ()


def test_erasure_takes_the_author_and_keeps_the_case(tenant: Tenant, days: Move) -> None:
    with transaction():
        customer_id = buyers.ensure_guest("ada@example.com")
    key = filed(customer_id=customer_id, name="Ada Byrne")
    who = Person(uuid4(), (customer_id,), "Ada@Example.com")
    with transaction():
        assert personal._export(who)["complaints"][0]["id"] == key
        (kept, _messages) = personal._erase(who)
    assert (kept.erased, bool(kept.kept)) == (0, True)
    assert (found(key).name, found(key).email, found(key).customer_id) == ("", "", None)
    with transaction():
        answering.withdraw(key)
    days(4 * 366)
    with transaction():
        moving.locked(key).customer_id = customer_id
        assert personal._erase(who)[0].erased == 1
