"""An invoice is paid once at the provider, whatever is lost, repeated or out of order on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Conflict, Unavailable
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.ledger.balances import balances
from core.payments import events, invoice_news
from core.payments.stripe import client
from tenants.billing import accounts, books, closing, collecting, invoices
from tenants.billing.models import InvoiceRow
from tenants.values import PLATFORM
from tests.core.payments.conftest import Provider, until
from tests.tenants.billing.conftest import NOVEMBER, named

pytestmark = pytest.mark.usefixtures("company", "calm")
GROSS = 24_477
"""199.00 with 23 % tax."""


@pytest.fixture
def invoice(provider: Provider, since_november: Tenant) -> UUID:
    """The issued invoice of November over 199.00 and tax."""
    named(since_november)
    (made,) = closing.close_month(since_november.id, NOVEMBER)
    assert closing.issue(made, since_november.id)
    return made


def row_of(invoice_id: UUID) -> InvoiceRow:
    with bind(PLATFORM), read_only():
        return session().scalars(select(InvoiceRow).where(InvoiceRow.id == invoice_id)).one()


def save_card(tenant: Tenant, card: str = "pm_card_visa") -> None:
    setup = collecting.begin_saving(tenant.id)
    client().v1.setup_intents.confirm(setup.ref, {"payment_method": card})
    assert collecting.look_for_card(tenant.id)


def owed(tenant: Tenant) -> dict[str, int]:
    with bind(PLATFORM), read_only():
        return {b.account: b.amount.minor for b in balances() if str(tenant.id) in b.account}


def at_provider(invoice_id: UUID, provider: Provider) -> list[dict[str, Any]]:
    found = provider.objects("invoices")
    return [one for one in found if one["metadata"].get("galleria_invoice") == str(invoice_id)]


def test_a_saved_card_is_charged_and_the_books_say_so(
    invoice: UUID, provider: Provider, since_november: Tenant
) -> None:
    save_card(since_november)
    assert owed(since_november) == {books.receivable(since_november.id): GROSS}
    assert collecting.collect(invoice) == "paid"
    (there,) = at_provider(invoice, provider)
    assert (there["status"], there["total"], there["number"]) == ("paid", GROSS, row_of(invoice).number)
    assert owed(since_november) == {}
    assert (row_of(invoice).paid_by, row_of(invoice).paid_reference) == ("stripe", there["id"])


def test_without_a_card_the_invoice_stays_open_with_an_address_to_pay_at(invoice: UUID, provider: Provider) -> None:
    assert collecting.collect(invoice) == "open"
    assert row_of(invoice).provider_href.startswith(provider.url)


def test_a_declined_card_leaves_it_open_and_says_why_and_another_card_pays(
    invoice: UUID, since_november: Tenant
) -> None:
    save_card(since_november, "pm_card_authenticationRequired")
    assert collecting.collect(invoice) == "open"
    assert row_of(invoice).failure == "authentication_required"
    save_card(since_november)
    assert collecting.collect(invoice, again="now") == "paid"
    assert row_of(invoice).failure == ""


@pytest.mark.parametrize("path", ["/v1/invoices", "/v1/invoiceitems"])
@pytest.mark.parametrize("mode", ["drop_after", "500"])
def test_lost_answers_and_faults_make_one_invoice_and_one_charge(
    invoice: UUID, provider: Provider, since_november: Tenant, path: str, mode: str
) -> None:
    save_card(since_november)
    provider.fail_next(mode, path, times=4, method="POST")
    with pytest.raises(Unavailable):
        collecting.collect(invoice)
    assert row_of(invoice).state == "open"
    for _try in range(3):
        collecting.collect(invoice)
    (there,) = at_provider(invoice, provider)
    assert (there["status"], there["amount_paid"], row_of(invoice).state) == ("paid", GROSS, "paid")
    assert owed(since_november) == {}


def test_the_answer_to_the_charge_is_lost_and_the_webhook_tells(
    invoice: UUID, provider: Provider, since_november: Tenant
) -> None:
    save_card(since_november)
    collecting_ref = collecting._made(collecting._read(invoice), collecting.customer_ref(_who(since_november))).ref
    client().v1.invoices.pay(collecting_ref, {"off_session": True})
    until(lambda: row_of(invoice).state == "paid")
    assert collecting.collect(invoice) == "paid"
    assert owed(since_november) == {}


def _who(tenant: Tenant) -> Any:
    return collecting.subscriptions.customer(tenant.id)


def heard(invoice_id: UUID, kind: str, **given: object) -> None:
    obj = {"object": "invoice", "id": "in_x", "currency": "eur", "status": "open", "amount_paid": 0,
           "metadata": {"galleria_tenant": str(PLATFORM.id), "galleria_invoice": str(invoice_id)}, **given}  # fmt: skip
    with bind(PLATFORM), transaction():
        events.HANDLED[kind](obj)


def test_news_that_come_twice_and_out_of_order_end_the_same(invoice: UUID, since_november: Tenant) -> None:
    for _time in range(2):
        heard(invoice, "invoice.paid", status="paid", amount_paid=GROSS)
        heard(invoice, "invoice.payment_failed", attempt_count=1)
        heard(invoice, "invoice.marked_uncollectible", status="uncollectible")
    found = row_of(invoice)
    assert (found.state, found.failure) == ("paid", "")
    assert owed(since_november) == {}


def test_money_for_a_voided_invoice_becomes_credit(invoice: UUID, since_november: Tenant) -> None:
    with bind(PLATFORM), transaction():
        invoices.void(invoice, "a mistake")
    assert owed(since_november) == {}
    for _time in range(2):
        heard(invoice, "invoice.paid", status="paid", amount_paid=GROSS)
    assert row_of(invoice).state == "void"
    assert owed(since_november) == {books.credit(since_november.id): -GROSS}


def test_an_amount_that_is_not_due_is_refused(invoice: UUID, since_november: Tenant) -> None:
    with pytest.raises(Conflict) as refused:
        heard(invoice, "invoice.paid", status="paid", amount_paid=GROSS - 1)
    assert refused.value.code == "billing.other_amount"
    assert row_of(invoice).state == "open"
    assert owed(since_november) == {books.receivable(since_november.id): GROSS}


def test_a_bank_transfer_is_told_to_the_provider(invoice: UUID, provider: Provider, since_november: Tenant) -> None:
    collecting.collect(invoice)
    with bind(PLATFORM), transaction():
        invoices.pay_by_bank(invoice, "SEPA 4711")
    collecting._settle_there({"invoice": str(invoice), "what": "paid"})
    (there,) = at_provider(invoice, provider)
    assert (there["status"], there["amount_paid_off_stripe"]) == ("paid", GROSS)
    assert (row_of(invoice).paid_by, row_of(invoice).paid_reference) == ("bank", "SEPA 4711")


def test_a_void_is_told_to_the_provider(invoice: UUID, provider: Provider) -> None:
    collecting.collect(invoice)
    with bind(PLATFORM), transaction():
        invoices.void(invoice, "a mistake")
    for _time in range(2):
        collecting._settle_there({"invoice": str(invoice), "what": "void"})
    assert [one["status"] for one in at_provider(invoice, provider)] == ["void"]


def test_the_card_is_kept_when_the_provider_tells_of_it(provider: Provider, since_november: Tenant) -> None:
    setup = collecting.begin_saving(since_november.id)
    client().v1.setup_intents.confirm(setup.ref, {"payment_method": "pm_card_visa"})
    collecting._card({"setup": setup.ref, "customer": collecting.customer_ref(_who(since_november))})
    with bind(PLATFORM), read_only():
        card = accounts.account(since_november.id).card
    assert card is not None
    assert (card.brand, card.last4) == ("visa", "4242")


def test_an_invoice_to_be_sent_is_sent(provider: Provider, since_november: Tenant, company: UUID) -> None:
    named(since_november, collection="send")
    (made,) = closing.close_month(since_november.id, NOVEMBER)
    closing.issue(made, since_november.id)
    assert collecting.collect(made) == "open"
    (there,) = at_provider(made, provider)
    assert (there["collection_method"], there["status"]) == ("send_invoice", "open")
    assert there["due_date"] is not None


def test_events_without_our_mark_are_left_alone() -> None:
    told: list[object] = []
    listen: Callable[[object], None] = told.append
    invoice_news._listeners.append(listen)
    invoice_news.heard({"id": "in_1", "currency": "eur", "status": "paid", "metadata": {}})
    invoice_news._listeners.remove(listen)
    assert json.dumps(told) == "[]"
