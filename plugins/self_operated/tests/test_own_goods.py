"""The house has a shop of its own; its goods are marked, its orders free of commission, its money kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.hooks.catalogue import ListingDraft
from core.hooks.contest import counted
from core.hooks.money import PayoutDraft, order_charges
from core.hooks.runtime import plugins
from core.hooks.surfaces import Page
from core.hooks.types import Line, LineAmounts, OrderSnapshot, Period
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.merchants.house import house_id
from core.merchants.models import ShopRow
from plugins.self_operated import services


@pytest.fixture
def retail(make_tenant: Callable[..., Tenant]) -> Iterator[Tenant]:
    """A marketplace that sells its own goods beside its merchants'."""
    made = make_tenant(preset="retail")
    with bind(made), transaction():
        yield made


def test_switching_on_opens_the_houses_shop(retail: Tenant) -> None:
    shops = session().scalars(select(ShopRow).where(ShopRow.merchant_id == house_id())).all()
    assert [(shop.name, shop.slug) for shop in shops] == [("Test market", "own")]


def test_a_third_party_cannot_write_the_mark_and_the_house_can(retail: Tenant) -> None:
    def refusals(merchant_id: object) -> list[str]:
        draft = ListingDraft(uuid4(), merchant_id, uuid4(), "Lamp, sold by us", Money(1, "EUR"), {})  # type: ignore[arg-type]
        return [violation.code for violation in services.false_marks(retail, draft)]

    assert refusals(uuid4()) == ["self_operated.false_mark"]
    assert refusals(house_id()) == []


def test_the_houses_money_is_not_paid_out(retail: Tenant) -> None:
    period = Period(date(2026, 1, 1), date(2026, 2, 1))
    held = services.holds(PayoutDraft(house_id(), Money(1, "EUR"), period))
    assert [(hold.code, hold.amount) for hold in held] == [("self_operated.own", None)]
    assert services.holds(PayoutDraft(uuid4(), Money(1, "EUR"), period)) == ()


def test_the_mark_stands_beside_own_sellers_only(retail: Tenant) -> None:
    own, other = ({"merchant_id": key} for key in (house_id(), uuid4()))
    assert [f.context for f in services.fragments(retail, Page("product.seller", own))] == [{"mark": "Sold by us"}]
    assert services.fragments(retail, Page("product.seller", other)) == ()


def test_own_goods_pay_no_commission_and_others_do_s35(retail: Tenant) -> None:
    from plugins.commission import services as commission  # noqa: PLC0415

    commission.publish([commission.RateDraft("all", percent_bps=1000)])
    found = {}
    for is_house, gross, net in ((True, 3600, 3000), (False, 2400, 2000)):
        line = Line(uuid4(), uuid4(), uuid4(), uuid4(), uuid4(), 1, Money(gross, "EUR"))
        zero, paid, before = Money.zero("EUR"), Money(gross, "EUR"), Money(net, "EUR")
        amounts = LineAmounts(paid, zero, zero, paid, before, paid - before, zero)
        order = OrderSnapshot(
            uuid4(), uuid4(), line.merchant_id, None, datetime(2026, 5, 1, tzinfo=UTC), (line,), {line.id: amounts},
            before, zero, paid - before, paid, is_house=is_house,
        )  # fmt: skip
        charges = counted(plugins().attributed(order_charges, tenant=retail, order=order))
        found[is_house] = [(plugin, charge.amount.minor, charge.tax.minor) for plugin, charge in charges]
    assert found == {True: [("self_operated", 0, 0)], False: [("commission", 200, 40)]}
