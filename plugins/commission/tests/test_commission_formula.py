"""Conditions, tiers, bounds and bases: each rate costs what it says, and the explanation adds up to the charge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hooks.money import OnRefund
from core.kernel.money import Money, cumulative_part
from plugins.commission import conditions, formula, rules
from plugins.commission.values import Band, Base, Condition, Rate, RateList, Sale, Tier, TierMode, Volume, Window

CATEGORY, SHOP, MERCHANT, PRODUCT = UUID(int=2), UUID(int=4), UUID(int=5), UUID(int=6)
ABOVE = {CATEGORY: frozenset({CATEGORY, UUID(int=1)})}
TODAY = date(2026, 5, 20)
S7 = (Tier(100_000, 1000), Tier(500_000, 800), Tier(None, 600))


def rate(percent_bps: int = 0, name: str = "all", **given: Any) -> Rate:
    plain: dict[str, Any] = {"conditions": {}, "per_unit": {}, "per_line": {}, "floor": {}, "cap": {},
                             "base": Base.NET, "on_refund": OnRefund.PROPORTIONAL}  # fmt: skip
    return Rate(id=uuid4(), name=name, percent_bps=percent_bps, **{**plain, **given})


def sale(net: int = 10_000, currency: str = "EUR", **given: Any) -> Sale:
    plain = {"product_id": PRODUCT, "unit_price": Money(net, currency), "on": TODAY}
    paid = Money(given.pop("gross", net), currency)
    return Sale(CATEGORY, SHOP, MERCHANT, given.pop("quantity", 1), Money(net, currency), paid, **{**plain, **given})


def told(rates: list[Rate], of: Sale) -> Any:
    return rules.judge(RateList(1, tuple(rates)), of, ABOVE, 2000).explanation


def fee(given: Rate, of: Sale) -> int:
    found = rules.fee_of(RateList(1, (given,)), of, ABOVE, 2000)
    assert found is not None
    return found.amount.minor


CONDITIONS = [
    ({"conditions": {Condition.PRODUCT: frozenset({PRODUCT})}}, None),
    ({"conditions": {Condition.PRODUCT: frozenset({uuid4()})}}, Condition.PRODUCT),
    ({"bands": {"EUR": Band(10_000, 20_000)}}, None),
    ({"bands": {"EUR": Band(None, 10_000)}}, Condition.PRICE),
    ({"bands": {"EUR": Band(10_001, None)}}, Condition.PRICE),
    ({"bands": {"JPY": Band(0, None)}}, Condition.PRICE),
    ({"period": Window(TODAY, date(2026, 5, 21))}, None),
    ({"period": Window(None, TODAY)}, Condition.PERIOD),
    ({"period": Window(date(2026, 5, 21), None)}, Condition.PERIOD),
    ({"models": frozenset({"ordinary"})}, None),
    ({"models": frozenset({"o2o", "c2c"})}, Condition.MODEL),
]


@pytest.mark.parametrize(("given", "expected"), CONDITIONS)
def test_each_condition_holds_or_is_named(given: dict[str, Any], expected: Condition | None) -> None:
    assert conditions.failing(rate(**given), sale(), ABOVE) is expected


def test_a_label_fits_its_plugin_and_its_value_alone() -> None:
    labelled = sale(models=rules.models({"o2o": "pickup"}))
    assert conditions.failing(rate(models=frozenset({"o2o"})), labelled, ABOVE) is None
    assert conditions.failing(rate(models=frozenset({"o2o:pickup"})), labelled, ABOVE) is None
    assert conditions.failing(rate(models=frozenset({"o2o:delivery"})), labelled, ABOVE) is Condition.MODEL
    assert conditions.failing(rate(models=frozenset({"ordinary"})), labelled, ABOVE) is Condition.MODEL


def precedence() -> list[Rate]:
    return [
        rate(500, "product", conditions={Condition.PRODUCT: frozenset({PRODUCT})}),
        rate(300, "window", period=Window(date(2026, 5, 1), TODAY)),
        rate(700, "contract", conditions={Condition.SHOP: frozenset({SHOP})}),
        rate(800, "category", conditions={Condition.CATEGORY: frozenset({CATEGORY})}),
        rate(1000, "global"),
    ]


def test_precedence_is_the_order_of_the_list_s6() -> None:
    rates = precedence()
    assert told(rates, sale())["fee_minor"] == 500
    explained = told(rates[1:], sale())
    assert explained["fee_minor"] == 700
    assert explained["tried"][0]["failed"] == {
        "condition": "period", "value": "2026-05-20", "wanted": {"start": "2026-05-01", "end": "2026-05-20"},
    }  # fmt: skip


def test_a_global_rate_on_top_hides_the_four_below_and_says_why_s6() -> None:
    *others, everything = precedence()
    rates = [everything, *others]
    assert told(rates, sale())["fee_minor"] == 1000
    never = conditions.hidden(rates, ABOVE, {}, TODAY)
    assert set(never) == {one.id for one in others}
    assert never[others[0].id].by == everything
    assert never[others[1].id].by is None  # Its period is over, whatever stands above it.


COVERED = [
    ({"bands": {"EUR": Band(0, 100)}}, {"bands": {"EUR": Band(10, 50)}}, True),
    ({"bands": {"EUR": Band(0, 100)}}, {"bands": {"EUR": Band(10, 101)}}, False),
    ({"bands": {"EUR": Band(0, 100)}}, {"bands": {"EUR": Band(10, 50), "JPY": Band(1, 2)}}, False),
    ({"bands": {"EUR": Band(0, None)}}, {}, False),
    ({"period": Window(TODAY, None)}, {"period": Window(TODAY, date(2027, 1, 1))}, True),
    ({"period": Window(TODAY, None)}, {}, False),
    ({"models": frozenset({"o2o"})}, {"models": frozenset({"o2o:pickup"})}, True),
    ({"models": frozenset({"o2o:pickup"})}, {"models": frozenset({"o2o"})}, False),
    ({"conditions": {Condition.MERCHANT: frozenset({MERCHANT})}}, {"conditions": {Condition.SHOP: frozenset({SHOP})}}, True),
]  # fmt: skip


@pytest.mark.parametrize(("earlier", "later", "expected"), COVERED)
def test_a_rate_is_hidden_only_by_one_that_fits_all_of_it(
    earlier: dict[str, Any], later: dict[str, Any], expected: bool
) -> None:
    assert conditions.covers(rate(**earlier), rate(**later), ABOVE, {SHOP: MERCHANT}) is expected


TIERED = [
    (TierMode.MARGINAL, 92_000, 20_000, 1760),
    (TierMode.WHOLE, 92_000, 20_000, 1600),
    (TierMode.MARGINAL, 490_000, 40_000, 2600),
    (TierMode.MARGINAL, 0, 100_000, 10_000),
    (TierMode.WHOLE, 0, 100_000, 10_000),
    (TierMode.WHOLE, 0, 100_001, 8000),
    (TierMode.MARGINAL, 600_000, 100, 6),
    (TierMode.MARGINAL, 92_000, 0, 0),
]


@pytest.mark.parametrize(("mode", "before", "net", "expected"), TIERED)
def test_tiers_by_the_months_volume_s7(mode: TierMode, before: int, net: int, expected: int) -> None:
    given = rate(tiers={"EUR": S7}, tier_mode=mode)
    assert fee(given, sale(net, before=Volume(net=before))) == expected


def test_a_refund_takes_the_frozen_blend_s7() -> None:
    frozen = Money(fee(rate(tiers={"EUR": S7}), sale(20_000, before=Volume(net=92_000))), "EUR")
    assert cumulative_part(frozen, 5_000, 20_000, Money.zero("EUR")) == Money(440, "EUR")


def test_each_part_of_a_marginal_fee_is_written_down() -> None:
    step = told([rate(tiers={"EUR": S7})], sale(20_000, before=Volume(net=92_000)))["steps"][0]
    assert step["slices"] == [
        {"part_minor": 8_000, "bps": 1000, "exact": "800"},
        {"part_minor": 12_000, "bps": 800, "exact": "960"},
    ]
    assert (step["before_minor"], step["exact"], step["result_minor"]) == (92_000, "1760", 1760)


def test_tiers_without_a_value_in_the_currency_do_not_apply_and_it_is_said_r8() -> None:
    explained = told([rate(500, tiers={"EUR": S7})], sale(10_000, "JPY"))
    assert explained["fee_minor"] == 500
    assert explained["not_applied"] == [{"part": "tiers", "currencies": ["EUR"]}]


def test_delivery_counts_where_the_rate_says_so_and_in_the_volume_too() -> None:
    of = sale(10_000, gross=12_000, delivery=Money(490, "EUR"), before=Volume(90_000, 108_000, 9_900))
    assert fee(rate(1000, with_delivery=True), of) == 1049
    assert fee(rate(1000, with_delivery=True, base=Base.GROSS), of) == 1249
    assert fee(rate(tiers={"EUR": S7}, with_delivery=True), of) == 10 + 831  # 100 at 10 %, 10,390 at 8 %


def test_a_rate_may_have_a_tax_of_its_own() -> None:
    assert told([rate(1000, tax_bps=0)], sale())["tax_minor"] == 0
    assert told([rate(1000, tax_bps=600)], sale())["tax_minor"] == 60


@pytest.mark.parametrize(("currency", "net", "expected"), [("JPY", 333, 27), ("KWD", 33_333, 2667), ("EUR", 333, 27)])
def test_any_number_of_decimals_rounds_at_its_own_minor_unit(currency: str, net: int, expected: int) -> None:
    assert fee(rate(800), sale(net, currency)) == expected


def test_a_contract_of_others_is_marked_in_the_explanation() -> None:
    missed = rate(500, "secret", conditions={Condition.SHOP: frozenset({uuid4()})})
    assert told([missed, rate(800)], sale())["tried"][0]["contract"] is True


bounds = st.lists(st.integers(1, 10**7), min_size=1, max_size=4, unique=True).map(sorted)
percents = st.integers(0, 10_000)
amounts = st.integers(0, 10**7)


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Tier, ...]:
    limits = [*draw(bounds), None]
    return tuple(Tier(limit, draw(percents)) for limit in limits)


@given(tiers=ladders(), start=amounts, first=amounts, second=amounts)
def test_marginal_tiers_are_additive(tiers: tuple[Tier, ...], start: int, first: int, second: int) -> None:
    apart = formula.marginal(tiers, start, first) + formula.marginal(tiers, start + first, second)
    assert apart == formula.marginal(tiers, start, first + second)


@given(tiers=ladders(), start=amounts, amount=amounts)
def test_marginal_tiers_are_continuous(tiers: tuple[Tier, ...], start: int, amount: int) -> None:
    more = formula.marginal(tiers, start, amount + 1) - formula.marginal(tiers, start, amount)
    assert Fraction(0) <= more <= Fraction(max(tier.percent_bps for tier in tiers), 10_000)


money_by_currency = st.one_of(st.just({}), st.integers(0, 10**5).map(lambda minor: {"EUR": minor}))


@st.composite
def any_rate(draw: st.DrawFn) -> Rate:
    floor, more = draw(money_by_currency), draw(st.integers(0, 10**6))
    cap = draw(st.sampled_from([{}, {"EUR": floor.get("EUR", 0) + more}]))
    return rate(
        draw(percents), per_unit=draw(money_by_currency), per_line=draw(money_by_currency), floor=floor, cap=cap,
        base=draw(st.sampled_from(list(Base))), tier_mode=draw(st.sampled_from(list(TierMode))),
        tiers=draw(st.one_of(st.just({}), ladders().map(lambda tiers: {"EUR": tiers}))),
        with_delivery=draw(st.booleans()), tax_bps=draw(st.one_of(st.none(), percents)),
    )  # fmt: skip


@st.composite
def any_sale(draw: st.DrawFn) -> Sale:
    net, tax = draw(amounts), draw(st.integers(0, 10**6))
    before = Volume(draw(amounts), draw(amounts), draw(amounts))
    return sale(net, gross=net + tax, quantity=draw(st.integers(1, 99)), delivery=Money(draw(st.integers(0, 10**5)), "EUR"),
                before=before)  # fmt: skip


@given(given_rate=any_rate(), of=any_sale())
def test_a_fee_is_never_negative_and_keeps_its_bounds(given_rate: Rate, of: Sale) -> None:
    found = rules.fee_of(RateList(1, (given_rate,)), of, ABOVE, 2000)
    assert found is not None
    assert found.amount.minor >= given_rate.floor.get("EUR", 0)
    assert found.amount.minor <= given_rate.cap.get("EUR", found.amount.minor)
    assert 0 <= found.fixed.minor <= found.amount.minor
    assert found.tax.minor >= 0


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def again(explained: dict[str, Any]) -> tuple[int, int]:
    """Work a charge out from its explanation alone, by another way than the program's."""
    amount = tax = 0
    for step in explained["steps"]:
        match step["step"]:
            case "percent":
                amount = half_up(Decimal(step["of_minor"]) * step["bps"] / 10_000)
            case "tiers" if step["mode"] == "whole":
                amount = half_up(Decimal(step["of_minor"]) * step["bps"] / 10_000)
            case "tiers":
                assert sum(part["part_minor"] for part in step["slices"]) == step["of_minor"]
                parts = (Decimal(part["part_minor"]) * part["bps"] / 10_000 for part in step["slices"])
                amount = half_up(sum(parts, Decimal(0)))
            case "per_unit" | "per_line":
                amount += step["each_minor"] * step["times"]
            case "floor":
                amount = max(amount, step["bound_minor"])
            case "cap":
                amount = min(amount, step["bound_minor"])
            case _:
                tax = half_up(Decimal(step["of_minor"]) * step["bps"] / 10_000)
        assert step["result_minor"] == (tax if step["step"] == "tax" else amount)
    return amount, tax


@given(given_rate=any_rate(), of=any_sale())
def test_the_explanation_recomputes_to_the_charge(given_rate: Rate, of: Sale) -> None:
    verdict = rules.judge(RateList(1, (given_rate,)), of, ABOVE, 2000)
    assert verdict.fee is not None
    assert again(dict(verdict.explanation)) == (verdict.fee.amount.minor, verdict.fee.tax.minor)


def _fits(name: str, *, fits: bool) -> Rate:
    return rate(100, name, conditions={Condition.SHOP: frozenset({SHOP if fits else UUID(int=99)})})


@given(fitting=st.lists(st.booleans(), min_size=1, max_size=6), data=st.data())
def test_the_order_of_rates_matters_by_the_first_match_alone(fitting: list[bool], data: st.DataObject) -> None:
    rates = [_fits(str(n), fits=fits) for n, fits in enumerate(fitting)]
    listed = data.draw(st.permutations(rates))
    first = next((one for one in listed if SHOP in one.conditions[Condition.SHOP]), None)
    found = rules.fee_of(RateList(1, tuple(listed)), sale(), ABOVE, 0)
    assert (found.rate if found else None) == first
    after = [one for one in listed if one != first]
    shuffled = data.draw(st.permutations(after)) if first is None else [first, *data.draw(st.permutations(after))]
    other = rules.fee_of(RateList(1, tuple(shuffled)), sale(), ABOVE, 0)
    assert (other.rate if other else None) == first


def test_lines_of_one_order_climb_the_tiers_one_after_the_other() -> None:
    first = sale(8_000, before=Volume(net=92_000))
    second = replace(sale(12_000), before=first.before.plus(first))
    given = rate(tiers={"EUR": S7})
    assert (fee(given, first), fee(given, second)) == (800, 960)
