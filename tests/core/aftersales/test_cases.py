"""Cases from request to end: who may do what when, the money to the cent, the goods, and the release that waits."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.aftersales import answering, deadlines, deciding, eligible, moves, queries, returning, settling, terms
from core.billing.refund import RefundRequest, refund
from core.billing.release import _complete, complete
from core.catalogue.reservations import OutOfStock
from core.fulfilment.shipping import Shipment, parcels
from core.kernel import audit, runner
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.orders.aftersale_models import AftersaleRow
from core.orders.states import AFTERSALE, AFTERSALE_OPEN
from tenants import settings, values
from tests.core.aftersales.making import Arrived, arrived, ask, shelf, sibling, timer
from tests.market import balances, euros, make_shop


def _received(sold: Arrived, kind: str = "return", **given: object) -> AftersaleRow:
    case = ask(sold, kind, **given)  # type: ignore[arg-type]
    answering.approve(case.id)
    returning.send_back(case.id, "An Post", "RR1")
    answering.receive(case.id)
    return case


@pytest.mark.parametrize("is_released", [False, True])
def test_a_return_gives_back_the_units_and_puts_them_on_the_shelf(tenant: Tenant, is_released: bool) -> None:
    with transaction():
        sold = arrived()
        if is_released:
            complete(sold.order.id)
        case = _received(sold)
        before = shelf(sold.variant_id)
        answering.accept_goods(case.id, "resell")
        assert (case.state, balances()["psp:stripe"]) == ("refunded", 1490)
        assert (before, shelf(sold.variant_id)) == ((3, 3), (4, 4))
        assert sold.line.refunded == 1


def test_the_last_unit_of_a_faulty_order_brings_the_delivery_price_too(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        first, second = _received(sold), _received(sold)
        answering.accept_goods(first.id, "scrap")
        assert balances()["psp:stripe"] == 1490
        answering.accept_goods(second.id, "scrap")
        assert (balances(), shelf(sold.variant_id)) == ({}, (3, 3))


def test_goods_that_are_written_off_leave_two_movements_and_an_unchanged_shelf(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        answering.accept_goods(_received(sold).id, "scrap")
        assert shelf(sold.variant_id) == (3, 3)


def test_wear_lessens_the_refund_and_the_unit_cannot_be_asked_about_again(tenant: Tenant) -> None:
    with transaction():
        sold = arrived(units=1, delivery=0)
        case = _received(sold)
        with pytest.raises(Invalid, match="no_text"):
            answering.accept_goods(case.id, "resell", less=euros(250))
        answering.accept_goods(case.id, "resell", "Worn soles", less=euros(250))
        assert (case.state, balances()["psp:stripe"]) == ("refunded", 250)
        assert eligible.of_order(sold.order).articles[0].free == 0


def test_a_claim_gives_an_amount_while_the_goods_stay(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        case = ask(sold, "claim", amount=euros(333))
        answering.approve(case.id)
        assert (case.state, balances()["psp:stripe"], sold.line.refunded) == ("refunded", 2490 - 333, 0)
        assert eligible.of_order(sold.order).articles[0].free == 2


def test_claims_never_exceed_what_is_left(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        answering.approve(ask(sold, "claim", amount=euros(1900)).id)
        before = balances()
        with pytest.raises(Conflict, match="too_much"):
            ask(sold, "claim", amount=euros(101))
        answering.approve(ask(sold, "refund", units=2).id)
        assert (before["psp:stripe"], balances()) == (590, {})


def test_an_offer_is_taken_and_ends_the_case(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        case = ask(sold)
        with pytest.raises(Conflict, match="too_much"):
            answering.offer(case.id, euros(2001))
        answering.offer(case.id, euros(400), "Keep it for less?")
        returning.take_offer(case.id)
        assert (case.state, balances()["psp:stripe"]) == ("refunded", 2090)
        assert eligible.of_order(sold.order).articles[0].free == 2


def test_an_exchange_sends_another_variant_of_one_price_without_any_money(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        blue, before = sibling(sold), balances()
        case = _received(sold, "exchange", variant_id=blue)
        answering.accept_goods(case.id, "resell")
        answering.send(case.id, Shipment("An Post", "RR2"))
        assert (case.state, balances()) == ("exchanged", before)
        assert (shelf(sold.variant_id), shelf(blue)) == ((4, 4), (2, 2))
        assert parcels(sold.order.id)[-1].units == {sold.line.id: 1}


def _exchanged(sold: Arrived, variant_id: UUID, units: int = 1) -> AftersaleRow:
    case = _received(sold, "exchange", variant_id=variant_id, units=units)
    answering.accept_goods(case.id, "resell")
    answering.send(case.id, Shipment("An Post", "RR2"))
    return case


@pytest.mark.parametrize("is_released", [False, True])
def test_an_exchange_for_something_cheaper_brings_the_difference_back(tenant: Tenant, is_released: bool) -> None:
    with transaction():
        sold = arrived()
        if is_released:
            complete(sold.order.id)
        case = _exchanged(sold, sibling(sold, price=799))
        assert (case.state, case.difference_minor, balances()["psp:stripe"]) == ("exchanged", 201, 2490 - 201)
        assert (sold.line.refunded, queries.case(case.id).difference) == (0, euros(201))
        assert case.refund_id is not None


def test_the_difference_is_of_the_share_that_the_buyer_paid_and_the_rest_goes_back_later(tenant: Tenant) -> None:
    with transaction():
        sold = arrived(units=1, delivery=0)
        answering.approve(ask(sold, "claim", amount=euros(333)).id)
        case = _exchanged(sold, sibling(sold, price=500))
        assert (case.difference_minor, balances()["psp:stripe"]) == (334, 333)
        answering.accept_goods(_received(sold).id, "resell")
        assert balances() == {}


def test_an_exchange_and_another_back_is_no_gift(tenant: Tenant) -> None:
    with transaction():
        sold = arrived(units=2, delivery=0)
        cheap = sibling(sold, price=600)
        assert _exchanged(sold, cheap).difference_minor == 400
        assert _exchanged(sold, cheap).difference_minor == 400
        before = balances()
        with pytest.raises(Conflict, match="no_variant"):
            ask(sold, "exchange", variant_id=sold.variant_id)
        assert (before["psp:stripe"], balances()) == (1200, before)
        assert _exchanged(sold, cheap).difference_minor == 0


def test_what_was_refunded_meanwhile_bounds_the_difference(tenant: Tenant) -> None:
    with transaction():
        sold = arrived(units=1, delivery=0)
        case = _received(sold, "exchange", variant_id=sibling(sold, price=100))
        refund(RefundRequest(sold.order.id, {}, "by hand", amounts={sold.line.id: euros(950)}))
        answering.accept_goods(case.id, "resell")
        answering.send(case.id, Shipment("An Post", "RR2"))
        assert (case.difference_minor, balances()) == (900, {})


def test_a_dearer_variant_is_no_exchange(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        dearer = sibling(sold, price=1200)
        with pytest.raises(Conflict, match="no_variant"):
            ask(sold, "exchange", variant_id=dearer)
        assert session().scalars(select(AftersaleRow)).all() == []


def test_an_exchange_without_stock_is_refunded_instead(tenant: Tenant) -> None:
    with transaction():
        sold = arrived(units=1, delivery=0)
        case = _received(sold, "exchange", variant_id=sibling(sold, stock=0))
        answering.accept_goods(case.id, "scrap")
    with pytest.raises(OutOfStock), transaction():
        answering.send(case.id, Shipment("An Post"))
    with transaction():
        answering.refund_instead(case.id, "Sold out")
        assert (queries.case(case.id).state, balances()) == ("refunded", {})


def test_a_repair_comes_back_and_moves_neither_money_nor_stock(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        before = (balances(), shelf(sold.variant_id))
        case = _received(sold, "repair")
        answering.accept_goods(case.id, "")
        answering.send(case.id, Shipment("An Post"))
        assert (case.state, (balances(), shelf(sold.variant_id))) == ("repaired", before)


def test_a_refused_buyer_calls_the_operator_who_decides(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        case = ask(sold, "refund")
        with pytest.raises(Invalid, match="no_text"):
            answering.refuse(case.id, " ")
        answering.refuse(case.id, "The picture shows nothing")
        returning.call_operator(case.id, "It shows the crack")
        with pytest.raises(Conflict):
            answering.approve(case.id)
        deciding.decide(case.id, "refund", "The crack is plain to see", euros(600))
        assert (case.state, balances()["psp:stripe"]) == ("refunded", 1890)


def test_the_operator_may_ask_for_the_goods_or_dismiss(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        first, second = ask(sold, "claim", amount=euros(100)), ask(sold, "repair")
        for case in (first, second):
            deciding.take_over(case.id, "Both sides write past each other")
        with pytest.raises(Conflict, match="no_outcome"):
            deciding.decide(first.id, "replace", "No")
        deciding.decide(first.id, "return", "Send it back first")
        deciding.decide(second.id, "dismiss", "Worn by use")
        assert [(case.kind, case.state) for case in (first, second)] == [("return", "approved"), ("repair", "closed")]


def test_a_right_that_the_law_gives_is_not_refused(tenant: Tenant) -> None:
    with transaction():
        case = ask(arrived(), "return", "changed_mind")
        with pytest.raises(Conflict, match="by_law"):
            answering.refuse(case.id, "No")
        assert (case.by_law, case.payer, case.state) == (True, "buyer", "requested")


def test_a_withdrawal_of_the_whole_order_brings_the_delivery_price_in_the_union(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        case = _received(sold, "return", reason="changed_mind", units=2)
        assert settling.expected(case, sold.order).minor == 2490
        answering.accept_goods(case.id, "resell")
        assert balances() == {}


def test_more_units_than_are_free_are_refused(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        ask(sold)
        with pytest.raises(Conflict, match="too_many"):
            ask(sold, units=2)
        ask(sold)
        assert eligible.of_order(sold.order).articles[0].free == 0


def test_asking_twice_under_one_key_opens_one_case(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        assert ask(sold, key="same").id == ask(sold, key="same").id
        assert len(session().scalars(select(AftersaleRow)).all()) == 1


def test_a_case_withdrawn_frees_its_units(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        case = ask(sold, units=2)
        returning.withdraw(case.id)
        assert (case.state, eligible.of_order(sold.order).articles[0].free) == ("closed", 2)
        with pytest.raises(Conflict):
            returning.withdraw(case.id)


def test_another_merchant_finds_no_case_and_changes_nothing(tenant: Tenant) -> None:
    with transaction():
        case, other = ask(arrived()), make_shop().merchant_id
        for call in (
            lambda: answering.approve(case.id, merchant_id=other),
            lambda: answering.refuse(case.id, "No", merchant_id=other),
            lambda: answering.receive(case.id, merchant_id=other),
            lambda: queries.case(case.id, merchant_id=other),
        ):
            with pytest.raises(Missing):
                call()
        assert case.state == "requested"


def test_money_waits_while_a_case_is_open_and_goes_on_when_it_ends(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        case = ask(sold)
        with pytest.raises(Conflict, match="case_open"):
            complete(sold.order.id)
        _complete({"order": str(sold.order.id)})
        assert sold.order.state == "delivered"
        answering.refuse(case.id, "No fault found")
        returning.withdraw(case.id)
        _complete({"order": str(sold.order.id)})
        assert sold.order.state == "completed"


def test_what_the_shop_has_refunded_meanwhile_is_not_refunded_again(tenant: Tenant) -> None:
    with transaction():
        sold = arrived(delivery=0)
        case = ask(sold, "refund", units=2)
        refund(RefundRequest(sold.order.id, {sold.line.id: 2}, "by hand"))
        answering.approve(case.id)
        assert (case.state, queries.case(case.id).why, balances()) == ("closed", "settled", {})


SILENCE = {
    "requested": ("approved", 0), "approved": ("closed", 0), "sent_back": ("received", 0),
    "received": ("refunded", 1000), "refused": ("closed", 0), "escalated": ("escalated", 0),
}  # fmt: skip


@pytest.mark.parametrize("state", SILENCE)
def test_silence_moves_a_case_on(tenant: Tenant, state: str) -> None:
    with transaction():
        sold = arrived()
        case = ask(sold)
        steps = {
            "approved": [lambda: answering.approve(case.id)],
            "sent_back": [lambda: answering.approve(case.id), lambda: returning.send_back(case.id, "Post")],
            "received": [lambda: answering.approve(case.id), lambda: answering.receive(case.id)],
            "refused": [lambda: answering.refuse(case.id, "No")],
            "escalated": [lambda: deciding.take_over(case.id, "Look")],
        }
        for step in steps.get(state, []):
            step()
        waiting = timer(case)
        assert waiting is not None
        assert waiting.next_at == case.due_at
        deadlines.due(waiting.payload)
        after, refunded = SILENCE[state]
        assert (case.state, 2490 - balances()["psp:stripe"]) == (after, refunded)


def test_a_deadline_that_comes_late_does_nothing(tenant: Tenant) -> None:
    with transaction():
        case = ask(arrived())
        answering.refuse(case.id, "No")
        deadlines.due({"case": str(case.id), "state": "requested"})
        assert case.state == "refused"


def test_a_shop_without_an_address_cannot_approve_and_silence_calls_the_operator(tenant: Tenant) -> None:
    with transaction():
        case = ask(arrived(address=False))
        with pytest.raises(Conflict, match="no_address"):
            answering.approve(case.id)
        assert case.state == "requested"
        deadlines.due({"case": str(case.id), "state": "requested"})
        assert (case.state, queries.case(case.id).why) == ("escalated", "no_address")


def test_each_step_is_told_by_mail_and_remembered_on_the_order(tenant: Tenant) -> None:
    with transaction():
        case = ask(arrived())
        answering.refuse(case.id, "No")
        told = session().scalars(select(OutboxRow).where(OutboxRow.handler == "messages.aftersale_changed")).all()
        assert [row.payload["kind"] for row in told] == ["requested", "refused"]
        assert [moment.kind for moment in queries.case(case.id).moments] == ["requested", "refused"]


def test_every_open_state_has_a_deadline_an_act_and_somebody_who_is_next() -> None:
    for table in (terms.DEADLINES, deadlines.ACTS, queries.NEEDED):
        assert set(table) == AFTERSALE_OPEN
    assert {state for tab in ("to_do", "waiting", "escalated", "done") for state in queries.TABS[tab]} == set(
        AFTERSALE.states
    )


def _ring(tenant: Tenant, case_id: UUID) -> str:
    """Let the timer of a case run as a worker does; return the state after it."""
    with read_only():
        waiting = timer(moves.find(case_id))
        assert waiting is not None
    assert runner.run_row(tenant, waiting.id, waiting.handler)
    with read_only():
        return moves.find(case_id).state


def test_timers_alone_lead_a_case_to_its_refund_and_its_order_to_completion(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        case_id, order_id = ask(sold).id, sold.order.id
    assert _ring(tenant, case_id) == "approved"
    with transaction():
        returning.send_back(case_id, "An Post")
    assert [_ring(tenant, case_id) for _step in range(2)] == ["received", "refunded"]
    with read_only():
        assert (timer(moves.find(case_id)), balances()["psp:stripe"]) == (None, 1490)
        query = select(OutboxRow).where(OutboxRow.key == f"order.complete:{order_id}", OutboxRow.done_at.is_(None))
        assert session().scalars(query).one().handler == "billing.complete"


def test_a_person_gives_back_no_more_than_one_person_may_and_a_deadline_does(tenant: Tenant) -> None:
    with transaction():
        settings.change({"refund_second_person": "5"})
    values.forget(tenant.id)
    limited = values.find(tenant.id)
    assert limited is not None
    with bind(limited), transaction():
        case = _received(arrived())
        before = balances()
        audit.set_actor(audit.By("operator", UUID(int=1), "Ann", ""))
        with pytest.raises(Conflict, match="second_person"):
            answering.accept_goods(case.id, "resell")
        assert (case.state, balances()) == ("received", before)
        audit.set_actor(audit.SYSTEM)
        deadlines.due({"case": str(case.id), "state": "received"})
        assert (case.state, balances()["psp:stripe"]) == ("refunded", 1490)
