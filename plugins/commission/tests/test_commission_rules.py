"""The first rate that fits counts, and each fee is exact to the cent (money.md, cases S1 to S45)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hooks.money import Charge, OnRefund
from core.hooks.types import Line, LineAmounts, OrderSnapshot
from core.kernel.money import Money
from plugins.commission import rules
from plugins.commission.rules import Base, Condition, Rate, RateList, Sale

ROOT, CATEGORY, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
SHOP, MERCHANT = UUID(int=4), UUID(int=5)
LINEAGE = {CATEGORY: frozenset({CATEGORY, ROOT}), ROOT: frozenset({ROOT}), OTHER: frozenset({OTHER})}


def rate(percent_bps: int = 0, name: str = "all", **given: object) -> Rate:
    conditions = {Condition(k): frozenset(given.pop(k)) for k in list(given) if k in set(Condition)}  # type: ignore[call-overload]
    amounts = {k: given.get(k, {}) for k in ("per_unit", "per_line", "floor", "cap")}
    return Rate(
        id=uuid4(), name=name, conditions=conditions, percent_bps=percent_bps, **amounts,  # type: ignore[arg-type]
        base=Base(given.get("base", "net")), on_refund=OnRefund(given.get("on_refund", "proportional")),
    )  # fmt: skip


def sale(net: int, quantity: int = 1, gross: int | None = None, currency: str = "EUR") -> Sale:
    paid = Money(net if gross is None else gross, currency)
    return Sale(CATEGORY, SHOP, MERCHANT, quantity, Money(net, currency), paid)


def fee(rates: list[Rate], of: Sale, tax_bps: int = 2000) -> tuple[int, int]:
    found = rules.judge(RateList(1, tuple(rates)), of, LINEAGE, tax_bps).fee
    return (found.amount.minor, found.tax.minor) if found else (0, 0)


ELECTRONICS = {"percent_bps": 800, "floor": {"EUR": 50}}
FIGURES = [
    ("S1 headphones", ELECTRONICS, 4999, 1, (400, 80)),
    ("S1 books", {"percent_bps": 1200, "floor": {"EUR": 50}}, 2336, 2, (280, 56)),
    ("S1 sticker, floor", ELECTRONICS, 267, 1, (50, 10)),
    ("S5 floor", ELECTRONICS, 333, 4, (50, 10)),
    ("S9 percent and per unit", {"percent_bps": 500, "per_unit": {"EUR": 30}}, 2498, 3, (215, 43)),
    ("S10 merchant funds", {"percent_bps": 800}, 7500, 1, (600, 120)),
    ("S10 platform funds", {"percent_bps": 800}, 8333, 1, (667, 133)),
    ("S10 shared", {"percent_bps": 800}, 8000, 1, (640, 128)),
    ("S30 25 % off", {"percent_bps": 1000}, 14938, 10, (1494, 299)),
    ("S45 rounds at the line", {"percent_bps": 800}, 330, 10, (26, 5)),
    ("per line and cap", {"percent_bps": 1000, "per_line": {"EUR": 100}, "cap": {"EUR": 500}}, 9000, 2, (500, 100)),
]


@pytest.mark.parametrize(
    ("given", "net", "quantity", "expected"), [f[1:] for f in FIGURES], ids=[f[0] for f in FIGURES]
)
def test_a_fee_is_exact_to_the_cent(
    given: dict[str, object], net: int, quantity: int, expected: tuple[int, int]
) -> None:
    assert fee([rate(**given)], sale(net, quantity)) == expected  # type: ignore[arg-type]


def test_the_first_rate_that_fits_counts_s6() -> None:
    ended = rate(300, "window", merchant={uuid4()})
    rates = [ended, rate(700, "contract", shop={SHOP}), rate(800, "category", category={ROOT}), rate(1000, "global")]
    assert fee(rates, sale(10_000)) == (700, 140)


def test_a_global_rate_on_top_hides_all_others_s6() -> None:
    under = [
        rate(500, merchant={MERCHANT}),
        rate(300, shop={OTHER}),
        rate(700, shop={SHOP}),
        rate(800, category={ROOT}),
    ]
    rates = [rate(1000, "global"), *under]
    assert fee(rates, sale(10_000)) == (1000, 200)
    assert rules.unreachable(rates, LINEAGE) == {hidden.id for hidden in under}


def test_a_category_counts_with_all_below_it() -> None:
    assert fee([rate(1000, category={ROOT})], sale(100)) == (10, 2)
    assert fee([rate(1000, category={OTHER})], sale(100)) == (0, 0)


def test_all_conditions_must_hold() -> None:
    assert fee([rate(1000, category={ROOT}, shop={OTHER})], sale(100)) == (0, 0)


def test_a_rate_below_a_wider_one_is_unreachable_but_not_beside_a_narrower() -> None:
    wide, narrow = rate(category={ROOT}), rate(category={CATEGORY}, shop={SHOP})
    assert rules.unreachable([wide, narrow], LINEAGE) == {narrow.id}
    assert rules.unreachable([narrow, wide], LINEAGE) == frozenset()


def test_values_of_another_currency_do_not_apply_and_it_is_said_r8() -> None:
    given = rate(800, per_unit={"EUR": 30}, floor={"EUR": 50}, cap={"JPY": 1})
    verdict = rules.judge(RateList(1, (given,)), sale(100, 2, currency="USD"), LINEAGE, 0)
    assert verdict.fee is not None
    assert verdict.fee.amount == Money(8, "USD")
    parts = [entry["part"] for entry in verdict.explanation["not_applied"]]  # type: ignore[union-attr, index, call-overload]
    assert parts == ["per_unit", "floor", "cap"]


def test_a_gross_base_is_the_discounted_amount_with_tax() -> None:
    assert fee([rate(1000, base="gross")], sale(8333, gross=10_000)) == (1000, 200)


@pytest.mark.parametrize(
    ("given", "fixed"),
    [
        ({"percent_bps": 500, "per_unit": {"EUR": 30}}, 90),
        ({"percent_bps": 10, "floor": {"EUR": 500}}, 500),
        ({"percent_bps": 500, "per_unit": {"EUR": 30}, "cap": {"EUR": 40}}, 40),
    ],
)
def test_the_fixed_part_is_what_does_not_follow_the_percentage(given: dict[str, object], fixed: int) -> None:
    found = rules.judge(RateList(1, (rate(**given),)), sale(2498, 3), LINEAGE, 2000).fee  # type: ignore[arg-type]
    assert found is not None
    assert found.fixed.minor == fixed


def test_the_explanation_names_each_rate_tried_and_each_rounding_step() -> None:
    missed, hit = rate(500, "books", category={OTHER}), rate(name="electronics", **ELECTRONICS)  # type: ignore[arg-type]
    told = rules.judge(RateList(7, (missed, hit)), sale(4999), LINEAGE, 2000).explanation
    failed = {"condition": "category", "value": str(CATEGORY), "wanted": [str(OTHER)]}
    assert told["tried"] == [
        {"rate": str(missed.id), "name": "books", "fits": False, "failed": failed},
        {"rate": str(hit.id), "name": "electronics", "fits": True},
    ]
    assert told["steps"] == [
        {"step": "percent", "of_minor": 4999, "bps": 800, "exact": "399.92", "result_minor": 400},
        {"step": "tax", "of_minor": 400, "bps": 2000, "exact": "80", "result_minor": 80},
    ]


def order(*, is_house: bool = False, discounted: int = 10_000, net: int = 8333) -> OrderSnapshot:
    line = Line(uuid4(), uuid4(), uuid4(), MERCHANT, CATEGORY, 1, Money(10_000, "EUR"), shop_id=SHOP)
    zero = Money.zero("EUR")
    paid, before_tax = Money(discounted, "EUR"), Money(net, "EUR")
    amounts = LineAmounts(paid, zero, zero, paid, before_tax, paid - before_tax, zero)
    return OrderSnapshot(
        uuid4(), uuid4(), MERCHANT, None, datetime(2026, 5, 1, tzinfo=UTC), (line,), {line.id: amounts}, before_tax,
        zero, paid - before_tax, paid, is_house=is_house,
    )  # fmt: skip


def charges(of: OrderSnapshot, *rates: Rate) -> tuple[Charge, ...]:
    return rules.charges(RateList(3, rates), of, LINEAGE, 2000)


def test_each_line_of_an_order_gets_at_most_one_charge_in_commissions_group() -> None:
    first, second, placed = rate(800), rate(1000), order()
    (charge,) = charges(placed, first, second)
    assert (charge.amount.minor, charge.tax.minor, charge.rate_bps) == (667, 133, 800)
    assert (charge.line_id, charge.exclusive) == (placed.lines[0].id, "commission")
    assert charge.reason == f"commission:3/{first.id}"


def test_an_order_of_the_house_is_not_charged_s35() -> None:
    assert charges(order(is_house=True), rate(1000)) == ()


def test_no_rate_that_fits_charges_nothing() -> None:
    assert charges(order(), rate(1000, shop={OTHER})) == ()


@given(
    net=st.integers(0, 10**9), bps=st.integers(0, 10_000), unit=st.integers(0, 10**4), quantity=st.integers(1, 99),
    floor=st.integers(0, 10**4), more=st.integers(0, 10**6),
)  # fmt: skip
def test_a_fee_lies_between_floor_and_cap_and_its_fixed_part_within_it(
    net: int, bps: int, unit: int, quantity: int, floor: int, more: int
) -> None:
    given_rate = rate(bps, per_unit={"EUR": unit}, floor={"EUR": floor}, cap={"EUR": floor + more})
    found = rules.judge(RateList(1, (given_rate,)), sale(net, quantity), LINEAGE, 2000).fee
    assert found is not None
    assert floor <= found.amount.minor <= floor + more
    assert 0 <= found.fixed.minor <= found.amount.minor
