"""Costs in any order of receipts and issues, and every step of every machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.money import Money
from plugins.self_operated import costing
from plugins.self_operated.costing import Moved, Stock
from plugins.self_operated.states import COUNT, RECEIPT

STEPS = st.lists(st.tuples(st.booleans(), st.integers(1, 50), st.integers(0, 100_000)), max_size=40)


@given(STEPS)
def test_value_ends_with_the_units_and_is_the_sum_of_what_moved(steps: list[tuple[bool, int, int]]) -> None:
    stock, came, left = Stock(), 0, 0
    for is_receipt, units, value in steps:
        if is_receipt:
            stock, came = stock.add(units, value), came + value
        else:
            stock, taken = stock.issue(min(units, stock.on_hand))
            left += taken
        assert stock.on_hand >= 0 <= stock.value == came - left
        assert stock.on_hand or not stock.value
    if stock.on_hand:
        stock, taken = stock.issue(stock.on_hand)
        left += taken
    assert (stock, came) == (Stock(), left)


def test_the_last_unit_takes_the_rest_so2() -> None:
    stock, costs = Stock(3, 1000), []
    while stock.on_hand:
        stock, cost = stock.issue(1)
        costs.append(cost)
    assert (costs, stock.value) == ([333, 334, 333], 0)


@given(st.integers(0, 10_000), st.integers(1, 20), st.data())
def test_a_cost_comes_back_whole_in_whatever_steps(cost: int, sold: int, data: st.DataObject) -> None:
    back = given_back = 0
    while back < sold:
        back += data.draw(st.integers(1, sold - back))
        given_back += costing.comes_back(cost, Moved(sold, back), given_back)
    assert given_back == cost


def test_freight_is_spread_by_value_and_no_cent_is_lost() -> None:
    lines = [(3, Money(1000, "EUR")), (1, Money(500, "EUR"))]
    assert [cost.minor for cost in costing.landed(lines, Money(100, "EUR"))] == [3086, 514]


@pytest.mark.parametrize(
    ("stock", "units", "landed", "taken"),
    [(Stock(15, 19_500), 5, 7500, 7500), (Stock(5, 6500), 5, 7500, 6500), (Stock(6, 100), 5, 7500, 100)],
)
def test_a_reversal_leaves_no_value_without_units(stock: Stock, units: int, landed: int, taken: int) -> None:
    after, found = stock.undo(units, landed)
    assert (found, after.value, after.on_hand) == (taken, stock.value - taken, stock.on_hand - units)


@pytest.mark.parametrize("units", [-1, 4])
def test_more_than_there_is_does_not_leave(units: int) -> None:
    with pytest.raises(ValueError, match="cannot leave"):
        Stock(3, 30).issue(units)


def test_units_paid_back_and_never_seen_again_are_lost_and_replaced_ones_are_not() -> None:
    assert costing.lost(refunded_sent=1, returned=0, sold=3, shipped=3) == 1
    assert costing.lost(refunded_sent=1, returned=1, sold=3, shipped=3) == 0
    assert costing.lost(refunded_sent=1, returned=1, sold=4, shipped=3) == 1
    assert costing.lost(refunded_sent=0, returned=1, sold=4, shipped=3) == 0


def test_tolerance_cover_and_the_point_to_order_again() -> None:
    assert [costing.is_beyond(100, counted, 100) for counted in (100, 99, 98, 102)] == [False, False, True, True]
    assert costing.is_beyond(0, 1, 2000)
    assert (costing.days_of_cover(10, 90, 90), costing.days_of_cover(10, 0, 90)) == (10, None)
    assert (costing.reorder_at(91, 90, 7), costing.reorder_at(0, 90, 7)) == (8, 0)


ALLOWED = {
    RECEIPT.name: {("draft", "posted"), ("posted", "reversed")},
    COUNT.name: {("open", "submitted"), ("open", "lapsed"), ("submitted", "approved"), ("submitted", "open")},
}


@pytest.mark.parametrize("machine", [RECEIPT, COUNT], ids=lambda machine: str(machine.name))
def test_every_step_of_every_machine(machine: object) -> None:
    assert machine in (RECEIPT, COUNT)
    rules = RECEIPT if machine is RECEIPT else COUNT
    found = {(a, b) for a in rules.states for b in rules.states if rules.allows(a, b)}
    assert found == ALLOWED[rules.name]
