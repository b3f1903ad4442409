"""Merchants' accounts at the provider: opened once, kept current by its events, apart for each marketplace."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.kernel import errors
from core.kernel.db import session
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.merchants.models import MerchantRow
from core.payments import provider_accounts
from core.payments.models import ProviderAccountRow
from tests.core.payments.conftest import Provider, until, work
from tests.market import make_shop

RETURN = {"return_url": "http://localhost/back", "refresh_url": "http://localhost/again"}


@pytest.fixture
def merchant_id(provider: Provider, tenant: Tenant) -> UUID:
    with transaction():
        return make_shop().merchant_id


def stands(merchant_id: UUID) -> tuple[str, tuple[str, ...]]:
    with read_only():
        found = provider_accounts.of_merchant(merchant_id)
    assert found is not None
    return found.state, found.needs


def test_account_is_opened_once_and_is_new_until_the_merchant_has_been_there(
    provider: Provider, merchant_id: UUID
) -> None:
    first = provider_accounts.open_for(merchant_id)
    again = provider_accounts.open_for(merchant_id)
    assert (first.ref, first.state, first.can_be_paid) == (again.ref, "new", False)
    assert first.needs == ("name", "bank", "terms")


@pytest.mark.parametrize("mode", ["drop_after", "500"])
def test_answer_lost_when_opening_leaves_one_account(provider: Provider, merchant_id: UUID, mode: str) -> None:
    provider.fail_next(mode, "/v2/core/accounts", times=4)
    with pytest.raises(errors.Unavailable):
        provider_accounts.open_for(merchant_id)
    assert stands(merchant_id) == ("new", ())
    provider.control({"reset": True})
    opened = provider_accounts.open_for(merchant_id)
    assert provider_accounts.open_for(merchant_id).ref == opened.ref


@pytest.mark.parametrize("state", ["draft", "suspended"])
def test_merchant_that_may_not_sell_gets_no_account(merchant_id: UUID, state: str) -> None:
    with transaction():
        session().query(MerchantRow).filter_by(id=merchant_id).update({"state": state})
    with pytest.raises(errors.Conflict, match="not_to_connect"):
        provider_accounts.open_for(merchant_id)
    with read_only():
        assert provider_accounts.of_merchant(merchant_id) is None


def test_link_needs_an_account(merchant_id: UUID) -> None:
    with pytest.raises(errors.Missing):
        provider_accounts.onboarding_link(merchant_id, **RETURN)


def test_account_follows_the_providers_events(provider: Provider, tenant: Tenant, merchant_id: UUID) -> None:
    account = provider_accounts.open_for(merchant_id)
    assert "/_hosted/onboarding/" in provider_accounts.onboarding_link(merchant_id, **RETURN)
    for standing, expected in (
        ("restricted", ("restricted", ("proof",))), ("active", ("active", ())), ("pending", ("pending", ())),
        ("rejected", ("rejected", ())), ("active", ("active", ())),
    ):  # fmt: skip
        provider.control({"account": account.ref, "state": standing}, "/account")

        def has_followed(expected: tuple[str, tuple[str, ...]] = expected) -> bool:
            work(tenant, "payments.event", "payments.account_changed")
            return stands(merchant_id) == expected

        until(has_followed)
    ready, refused = "You can be paid out now", "The payment provider has refused your account"
    assert _letters() == [ready, refused, ready]


def _letters() -> list[str]:
    with transaction():
        rows = session().query(OutboxRow).filter_by(handler="mail.compose").order_by(OutboxRow.id).all()
        return [row.payload["values"]["title"] for row in rows if row.payload]


def test_event_of_another_marketplaces_account_is_kept_there_and_changes_nothing_here(
    provider: Provider, tenant: Tenant, merchant_id: UUID, make_tenant
) -> None:
    other = make_tenant()
    account = provider_accounts.open_for(merchant_id)
    with bind(other), transaction():
        session().add(ProviderAccountRow(merchant_id=merchant_of(), provider="stripe", ref="acct_other"))
    provider.control({"account": account.ref, "state": "active"}, "/account")

    def is_active() -> bool:
        work(tenant, "payments.event", "payments.account_changed")
        return stands(merchant_id)[0] == "active"

    until(is_active)
    with bind(other), read_only():
        (row,) = provider_accounts.search()
        assert (row.state, row.ref) == ("new", "acct_other")
        assert provider_accounts.of_merchant(merchant_id) is None


def merchant_of() -> UUID:
    return make_shop().merchant_id
