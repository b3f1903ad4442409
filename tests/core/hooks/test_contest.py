"""Which adjustments and charges count when several plugins offer one thing."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hooks.contest import counted, open_lines, unmet_fees, winners
from core.hooks.money import Charge, OnRefund
from core.hooks.types import Adjustment, Line, Party, Stage, Target
from core.kernel.money import CurrencyMismatch, Money

A, B = UUID(int=1), UUID(int=2)
ORDER = ("flash", "level", "quote", "coupons", "bundles")


def row(reason: str, minor: int, line: UUID | None = A, stage: Stage = Stage.LIST, **more: object) -> Adjustment:
    least = Adjustment(stage, Money(minor, "EUR"), "label", reason, Party.MERCHANT, line, "price")
    return replace(least, **more)  # type: ignore[arg-type]


def charge(reason: str, minor: int, line: UUID | None = A, **more: object) -> tuple[str, Charge]:
    money = Money(minor, "EUR")
    plugin = reason.partition(":")[0]
    least = Charge(f"{plugin}.fee", Party.MERCHANT, Party.PLATFORM, money, money * 0, money, None, OnRefund.KEEP,
                   reason, line, "commission")  # fmt: skip
    return plugin, replace(least, **more)  # type: ignore[arg-type]


def test_the_best_reason_for_the_buyer_counts() -> None:
    rows = [row("flash:1", -300), row("level:gold", -500)]
    assert winners(rows, ORDER) == (rows[1],)


def test_the_halves_of_a_shared_discount_stand_together() -> None:
    shared = [row("flash:1", -300, funded_by=Party.PLATFORM), row("flash:1", -300)]
    assert winners([shared[0], row("level:gold", -500), shared[1]], ORDER) == tuple(shared)


def test_the_halves_of_a_shared_discount_fall_together() -> None:
    best = row("level:gold", -700)
    assert winners([row("flash:1", -600, funded_by=Party.PLATFORM), best, row("flash:1", -50)], ORDER) == (best,)


@pytest.mark.parametrize("order", [ORDER, tuple(reversed(ORDER))])
def test_a_tie_falls_to_the_earlier_plugin(order: tuple[str, ...]) -> None:
    rows = [row("level:gold", -500), row("flash:1", -500)]
    expected = min(rows, key=lambda one: order.index(one.reason.partition(":")[0]))
    assert winners(rows, order) == (expected,)


def test_a_tie_within_a_plugin_falls_to_the_earlier_row() -> None:
    rows = [row("level:gold", -500), row("level:silver", -500)]
    assert winners(rows, ORDER) == (rows[0],)


def test_rows_without_a_group_and_of_other_groups_do_not_compete() -> None:
    rows = [row("flash:1", -1, exclusive=None), row("level:gold", -500), row("quote:1", -2, exclusive="other")]
    assert winners(rows, ORDER) == tuple(rows)


def test_a_line_has_its_own_contest_so_a_cart_costs_what_its_lines_cost() -> None:
    flash, level = [row("flash:1", -300, A)], [row("level:gold", -100, A), row("level:gold", -900, B)]
    assert winners(flash + level, ORDER) == (flash[0], level[1])


def test_the_basket_has_one_contest_over_all_lines() -> None:
    few = [row("coupons:a", -500, A, Stage.BASKET)]
    many = [row("bundles:b", -300, A, Stage.BASKET), row("bundles:b", -300, B, Stage.BASKET)]
    assert winners(few + many, ORDER) == tuple(many)


def test_each_merchants_delivery_has_its_own_contest() -> None:
    free = [row("level:gold", -490, None, target=Target.DELIVERY, merchant_id=one) for one in (A, B)]
    other = row("flash:1", -500, None, target=Target.DELIVERY, merchant_id=B)
    assert winners([*free, other], ORDER) == (free[0], other)


def test_a_quoted_price_closes_its_line_for_coupons_but_not_for_fees() -> None:
    quote = row("quote:1", -900, A, closes=True)
    coupons = [row("coupons:a", -100, one, Stage.BASKET, exclusive=None) for one in (A, B)]
    fee = row("c2c:fee", 70, A, Stage.FEE, exclusive=None)
    delivery = row("level:gold", -490, None, Stage.BASKET, target=Target.DELIVERY, exclusive=None)
    rows = [*coupons, quote, fee, delivery]
    assert winners(rows, ORDER) == (coupons[1], quote, fee, delivery)


def test_stages_asked_one_by_one_count_the_same() -> None:
    early = [row("quote:1", -900, A, closes=True), row("level:gold", -1, A)]
    late = [row("coupons:a", -100, A, Stage.BASKET), row("coupons:a", -100, B, Stage.BASKET)]
    won = winners(early, ORDER)
    assert won + winners(late, ORDER, won) == winners(early + late, ORDER)


def test_a_row_that_lost_closes_nothing() -> None:
    rows = [row("quote:1", -1, A, closes=True), row("level:gold", -9, A), row("coupons:a", -5, A, Stage.BASKET)]
    assert winners(rows, ORDER) == tuple(rows[1:])


def test_a_basket_wide_row_is_spread_over_open_lines_only() -> None:
    lines = tuple(Line(one, one, one, one, one, 1, Money(100, "EUR")) for one in (A, B))
    assert open_lines(lines, [row("quote:1", -9, A, closes=True)]) == (lines[1],)
    assert open_lines(lines, [row("quote:1", -9, None, closes=True)]) == ()
    assert open_lines(lines, [row("level:gold", -9, A)]) == lines


def test_two_currencies_in_a_reason_are_a_fault() -> None:
    rows = [row("flash:1", -1), row("flash:1", -1, amount=Money(-1, "JPY"))]
    with pytest.raises(CurrencyMismatch):
        winners(rows, ORDER)


@given(st.lists(st.tuples(st.sampled_from(ORDER), st.integers(-9, 9), st.sampled_from([A, B])), max_size=12),
       st.randoms())  # fmt: skip
def test_the_order_of_rows_changes_nothing_for_the_buyer(
    drawn: list[tuple[str, int, UUID]], random: st.random_module
) -> None:
    rows = [row(f"{plugin}:1", minor, line) for plugin, minor, line in drawn]
    other = rows.copy()
    random.shuffle(other)  # type: ignore[attr-defined]
    shown = [sorted(map(repr, winners(some, ORDER))) for some in (rows, other)]
    assert shown[0] == shown[1]


def test_of_exclusive_charges_the_first_plugin_counts_on_each_line() -> None:
    own, sales = charge("c2c:own", 0, A), [charge("commission:1", 80, A), charge("commission:1", 80, B)]
    assert counted([own, *sales]) == (own, sales[1])


def test_a_charge_on_the_whole_order_shadows_all_lines() -> None:
    own = charge("self_operated:own", 0, None)
    assert counted([own, charge("commission:1", 80, A)]) == (own,)
    assert counted([charge("commission:1", 80, A), own]) == (charge("commission:1", 80, A),)


def test_charges_of_one_reason_stand_together() -> None:
    both = (charge("commission:1", 80, A), charge("commission:1", 5, A), charge("x:1", 1, A, exclusive=None))
    assert counted(both) == both


def test_a_fee_without_a_receiver_is_found() -> None:
    fee = row("c2c:fee", 84, None, Stage.FEE)
    met = charge("c2c:fee", 70, None, payer=Party.BUYER, tax=Money(14, "EUR"))[1]
    assert unmet_fees([fee], [met]) == ()
    assert unmet_fees([fee], []) == ("c2c:fee",)
    assert unmet_fees([fee], [replace(met, payer=Party.MERCHANT)]) == ("c2c:fee",)
    assert unmet_fees([fee], [replace(met, amount=Money(69, "EUR"))]) == ("c2c:fee",)
    assert unmet_fees([row("coupons:a", -84)], []) == ()
