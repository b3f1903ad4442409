"""Disputes in the browser and the API, and what is in a bundle of evidence."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from urllib.parse import urlsplit

import pytest
from flask import Flask

from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.processes.complaints import filing
from core.processes.conflicts import reading
from tests.core.aftersales.making import Arrived, arrived
from tests.core.processes.test_policies import in_force
from tests.web.processes.test_complaints import caller
from tests.working import run_due
from web import signing

WHY = "The mug came broken, and the shop says that it was whole."


@pytest.fixture
def host(tenant: Tenant) -> dict[str, str]:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


@pytest.fixture
def sold(app: Flask, tenant: Tenant) -> Arrived:
    """An order of two units at 10.00 that has arrived."""
    with transaction():
        return arrived()


def test_a_dispute_in_the_browser(app: Flask, tenant: Tenant, host: dict[str, str], sold: Arrived) -> None:
    in_force("disputes")
    guest, sig = app.test_client(), signing.signature(sold.order.purchase_id)
    operator, merchant = caller(app, tenant, "operator"), caller(app, tenant, "merchant", sold.shop.merchant_id)
    start = f"/orders/{sold.order.purchase_id}/{sold.order.id}/dispute?sig={sig}"
    assert guest.get(start.partition("?")[0], **host).status_code == 404
    assert guest.get(start, **host).status_code == 200
    assert guest.post(start, data={"text": WHY, "amount": "999999"}, **host).status_code == 422
    here = guest.post(start, data={"text": WHY, "amount": "10.00"}, **host).headers["Location"]
    key = urlsplit(here).path.rpartition("/")[2]
    assert guest.get(urlsplit(here).path, **host).status_code == 404
    at_shop, at_office = f"/merchant/conflicts/{key}", f"/operator/conflicts/{key}"
    offer = {"act": "offer", "amount": "5.00", "text": "Half of it"}
    assert merchant.post(at_shop, data={**offer, "text": ""}, **host).status_code == 422
    assert merchant.post(at_shop, data=offer, **host).status_code == 303
    assert "Half of it" in guest.get(here, **host).text
    assert guest.post(here, data={"act": "mediate"}, **host).status_code == 303
    assert merchant.post(at_shop, data={"act": "mediate"}, **host).status_code == 303
    assert operator.post(at_office, data={"act": "take"}, **host).status_code == 303
    decision = {
        "act": "decide",
        "text": "It was packed badly, as the picture shows.",
        "clause": "Disputes 4",
        "amount": "7.00",
    }
    assert operator.post(at_office, data={**decision, "clause": ""}, **host).status_code == 422
    assert operator.post(at_office, data=decision, **host).status_code == 303
    run_due()
    with read_only():
        dispute = reading.listed()[0]
        assert (dispute.state, dispute.awarded.minor, dispute.is_paid) == ("decided", 700, True)
    assert operator.post(at_office, data={"act": "close", "proof": "Paid"}, **host).status_code == 303
    for browser, page in ((guest, here), (merchant, at_shop), (operator, at_office), (merchant, "/merchant/conflicts"),
                          (operator, "/operator/conflicts?state=closed")):  # fmt: skip
        assert browser.get(page, **host).status_code == 200


def test_bundle_holds_everything_with_hashes(app: Flask, tenant: Tenant, host: dict[str, str], sold: Arrived) -> None:
    in_force("terms")
    with transaction():
        case = filing.file(filing.Filed("consumer", "quality", WHY, email="a@b.example", order_id=sold.order.id))
    guest, sig = app.test_client(), signing.case_signature(case)
    here = guest.post(f"/complaints/{case}/dispute?sig={sig}", **host).headers["Location"]
    path, query = urlsplit(here).path, urlsplit(here).query
    assert guest.post(f"{path}/bundles?{query}", **host).status_code == 303
    with read_only():
        (dispute,) = reading.listed()
        (bundle,) = reading.bundles(dispute.id)
    file = f"{path}/bundles/{bundle.id}"
    assert guest.get(file, **host).status_code == 404
    content = guest.get(f"{file}?{query}", **host).data
    assert hashlib.sha256(content).hexdigest() == bundle.digest
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))["sha256"]
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in manifest.items())
        assert archive.read("dispute.pdf").startswith(b"%PDF-")
        order = json.loads(archive.read("records/order.json"))
    assert {
        "records/complaint.json",
        "records/payment.json",
        "records/dispute-messages.json",
        "records/log.json",
    } <= names
    assert (order["charges"], len(order["parcels"])) == ([], 1)


def test_a_dispute_through_the_api(app: Flask, tenant: Tenant, host: dict[str, str], sold: Arrived) -> None:
    merchant = caller(app, tenant, "merchant", sold.shop.merchant_id)
    operator, guest = caller(app, tenant, "operator"), app.test_client()
    sig = signing.signature(sold.order.purchase_id)
    body = {
        "order_id": str(sold.order.id),
        "purchase_id": str(sold.order.purchase_id),
        "text": WHY,
        "amount_minor": 900,
    }
    assert guest.post("/api/v1/conflicts", json=body, **host).status_code == 404
    made = guest.post(f"/api/v1/conflicts?sig={sig}", json=body, **host)
    assert (made.status_code, made.json["asked_minor"]) == (201, 900)
    key, mine = made.json["id"], made.json["sig"]
    steps = f"/api/v1/conflicts/{key}/steps"
    assert guest.post(f"{steps}?sig={mine}", json={"step": "decide", "text": WHY}, **host).status_code == 403
    offered = merchant.post(steps, json={"step": "offer", "amount_minor": 400, "text": "A part"}, **host).json
    accept = {"step": "accept", "offer_id": offered["messages"][0]["id"]}
    assert merchant.post(steps, json=accept, **host).status_code == 409
    assert guest.post(f"{steps}?sig={mine}", json=accept, **host).json["state"] == "agreed"
    run_due()
    shown = guest.get(f"/api/v1/conflicts/{key}?sig={mine}", **host).json
    assert (shown["awarded_minor"], shown["is_paid"]) == (400, True)
    made = guest.post(f"/api/v1/conflicts/{key}/bundles?sig={mine}", **host)
    assert made.status_code == 201
    file = f"/api/v1/conflicts/{key}/bundles/{made.json['bundles'][0]['id']}"
    assert merchant.get(file, **host).status_code == 200
    assert len(merchant.get("/api/v1/conflicts", **host).json["data"]) == 1
    assert len(operator.get("/api/v1/conflicts", **host).json["data"]) == 1
    assert guest.get("/api/v1/conflicts", **host).json["data"] == []
    assert operator.post(steps, json={"step": "close", "text": "Paid"}, **host).json["state"] == "closed"
