"""Switches on what a demo marketplace shows beside its preset, and lets each plugin add its own rows."""

from __future__ import annotations

from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.customers.models import CustomerRow
from core.hooks.data import Seed, seed_demo
from core.hooks.runtime import plugins
from core.kernel.db import session
from core.kernel.tenancy import bind, current
from core.kernel.tx import transaction
from core.merchants.models import MerchantRow
from tenants import plugins as states
from tenants import values

SHOWN = ("membership", "b2b")
_NUMBER, _MOST = 1, 100


def switch_on() -> None:
    """Switch the shown plugins on in the bound marketplace. Opens its own transaction."""
    with transaction():
        for name in SHOWN:
            states.enable_if_installed(name)
    values.forget(current().id)


def seed() -> None:
    """Let every plugin that is on add its rows, once more without effect. Opens its own transaction for each."""
    tenant = values.find(current().id) or current()
    with bind(tenant):
        for name in plugins().implementers(seed_demo, tenant):
            with transaction():
                plugins().ask(name, seed_demo, tenant=tenant, seed=_seed())


def _seed() -> Seed:
    merchants = select(MerchantRow.id).where(MerchantRow.state == "approved", MerchantRow.is_house.is_(False))
    listings = select(ListingRow.id).where(ListingRow.state == "live")
    return Seed(
        _NUMBER, *(tuple(session().scalars(query.limit(_MOST))) for query in (
            merchants.order_by(MerchantRow.id), listings.order_by(ListingRow.id),
            select(CustomerRow.id).where(CustomerRow.user_id.is_not(None)).order_by(CustomerRow.id),
        ))
    )  # fmt: skip
