"""Windows and exclusions: what law, marketplace and shop give, and what cannot be sent back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.aftersales import eligible, exclusions, law, terms
from core.aftersales.reasons import REASONS, Kind
from core.catalogue.models import ListingRow
from core.fulfilment import shipping
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, Missing
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.merchants.models import ShopRow
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import PurchaseRow
from tenants import settings, values
from tests.core.aftersales.making import Arrived, arrived, ask
from tests.market import make_shop


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        (date(2026, 11, 2), 7, date(2026, 11, 9)),
        (date(2026, 11, 7), 7, date(2026, 11, 16)),  # a Saturday rolls to Monday
        (date(2026, 11, 2), 14, date(2026, 11, 16)),
    ],
)
def test_a_period_begins_the_day_after_receipt_and_passes_over_weekends(received: date, days: int, last: date) -> None:
    assert law.last_day(received, days) == last


def test_a_window_ends_with_the_last_day_in_the_marketplaces_own_time() -> None:
    received = datetime(2026, 11, 2, 20, tzinfo=UTC)  # the 3rd in Shanghai, so the 10th is the last day
    assert law.end_of(received, 7, "Asia/Shanghai") == datetime(2026, 11, 10, 16, tzinfo=UTC)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_a_period_is_never_cut_and_never_ends_on_a_weekend(received: date, days: int) -> None:
    last = law.last_day(received, days)
    assert 0 <= (last - received).days - days <= 2
    assert last.weekday() < 5


@pytest.mark.parametrize(
    ("country", "shop_days", "days"), [("IE", 0, 14), ("CN", 3, 14), ("IE", 30, 30), ("US", 0, 14)]
)
def test_the_longest_window_holds(tenant: Tenant, country: str, shop_days: int, days: int) -> None:
    assert terms.windows(country, shop_days, None).no_reason_days == days


def test_faults_may_be_reported_for_two_years_in_the_union_and_cost_the_buyer_nothing(tenant: Tenant) -> None:
    assert terms.windows("IE", 14, None).fault_days == 730
    assert terms.windows("US", 14, None).fault_days == 365
    assert [terms.payer(reason, "IE") for reason in ("faulty", "changed_mind")] == ["merchant", "buyer"]


def _delivered(sold: Arrived, days_ago: int) -> None:
    sold.order.delivered_at = clock.now() - timedelta(days=days_ago)
    session().flush()


def test_a_change_of_mind_comes_too_late_where_a_fault_does_not(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        _delivered(sold, 20)
        with pytest.raises(Conflict, match="window_over"):
            ask(sold, "return", "changed_mind")
        assert ask(sold, "return", "faulty").state == "requested"


def test_a_shop_may_give_longer_than_the_law_and_then_may_refuse(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        session().query(ShopRow).filter_by(id=sold.shop.id).one().return_days = 60
        _delivered(sold, 40)
        assert ask(sold, "return", "changed_mind").by_law is False


@pytest.mark.parametrize(("of_shop", "of_market", "expected"), [(14, 7, 14), (60, 7, 60), (14, 30, 30)])
def test_an_order_is_complete_when_nothing_may_come_back_any_more(
    make_tenant, of_shop: int, of_market: int, expected: int
) -> None:
    with bind(make_tenant()) as made, transaction():
        settings.change({"auto_complete_days": of_market, "return_days": 10})
        values.forget(made.id)
    with bind(values.find(made.id)), transaction():
        assert shipping.completion_days(of_shop) == expected
        sold = arrived()
        session().query(ShopRow).filter_by(id=sold.shop.id).one().return_days = of_shop
        shipping.complete_later(sold.order)
        query = select(OutboxRow.next_at).where(OutboxRow.key == f"order.complete:{sold.order.id}")
        assert session().scalars(query).one() == sold.order.delivered_at + timedelta(days=expected)


def test_after_the_last_window_nothing_is_offered(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        assert eligible.of_order(sold.order).is_any
        _delivered(sold, 800)
        assert not eligible.of_order(sold.order).is_any
        with pytest.raises(Conflict, match="window_over"):
            ask(sold)


def _excluded(sold: Arrived, ground: str, *, hours_ago: int) -> None:
    listing = session().query(ListingRow).filter_by(id=sold.line.listing_id).one()
    exclusions.exclude_category(listing.category_id, ground)
    session().flush()
    row = session().query(exclusions.ReturnExclusionRow).one()
    row.created_at = clock.now() - timedelta(hours=hours_ago)
    session().flush()


def test_what_is_made_to_order_cannot_be_sent_back_for_a_change_of_mind(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        _excluded(sold, "custom_made", hours_ago=1)
        with pytest.raises(Conflict, match="excluded"):
            ask(sold, "return", "changed_mind", is_sealed=True)
        assert session().query(AftersaleRow).count() == 0
        assert ask(sold, "return", "faulty").state == "requested"


def test_sealed_goods_can_be_sent_back_while_the_seal_is_unbroken(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        _excluded(sold, "hygiene", hours_ago=1)
        with pytest.raises(Conflict, match="unsealed"):
            ask(sold, "return", "changed_mind")
        assert ask(sold, "return", "changed_mind", is_sealed=True).is_sealed


def test_an_exclusion_takes_nothing_from_orders_before_it(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        _excluded(sold, "perishable", hours_ago=-1)
        assert ask(sold, "return", "changed_mind").state == "requested"


def test_a_merchant_excludes_and_frees_own_articles_alone(tenant: Tenant) -> None:
    with transaction():
        sold, other = arrived(), make_shop().merchant_id
        with pytest.raises(Invalid, match="no_article"):
            exclusions.exclude_article(other, sold.line.sku, "digital")
        with pytest.raises(Invalid, match="no_ground"):
            exclusions.exclude_article(sold.shop.merchant_id, sold.line.sku, "because")
        key = exclusions.exclude_article(sold.shop.merchant_id, sold.line.sku, "digital")
        for merchant_id in (other, None):
            with pytest.raises(Missing):
                exclusions.remove(key, merchant_id=merchant_id)
        assert [one.ground for one in exclusions.of_listings(sold.shop.merchant_id)] == ["digital"]
        exclusions.remove(key, merchant_id=sold.shop.merchant_id)
        assert exclusions.of_listings(sold.shop.merchant_id) == ()


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_opens_its_kinds_and_no_others(tenant: Tenant, reason: str) -> None:
    with transaction():
        sold = arrived()
        (article,) = eligible.of_order(sold.order).articles
        assert eligible.kinds([(article, 1)], reason) == REASONS[reason]
        wrong = next((kind.value for kind in Kind if kind not in REASONS[reason]), "gift")
        with pytest.raises(Invalid, match="no_kind"):
            ask(sold, wrong, reason)


def test_goods_that_are_not_sent_cannot_be_asked_about(tenant: Tenant) -> None:
    with transaction():
        sold = arrived()
        sold.line.shipped = 1
        session().flush()
        with pytest.raises(Conflict, match="too_many"):
            ask(sold)
        purchase = session().query(PurchaseRow).one()
        assert purchase.state == "paid"
