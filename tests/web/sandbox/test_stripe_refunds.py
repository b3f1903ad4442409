"""Refunds of the stand-in, and the balance that they leave."""

import pytest
import stripe


def test_partial_refunds_add_up_to_the_charge_and_no_further(client, pay):
    intent = pay()
    first = client.refunds.create({"payment_intent": intent.id, "amount": 500, "metadata": {"line": "3"}})
    assert (first.amount, first.status, first.metadata.to_dict()) == (500, "succeeded", {"line": "3"})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as caught:
        client.refunds.create({"payment_intent": intent.id, "amount": 1501})
    assert caught.value.param == "amount"
    assert client.charges.retrieve(intent.latest_charge).amount_refunded == 500
    rest = client.refunds.create({"charge": intent.latest_charge, "reason": "requested_by_customer"})
    charge = client.charges.retrieve(intent.latest_charge)
    assert (rest.amount, charge.amount_refunded, charge.refunded) == (1500, 2000, True)


def test_charge_that_was_refunded_is_not_refunded_again(client, pay):
    intent = pay()
    client.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.refunds.create({"payment_intent": intent.id})
    assert caught.value.code == "charge_already_refunded"
    assert len(client.refunds.list({"payment_intent": intent.id}).data) == 1


def test_unpaid_intent_cannot_be_refunded(client):
    intent = client.payment_intents.create({"amount": 2000, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge") as caught:
        client.refunds.create({"payment_intent": intent.id})
    assert caught.value.code == "payment_intent_unexpected_state"


def test_only_what_was_captured_is_refunded(client, pay):
    held = pay(capture_method="manual")
    client.payment_intents.capture(held.id, {"amount_to_capture": 1500})
    assert client.refunds.create({"payment_intent": held.id}).amount == 1500


def test_refund_is_booked_and_stripe_keeps_its_fee(client, pay):
    intent = pay()
    refund = client.refunds.create(
        {"payment_intent": intent.id, "amount": 500, "expand": ["balance_transaction", "charge"]}
    )
    assert (refund.balance_transaction.net, refund.balance_transaction.fee) == (-500, 0)
    assert refund.charge.amount_refunded == 500
    booked = client.balance_transactions.list({"expand": ["data.source"]}).data
    assert [(one.type, one.net, one.source.object) for one in booked] == [
        ("refund", -500, "refund"),
        ("charge", 1912, "charge"),
    ]
    balance = client.balance.retrieve()
    assert balance.available[0].amount + balance.pending[0].amount == 1412


def test_late_refund_is_pending_until_the_bank_answers(client, control, pay):
    refund = client.refunds.create({"payment_intent": pay("pm_card_pendingRefund").id})
    assert refund.status == "pending"
    control("/refund", {"refund": refund.id, "outcome": "succeed"})
    assert client.refunds.retrieve(refund.id).status == "succeeded"


def test_failed_refund_comes_back_into_the_balance(client, control, pay):
    intent = pay()
    refund = client.refunds.create({"payment_intent": intent.id, "amount": 500})
    control("/refund", {"refund": refund.id, "outcome": "decline"})
    assert client.refunds.retrieve(refund.id).status == "failed"
    assert client.charges.retrieve(intent.latest_charge).amount_refunded == 0
    assert sum(one.net for one in client.balance_transactions.list().data) == 1912


def test_metadata_of_a_refund_can_change(client, pay):
    refund = client.refunds.create({"payment_intent": pay().id, "amount": 500, "metadata": {"a": "1"}})
    changed = client.refunds.update(refund.id, {"metadata": {"b": "2"}})
    assert changed.metadata.to_dict() == {"a": "1", "b": "2"}
