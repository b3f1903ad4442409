"""What a coupon takes off is exact, and falls on lines and funders without losing a cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checkout.prices import price
from core.hooks.types import Basket, Line, Party, Stage, Viewer
from core.kernel.money import Money
from plugins.coupons import rules
from plugins.coupons.rules import Coupon, Refusal, Uses

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SHOP, CUSTOMER = UUID(int=1), UUID(int=2)
NOBODY = Uses(None, {})


def coupon(**given: object) -> Coupon:
    least = Coupon(
        id=uuid4(), code="TEN", currency="EUR", amount=Money(1000, "EUR"), percent_bps=None, minimum=None,
        merchant_id=None, shop_id=None, platform_bps=10_000, starts_at=None, ends_at=None, total_uses=None,
        uses_per_customer=None, used=0, is_active=True,
    )  # fmt: skip
    if "percent_bps" in given:
        given = {"amount": None, **given}
    return replace(least, **given)  # type: ignore[arg-type]


def basket(*costs: int, shop_id: UUID = SHOP, quantity: int = 1) -> Basket:
    lines = tuple(
        Line(uuid4(), uuid4(), uuid4(), uuid4(), uuid4(), quantity, Money(cost, "EUR"), shop_id=shop_id)
        for cost in costs
    )
    return Basket(lines, Viewer(None, "en", "IE"), "EUR", NOW, stage=Stage.BASKET, codes=("TEN",))


def parts(of: Coupon, bought: Basket) -> list[tuple[int, int]]:
    """Return (platform's, merchants') part of each line, as positive minor units."""
    rows = rules.adjustments(of, bought, of.code)
    return [
        (
            -sum(r.amount.minor for r in rows if r.line_id == line.id and r.funded_by is Party.PLATFORM),
            -sum(r.amount.minor for r in rows if r.line_id == line.id and r.funded_by is Party.MERCHANT),
        )
        for line in bought.lines
    ]


def test_an_amount_is_spread_by_what_the_lines_cost_s1() -> None:
    assert parts(coupon(), basket(5999, 2500, 320)) == [(680, 0), (284, 0), (36, 0)]


def test_an_amount_is_spread_over_50_30_20_s32() -> None:
    assert parts(coupon(), basket(5000, 3000, 2000)) == [(500, 0), (300, 0), (200, 0)]


@pytest.mark.parametrize(("platform_bps", "expected"), [(0, (0, 1000)), (10_000, (1000, 0)), (6000, (600, 400))])
def test_a_discount_is_funded_as_the_coupon_says_s10(platform_bps: int, expected: tuple[int, int]) -> None:
    assert parts(coupon(percent_bps=1000, platform_bps=platform_bps), basket(10_000)) == [expected]


def test_a_percentage_is_rounded_once_s30() -> None:
    assert parts(coupon(percent_bps=2500, platform_bps=0), basket(2390, quantity=10)) == [(0, 5975)]


def test_a_coupon_of_a_shop_leaves_other_lines_alone() -> None:
    mine, other = basket(1000).lines[0], basket(9000, shop_id=uuid4()).lines[0]
    assert parts(coupon(shop_id=SHOP), replace(basket(), lines=(mine, other))) == [(1000, 0), (0, 0)]


def test_a_coupon_takes_no_more_than_the_lines_cost() -> None:
    assert parts(coupon(), basket(300, 200)) == [(300, 0), (200, 0)]


def test_of_two_coupons_the_better_one_counts_alone() -> None:
    bought = basket(10_000)
    offers = [
        ("coupons", r) for c in (coupon(), coupon(percent_bps=2000)) for r in rules.adjustments(c, bought, c.code)
    ]
    priced = price(
        bought, {bought.lines[0].id: 2000}, ("coupons",), lambda asked: offers if asked.stage is Stage.BASKET else [],
        tax_inclusive=True,
    )  # fmt: skip
    assert priced.total.minor == 8000


@given(
    costs=st.lists(st.integers(0, 5000), min_size=1, max_size=6), percent=st.integers(1, 10_000),
    platform=st.integers(0, 10_000),
)  # fmt: skip
def test_the_parts_sum_to_the_whole_and_no_line_falls_below_zero(costs: list[int], percent: int, platform: int) -> None:
    amounts = [Money(cost, "EUR") for cost in costs]
    by_platform, by_merchants = rules.shares(coupon(percent_bps=percent, platform_bps=platform), amounts, "EUR")
    whole = Money(sum(costs), "EUR").share(percent)
    assert sum(m.minor for m in by_platform) == whole.share(platform).minor
    assert sum(m.minor for m in (*by_platform, *by_merchants)) == whole.minor
    assert all(p.minor + m.minor <= cost for p, m, cost in zip(by_platform, by_merchants, costs, strict=True))


REFUSED = [
    ({"is_active": False}, NOBODY, Refusal.STOPPED),
    ({"starts_at": NOW + timedelta(seconds=1)}, NOBODY, Refusal.NOT_YET),
    ({"ends_at": NOW}, NOBODY, Refusal.EXPIRED),
    ({"currency": "USD"}, NOBODY, Refusal.CURRENCY),
    ({"shop_id": UUID(int=9)}, NOBODY, Refusal.OTHER_SHOP),
    ({"merchant_id": UUID(int=9)}, NOBODY, Refusal.OTHER_SHOP),
    ({"minimum": Money(5001, "EUR")}, NOBODY, Refusal.MINIMUM),
    ({"total_uses": 3, "used": 3}, NOBODY, Refusal.USED_UP),
    ({"uses_per_customer": 1}, NOBODY, Refusal.SIGN_IN),
    ({"id": UUID(int=7), "uses_per_customer": 1}, Uses(CUSTOMER, {UUID(int=7): 1}), Refusal.USED_BY_YOU),
    ({"minimum": Money(5000, "EUR"), "total_uses": 3, "used": 2}, NOBODY, None),
    ({"starts_at": NOW, "ends_at": NOW + timedelta(seconds=1)}, NOBODY, None),
]


@pytest.mark.parametrize(("terms", "uses", "expected"), REFUSED)
def test_a_code_is_refused_for_its_first_reason(terms: dict[str, object], uses: Uses, expected: Refusal | None) -> None:
    assert rules.refusal(coupon(**terms), basket(5000), uses) is expected
