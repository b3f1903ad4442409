"""The stand-in's invoices and saved cards, each request and answer checked against Stripe's document where it is."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import stripe


@pytest.fixture
def customer(client) -> str:
    return client.customers.create({"name": "Harbour", "email": "a@example.com"}).id


def draft(client, customer: str, *amounts: int, **more: Any) -> str:
    made = client.invoices.create({"customer": customer, "currency": "eur", "auto_advance": False,
                                      "pending_invoice_items_behavior": "exclude", **more})  # fmt: skip
    for amount in amounts:
        client.invoice_items.create({"customer": customer, "invoice": made.id, "amount": amount,
                                        "currency": "eur", "description": "A line"})  # fmt: skip
    return made.id


def save_card(client, customer: str, card: str = "pm_card_visa") -> None:
    intent = client.setup_intents.create({"customer": customer, "payment_method_types": ["card"]})
    done = client.setup_intents.confirm(intent.id, {"payment_method": card})
    assert done.status == "succeeded"
    client.customers.update(customer, {"invoice_settings": {"default_payment_method": done.payment_method}})


def test_an_invoice_is_drafted_finalised_and_charged(client, customer: str) -> None:
    save_card(client, customer)
    ref = draft(client, customer, 10_000, 2_300, -300, number="GP-1")
    final = client.invoices.finalize_invoice(ref)
    assert (final.status, final.total, final.number, len(final.lines.data)) == ("open", 12_000, "GP-1", 3)
    paid = client.invoices.pay(ref, {"off_session": True})
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 12_000, 0)
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        client.invoices.pay(ref)


def test_a_declined_card_leaves_it_open(client, customer: str) -> None:
    save_card(client, customer, "pm_card_authenticationRequired")
    ref = draft(client, customer, 1_000)
    client.invoices.finalize_invoice(ref)
    with pytest.raises(stripe.CardError):
        client.invoices.pay(ref, {"off_session": True})
    found = client.invoices.retrieve(ref)
    assert (found.status, found.attempt_count, found.attempted) == ("open", 1, True)


def test_without_a_card_there_is_nothing_to_charge(client, customer: str) -> None:
    ref = draft(client, customer, 1_000)
    client.invoices.finalize_invoice(ref)
    with pytest.raises(stripe.InvalidRequestError, match="default_payment_method"):
        client.invoices.pay(ref)


def test_sent_voided_given_up_and_paid_elsewhere(client, customer: str) -> None:
    sends = {"collection_method": "send_invoice", "days_until_due": 14}
    sent = client.invoices.send_invoice(draft(client, customer, 1_000, **sends))
    assert (sent.status, sent.due_date - sent.created) == ("open", 14 * 86_400)
    assert "/_hosted/pay/" in sent.hosted_invoice_url
    assert client.invoices.mark_uncollectible(sent.id).status == "uncollectible"
    outside = client.invoices.pay(sent.id, {"paid_out_of_band": True})
    assert (outside.status, outside.amount_paid_off_stripe) == ("paid", 1_000)
    other = draft(client, customer, 1_000)
    client.invoices.finalize_invoice(other)
    assert client.invoices.void_invoice(other).status == "void"
    with pytest.raises(stripe.InvalidRequestError):
        client.invoices.pay(other)


def test_wrong_requests_are_refused(client, customer: str) -> None:
    ref = draft(client, customer, 1_000, number="GP-2")
    with pytest.raises(stripe.InvalidRequestError, match="exists already"):
        draft(client, customer, number="GP-2")
    with pytest.raises(stripe.InvalidRequestError, match="days_until_due"):
        draft(client, customer, collection_method="send_invoice")
    with pytest.raises(stripe.InvalidRequestError, match="currency"):
        client.invoice_items.create({"customer": customer, "invoice": ref, "amount": 1, "currency": "usd"})
    client.invoices.finalize_invoice(ref)
    with pytest.raises(stripe.InvalidRequestError, match="draft"):
        client.invoice_items.create({"customer": customer, "invoice": ref, "amount": 1, "currency": "eur"})


def test_a_card_that_declines_is_not_saved(client, customer: str) -> None:
    intent = client.setup_intents.create({"customer": customer, "payment_method_types": ["card"]})
    with pytest.raises(stripe.CardError):
        client.setup_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})
    assert client.setup_intents.retrieve(intent.id).status == "requires_payment_method"


def test_another_customers_card_cannot_be_ones_own(client, customer: str) -> None:
    save_card(client, customer)
    other = client.customers.create({"name": "Other"}).id
    method = client.customers.retrieve(customer).invoice_settings.default_payment_method
    with pytest.raises(stripe.InvalidRequestError, match="attached"):
        client.customers.update(other, {"invoice_settings": {"default_payment_method": method}})


def test_what_happens_to_an_invoice_is_told(client, customer: str, receiver) -> None:
    save_card(client, customer)
    ref = draft(client, customer, 1_000)
    client.invoices.pay(ref)
    kinds = ["invoice.created", "invoice.finalized", "invoice.paid"]

    def told() -> list[str]:
        mine = [e for e in receiver.events() if e["data"]["object"]["id"] == ref]
        return [event["type"] for event in mine if event["type"] in kinds]

    receiver.wait(lambda: len(told()) == 3)
    assert sorted(told()) == sorted(kinds)


def test_a_card_is_saved_on_the_hosted_page(client, customer: str, sandbox) -> None:
    intent = client.setup_intents.create({"customer": customer, "payment_method_types": ["card"]})
    page = f"{sandbox.url}/_hosted/setup/{intent.id}"
    query = {"client_secret": intent.client_secret, "return_url": "https://shop.example/back", "lang": "zh"}
    assert "保存银行卡" in requests.get(page, query, timeout=5).text
    assert requests.get(page, {"client_secret": "wrong"}, timeout=5).status_code == 404
    wrong = requests.post(page, {"number": "1"}, params=query, timeout=5)
    assert wrong.status_code == 422
    card = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
    done = requests.post(page, card, params=query, allow_redirects=False, timeout=5)
    assert (done.status_code, "redirect_status=succeeded" in done.headers["Location"]) == (303, True)
    assert client.setup_intents.retrieve(intent.id).status == "succeeded"
