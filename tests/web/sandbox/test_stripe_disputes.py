"""Disputes of the stand-in: money and fee taken at once, evidence handed in once, won and lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import stripe


@pytest.fixture
def disputed(client, control, pay) -> Callable[..., Any]:
    def dispute(**more: Any) -> Any:
        charge = pay().latest_charge
        return client.disputes.retrieve(control("/dispute", {"charge": charge, **more})["id"])

    return dispute


def test_dispute_takes_the_money_and_a_fee(client, disputed, receiver, account):
    dispute = disputed()
    assert (dispute.amount, dispute.status, dispute.reason) == (2000, "needs_response", "product_not_received")
    assert [(t.type, t.amount, t.fee) for t in dispute.balance_transactions] == [("adjustment", -2000, 1500)]
    assert sum(t.net for t in client.balance_transactions.list().data) == 1912 - 3500
    kinds = {"charge.dispute.created", "charge.dispute.funds_withdrawn"}
    receiver.wait(lambda: kinds <= {e["type"] for e in receiver.events(account)})


def test_disputed_payment_is_not_refunded(client, disputed):
    dispute = disputed()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.refunds.create({"charge": dispute.charge})
    assert caught.value.code == "charge_disputed"
    assert client.refunds.list({"charge": dispute.charge}).data == []


def test_evidence_with_a_file_is_handed_in_once(client, disputed):
    dispute, content = disputed(), io.BytesIO(b"%PDF-1.4 \xff\x00 parcel slip")
    content.name = "slip.pdf"
    file = client.files.create({"purpose": "dispute_evidence", "file": content})
    assert (file.filename, file.size, file.type) == ("slip.pdf", len(content.getvalue()), "pdf")
    evidence = {"shipping_carrier": "DHL", "shipping_documentation": file.id}
    draft = client.disputes.update(dispute.id, {"evidence": evidence, "submit": False})
    assert (draft.status, draft.evidence_details.submission_count) == ("needs_response", 0)
    sent = client.disputes.update(dispute.id, {"evidence": {"shipping_tracking_number": "X1"}})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    with pytest.raises(stripe.InvalidRequestError):
        client.disputes.update(dispute.id, {"evidence": {"shipping_carrier": "UPS"}})
    assert client.disputes.retrieve(dispute.id).evidence.shipping_carrier == "DHL"


def test_evidence_after_the_date_is_refused(client, control, disputed):
    dispute = disputed()
    control("", {"advance": 10 * 24 * 3600})
    with pytest.raises(stripe.InvalidRequestError):
        client.disputes.update(dispute.id, {"evidence": {"shipping_carrier": "UPS"}})


def test_dispute_that_is_won_brings_the_money_back_but_not_the_fee(client, control, disputed, receiver, account):
    dispute = disputed(amount=800)
    control("/decide", {"dispute": dispute.id, "outcome": "won"})
    assert client.disputes.retrieve(dispute.id).status == "won"
    assert sum(t.net for t in client.balance_transactions.list().data) == 1912 - 1500
    receiver.wait(lambda: "charge.dispute.funds_reinstated" in {e["type"] for e in receiver.events(account)})


def test_dispute_can_be_accepted(client, control, disputed):
    dispute = disputed()
    assert client.disputes.close(dispute.id).status == "lost"
    assert [d.id for d in client.disputes.list({"charge": dispute.charge}).data] == [dispute.id]
    assert sum(t.net for t in client.balance_transactions.list().data) == 1912 - 3500
