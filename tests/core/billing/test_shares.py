"""Shares of lines: whatever goes back in whatever steps sums to what was frozen, and never to more."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.billing import shares
from core.billing.shares import Amounts, Share, Step
from core.kernel.money import round_half_up


@st.composite
def frozen_lines(draw: st.DrawFn) -> tuple[int, Amounts]:
    """A line's units, and its amounts: discounted, of it paid by the platform, tax inside or on top."""
    discounted = draw(st.integers(0, 500_000))
    is_inclusive = draw(st.booleans())
    tax = discounted * draw(st.integers(0, 2700)) // 12_700
    return draw(st.integers(1, 12)), Amounts(discounted, draw(st.integers(0, discounted)), tax, is_inclusive)


Wish = tuple[str, int]
wishes = st.lists(st.tuples(st.sampled_from(["units", "amount"]), st.integers(1, 300_000)), max_size=8)


def carried_out(units: int, frozen: Amounts, asked: Sequence[Wish]) -> tuple[list[Step], list[Amounts], list[int]]:
    """Carry out each wish as far as something is left; return the steps, their amounts, and what buyers asked for."""
    steps: list[Step] = []
    parts: list[Amounts] = []
    wanted: list[int] = []
    for kind, number in asked:
        share = shares.after(units, frozen.discounted, steps)
        before = summed(parts, frozen)
        if kind == "units" and share.units < units:
            quantity = min(number % units + 1, units - share.units)
            part = shares.due(frozen, share.with_units(quantity).gone, before)
            steps.append(Step(quantity, part.discounted))
            wanted.append(-1)
        elif kind == "amount" and (most := shares.most(frozen, share, before)):
            wish = (number - 1) % most + 1
            discounted = shares.discounted_for(frozen, share, before, wish)
            if not discounted:
                continue
            part = shares.due(frozen, share.with_amount(discounted).gone, before)
            steps.append(Step(0, discounted))
            wanted.append(wish)
        else:
            continue
        parts.append(part)
    return steps, parts, wanted


def summed(parts: Sequence[Amounts], frozen: Amounts) -> Amounts:
    """Add up what went back."""
    return Amounts(sum(p.discounted for p in parts), sum(p.platform for p in parts), sum(p.tax for p in parts),
                   frozen.is_inclusive)  # fmt: skip


@given(frozen_lines(), wishes)
def test_mixed_steps_never_give_back_more_than_was_paid(line: tuple[int, Amounts], asked: Sequence[Wish]) -> None:
    units, frozen = line
    _steps, parts, _wanted = carried_out(units, frozen, asked)
    for count in range(len(parts) + 1):
        gone = summed(parts[:count], frozen)
        for name in ("discounted", "platform", "tax", "net"):
            assert 0 <= getattr(gone, name) <= getattr(frozen, name)
    for part in parts:
        assert min(part.discounted, part.platform, part.tax) >= 0


@given(frozen_lines(), wishes)
def test_what_is_left_after_mixed_steps_makes_every_amount_whole(
    line: tuple[int, Amounts], asked: Sequence[Wish]
) -> None:
    units, frozen = line
    steps, parts, _wanted = carried_out(units, frozen, asked)
    share, before = shares.after(units, frozen.discounted, steps), summed(parts, frozen)
    for rest in (share.with_units(units - share.units), share.with_amount(share.left_minor)):
        if rest.gone == 1:
            assert summed([*parts, shares.due(frozen, rest.gone, before)], frozen) == frozen
    if share.units < units:
        assert share.with_units(units - share.units).gone == 1


@given(frozen_lines(), wishes)
def test_a_buyer_gets_the_amount_that_was_asked_for(line: tuple[int, Amounts], asked: Sequence[Wish]) -> None:
    units, frozen = line
    _steps, parts, wanted = carried_out(units, frozen, asked)
    for part, wish in zip(parts, wanted, strict=True):
        if wish >= 0:
            assert part.buyer == wish if frozen.is_inclusive else wish - 1 <= part.buyer <= wish


@given(frozen_lines(), st.lists(st.integers(1, 4), max_size=8))
def test_units_alone_go_back_in_proportion(line: tuple[int, Amounts], quantities: Sequence[int]) -> None:
    units, frozen = line
    _steps, parts, _wanted = carried_out(units, frozen, [("units", number) for number in quantities])
    share = shares.after(units, frozen.discounted, _steps)
    gone = summed(parts, frozen)
    assert share.gone == Fraction(share.units, units)
    assert gone.tax == round_half_up(Fraction(frozen.tax * share.units, units))


@given(st.integers(1, 12), st.integers(1, 500_000), st.lists(st.integers(1, 50_000), max_size=6))
def test_amounts_alone_are_the_share_of_the_discounted_amount(
    units: int, discounted: int, amounts: Sequence[int]
) -> None:
    share = Share(units, discounted)
    for amount in amounts:
        share = share.with_amount(min(amount, share.left_minor))
    assert share.gone == Fraction(min(sum(amounts), discounted), discounted)


def test_a_unit_that_comes_back_after_a_price_cut_brings_what_is_left_of_its_price() -> None:
    frozen, nothing = Amounts(2000, 0, 0, True), Amounts(0, 0, 0, True)
    cut = Share(2, 2000).with_amount(500)
    assert shares.due(frozen, cut.gone, nothing).buyer == 500
    assert shares.due(frozen, cut.with_units(1).gone, Amounts(500, 0, 0, True)).buyer == 750


def test_more_than_is_left_is_no_step() -> None:
    with pytest.raises(ValueError, match="1001 of 1000"):
        Share(1, 1000).with_amount(1001)
