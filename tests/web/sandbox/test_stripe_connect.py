"""Connected accounts of the stand-in: onboarding, transfers, payouts, and whose balance moves."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.web.sandbox.typed import TypedDicts
from web.sandbox.stripe.wire import Request

BANK, BAD_BANK, PROOF_BANK = "DE89370400440532013000", "DE62370400440532013001", "DE35370400440532013002"
NEW = {
    "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}},
    "contact_email": "oak@example.com",
    "dashboard": "express",
    "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
    "display_name": "Oak & Sons",
    "identity": {"country": "DE"},
    "include": ["configuration.recipient", "requirements"],
    "metadata": {"galleria_tenant": "t"},
}
THIN = {"id", "object", "context", "created", "livemode", "reason", "related_object", "type"}
RETURN = "https://shop.example/merchant/payouts"


def standing(account: Any) -> tuple[str, list[str]]:
    status = account.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status
    return status, [entry.description for entry in account.requirements.entries]


@pytest.fixture
def link(core) -> Callable[[str], str]:
    def make(account_id: str) -> str:
        use = {"configurations": ["recipient"], "refresh_url": f"{RETURN}?again=1", "return_url": RETURN}
        use_case = {"type": "account_onboarding", "account_onboarding": use}
        return str(core.account_links.create({"account": account_id, "use_case": use_case}).url)

    return make


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def supply(url: str, iban: str = BANK, **more: str) -> tuple[int, str]:
    """Send the onboarding form; return the status and where it leads."""
    fields = {"entity_type": "company", "name": "Oak & Sons GmbH", "iban": iban, "terms": "1", **more}
    body = urllib.parse.urlencode({name: value for name, value in fields.items() if value}).encode()
    try:
        with urllib.request.build_opener(_Stay).open(url, body) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers.get("Location") or refusal.read().decode()


@pytest.fixture
def merchant(core, link) -> str:
    """A connected account that may be paid."""
    account = core.accounts.create(NEW)
    supply(link(account.id))
    return str(account.id)


@pytest.fixture
def funded(control, account) -> None:
    control("/fund", {"owner": account, "amount": 100_000, "currency": "eur"})


@pytest.fixture
def transfer(client, merchant, funded) -> Callable[..., Any]:
    def send(amount: int = 2000, **more: Any) -> Any:
        return client.transfers.create({"amount": amount, "currency": "eur", "destination": merchant, **more})

    return send


@pytest.fixture
def pay_out(connect, merchant) -> Callable[..., Any]:
    def send(amount: int = 2000, **more: Any) -> Any:
        return connect(account=merchant).payouts.create({"amount": amount, "currency": "eur", **more})

    return send


def test_new_account_may_do_nothing_until_a_person_has_supplied_what_is_required(core, link):
    account = core.accounts.create(NEW)
    assert standing(account)[0] == "restricted"
    assert standing(account)[1][0] == "identity.business_details.registered_name"
    assert supply(link(account.id)) == (303, RETURN)
    again = core.accounts.retrieve(account.id, {"include": ["configuration.recipient", "requirements", "identity"]})
    assert standing(again) == ("active", [])
    assert again.identity.business_details.registered_name == "Oak & Sons GmbH"


def test_parts_that_are_not_asked_for_are_left_out(core):
    account = core.accounts.create(NEW)
    bare = core.accounts.retrieve(account.id)
    assert (bare.requirements, bare.configuration, bare.display_name) == (None, None, "Oak & Sons")
    changed = core.accounts.update(account.id, {"display_name": "Oak", "metadata": {"shop": "1"}})
    assert (changed.display_name, changed.metadata["shop"]) == ("Oak", "1")


def test_link_works_once(core, link):
    url = link(core.accounts.create(NEW).id)
    supply(url)
    assert supply(url) == (303, f"{RETURN}?again=1")


@pytest.mark.parametrize(("field", "said"), [("name", "Enter the name"), ("iban", "Enter an IBAN"), ("terms", "Agree")])
def test_what_is_missing_on_the_page_is_said_and_nothing_changes(core, link, field, said):
    account = core.accounts.create(NEW)
    status, html = supply(link(account.id), **{field: ""})
    assert (status, said in html) == (422, True)
    assert standing(core.accounts.retrieve(account.id, {"include": NEW["include"]}))[0] == "restricted"


def test_page_is_in_both_languages(core, link):
    with urllib.request.urlopen(f"{link(core.accounts.create(NEW).id)}&lang=zh") as answer:
        html = answer.read().decode()
    assert "设置收款账户" in html
    assert not re.search(r">\s*(Legal name|Send)\s*<", html)


def test_account_without_a_proof_stays_restricted_until_it_is_handed_in(core, link):
    account = core.accounts.create(NEW)
    supply(link(account.id), PROOF_BANK)
    found = core.accounts.retrieve(account.id, {"include": NEW["include"]})
    assert standing(found) == ("restricted", ["identity.individual.documents.primary_verification"])
    supply(link(account.id), PROOF_BANK, proof="1")
    assert standing(core.accounts.retrieve(account.id, {"include": NEW["include"]})) == ("active", [])


def test_thin_events_name_the_account_and_show_nothing(core, link, receiver, control):
    account = core.accounts.create(NEW)
    supply(link(account.id))

    def thin() -> list[dict[str, Any]]:
        return [e for e in receiver.events() if e.get("related_object", {}).get("id") == account.id]

    receiver.wait(lambda: len(thin()) == 3)
    assert all(set(e) == THIN for e in thin())
    assert "v2.core.account[requirements].updated" in {e["type"] for e in thin()}
    found = core.events.retrieve(thin()[0]["id"])
    assert found.related_object.url == f"/v2/core/accounts/{account.id}"


def test_unknown_and_missing_parameters_of_the_v2_api_are_refused(core):
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: colour"):
        core.accounts.create({**NEW, "colour": "red"})
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: use_case"):
        core.account_links.create({"account": "acct_x"})


def test_checker_finds_unknown_nested_and_missing_keys():
    def asked(body: str) -> list[str]:
        return TypedDicts().request_faults(Request("POST", "/v2/core/account_links", "", {}, body))

    assert asked('{"account": "a", "use_case": {"type": "t"}}') == []
    assert asked('{"account": "a", "use_case": {"type": "t", "colour": 1}}') == [".use_case.colour: unknown"]
    assert asked('{"account": 1, "use_case": {}}') == [".account: 1 is not str", ".use_case.type: missing"]


def test_v2_requests_with_one_key_are_carried_out_once(core, client):
    first, second = (core.accounts.create(NEW, {"idempotency_key": "account-1"}) for _ in range(2))
    assert first.id == second.id
    with pytest.raises(stripe.IdempotencyError):
        core.accounts.create({**NEW, "display_name": "Other"}, {"idempotency_key": "account-1"})


def test_transfer_moves_money_from_the_platform_to_the_account(client, connect, merchant, transfer):
    sent = transfer(2000, transfer_group="payout-1", metadata={"a": "1"})
    assert (sent.amount, sent.destination, sent.reversed) == (2000, merchant, False)
    assert client.balance.retrieve().available[0].amount == 98_000
    assert connect(account=merchant).balance.retrieve().available[0].amount == 2000
    assert [t.id for t in client.transfers.list({"transfer_group": "payout-1"}).data] == [sent.id]
    assert client.balance_transactions.list({"source": sent.id}).data[0].net == -2000


def test_transfer_of_more_than_is_available_is_refused_and_moves_nothing(client, connect, merchant, transfer):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        transfer(100_001)
    assert caught.value.code == "balance_insufficient"
    assert client.transfers.list().data == []


def test_transfer_out_of_a_charge_waits_until_the_charge_has_settled(client, connect, pay, merchant):
    charge = pay(currency="eur").latest_charge
    sent = {"amount": 1500, "currency": "eur", "destination": merchant, "source_transaction": charge}
    client.transfers.create(sent)
    balance = connect(account=merchant).balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 1500)
    with pytest.raises(stripe.InvalidRequestError):
        client.transfers.create({**sent, "amount": 2001})


def test_account_that_is_not_ready_gets_no_transfer(client, core, funded):
    account = core.accounts.create(NEW)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.transfers.create({"amount": 1, "currency": "eur", "destination": account.id})
    assert caught.value.code == "insufficient_capabilities_for_transfer"


def test_reversals_add_up_to_the_transfer_and_no_further(client, connect, merchant, transfer):
    sent = transfer(2000)
    client.transfers.reversals.create(sent.id, {"amount": 500, "metadata": {"claim": "7"}})
    with pytest.raises(stripe.InvalidRequestError):
        client.transfers.reversals.create(sent.id, {"amount": 1501})
    client.transfers.reversals.create(sent.id)
    found = client.transfers.retrieve(sent.id)
    assert (found.amount_reversed, found.reversed, len(found.reversals.data)) == (2000, True, 2)
    assert [r.amount for r in client.transfers.reversals.list(sent.id).data] == [1500, 500]
    assert client.balance.retrieve().available[0].amount == 100_000


def test_reversal_goes_as_far_as_the_accounts_balance(client, transfer, pay_out):
    sent = transfer(2000)
    pay_out(1800)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.transfers.reversals.create(sent.id, {"amount": 201})
    assert caught.value.code == "balance_insufficient"
    assert client.transfers.retrieve(sent.id).amount_reversed == 0


def test_payout_arrives_after_its_time(connect, control, merchant, transfer, pay_out, receiver):
    transfer(2000)
    payout = pay_out(2000, metadata={"galleria_payout": "p"})
    assert (payout.status, connect(account=merchant).balance.retrieve().available[0].amount) == ("pending", 0)
    control("/payout", {"payout": payout.id, "outcome": "pay"})
    assert connect(account=merchant).payouts.retrieve(payout.id).status == "paid"
    receiver.wait(lambda: "payout.paid" in {e["type"] for e in receiver.events(merchant)})


def test_clock_lets_payouts_arrive_and_fail(core, client, connect, control, link, merchant, transfer, pay_out):
    transfer(2000)
    good = pay_out(1000)
    bad = core.accounts.create(NEW).id
    supply(link(bad), BAD_BANK)
    client.transfers.create({"amount": 700, "currency": "eur", "destination": bad})
    fails = connect(account=bad).payouts.create({"amount": 700, "currency": "eur"})
    control("", {"advance": 3 * 24 * 3600})
    assert connect(account=merchant).payouts.retrieve(good.id).status == "paid"
    failed = connect(account=bad).payouts.retrieve(fails.id)
    assert (failed.status, failed.failure_code) == ("failed", "no_account")
    assert connect(account=bad).balance.retrieve().available[0].amount == 700


def test_bank_returns_a_payout_after_it_was_paid(connect, control, merchant, transfer, pay_out):
    transfer(2000)
    payout = pay_out(2000)
    control("/payout", {"payout": payout.id, "outcome": "pay"})
    control("/payout", {"payout": payout.id, "outcome": "return"})
    there = connect(account=merchant)
    assert (there.payouts.retrieve(payout.id).status, there.balance.retrieve().available[0].amount) == ("failed", 2000)


def test_payout_that_has_not_left_can_be_cancelled(connect, merchant, transfer, pay_out):
    transfer(2000)
    payout = pay_out(500)
    there = connect(account=merchant)
    assert there.payouts.cancel(payout.id).status == "canceled"
    assert [p.status for p in there.payouts.list().data] == ["canceled"]


def test_account_that_was_rejected_is_paid_nothing(control, connect, merchant, transfer, pay_out):
    transfer(2000)
    control("/account", {"account": merchant, "state": "rejected"})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        pay_out(100)
    assert caught.value.code == "payouts_not_allowed"
    with pytest.raises(stripe.InvalidRequestError):
        transfer(1)
