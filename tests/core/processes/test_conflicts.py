"""Disputes: offers that both confirm, voluntary mediation, decisions with reasons that give money back once."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from core.billing.models import RefundRow
from core.compliance.parts import Person
from core.kernel.db import session
from core.kernel.errors import Conflict, Denied, Invalid, Missing
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.orders import open_cases
from core.orders.open_cases import has_open_case
from core.processes.complaints import deciding as complaints
from core.processes.complaints import filing
from core.processes.complaints import reading as complaint_reading
from core.processes.conflicts import bundling, deciding, opening, personal, reading, talking
from core.processes.conflicts.deciding import Decision
from tests.core.aftersales.making import Arrived, arrived
from tests.core.processes.test_policies import in_force
from tests.working import run_due

WHY = "The mug came broken, and the shop says that it was whole."
DECISION = Decision("The picture of the parcel shows the damage; it was packed badly.", "Disputes 4.2", 700)
ME = uuid4()


@pytest.fixture
def sold(tenant: Tenant) -> Arrived:
    """An order of two units at 10.00 that has arrived."""
    open_cases.register("conflicts", opening.has_open)
    with transaction():
        return arrived()


def opened(sold: Arrived, side: str = "buyer") -> UUID:
    """Open a dispute over the order."""
    with transaction():
        return opening.open_(sold.order.id, side, WHY, 1000)


def found(key: UUID) -> reading.Dispute:
    with read_only():
        return reading.find(key)


def refunded() -> list[int]:
    with read_only():
        return list(session().scalars(select(RefundRow.amount_minor)))


def mediated(sold: Arrived) -> UUID:
    """Bring a dispute before a mediator, under rules on disputes that are in force."""
    in_force("disputes")
    key = opened(sold)
    with transaction():
        talking.want_mediation(key, "buyer")
        talking.want_mediation(key, "merchant")
        deciding.take(key, by=ME, name="Nora")
    return key


def test_offer_that_the_other_side_accepts_is_paid_once(tenant: Tenant, sold: Arrived) -> None:
    key = opened(sold)
    with transaction():
        talking.offer(key, "merchant", 300, "For the scratch")
        talking.offer(key, "merchant", 500, "Half of it")
    with read_only():
        first, second = reading.messages(reading.find(key))
        assert (first.offer_state, second.offer_state) == ("replaced", "open")
    with pytest.raises(Conflict), transaction():
        talking.accept(key, first.id, "buyer")
    with pytest.raises(Conflict), transaction():
        talking.accept(key, second.id, "merchant")
    with transaction():
        talking.accept(key, second.id, "buyer")
    run_due()
    run_due()
    one = found(key)
    assert (one.state, one.awarded.minor, one.is_paid, refunded()) == ("agreed", 500, True, [500])


def test_money_stays_held_while_a_dispute_is_open(tenant: Tenant, sold: Arrived) -> None:
    key = opened(sold)
    with read_only():
        assert has_open_case(sold.order.id)
    with pytest.raises(Conflict), transaction():
        opening.withdraw(key, "merchant")
    with transaction():
        opening.withdraw(key, "buyer")
        assert not has_open_case(sold.order.id)


def test_one_dispute_at_a_time_and_no_more_than_is_left(tenant: Tenant, sold: Arrived) -> None:
    with pytest.raises(Invalid), transaction():
        opening.open_(sold.order.id, "buyer", WHY, 1_000_000)
    key = opened(sold)
    with pytest.raises(Conflict), transaction():
        opening.open_(sold.order.id, "merchant", WHY)
    with read_only():
        assert [one.id for one in reading.listed()] == [key]


def test_mediation_needs_both_sides(tenant: Tenant, sold: Arrived) -> None:
    key = opened(sold)
    with transaction():
        talking.want_mediation(key, "buyer")
        talking.want_mediation(key, "buyer")
    assert found(key).state == "negotiation"
    with transaction():
        talking.want_mediation(key, "merchant")
    assert found(key).state == "mediation"


def test_decision_gives_money_back_with_reasons(tenant: Tenant, sold: Arrived) -> None:
    key = mediated(sold)
    with pytest.raises(Denied), transaction():
        deciding.decide(key, DECISION, by=uuid4())
    with pytest.raises(Invalid), transaction():
        deciding.decide(key, Decision("Short", "", 700), by=ME)
    assert (found(key).state, refunded()) == ("mediation", [])
    with transaction():
        deciding.decide(key, DECISION, by=ME)
    assert (found(key).state, found(key).is_paid, refunded()) == ("decided", True, [700])
    with transaction():
        opening.close(key, "The buyer has the money")
    assert found(key).state == "closed"


def test_no_decision_without_published_rules(tenant: Tenant, sold: Arrived) -> None:
    key = opened(sold)
    with transaction():
        talking.want_mediation(key, "buyer")
        talking.want_mediation(key, "merchant")
        deciding.take(key, by=ME, name="Nora")
    with pytest.raises(Conflict), transaction():
        deciding.decide(key, DECISION, by=ME)
    assert (found(key).state, refunded()) == ("mediation", [])


def test_complaint_goes_on_with_its_file_and_another_mediator(tenant: Tenant, sold: Arrived) -> None:
    in_force("disputes")
    with transaction():
        case = filing.file(filing.Filed("consumer", "fraud", WHY, email="a@b.example", order_id=sold.order.id))
        complaints.take(case, by=ME, name="Nora")
        key = opening.escalate(case, "buyer", "")
    assert found(key).complaint_id == case
    with read_only():
        assert complaint_reading.find(case).state == "disputed"
    with pytest.raises(Denied), transaction():
        deciding.take(key, by=ME, name="Nora")


def test_arbitration_needs_a_written_agreement(tenant: Tenant, sold: Arrived) -> None:
    key = opened(sold)
    with pytest.raises(Invalid) as refused, transaction():
        talking.take_elsewhere(key, "arbitration", "Dublin Arbitration, 12")
    assert [fault.path for fault in refused.value.fields] == ["agreement"]
    with transaction():
        talking.take_elsewhere(key, "arbitration", "Dublin Arbitration, 12", "Signed on 3 May, this order, Dublin")
    with pytest.raises(Conflict), transaction():
        talking.offer(key, "merchant", 100, "Late")
    with transaction():
        talking.conclude(key, "The claim is dismissed")
        opening.close(key, "Nothing to carry out")
    assert found(key).state == "closed"


def test_bundle_is_what_its_hash_says(tenant: Tenant, sold: Arrived) -> None:
    key = opened(sold)
    digest = bundling.store(b"a bundle")
    with transaction():
        bundle = bundling.keep(key, digest, 8)
    with read_only():
        assert bundling.read(key, bundle) == b"a bundle"
        assert reading.bundles(key)[0].digest == digest
    with pytest.raises(Missing), read_only():
        bundling.read(uuid4(), bundle)


def test_erasure_keeps_a_dispute_without_the_buyer(tenant: Tenant, sold: Arrived) -> None:
    key = opened(sold)
    customer_id = found(key).customer_id
    assert customer_id is not None
    who = Person(uuid4(), (customer_id,), "ada@example.com")
    with transaction():
        assert len(personal._export(who)["disputes"]) == 1
        assert personal._erase(who)[0].erased == 0
        count = session().scalar(select(func.count()).select_from(reading.ConflictRow))
    assert (count, found(key).customer_id) == (1, None)
