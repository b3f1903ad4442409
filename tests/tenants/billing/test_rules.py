"""The arithmetic of billing to the cent, and what must hold for any plan, day and amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import Invalid
from core.kernel.money import Money, total
from core.payments.stripe.amounts import charge_step, charged
from tenants.billing import drafting, rules, terms
from tenants.billing.drafting import Bill
from tenants.billing.facts import Grant, Span, Stretch, Usage, Volume
from tenants.billing.metering import days_on
from tenants.billing.rules import Month, Tax
from tenants.billing.terms import Terms

NAMES = {"en": "A", "zh": "甲"}
FEBRUARY, APRIL, MAY = Month(date(2026, 2, 1)), Month(date(2026, 4, 1)), Month(date(2026, 5, 1))


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def span(offer: Terms, start: date = date(2026, 1, 1), end: date | None = None, **more: object) -> Span:
    return replace(Span("p", 1, "monthly", start, end, start, offer), **more)  # type: ignore[arg-type]


def bill(month: Month, spans: Sequence[Span], usage: Usage | None = None, **more: object) -> Bill:
    use = usage or Usage(month.start)
    return replace(Bill(month, spans, use, Grant(), "EUR", "EUR", {}, {}), **more)  # type: ignore[arg-type]


def lines(given: Bill) -> list[tuple[str, int]]:
    return [(line.code, line.amount.minor) for draft in drafting.drafts(given) for line in draft.lines]


def sold(month: Month, sales: int, refunds: int = 0, currency: str = "EUR") -> Usage:
    volume = Volume(Money(sales, currency), Money(refunds, currency))
    return Usage(month.start, (Stretch(month.start, month.end, (volume,)),))


@pytest.mark.parametrize(("month", "day", "before", "after"), [
    (FEBRUARY, 11, 3_571, 64_286),  # 10 of 28 days at 100.00, 18 of 28 at 1000.00
    (Month(date(2028, 2, 1)), 11, 3_448, 65_517),  # 29 days
    (APRIL, 11, 3_333, 66_667),  # 30
    (MAY, 11, 3_226, 67_742),  # 31
    (MAY, 31, 9_677, 3_226),
])  # fmt: skip
def test_an_upgrade_is_charged_by_the_day(month: Month, day: int, before: int, after: int) -> None:
    cut = month.start.replace(day=day)
    old = span(Terms(NAMES, monthly={"EUR": 10_000}), date(2025, 1, 1), cut)
    new = span(Terms(NAMES, monthly={"EUR": 100_000}), cut, version=2)
    assert lines(bill(month, [old, new])) == [("plan", before), ("plan", after)]


@given(price=st.integers(0, 10**9), days=st.integers(28, 31), cuts=st.sets(st.integers(1, 27), max_size=6))
def test_a_month_that_is_cut_anywhere_sums_to_its_price(price: int, days: int, cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), days]
    parts = [rules.part(eur(price), low, high, days) for low, high in pairwise(edges)]
    assert total(parts, "EUR") == eur(price)
    assert all(one.minor >= 0 for one in parts)


def test_a_downgrade_at_the_end_of_the_month_is_charged_whole_until_then() -> None:
    old = span(Terms(NAMES, monthly={"EUR": 10_000}), date(2025, 1, 1), MAY.start)
    new = span(Terms(NAMES, monthly={"EUR": 1_000}), MAY.start, version=2)
    assert lines(bill(APRIL, [old, new])) == [("plan", 10_000)]
    assert lines(bill(MAY, [old, new])) == [("plan", 1_000)]


@pytest.mark.parametrize(("sales", "refunds", "amount"), [
    (500_000, 0, 0),  # all of it is free
    (500_001, 0, 0),  # 0.01 at 1 % rounds to nothing
    (500_050, 0, 1),  # a half is rounded up
    (700_000, 50_000, 1_500),
    (9_000_000, 0, 20_000),  # the cap
])  # fmt: skip
def test_the_share_of_sales(sales: int, refunds: int, amount: int) -> None:
    offer = Terms(NAMES, share_bps=100, free_volume={"EUR": 500_000}, share_cap={"EUR": 20_000})
    assert lines(bill(APRIL, [span(offer)], sold(APRIL, sales, refunds))) == [("share", amount)]


def test_refunds_beyond_sales_give_back_at_most_what_was_charged() -> None:
    given = bill(APRIL, [span(Terms(NAMES, share_bps=100))], sold(APRIL, 1_000, 101_000))
    assert lines(replace(given, charged={("share", "EUR"): 5_000})) == [("share", -1_000)]
    assert lines(replace(given, charged={("share", "EUR"): 400})) == [("share", -400)]
    assert lines(given) == [("share", 0)]


@pytest.mark.parametrize(("currency", "price", "amount"), [("JPY", 5_000, 1_667), ("KWD", 15_500, 5_167)])
def test_currencies_with_other_digits_are_cut_to_their_own(currency: str, price: int, amount: int) -> None:
    offer = Terms(NAMES, monthly={currency: price})
    given = bill(APRIL, [span(offer, date(2026, 4, 21))], currency=currency)
    assert lines(given) == [("plan", amount)]


@given(minor=st.integers(0, 10**9))
def test_what_is_to_be_paid_can_be_charged(minor: int) -> None:
    for currency in ("EUR", "JPY", "KWD", "ISK"):
        gross = Money(minor, currency)
        moved = rules.rounding(gross, charge_step(currency))
        charged(gross + moved)
        assert abs(moved.minor) * 2 <= charge_step(currency).minor


def test_kuwaiti_fils_are_rounded_to_what_cards_can_pay() -> None:
    assert rules.rounding(Money(12_345, "KWD"), charge_step("KWD")) == Money(5, "KWD")
    assert rules.rounding(eur(12_345), charge_step("EUR")) == eur(0)


def test_each_currency_has_a_bill_of_its_own_and_bounds_without_it_do_not_apply() -> None:
    offer = Terms(NAMES, monthly={"EUR": 2_900}, share_bps=100, free_volume={"EUR": 500_000}, share_cap={"EUR": 1})
    found = drafting.drafts(bill(APRIL, [span(offer)], sold(APRIL, 100_000, currency="USD")))
    assert [(draft.currency, draft.net.minor) for draft in found] == [("EUR", 2_900), ("USD", 1_000)]


def test_a_plugin_that_was_on_for_ten_of_thirty_days_costs_a_third() -> None:
    offer = Terms(NAMES, plugin_fees={"coupons": {"EUR": 1_000}, "gift": {"EUR": 500}}, plugins_included=("gift",))
    use = Usage(APRIL.start, plugin_days={"coupons": tuple(range(6, 16)), "gift": tuple(range(1, 31))})
    assert lines(bill(APRIL, [span(offer)], use)) == [("plugin", 333)]


@given(days=st.sets(st.integers(1, 30)), cut=st.integers(2, 30), fee=st.integers(1, 10**6))
def test_a_plugins_days_sum_the_same_wherever_the_plan_changes(days: set[int], cut: int, fee: int) -> None:
    use = Usage(APRIL.start, plugin_days={"coupons": tuple(sorted(days))})
    offer, day = Terms(NAMES, plugin_fees={"coupons": {"EUR": fee}}), APRIL.start.replace(day=cut)
    whole = lines(bill(APRIL, [span(offer)], use))
    parts = lines(bill(APRIL, [span(offer, end=day), span(offer, day, version=2)], use))
    assert sum(minor for _code, minor in parts) == sum(minor for _code, minor in whole)


def test_days_on_are_those_touched_by_a_switch() -> None:
    switches = [(date(2026, 3, 20), True), (date(2026, 4, 2), False), (date(2026, 4, 10), True)]
    assert days_on(switches, APRIL, APRIL.end) == (1, 2, *range(10, 31))
    assert days_on(switches, APRIL, date(2026, 4, 12)) == (1, 2, 10, 11)
    assert days_on([(date(2026, 5, 1), True)], APRIL, APRIL.end) == ()


def test_more_than_included_is_charged_by_the_plan_of_the_last_day() -> None:
    offer = Terms(NAMES, included={"orders": 1_000, "staff": 5}, unit_prices={"orders": {"EUR": 5}})
    assert offer.limits == {"staff": 5}
    use = Usage(APRIL.start, counts={"orders": 1_200, "staff": 9})
    assert lines(bill(APRIL, [span(offer)], use)) == [("unit", 1_000)]


def test_a_trial_spares_fixed_charges_and_not_the_share() -> None:
    offer = Terms(NAMES, monthly={"EUR": 3_000}, share_bps=100)
    given = bill(APRIL, [span(offer)], sold(APRIL, 10_000), grant=Grant(trial_until=date(2026, 4, 16)))
    assert lines(given) == [("plan", 1_500), ("share", 100)]


@pytest.mark.parametrize(("grant", "amount"), [
    (Grant(discount_bps=2_500), -2_500),
    (Grant(discount_bps=2_500, discount_until=date(2026, 4, 16)), -1_250),
    (Grant(discount_bps=2_500, discount_until=date(2026, 4, 1)), None),
    (Grant(discount=eur(99_000)), -10_000),
    (Grant(discount=Money(500, "USD")), None),
])  # fmt: skip
def test_a_discount_lowers_fixed_charges_until_its_day(grant: Grant, amount: int | None) -> None:
    found = lines(bill(APRIL, [span(Terms(NAMES, monthly={"EUR": 10_000}))], grant=grant))
    assert found == [("plan", 10_000), *([("discount", amount)] if amount else [])]


def test_a_year_is_charged_when_it_begins_and_its_rest_comes_back() -> None:
    offer, start = Terms(NAMES, monthly={"EUR": 1_000}, yearly={"EUR": 36_500}), date(2026, 4, 11)
    year = span(offer, start, cycle="yearly")
    assert lines(bill(APRIL, [year])) == [("plan_year", 36_500)]
    assert lines(bill(MAY, [year])) == []
    left = span(offer, start, date(2026, 5, 11), cycle="yearly")
    assert lines(bill(MAY, [left])) == [("plan_year", -33_500)]
    whole = span(offer, start, date(2027, 4, 11), cycle="yearly")
    assert lines(bill(Month(date(2027, 4, 1)), [whole])) == []


@given(price=st.integers(0, 10**8), used=st.integers(1, 364))
def test_used_and_unused_days_of_a_year_sum_to_its_price(price: int, used: int) -> None:
    offer, start = Terms(NAMES, monthly={"EUR": 1}, yearly={"EUR": price}), date(2026, 1, 1)
    end = start + timedelta(days=used)
    back = sum(minor for _code, minor in lines(
        bill(Month((end - timedelta(days=1)).replace(day=1)), [span(offer, start, end, cycle="yearly")])
    ))  # fmt: skip
    charged_here = price if end <= date(2026, 2, 1) else 0
    assert back - charged_here == -rules.part(eur(price), used, 365, 365).minor


def test_a_year_from_29_february_begins_on_28_in_other_years() -> None:
    assert rules.year_of(date(2028, 2, 29), date(2029, 3, 1)) == (date(2029, 2, 28), date(2030, 2, 28))
    assert rules.year_of(date(2026, 5, 10), date(2027, 5, 9)) == (date(2026, 5, 10), date(2027, 5, 10))


@pytest.mark.parametrize(("buyer", "number", "expected"), [
    ("IE", "", Tax("standard", 2_300)), ("IE", "IE1", Tax("standard", 2_300)), ("DE", "", Tax("standard", 1_900)),
    ("DE", "DE1", Tax("reverse_charge", 0)), ("FR", "", Tax("standard", 2_300)), ("", "X", Tax("standard", 2_300)),
])  # fmt: skip
def test_tax_by_country(buyer: str, number: str, expected: Tax) -> None:
    assert rules.tax("IE", buyer, number, 2_300, {"DE": 1_900}) == expected


def test_a_version_survives_its_storage_and_wrong_ones_are_refused() -> None:
    offer = Terms(NAMES, monthly={"EUR": 1}, unit_prices={"orders": {"EUR": 1}}, plugins_included=("a",))
    assert terms.stored(offer.plain()) == offer
    terms.check(offer)
    for wrong in (replace(offer, share_bps=10_001), replace(offer, monthly={"euro": 1}), replace(offer, names={}),
                  replace(offer, yearly={"USD": 1}), replace(offer, included={"shops": 1}),
                  replace(offer, trial_days=-1)):  # fmt: skip
        with pytest.raises(Invalid):
            terms.check(wrong)


def test_spans_of_one_version_that_follow_each_other_are_one() -> None:
    offer, cut = Terms(NAMES), date(2026, 4, 9)
    assert drafting.merged([span(offer, cut), span(offer, date(2026, 1, 1), cut)]) == [span(offer)]
