"""The demo fills a marketplace so that it can be used at once and its books are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from core.billing.payouts.models import PayoutRow
from core.catalogue.models import ListingRow, PictureRow
from core.identity import accounts, passwords
from core.identity.models import UserRow
from core.identity.principals import Realm
from core.kernel.db import session
from core.kernel.tenancy import Tenant, bind, current_id
from core.kernel.tx import read_only, transaction
from core.ledger.verify import verify
from core.merchants.models import ShopRow
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import OrderRow
from web.demo.content import Marketplace
from web.demo.harbour.market import HARBOUR
from web.demo.seeding import aftersales, grounds, past, people, present, settled, shelves
from web.demo.seeding.pictures import Studio, all_of, shown

_SHOPS = HARBOUR.shops[:4]
_SLUGS = {shop.slug for shop in _SHOPS}
SMALL = replace(
    HARBOUR, shops=_SHOPS, listings=tuple(entry for entry in HARBOUR.listings if entry.shop in _SLUGS)[::2],
    coupons=HARBOUR.coupons[:2], buyers=HARBOUR.buyers[:3],
)  # fmt: skip


@pytest.fixture
def filled(make_tenant: Callable[..., Tenant]) -> Tenant:
    """A marketplace with a part of the demo's content, without pictures."""
    tenant = make_tenant()
    steps: tuple[Callable[[Marketplace], None], ...] = (
        grounds.add_categories, shelves.add_shops, people.add_operators, people.add_merchants, people.add_buyers,
        grounds.add_rates, grounds.add_coupons, shelves.add_listings, lambda market: past.add_past(market, 40),
        settled.agree, present.add_present, aftersales.add_aftersales, settled.add_payouts, shelves.add_applicants,
    )  # fmt: skip
    with bind(tenant):
        for step in steps:
            with transaction():
                step(SMALL)
    return tenant


def test_a_demo_market_has_orders_in_every_state_and_books_that_balance(filled: Tenant, app: Flask) -> None:
    with bind(filled), read_only():
        states = set(session().scalars(select(OrderRow.state).distinct()))
        assert states == {"pending_payment", "paid", "accepted", "shipped", "delivered", "completed", "cancelled"}
        assert len(set(session().scalars(select(AftersaleRow.state).distinct()))) >= 5
        assert verify().is_clean
        assert "paid" in set(session().scalars(select(PayoutRow.state)))
        drift = text("""select count(*) from stock s where s.tenant_id = :tenant and s.available + s.reserved <> (
                          select coalesce(sum(m.quantity), 0) from stock_movements m where m.tenant_id = :tenant
                             and m.variant_id = s.variant_id and m.location_id = s.location_id)""")
        assert session().scalar(drift, {"tenant": current_id()}) == 0

    _everybody_signs_in(filled)
    _goods_are_shown(filled, app)


def _everybody_signs_in(filled: Tenant) -> None:
    with bind(filled), read_only():
        assert accounts.find(Realm.OPERATOR, people.operator_email(SMALL)) is not None
        assert accounts.find(Realm.MERCHANT, people.merchant_email(SMALL, "tallow")) is not None
        stored = session().scalars(select(UserRow.password_hash)).first()
        assert passwords.prove(stored, people.PASSWORD).is_right


def _goods_are_shown(filled: Tenant, app: Flask) -> None:
    with bind(filled), read_only():
        live = select(ListingRow.slug, ListingRow.title).where(ListingRow.state == "live", ListingRow.is_available)
        slug, title = session().execute(live.limit(1)).one()
        assert set(session().scalars(select(ShopRow.slug))) == _SLUGS
    page = app.test_client().get(f"/products/{slug}", base_url=f"http://{filled.slug}.localhost")
    assert title in page.get_data(as_text=True)


def test_pictures_are_drawn_once_and_hung(filled: Tenant, tmp_path: Path) -> None:
    few = replace(SMALL, shops=SMALL.shops[:1], listings=SMALL.listings[:2])
    with Studio(tmp_path, all_of(few)) as studio:
        studio.wait()
    drawn = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    with Studio(tmp_path, all_of(few)) as studio, bind(filled), transaction():
        studio.wait()
        shelves.hang_signs(few, studio)
        shelves.hang_pictures(few, studio)
        assert session().scalar(select(func.count()).select_from(PictureRow)) == sum(map(shown, few.listings))
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == drawn
