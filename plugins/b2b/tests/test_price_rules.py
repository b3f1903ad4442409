"""The arithmetic of bands and packs: the worked case, ties, and what holds for every list."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest

from core.kernel.money import Money
from plugins.b2b import price_rules
from plugins.b2b.price_rules import Band, Pack

FIRST, SECOND = UUID(int=1), UUID(int=2)
SHOP = Money(1_200, "EUR")


def bands(*steps: tuple[int, int], of: UUID = FIRST) -> list[Band]:
    return [Band(of, "Trade", count, Money(minor, "EUR")) for count, minor in steps]


BB2 = bands((10, 1_100), (50, 950))


@pytest.mark.parametrize(("quantity", "total"), [(9, 10_800), (10, 11_000), (49, 53_900), (50, 47_500), (51, 48_450)])
def test_bb2_all_units_of_a_quantity_cost_what_its_band_says(quantity: int, total: int) -> None:
    assert price_rules.unit(BB2, quantity, SHOP) * quantity == Money(total, "EUR")


@pytest.mark.parametrize(
    ("quantity", "more"),
    [(8, None), (9, None), (10, None), (43, None), (44, (50, 47_500)), (49, (50, 47_500)), (50, None), (90, None)],
)
def test_a_larger_quantity_is_named_where_it_costs_less_in_all(quantity: int, more: tuple[int, int] | None) -> None:
    found = price_rules.cheaper_more(BB2, quantity, SHOP)
    assert (found and (found[0], found[1].minor)) == more


def test_of_two_lists_the_cheaper_counts_and_a_tie_falls_to_the_older() -> None:
    both = [*bands((1, 1_000)), *bands((1, 900), of=SECOND)]
    assert price_rules.band(both, 1, SHOP) == both[1]
    tie = [*bands((1, 900), of=SECOND), *bands((1, 900))]
    assert price_rules.band(tie, 1, SHOP) == tie[1]


@pytest.mark.parametrize("unit", [1_200, 1_201])
def test_a_list_that_is_not_below_the_shops_price_does_not_count(unit: int) -> None:
    assert price_rules.band(bands((1, unit)), 1, SHOP) is None
    assert price_rules.table(bands((1, unit)), SHOP) == []


def test_the_table_begins_at_one_and_names_each_fall_once() -> None:
    shown = [(count, unit.minor) for count, unit in price_rules.table([*BB2, *bands((60, 950))], SHOP)]
    assert shown == [(1, 1_200), (10, 1_100), (50, 950)]


@pytest.mark.parametrize(
    ("pack", "quantity", "fault", "following"),
    [
        (Pack(), 1, "", 1), (Pack(10, 5), 9, "minimum", 10), (Pack(10, 5), 10, "", 10), (Pack(10, 5), 11, "step", 15),
        (Pack(1, 6), 5, "step", 6), (Pack(6, 6), 5, "minimum", 6), (Pack(10, 1), 9, "minimum", 10),
    ],
)  # fmt: skip
def test_a_quantity_below_the_minimum_or_beside_the_packs_is_named(
    pack: Pack, quantity: int, fault: str, following: int
) -> None:
    assert (pack.fault(quantity), pack.next(quantity)) == (fault, following)
    assert pack.fault(following) == ""


@pytest.mark.parametrize("seed", range(40))
def test_no_company_pays_more_than_the_shop_asks_and_the_order_of_bands_does_not_matter(seed: int) -> None:
    dice = Random(seed)
    found = [
        Band(UUID(int=dice.randint(1, 3)), "L", count, Money(dice.randint(500, 1_500), "EUR"))
        for count in dice.sample(range(1, 60), 6)
    ]
    shuffled = dice.sample(found, len(found))
    for quantity in (1, 5, 20, 59, 200):
        assert price_rules.unit(found, quantity, SHOP) <= SHOP
        assert price_rules.unit(found, quantity, SHOP) == price_rules.unit(shuffled, quantity, SHOP)
