"""A cart is its owner's, found by either way in, and nobody else's."""

from __future__ import annotations

from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from tests.market import make_good, make_shop


def test_both_ways_lead_to_one_cart(tenant: Tenant) -> None:
    with transaction():
        variant = make_good(make_shop(), 2000, stock=5)
        held, fresh = carts.hold(Owner())
        assert fresh is not None
        carts.add(held, variant, 2)
    owner = Owner(token=fresh)
    with transaction():
        row, given = carts.open_cart(owner)
        assert (row.id, given, carts.hold(owner)) == (held.id, None, (held, None))
        assert (carts.units(row), carts.count(owner), row.version) == (2, 2, 2)
        assert (row.codes, row.deliveries, row.answers) == ([], {}, {})


def test_a_token_that_has_no_cart_gets_one_and_keeps_its_name(tenant: Tenant) -> None:
    with transaction():
        held, fresh = carts.hold(Owner(token="a-token-of-a-guest"))
        found = carts.find(Owner(token="a-token-of-a-guest"))
        assert (found.id if found else None, fresh) == (held.id, None)


def test_one_token_is_two_carts_at_two_marketplaces(tenant: Tenant, make_tenant) -> None:
    owner = Owner(token="one-token-for-two")
    with transaction():
        here, _fresh = carts.hold(owner)
        carts.add(here, make_good(make_shop(), 2000, stock=5), 1)
    with bind(make_tenant()), transaction():
        there, _fresh = carts.hold(owner)
        assert there.id != here.id
        assert carts.count(owner) == 0
