"""Payment intents of the stand-in, through the real library."""

import pytest
import stripe

from tests.web.sandbox.conftest import RETURN_URL


def test_card_is_charged_less_the_fee(client, pay):
    intent = pay(metadata={"order": "7"}, transfer_group="cart-7", expand=["latest_charge.balance_transaction"])
    charge = intent.latest_charge
    assert (intent.status, intent.amount_received, intent.livemode) == ("succeeded", 2000, False)
    assert (charge.captured, charge.amount_captured, charge.transfer_group) == (True, 2000, "cart-7")
    assert charge.metadata.to_dict() == {"order": "7"}
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (88, 1912)
    assert client.balance.retrieve().pending[0].amount == 1912


def test_ids_have_stripes_prefixes(client, pay):
    intent = pay(expand=["latest_charge"])
    refund = client.refunds.create({"payment_intent": intent.id})
    ids = (intent.id, intent.payment_method, intent.latest_charge.id, intent.latest_charge.balance_transaction)
    assert [id_.split("_")[0] for id_ in (*ids, refund.id)] == ["pi", "pm", "ch", "txn", "re"]
    assert intent.client_secret.startswith(f"{intent.id}_secret_")


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ],
)
def test_declining_card_leaves_the_intent_open(client, declined, method, code, decline_code):
    error = declined(method)
    intent = client.payment_intents.retrieve(error.error.payment_intent.id, {"expand": ["latest_charge"]})
    assert (error.http_status, error.code, error.error.decline_code) == (402, code, decline_code)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    assert (intent.latest_charge.status, intent.latest_charge.failure_code) == ("failed", code)
    assert intent.last_payment_error.decline_code == decline_code


@pytest.mark.parametrize(
    ("number", "status"), [("4242424242424242", "succeeded"), ("4000002500003155", "requires_action")]
)
def test_card_by_number_behaves_as_published(client, pay, number, status):
    card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    method = client.payment_methods.create({"type": "card", "card": card})
    assert method.card.last4 == number[-4:]
    assert pay(method.id).status == status


@pytest.mark.parametrize(
    ("number", "code"), [("4242424242424241", "incorrect_number"), ("4111111111111111", "card_declined")]
)
def test_wrong_and_real_card_numbers_are_refused(client, number, code):
    with pytest.raises(stripe.CardError) as caught:
        client.payment_methods.create({"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2034}})
    assert caught.value.code == code


def test_authentication_is_asked_for_by_redirect(sandbox, pay):
    intent = pay("pm_card_authenticationRequired")
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert intent.next_action.redirect_to_url.url.startswith(f"{sandbox.url}/_hosted/action/{intent.id}?")
    assert intent.next_action.redirect_to_url.return_url == RETURN_URL


def test_authentication_off_session_is_declined(declined):
    assert declined("pm_card_authenticationRequired", off_session=True).code == "authentication_required"


@pytest.mark.parametrize(
    ("type_", "action"), [("alipay", "alipay_handle_redirect"), ("wechat_pay", "wechat_pay_display_qr_code")]
)
def test_wallet_waits_for_the_buyer(client, control, type_, action):
    intent = client.payment_intents.create(
        {
            "amount": 2000,
            "currency": "cny",
            "payment_method_types": ["card", "alipay", "wechat_pay"],
            "payment_method_data": {"type": type_},
            "payment_method_options": {"wechat_pay": {"client": "web"}},
            "confirm": True,
            "return_url": RETURN_URL,
        }
    )
    assert (intent.status, intent.next_action.type) == ("requires_action", action)
    control("/pay", {"payment_intent": intent.id, "outcome": "succeed"})
    paid = client.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (paid.status, paid.next_action) == ("succeeded", None)
    assert paid.latest_charge.payment_method_details.type == type_
    assert paid.latest_charge.id.startswith("py_")


def test_buyer_who_refuses_can_try_again(client, control, pay):
    intent = pay("pm_card_authenticationRequired")
    control("/pay", {"payment_intent": intent.id, "outcome": "decline"})
    refused = client.payment_intents.retrieve(intent.id)
    assert refused.status == "requires_payment_method"
    assert refused.last_payment_error.code == "payment_intent_authentication_failure"
    params = {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
    assert client.payment_intents.confirm(intent.id, params).status == "succeeded"


@pytest.mark.parametrize(("outcome", "status"), [("succeed", "succeeded"), ("decline", "requires_payment_method")])
def test_control_pays_in_the_place_of_a_browser(client, control, outcome, status):
    intent = client.payment_intents.create({"amount": 2000, "currency": "usd"})
    control("/pay", {"payment_intent": intent.id, "outcome": outcome})
    assert client.payment_intents.retrieve(intent.id).status == status


def test_bank_may_answer_later(client, control):
    intent = client.payment_intents.create({"amount": 2000, "currency": "usd"})
    control("/pay", {"payment_intent": intent.id, "outcome": "process", "payment_method": "alipay"})
    assert client.payment_intents.retrieve(intent.id).status == "processing"
    control("/pay", {"payment_intent": intent.id, "outcome": "succeed"})
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"


def test_manual_capture_takes_a_part_and_books_only_that(client, pay):
    held = pay(capture_method="manual")
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 2000, 0)
    assert client.balance.retrieve().pending[0].amount == 0
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.payment_intents.capture(held.id, {"amount_to_capture": 2001})
    assert caught.value.code == "amount_too_large"
    taken = client.payment_intents.capture(held.id, {"amount_to_capture": 1500, "expand": ["latest_charge"]})
    assert (taken.status, taken.amount_received, taken.amount_capturable) == ("succeeded", 1500, 0)
    assert (taken.latest_charge.amount, taken.latest_charge.amount_captured) == (2000, 1500)
    assert client.balance.retrieve().pending[0].amount == 1500 - 74


def test_cancelling_releases_what_was_held(client, pay):
    held = pay(capture_method="manual")
    params = {"cancellation_reason": "abandoned", "expand": ["latest_charge"]}
    cancelled = client.payment_intents.cancel(held.id, params)
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "abandoned")
    assert (cancelled.amount_capturable, cancelled.latest_charge.refunded) == (0, True)


@pytest.mark.parametrize("action", ["cancel", "confirm", "capture"])
def test_paid_intent_refuses_further_steps(client, pay, action):
    intent = pay()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.payment_intents, action)(intent.id)
    assert caught.value.code == "payment_intent_unexpected_state"
    assert caught.value.error.payment_intent.id == intent.id


def test_intent_can_be_changed_until_it_is_paid(client):
    intent = client.payment_intents.create(
        {"amount": 2000, "currency": "usd", "description": "Order 7", "metadata": {"a": "1", "b": "2"}}
    )
    client.payment_intents.update(intent.id, {"amount": 2500, "metadata": {"a": "", "c": "3"}})
    params = {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
    assert client.payment_intents.confirm(intent.id, params).amount_received == 2500
    with pytest.raises(stripe.InvalidRequestError, match="amount could not be updated"):
        client.payment_intents.update(intent.id, {"amount": 100})
    after = client.payment_intents.update(intent.id, {"metadata": {"d": "4"}})
    assert (after.amount, after.metadata.to_dict()) == (2500, {"b": "2", "c": "3", "d": "4"})


def test_confirming_needs_a_method_and_where_to_return(client):
    intent = client.payment_intents.create({"amount": 2000, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.payment_intents.confirm(intent.id, {"return_url": RETURN_URL})
    with pytest.raises(stripe.InvalidRequestError, match="return_url") as caught:
        client.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert caught.value.param == "return_url"
    assert client.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_method_that_the_intent_does_not_allow_is_refused(client):
    intent = client.payment_intents.create({"amount": 2000, "currency": "usd", "payment_method_types": ["card"]})
    params = {"payment_method_data": {"type": "alipay"}, "return_url": RETURN_URL}
    with pytest.raises(stripe.InvalidRequestError, match="not allowed for this PaymentIntent"):
        client.payment_intents.confirm(intent.id, params)


def test_attached_method_belongs_to_one_customer(client):
    first, second = (client.customers.create({"email": f"{name}@example.com"}) for name in "ab")
    method = client.payment_methods.attach("pm_card_visa", {"customer": first.id})
    assert client.payment_methods.retrieve(method.id).customer == first.id
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.payment_methods.attach(method.id, {"customer": second.id})


def test_customer_is_kept_and_expanded(client, pay):
    customer = client.customers.create({"email": "li@example.com", "name": "李雷", "metadata": {"buyer": "9"}})
    intent = pay(customer=customer.id, expand=["customer", "payment_method"])
    assert client.customers.retrieve(customer.id).name == "李雷"
    assert (intent.customer.metadata.to_dict(), intent.payment_method.card.brand) == ({"buyer": "9"}, "visa")


def test_lists_are_paged_newest_first(client):
    made = [client.payment_intents.create({"amount": 100 + n, "currency": "usd"}).id for n in range(5)]
    first = client.payment_intents.list({"limit": 2})
    second = client.payment_intents.list({"limit": 2, "starting_after": first.data[-1].id})
    back = client.payment_intents.list({"limit": 2, "ending_before": second.data[-1].id})
    assert [one.id for one in first.data] == [made[4], made[3]]
    assert [one.id for one in second.data] == [made[2], made[1]]
    assert [one.id for one in back.data] == [made[3], made[2]]
    assert (first.has_more, second.has_more, back.has_more) == (True, True, True)
    assert [one.id for one in client.payment_intents.list({"limit": 2}).auto_paging_iter()] == made[::-1]


def test_charges_are_found_by_intent_and_expanded_in_lists(client, pay):
    intent = pay()
    pay()
    params = {"payment_intent": intent.id, "expand": ["data.payment_intent", "data.balance_transaction"]}
    (charge,) = client.charges.list(params).data
    assert (charge.payment_intent.id, charge.balance_transaction.amount) == (intent.id, 2000)
    assert client.charges.retrieve(charge.id).payment_intent == intent.id


def test_property_that_is_no_reference_cannot_be_expanded(client, pay):
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.payment_intents.retrieve(pay().id, {"expand": ["amount"]})


def test_pending_money_becomes_available_with_time(client, control, pay):
    pay()
    control("", {"advance": 2 * 24 * 3600})
    balance = client.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (1912, 0)
