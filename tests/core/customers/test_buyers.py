"""Buyers, addresses, consents and labels."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.customers import addresses, buyers, consents, labels
from core.identity import accounts
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.errors import Invalid, Missing
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction

ANN = "ann@example.com"
HOME = {"name": "Ann", "line1": "1 Quay St", "city": "Galway", "country": "ie"}


def account(email: str = ANN):
    return accounts.create_verified(Realm.BUYER, email, "Ann", "a fine long sentence")


def test_a_guest_is_one_row_however_often_they_buy(tenant: Tenant) -> None:
    with transaction():
        first = buyers.ensure_guest(ANN, "Ann")
        assert buyers.ensure_guest("ANN@example.com", "Ann B", "123") == first
        assert buyers.get(first).phone == "123"


def test_an_account_takes_its_guest_over_once(tenant: Tenant) -> None:
    with transaction():
        guest = buyers.ensure_guest(ANN, "Ann")
        user = account()
        assert buyers.ensure_customer(user, ANN, "Ann") == guest == buyers.ensure_customer(user, ANN, "Ann")
        later = buyers.ensure_guest(ANN, "Ann")
        assert later != guest
        assert buyers.customer_ids_of(user) == (guest, later)


def test_the_first_address_is_the_default_and_another_follows_it(tenant: Tenant) -> None:
    with transaction():
        buyer = buyers.ensure_customer(account(), ANN, "Ann")
        one = addresses.add(buyer, addresses.place(HOME))
        two = addresses.add(buyer, addresses.place({**HOME, "line1": "2 Quay St"}))
        assert [a.id for a in addresses.addresses(buyer)] == [one, two]
        addresses.make_default(buyer, two)
        addresses.remove(buyer, two)
        [left] = addresses.addresses(buyer)
        assert (left.id, left.is_default, left.place.country) == (one, True, "IE")


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("country", "XX"), ("country", "Ireland"), ("city", "x" * 121)]
)
def test_an_incomplete_address_is_refused(field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.place({**HOME, field: value})
    assert field in [fault.path for fault in refused.value.fields]


def test_another_buyers_address_is_missing(tenant: Tenant) -> None:
    with transaction():
        ann = buyers.ensure_customer(account(), ANN, "Ann")
        bo = buyers.ensure_customer(account("bo@example.com"), "bo@example.com", "Bo")
        key = addresses.add(ann, addresses.place(HOME))
        for act in (lambda: addresses.address(bo, key), lambda: addresses.remove(bo, key),
                    lambda: addresses.make_default(bo, key), lambda: addresses.edit(bo, key, addresses.place(HOME))):  # fmt: skip
            with pytest.raises(Missing):
                act()
        assert len(addresses.addresses(ann)) == 1


def test_the_newest_word_on_a_purpose_counts(tenant: Tenant) -> None:
    with transaction():
        buyer = buyers.ensure_customer(account(), ANN, "Ann")
        assert not consents.has_given(buyer, "marketing_email")
        consents.give(buyer, "marketing_email", "Yes, write to me")
        assert consents.has_given(buyer, "marketing_email")
        assert next(c for c in consents.current(buyer) if c.is_given).wording == "Yes, write to me"
        consents.withdraw(buyer, "marketing_email")
        assert not any(c.is_given for c in consents.current(buyer))
        with pytest.raises(Invalid):
            consents.give(buyer, "anything", "")


def test_a_label_ends_in_its_time(tenant: Tenant) -> None:
    with transaction():
        buyer = buyers.ensure_customer(account(), ANN, "Ann")
        labels.set_label(buyer, "vip", "membership")
        labels.set_label(buyer, "trial", "membership", clock.now() - timedelta(seconds=1))
        assert labels.labels_of(buyer) == {"vip"}
        labels.unset_label(buyer, "vip", "membership")
        assert labels.labels_of(buyer) == frozenset()
