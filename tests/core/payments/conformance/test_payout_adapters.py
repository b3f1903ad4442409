"""What every way of paying out must hold to. A new adapter is one line in ADAPTERS: a function that sets it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from core.kernel.errors import Conflict
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from core.payments import adapters, bank_accounts, bank_transfer, provider_accounts
from core.payments.adapters import Capabilities, PayoutAdapter, PayoutOrder, Sent, SentState
from core.payments.bank_accounts import Details
from core.payments.stripe.payouts import PAYOUTS
from tests.core.billing.settling import IBAN, FakeProvider
from tests.market import make_shop

Made = tuple[PayoutAdapter, Callable[[UUID], str]]
"""An adapter, and what makes a merchant known to it: it returns the merchant's reference there."""


def _bank(_request: pytest.FixtureRequest) -> Made:
    def known(merchant_id: UUID) -> str:
        with transaction():
            return str(bank_accounts.write(merchant_id, Details("Merchant Ltd", IBAN, country="IE")).id)

    return bank_transfer.ADAPTER, known


def _fake(_request: pytest.FixtureRequest) -> Made:
    return FakeProvider(), lambda _merchant: ""


def _stripe(request: pytest.FixtureRequest) -> Made:
    provider = request.getfixturevalue("provider")

    def known(merchant_id: UUID) -> str:
        opened = provider_accounts.open_for(merchant_id)
        provider.control({"account": opened.ref, "state": "active"}, "/account")
        provider.control({"amount": 1_000_000, "currency": "eur"}, "/fund")
        return provider_accounts.refresh(merchant_id).ref

    return PAYOUTS, known


ADAPTERS: dict[str, Callable[[pytest.FixtureRequest], Made]] = {"bank": _bank, "fake": _fake, "stripe": _stripe}


@pytest.fixture(params=ADAPTERS)
def made(request: pytest.FixtureRequest, tenant: Tenant) -> tuple[PayoutAdapter, PayoutOrder]:
    """An adapter, and a payout of 12.34 to a merchant that it knows."""
    adapter, known = ADAPTERS[request.param](request)
    with transaction():
        merchant_id = make_shop().merchant_id
    return adapter, PayoutOrder(new_id(), merchant_id, known(merchant_id), Money(1234, "EUR"), "PO1")


Given = tuple[PayoutAdapter, PayoutOrder]


def test_it_has_a_name_and_declares_what_it_can_do(made: Given) -> None:
    adapter, _order = made
    assert adapter.name.isidentifier()
    assert isinstance(adapter.capabilities, Capabilities)
    assert 0 <= adapter.capabilities.split_most_bps <= 10_000
    assert adapter.capabilities.can_hold == (adapter.capabilities.hold_days > 0)


def test_what_was_never_sent_is_not_known(made: Given) -> None:
    adapter, order = made
    assert adapter.find(order) is None


def test_what_was_sent_is_found_again_as_it_is(made: Given) -> None:
    adapter, order = made
    sent = adapter.pay_out(order)
    assert sent.ref
    assert sent.state in (SentState.TAKEN, SentState.SENT, SentState.PAID)
    assert adapter.find(order) == sent


def test_the_same_payout_again_is_the_same_transfer(made: Given) -> None:
    adapter, order = made
    first = adapter.pay_out(order)
    assert [adapter.pay_out(order) for _again in range(3)] == [first] * 3


def test_two_payouts_are_two_transfers(made: Given) -> None:
    adapter, order = made
    other = replace(order, payout_id=new_id(), number="PO2")
    assert adapter.pay_out(order).ref != adapter.pay_out(other).ref


def test_only_an_adapter_that_does_not_confirm_itself_leaves_it_to_a_person(made: Given) -> None:
    adapter, order = made
    is_taken = adapter.pay_out(order).state is SentState.TAKEN
    assert is_taken == (not adapter.capabilities.confirms_itself)


def test_without_an_account_that_it_needs_it_refuses_and_sends_nothing(made: Given) -> None:
    adapter, order = made
    if not adapter.capabilities.needs_account:
        pytest.skip("it needs no account")
    nowhere = replace(order, account="")
    with pytest.raises(Conflict):
        adapter.pay_out(nowhere)
    assert adapter.find(nowhere) is None


def _taken_back(adapter: PayoutAdapter, order: PayoutOrder, sent: Sent) -> tuple[Sent | None, str]:
    try:
        return adapter.take_back(order, sent, Money(100, "EUR"), key="k"), ""
    except Conflict as refusal:
        return None, refusal.code


def test_taking_back_is_once_under_its_key_or_refused(made: Given) -> None:
    adapter, order = made
    sent = adapter.pay_out(order)
    first, code = _taken_back(adapter, order, sent)
    if first is None:  # It cannot, or the money has left the merchant's balance there already.
        assert not adapter.capabilities.can_take_back or code == "payments.balance_short"
        assert adapter.find(order) == sent
        return
    assert adapter.capabilities.can_take_back
    assert adapter.take_back(order, sent, Money(100, "EUR"), key="k") == first


def test_it_is_found_by_its_name(tenant: Tenant) -> None:
    assert adapters.find("bank") is bank_transfer.ADAPTER
    assert "bank" in adapters.names()
