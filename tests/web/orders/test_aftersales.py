"""After-sales pages and API: three steps without scripts, both consoles, guests by link, and who may not."""

from __future__ import annotations

import io
from collections.abc import Mapping
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from core.aftersales import answering, asking, exclusions, moves, queries, talking
from core.aftersales.asking import Ask
from core.catalogue.models import ListingRow
from core.fulfilment.shipping import Shipment, deliver, ship
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant
from core.kernel.tx import read_only, transaction
from core.merchants.models import ShopRow
from core.orders.models import LineRow
from tests.market import balances, make_shop
from tests.web.orders.making import Sold, Statements, browser_of, key_of, sell
from web import signing

Host = dict[str, str]


@pytest.fixture
def host(tenant: Tenant) -> Host:
    """Arguments that send a request to the tenant."""
    return {"base_url": f"http://{tenant.slug}.localhost"}


def _arrived(**given: int) -> tuple[Sold, UUID]:
    """Sell, send and deliver; return the order and its line."""
    sold = sell(**given)
    with transaction():
        shop = session().query(ShopRow).filter_by(id=sold.shop.id).one()
        shop.return_address = {"line1": "2 Mill Lane", "city": "Cork", "country": "IE"}
        ship(sold.order_id, Shipment("Post"))
        deliver(sold.order_id)
        line = session().scalars(select(LineRow.id).where(LineRow.order_id == sold.order_id)).one()
    return sold, line


def _case(sold: Sold, line: UUID, kind: str = "return", reason: str = "damaged", **given: object) -> UUID:
    with transaction():
        return asking.request(Ask(sold.order_id, kind, reason, {line: 1}, "A crack", **given))  # type: ignore[arg-type]


def _state(case_id: UUID) -> str:
    with read_only():
        return queries.case(case_id).state


def _picture() -> tuple[io.BytesIO, str]:
    found = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(found, "JPEG")
    found.seek(0)
    return found, "crack.jpg"


def _sig(sold: Sold) -> str:
    return f"?sig={signing.signature(sold.purchase_id)}"


def test_a_guest_asks_in_three_steps_and_adds_a_photograph(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    guest, path = app.test_client(), f"/orders/{sold.purchase_id}/{sold.order_id}/ask"
    sig = signing.signature(sold.purchase_id)
    assert path in guest.get(f"/orders/{sold.purchase_id}{_sig(sold)}", **host).text
    assert "What is it about?" in guest.get(f"{path}{_sig(sold)}", **host).text
    chosen = {"sig": sig, f"units-{line}": "1", "reason": "damaged"}
    assert "What would you like?" in guest.get(path, query_string={**chosen, "step": "2"}, **host).text
    wish = {**chosen, "kind": "return", "text": "A crack in the glaze"}
    assert "Confirm and send" in guest.get(path, query_string={**wish, "step": "3"}, **host).text
    sent = guest.post(f"{path}{_sig(sold)}", data={**wish, "key": "k1", "step": "3", "photos": _picture()}, **host)
    assert sent.status_code == 303
    page = guest.get(sent.location, **host)
    assert "A crack in the glaze" in page.text
    with read_only():
        (found,) = queries.of_orders([sold.order_id])[sold.order_id]
        (photo,) = queries.case(found.id).photos
    shown = f"/orders/{sold.purchase_id}/cases/{found.id}/photos/{photo}/file"
    assert guest.get(f"{shown}{_sig(sold)}", **host).mimetype == "image/jpeg"
    assert app.test_client().get(shown, **host).status_code == 404
    assert app.test_client().get(f"/media/{photo}/320.webp", **host).status_code == 404


@pytest.mark.parametrize(
    ("given", "step", "says"),
    [
        ({"units": "0", "reason": "damaged"}, "2", "Choose what it is about"),
        ({"units": "9", "reason": "damaged"}, "2", "Only 2 of"),
        ({"units": "x", "reason": "damaged"}, "2", "not a whole number"),
        ({"units": "1", "reason": ""}, "2", "Say what the reason is"),
        ({"units": "1", "reason": "damaged", "kind": "claim", "text": "x"}, "3", "Say how much you ask for"),
        ({"units": "1", "reason": "damaged", "kind": "claim", "text": "x", "amount": "21"}, "3", "At most"),
        ({"units": "1", "reason": "damaged", "kind": "refund"}, "3", "Give a reason"),
    ],
)
def test_a_step_that_cannot_go_on_says_why(
    app: Flask, tenant: Tenant, host: Host, given: Mapping[str, str], step: str, says: str
) -> None:
    sold, line = _arrived()
    query = {**given, f"units-{line}": given["units"], "step": step, "sig": signing.signature(sold.purchase_id)}
    path = f"/orders/{sold.purchase_id}/{sold.order_id}/ask"
    assert says in app.test_client().get(path, query_string=query, **host).text
    refused = app.test_client().post(f"{path}{_sig(sold)}", data={**query, "step": "3"}, **host)
    assert refused.status_code == 422
    with read_only():
        assert queries.of_orders([sold.order_id])[sold.order_id] == []


def test_a_merchant_works_a_return_to_its_refund(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    case_id = _case(sold, line)
    browser, guest = browser_of(app, tenant, "merchant", sold.shop.merchant_id), app.test_client()
    path, buyers = f"/merchant/aftersales/{case_id}", f"/orders/{sold.purchase_id}/cases/{case_id}"
    assert "A10001" in browser.get("/merchant/aftersales", **host).text
    assert browser.get(path, **host).status_code == 200
    assert browser.post(f"{path}/refuse", data={"text": ""}, **host).status_code == 422
    assert browser.post(f"{path}/approve", data={"text": "Sorry"}, **host).status_code == 303
    assert "2 Mill Lane" in guest.get(f"{buyers}{_sig(sold)}", **host).text
    assert guest.post(f"{buyers}/sent-back{_sig(sold)}", data={"carrier": " "}, **host).status_code == 422
    assert guest.post(f"{buyers}/sent-back{_sig(sold)}", data={"carrier": "An Post"}, **host).status_code == 303
    assert browser.post(f"{path}/received", **host).status_code == 303
    assert browser.post(f"{path}/accept-goods", data={"condition": ""}, **host).status_code == 422
    assert browser.post(f"{path}/accept-goods", data={"condition": "resell"}, **host).status_code == 303
    assert _state(case_id) == "refunded"
    assert "€10.00" in guest.get(f"{buyers}{_sig(sold)}", **host).text
    for listed in ("/merchant/aftersales?tab=done", "/merchant/aftersales?q=A10001", path):
        assert "A10001" in browser.get(listed, **host).text


def test_every_state_has_its_pages_on_all_three_sides(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived(units=5)
    merchant, operator = browser_of(app, tenant, "merchant", sold.shop.merchant_id), browser_of(app, tenant, "operator")
    steps = {
        "offer": lambda key: answering.offer(key, queries.case(key).lines[0][0].unit_price, "Half?"),
        "exchange": lambda key: [answering.approve(key), answering.receive(key), answering.accept_goods(key, "scrap")],
        "reject": lambda key: [answering.approve(key), answering.receive(key), answering.reject_goods(key, "Worn")],
        "call": lambda key: answering.call_operator(key, "Please look"),
    }  # fmt: skip
    for name, step in steps.items():
        case_id = _case(sold, line, "exchange" if name == "exchange" else "return")
        with transaction():
            step(case_id)
        pages = {
            app.test_client(): f"/orders/{sold.purchase_id}/cases/{case_id}{_sig(sold)}",
            merchant: f"/merchant/aftersales/{case_id}",
            operator: f"/operator/aftersales/{case_id}",
        }
        for browser, path in pages.items():
            assert browser.get(path, **host).status_code == 200, (name, path)
    assert "A10004" in operator.get("/operator/aftersales", **host).text


def test_the_operator_takes_over_and_decides(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    case_id = _case(sold, line, "refund")
    browser, path = browser_of(app, tenant, "operator"), f"/operator/aftersales/{case_id}"
    decision = {"outcome": "refund", "amount": "4,00", "text": "Half is fair"}
    assert browser.post(f"{path}/decide", data=decision, **host).status_code == 422
    assert browser.post(f"{path}/escalate", data={"text": "Too slow"}, **host).status_code == 303
    assert browser.post(f"{path}/decide", data={**decision, "text": ""}, **host).status_code == 422
    assert browser.post(f"{path}/decide", data=decision, **host).status_code == 303
    with read_only():
        assert (queries.case(case_id).state, balances()["psp:stripe"]) == ("refunded", 2090)


def test_strangers_find_no_case_and_change_nothing(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    case_id = _case(sold, line)
    with transaction():
        other = make_shop()
    foreign = browser_of(app, tenant, "merchant", other.merchant_id)
    for verb in (
        "approve",
        "refuse",
        "offer",
        "received",
        "accept-goods",
        "reject-goods",
        "send",
        "refund",
        "escalate",
    ):
        data = {"text": "x", "amount": "1", "condition": "scrap", "carrier": "x"}
        assert foreign.post(f"/merchant/aftersales/{case_id}/{verb}", data=data, **host).status_code == 404, verb
    for verb in ("withdraw", "take-offer", "call", "sent-back", "messages"):
        path = f"/orders/{sold.purchase_id}/cases/{case_id}/{verb}"
        assert app.test_client().post(path, data={"text": "x", "carrier": "x"}, **host).status_code == 404, verb
    assert foreign.get(f"/merchant/aftersales/{case_id}", **host).status_code == 404
    assert _state(case_id) == "requested"


def test_a_case_of_another_purchase_is_not_found_under_ones_own(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    mine, _line = _arrived()
    case_id = _case(sold, line)
    path = f"/orders/{mine.purchase_id}/cases/{case_id}{_sig(mine)}"
    assert app.test_client().get(path, **host).status_code == 404


def test_staff_without_the_right_may_look_and_not_act(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    case_id, api = _case(sold, line), app.test_client()
    for realm, verb in (("merchant", "approve"), ("operator", "escalate")):
        merchant_id = sold.shop.merchant_id if realm == "merchant" else None
        key = key_of(realm, merchant_id, ("orders.view",))
        path = f"/api/v1/aftersales/{case_id}"
        assert api.get(path, headers=key, **host).status_code == 200
        assert api.post(f"{path}/{verb}", json={"text": "x"}, headers=key, **host).status_code == 403
    assert _state(case_id) == "requested"


def test_the_api_goes_from_options_to_a_replacement(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    api, shop = app.test_client(), key_of("merchant", sold.shop.merchant_id)
    options = api.get(f"/api/v1/aftersales/options/{sold.order_id}{_sig(sold)}", **host).json
    assert (options["is_any"], options["lines"][0]["units"], options["lines"][0]["left_minor"]) == (True, 2, 2000)
    body = {"order_id": str(sold.order_id), "kind": "exchange", "reason": "faulty", "text": "It hums",
            "lines": [{"line_id": str(line), "quantity": 1}]}  # fmt: skip
    repeat = {"Idempotency-Key": "one"}
    made = api.post(f"/api/v1/aftersales{_sig(sold)}", json=body, headers=repeat, **host)
    again = api.post(f"/api/v1/aftersales{_sig(sold)}", json=body, headers=repeat, **host)
    assert (made.status_code, made.json["id"]) == (201, again.json["id"])
    path = f"/api/v1/aftersales/{made.json['id']}"
    assert api.post(f"{path}/approve", json={}, headers=shop, **host).json["state"] == "approved"
    assert api.post(f"{path}/sent-back{_sig(sold)}", json={"carrier": "Post"}, **host).json["needs"] == "merchant"
    assert api.post(f"{path}/received", headers=shop, **host).json["state"] == "received"
    found = {"is_ok": True, "condition": "resell"}
    assert api.post(f"{path}/inspect", json=found, headers=shop, **host).json["state"] == "inspected"
    sent = api.post(f"{path}/send", json={"carrier": "Post"}, headers=shop, **host).json
    assert (sent["state"], sent["needs"], sent["parcel_id"] is not None) == ("exchanged", None, True)
    listed = api.get("/api/v1/aftersales?tab=done", headers=shop, **host).json
    assert [row["id"] for row in listed["data"]] == [made.json["id"]]


def test_lists_page_the_most_urgent_first(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived(units=5)
    made = [_case(sold, line) for _n in range(5)]
    api, key, seen, cursor = app.test_client(), key_of("operator"), [], ""
    for _page in range(3):
        found = api.get(f"/api/v1/aftersales?tab=to_do&limit=2{cursor}", headers=key, **host).json
        seen += [row["id"] for row in found["data"]]
        cursor = f"&cursor={found['next']}"
    assert seen == [str(key) for key in made]


def test_rules_are_kept_by_operator_and_merchant(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    with read_only():
        row = session().query(LineRow).filter_by(id=line).one()
        sku, category_id = row.sku, session().query(ListingRow).filter_by(id=row.listing_id).one().category_id
    merchant, operator = browser_of(app, tenant, "merchant", sold.shop.merchant_id), browser_of(app, tenant, "operator")
    wrong = {"sku": "nothing", "ground": "digital"}
    assert merchant.post("/merchant/aftersales/rules", data=wrong, **host).status_code == 422
    assert merchant.post("/merchant/aftersales/rules", data={**wrong, "sku": sku}, **host).status_code == 303
    chosen = {"category_id": str(category_id), "ground": "hygiene"}
    assert operator.post("/operator/aftersales/rules", data=chosen, **host).status_code == 303
    assert "Digital content" in merchant.get("/merchant/aftersales/rules", **host).text
    assert "Sealed for hygiene" in operator.get("/operator/aftersales/rules", **host).text
    with read_only():
        (theirs,), (ours,) = exclusions.of_listings(sold.shop.merchant_id), exclusions.of_categories()
    assert merchant.post(f"/merchant/aftersales/rules/{ours.id}/remove", **host).status_code == 404
    assert merchant.post(f"/merchant/aftersales/rules/{theirs.id}/remove", **host).status_code == 303
    key = key_of("operator")
    api = app.test_client()
    assert [one["id"] for one in api.get("/api/v1/return-exclusions", headers=key, **host).json["data"]] == [
        str(ours.id)
    ]
    assert api.delete(f"/api/v1/return-exclusions/{ours.id}", headers=key, **host).status_code == 200
    assert api.post("/api/v1/return-exclusions", json={"ground": "press"}, headers=key, **host).status_code == 422


def test_mails_go_to_the_other_side_and_lead_to_the_case(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    case_id = _case(sold, line)
    with transaction():
        answering.approve(case_id)
        told = session().scalars(select(OutboxRow).where(OutboxRow.handler == "messages.aftersale_changed")).all()
        job = jobs.find("messages.aftersale_changed")
        assert job is not None
        for row in told:
            job.run(row.payload)
        session().flush()
        mails = session().scalars(select(OutboxRow.payload).where(OutboxRow.handler == "mail.compose")).all()
        mails = [mail for mail in mails if "case" in mail["values"]["action_label"]]
    assert {mail["to"] for mail in mails} == {"ada@example.com", "m@example.com"}
    assert all(str(case_id) in mail["values"]["action_path"] for mail in mails)
    path = next(mail["values"]["action_path"] for mail in mails if mail["to"] == "ada@example.com")
    assert app.test_client().get(path, **host).status_code == 200


def test_a_label_reaches_the_buyer_alone(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    case_id = _case(sold, line)
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    data = {"label": (io.BytesIO(b"%PDF-1.4 label"), "label.pdf")}
    assert browser.post(f"/merchant/aftersales/{case_id}/approve", data=data, **host).status_code == 303
    path = f"/orders/{sold.purchase_id}/cases/{case_id}/label"
    assert app.test_client().get(f"{path}{_sig(sold)}", **host).data == b"%PDF-1.4 label"
    assert app.test_client().get(path, **host).status_code == 404


def test_messages_and_photographs_end_with_the_case(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived()
    case_id = _case(sold, line, "refund")
    guest, path = app.test_client(), f"/orders/{sold.purchase_id}/cases/{case_id}/messages{_sig(sold)}"
    assert guest.post(path, data={"text": "Any news?"}, **host).status_code == 303
    assert guest.post(path, data={"photos": (io.BytesIO(b"no picture"), "x.jpg")}, **host).status_code == 422
    assert guest.post(path, data={"text": ""}, **host).status_code == 422
    with transaction():
        answering.approve(case_id)
    assert guest.post(path, data={"text": "Thanks"}, **host).status_code == 422
    with read_only():
        assert [moment.text for moment in queries.case(case_id).moments if moment.kind == "message"] == ["Any news?"]
        assert talking.MOST_PHOTOS > 0
        assert moves.find(case_id).state == "refunded"


def test_the_number_of_statements_does_not_grow_with_the_cases(app: Flask, tenant: Tenant, host: Host) -> None:
    sold, line = _arrived(units=5)
    browser = browser_of(app, tenant, "merchant", sold.shop.merchant_id)
    counts = []
    for _n in range(2):
        _case(sold, line)
        _case(sold, line)
        pages = ("/merchant/aftersales", f"/orders/{sold.purchase_id}{_sig(sold)}")
        for path in pages:
            browser.get(path, **host)
        with Statements(app) as sent:
            for path in pages:
                browser.get(path, **host)
        counts.append(sent.count)
    assert counts[1] <= counts[0]
