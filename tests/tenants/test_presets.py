"""Presets: each gives a marketplace with its plugins on that sells at once, its books in balance."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.hooks.runtime import plugins
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.ledger.verify import verify
from tenants.presets import PRESETS
from tests.market import balances, buy, make_good, make_shop
from tests.working import run_due


@pytest.mark.parametrize("code", sorted(PRESETS))
def test_a_preset_switches_its_plugins_on_and_the_marketplace_sells_at_once(
    code: str, make_tenant: Callable[..., Tenant]
) -> None:
    tenant = make_tenant(preset=code)
    assert set(PRESETS[code].plugins) <= set(plugins().order)
    assert tenant.enabled == frozenset(PRESETS[code].plugins)
    with bind(tenant):
        with transaction():
            buy({make_good(make_shop(), 1000): 2})
        run_due(tenant)
        with transaction():
            assert verify().is_clean
            assert sum(balances().values()) == 0


def test_companies_see_prices_without_tax(make_tenant: Callable[..., Tenant]) -> None:
    assert make_tenant(preset="wholesale").setting("prices_include_tax") is False
    assert make_tenant(preset="club").setting("prices_include_tax", True) is True
