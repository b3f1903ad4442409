"""Keys, idempotency, refusals, accounts, faults and the spec: what holds for every endpoint of the stand-in."""

import json
import threading
import time
import urllib.error
import urllib.request

import pytest
import stripe

from tests.web.sandbox.conftest import KEY, openapi
from web.sandbox.stripe.router import ROUTES
from web.sandbox.stripe.validate import Spec
from web.sandbox.stripe.wire import Request

PARAMS = {"amount": 2000, "currency": "usd"}
REFUND_PATH = "/v1/refunds"


def request(url: str, body: bytes | None = None, **headers: str) -> tuple[int, dict, dict]:
    """Send a request without the library: status, headers, document."""
    sent = urllib.request.Request(url, body, {"Authorization": f"Bearer {KEY}", **headers})
    try:
        with urllib.request.urlopen(sent) as answer:
            return answer.status, dict(answer.headers), json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, dict(refusal.headers), json.load(refusal)


@pytest.mark.parametrize("key", ["sk_test_another", "sk_test_sandbox "])
def test_other_keys_are_refused(connect, key):
    with pytest.raises(stripe.AuthenticationError) as caught:
        connect(key=key).balance.retrieve()
    assert caught.value.http_status == 401


def test_request_without_a_key_is_refused(sandbox):
    status, _, document = request(f"{sandbox.url}/v1/balance", Authorization="")
    assert (status, document["error"]["type"]) == (401, "invalid_request_error")


def test_same_key_and_parameters_replay_the_first_answer(sandbox, client):
    headers = {"Idempotency-Key": "order-7:attempt-1", "Stripe-Account": "acct_replay"}
    first = request(f"{sandbox.url}/v1/payment_intents", b"amount=2000&currency=usd", **headers)
    again = request(f"{sandbox.url}/v1/payment_intents", b"amount=2000&currency=usd", **headers)
    assert (first[0], first[2]) == (again[0], again[2])
    assert (first[1].get("Idempotent-Replayed"), again[1]["Idempotent-Replayed"]) == (None, "true")
    assert again[1]["Original-Request"] == first[1]["Request-Id"]


def test_same_key_with_other_parameters_is_refused(client):
    options = {"idempotency_key": "order-8"}
    client.payment_intents.create(PARAMS, options)
    with pytest.raises(stripe.IdempotencyError) as caught:
        client.payment_intents.create({**PARAMS, "amount": 2001}, options)
    assert caught.value.http_status == 400
    assert len(client.payment_intents.list().data) == 1


def test_decline_is_replayed_and_charged_once(client):
    params = {**PARAMS, "confirm": True, "payment_method": "pm_card_chargeDeclined", "return_url": "https://a.example"}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.payment_intents.create(params, {"idempotency_key": "order-9"})
    assert len(client.charges.list().data) == 1


def test_malformed_request_does_not_use_its_key_up(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.create({"amount": 2000}, {"idempotency_key": "order-10"})
    assert client.payment_intents.create(PARAMS, {"idempotency_key": "order-10"}).amount == 2000


def test_key_that_is_in_use_is_refused(client, control, connect):
    control("", {"fail_next": {"path_prefix": "/v1/payment_intents", "mode": "hang_before", "seconds": 0.4}})
    options = {"idempotency_key": "order-11"}
    slow = threading.Thread(target=connect().payment_intents.create, args=(PARAMS, options))
    slow.start()
    while control("", {})["planned_faults"]:
        time.sleep(0.01)
    with pytest.raises(stripe.StripeError) as caught:
        client.payment_intents.create(PARAMS, options)
    slow.join()
    assert caught.value.http_status == 409
    assert caught.value.json_body["error"]["code"] == "idempotency_key_in_use"
    assert len(client.payment_intents.list().data) == 1


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({**PARAMS, "amuont": 1}, "parameter_unknown", "amuont"),
        ({**PARAMS, "automatic_payment_methods": {"on": True}}, "parameter_unknown", "automatic_payment_methods[on]"),
        ({"amount": 2000}, "parameter_missing", "currency"),
        ({**PARAMS, "amount": "12.50"}, "parameter_invalid_integer", "amount"),
        ({**PARAMS, "amount": -5}, "parameter_invalid_integer", "amount"),
        ({**PARAMS, "amount": 49}, "amount_too_small", "amount"),
        ({**PARAMS, "amount": 10**9}, "amount_too_large", "amount"),
        ({**PARAMS, "customer": "cus_none"}, "resource_missing", "customer"),
        ({**PARAMS, "capture_method": "later"}, None, "capture_method"),
        ({**PARAMS, "metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
    ],
)
def test_wrong_parameters_are_refused_by_name(client, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.payment_intents.create(params)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)
    assert client.payment_intents.list().data == []


def test_unknown_id_is_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.payment_intents.retrieve("pi_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_unknown_path_is_missing(sandbox):
    status, _, document = request(f"{sandbox.url}/v1/nothing_of_the_kind")
    assert (status, document["error"]["type"]) == (404, "invalid_request_error")
    assert request(f"{sandbox.url}/_health")[2] == {"status": "ok"}


def test_accounts_do_not_see_each_other(client, connect, pay):
    intent = pay()
    other = connect(account="acct_other")
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        other.payment_intents.retrieve(intent.id)
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        other.refunds.create({"payment_intent": intent.id})
    assert intent.id not in [one.id for one in connect(account=None).payment_intents.list({"limit": 100}).data]
    assert client.charges.retrieve(intent.latest_charge).amount_refunded == 0


@pytest.mark.parametrize(
    ("mode", "times"), [("drop_before", 1), ("drop_after", 1), ("500", 2), ("429", 1), ("hang", 1)]
)
def test_retries_after_a_fault_charge_once(connect, control, mode, times):
    client = connect(retries=3, timeout=0.5)
    fault = {"path_prefix": "/v1/payment_intents", "mode": mode, "times": times, "seconds": 0.8}
    control("", {"fail_next": fault})
    params = {**PARAMS, "confirm": True, "payment_method": "pm_card_visa", "return_url": "https://a.example"}
    if mode == "429":
        with pytest.raises(stripe.RateLimitError):
            client.payment_intents.create(params, {"idempotency_key": "order-12"})
    assert client.payment_intents.create(params, {"idempotency_key": "order-12"}).status == "succeeded"
    assert len(client.charges.list().data) == 1


def test_lost_answer_without_retries_is_a_connection_error(client, control):
    control("", {"fail_next": {"path_prefix": "/v1/payment_intents", "mode": "drop_after"}})
    with pytest.raises(stripe.APIConnectionError):
        client.payment_intents.create(PARAMS)
    assert len(client.payment_intents.list().data) == 1


def test_control_refuses_what_a_foreign_page_could_send(sandbox):
    status, _, _ = request(f"{sandbox.url}/_control", b'{"webhooks": "pause"}', **{"Content-Type": "text/plain"})
    assert status == 400


@pytest.fixture(scope="module")
def spec() -> Spec:
    path = openapi()
    if path is None:
        pytest.skip("NOT CHECKED against Stripe's API document: no stripe-openapi folder, see GALLERIA_SHARED")
    return Spec(path)


def test_answers_are_checked_against_the_api_document(spec):
    # Every other test runs with this check on; here it is seen to bite.
    asked = Request("POST", "/v1/refunds", "", {}, "charge=ch_1&amount=5")
    good = {"id": "re_1", "object": "refund", "amount": 5, "created": 1, "currency": "usd"}
    assert spec.response_faults(asked, 200, good) == []
    assert spec.response_faults(asked, 200, {**good, "amount": "5"}) == ["amount: '5' is not of type 'integer'"]
    assert spec.request_faults(asked) == []
    assert len(spec.request_faults(Request("POST", REFUND_PATH, "", {}, "charge=ch_1&amount=x"))) == 1
    assert len(spec.request_faults(Request("POST", REFUND_PATH, "", {}, "chrage=ch_1"))) == 1


def test_every_route_and_parameter_is_in_the_api_document(spec):
    unknown = []
    for route in (route for route in ROUTES if route.path.startswith("/v1/")):
        path = route.path.replace("{", "").replace("}", "")
        operation = spec.operation(Request(route.method, path, "", {}, ""))
        content = operation.get("requestBody", {}).get("content", {})
        known = {one["name"] for one in operation.get("parameters", [])}
        for body in content.values():
            known |= set(body["schema"].get("properties", {}))
        unknown += [(route.path, name) for name in route.fields if name not in known]
    # The document that is at hand was cut: with its descriptions went the parameter of that name.
    assert {name for _, name in unknown} <= {"description"}
