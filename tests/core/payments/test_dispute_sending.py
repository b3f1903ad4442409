"""Disputes and the provider's stand-in: heard by webhook, answered as one bundle once, accepted, decided."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.billing import dispute_sending, disputes
from core.kernel import errors
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.media import uploads
from core.payments import payments
from tests.core.payments.conftest import Provider, state_of, until, work
from tests.market import balances

assert dispute_sending  # its jobs


@pytest.fixture
def disputed(provider: Provider, tenant: Tenant, started: payments.Payment) -> UUID:
    """A dispute of a paid purchase of 20.00, heard by webhook."""
    provider.pay(started.provider_ref or "")
    until(lambda: state_of(started.purchase_id) == "captured")
    provider.control({"payment_intent": started.provider_ref, "reason": "product_not_received"}, "/dispute")

    def is_heard() -> bool:
        work(tenant, "payments.event")
        with read_only():
            found = disputes.search()
        return bool(found) and found[0].fee.minor == 1500

    until(is_heard)
    with read_only():
        return disputes.search()[0].id


@pytest.fixture
def answered(disputed: UUID) -> UUID:
    with transaction():
        (share,) = disputes.shares(disputed)
        paper = uploads.keep_document(b"%PDF-1.7 slip", "slip.pdf", share.merchant_id)
        disputes.answer(share.id, "It was delivered on Monday.", paper, merchant_id=share.merchant_id)
    return disputed


def there(provider: Provider, dispute_id: UUID) -> dict[str, object]:
    with read_only():
        ref = disputes.find(dispute_id).ref
    return next(found for found in provider.objects("disputes") if found["id"] == ref)


def test_dispute_is_heard_with_its_fee_and_date(disputed: UUID) -> None:
    with read_only():
        found = disputes.find(disputed)
        assert (found.amount.minor, found.state, found.reason) == (2000, "open", "product_not_received")
        assert found.due_at is not None
        assert (balances()["psp:stripe"], balances()["psp_cost"]) == (2000 - 2000 - 1500, 1500)


@pytest.mark.parametrize("mode", ["500", "drop_after", "drop_before"])
def test_bundle_is_handed_in_once_whatever_fails(provider: Provider, tenant: Tenant, answered: UUID, mode: str) -> None:
    with transaction():
        disputes.ask(answered, "submit")
    provider.fail_next(mode, "/v1/disputes", times=4)
    work(tenant, "billing.dispute_submit")
    provider.control({"reset": True})
    with read_only():
        assert disputes.find(answered).state in ("open", "submitted")
    work(tenant, "billing.dispute_submit")
    found = there(provider, answered)
    assert (found["status"], found["evidence_details"]["submission_count"]) == ("under_review", 1)  # type: ignore[index]
    evidence = found["evidence"]
    assert "It was delivered on Monday." in evidence["uncategorized_text"]  # type: ignore[index]
    assert evidence["shipping_documentation"].startswith("file_")  # type: ignore[index]
    assert evidence["customer_email_address"] == "ada@example.com"  # type: ignore[index]
    with read_only():
        assert disputes.find(answered).state == "submitted"
    with transaction(), pytest.raises(errors.Conflict):
        disputes.ask(answered, "accept")


def test_what_the_provider_refuses_may_be_sent_again(provider: Provider, tenant: Tenant, answered: UUID) -> None:
    with read_only():
        ref = disputes.find(answered).ref
    with transaction():
        disputes.ask(answered, "submit")
    provider.control({"webhooks": "pause"})
    provider.control({"dispute": ref, "outcome": "won"}, "/decide")
    work(tenant, "billing.dispute_submit")
    with read_only():
        found = disputes.find(answered)
        assert (found.state, found.asked, found.submitted_at) == ("open", "", None)


def test_loss_that_is_accepted_is_charged_at_once_and_once(provider: Provider, tenant: Tenant, disputed: UUID) -> None:
    with transaction():
        disputes.ask(disputed, "accept")
    work(tenant, "billing.dispute_accept")
    work(tenant, "payments.event")
    assert there(provider, disputed)["status"] == "lost"
    with read_only():
        assert disputes.find(disputed).state == "lost"
        assert balances() == {"psp:stripe": -1500, "psp_cost": 1500}


def test_bank_decides_for_the_shop(provider: Provider, tenant: Tenant, answered: UUID) -> None:
    with read_only():
        ref = disputes.find(answered).ref
    provider.control({"dispute": ref, "outcome": "won"}, "/decide")

    def is_won() -> bool:
        work(tenant, "payments.event")
        with read_only():
            return disputes.find(answered).state == "won"

    until(is_won)
    with read_only():
        assert (balances()["psp:stripe"], balances()["psp_cost"]) == (500, 1500)
