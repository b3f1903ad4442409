"""Rules of points, for many drawn cases: worth, caps, lots; and books that agree after any history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from plugins.membership import accounts, expiring, rules
from plugins.membership.accounts import Change
from plugins.membership.rules import Lot
from plugins.membership.settings import Settings
from plugins.membership.tests.ground import assert_agrees

USUAL = Settings(1, 5_000, 2_000, Fraction(1), 100, 100, 500, True, frozenset({"c2c"}), "12_months", None)
NOON = datetime(2027, 1, 31, 12, tzinfo=UTC)
values = st.builds(Fraction, st.integers(1, 50), st.integers(1, 50))


@given(st.integers(-10_000, 10**7), st.integers(0, 10**8), st.integers(0, 10_000), values, st.integers(1, 500))
def test_points_used_stay_within_balance_cap_and_steps(
    balance: int, goods: int, cap: int, value: Fraction, step: int
) -> None:
    rule = replace(USUAL, cap_bps=cap, point_value=value, step=step, least=step)
    points = rules.most(balance, goods, rule)
    assert points % step == 0
    assert 0 <= points <= max(balance, 0)
    assert points * value <= Fraction(goods * cap, 10_000)


@given(st.integers(-100, 10**8), st.integers(0, 5_000), st.integers(0, 3_000), st.integers(0, 3_000))
def test_what_is_earned_stays_within_the_caps(paid: int, today: int, of_order: int, of_day: int) -> None:
    points = rules.earned(paid, 100, today, replace(USUAL, cap_order=of_order, cap_day=of_day))
    assert 0 <= points <= max(paid, 0) // 100
    assert not of_order or points <= of_order
    assert not of_day or points + today <= max(of_day, today)


@given(st.lists(st.tuples(st.integers(0, 500), st.none() | st.integers(0, 50)), max_size=8), st.integers(0, 5_000))
def test_lots_give_what_they_hold_the_soonest_to_expire_first(held: list[tuple[int, int | None]], wanted: int) -> None:
    lots = [
        Lot(uuid4(), left, None if days is None else NOON + timedelta(days=days), NOON + timedelta(minutes=n))
        for n, (left, days) in enumerate(held)
    ]
    given_by = rules.take(lots, wanted)
    assert sum(given_by.values()) == min(wanted, sum(lot.left for lot in lots))
    ordered = [lot for lot in rules.order_of(lots) if lot.left]
    full = [given_by.get(lot.id, 0) == lot.left for lot in ordered]
    assert full == sorted(full, reverse=True)


@given(st.integers(0, 10_000), st.lists(st.integers(1, 500), min_size=1, max_size=9))
def test_parts_of_a_refund_sum_to_the_whole(points: int, steps: list[int]) -> None:
    so_far, given_back = 0, 0
    for step in steps:
        so_far += step
        more = rules.part(points, so_far, sum(steps)) - given_back
        assert more >= 0
        given_back += more
    assert given_back == points


@pytest.mark.parametrize(
    ("expire", "until"),
    [
        ("never", None),
        ("6_months", datetime(2027, 8, 1, tzinfo=UTC)),
        ("12_months", datetime(2028, 2, 1, tzinfo=UTC)),
        ("24_months", datetime(2029, 2, 1, tzinfo=UTC)),
        ("end_of_next_year", datetime(2029, 1, 1, tzinfo=UTC)),
    ],
)
def test_points_live_as_long_as_the_rules_say(expire: str, until: datetime | None) -> None:
    assert rules.expires_at(NOON, replace(USUAL, expire=expire)) == until


def test_a_month_without_that_day_ends_with_its_last() -> None:
    assert rules.expires_at(NOON.replace(month=8), replace(USUAL, expire="6_months")) == datetime(
        2028, 3, 1, tzinfo=UTC
    )


STEPS = st.lists(
    st.tuples(st.sampled_from(["give", "lapsing", "take", "withdraw", "hold", "redeem", "expire"]), st.integers(1, 999)),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS, st.sampled_from([(1, 1), (1, 3), (7, 2)]))
def test_books_accounts_and_lots_agree_after_any_history(
    tenant: Tenant, steps: list[tuple[str, int]], value: tuple[int, int]
) -> None:
    rule = {"value_minor": value[0], "value_points": value[1]}
    with bind(replace(tenant, settings={**tenant.settings, "membership": rule})):
        buyer, held = uuid4(), 0
        for name, points in steps:
            with transaction():
                held = _step(buyer, name, points, held)
        with transaction():
            expiring.revalue()
        assert_agrees()


def _step(buyer: object, name: str, points: int, held: int) -> int:
    member = accounts.locked(buyer)  # type: ignore[arg-type]
    key = str(new_id())
    if name in ("give", "lapsing"):
        accounts.give(member, points, expires_at=clock.now() - timedelta(days=1) if name == "lapsing" else None)
        accounts.write(member, Change("adjust", key, points=points))
    elif name == "withdraw" or (name in ("take", "hold") and member.points >= points):
        accounts.take(member, points)
        kept = points if name == "hold" else 0
        kind = {"take": "adjust", "withdraw": "withdraw", "hold": "hold"}[name]
        accounts.write(member, Change(kind, key, points=-points, held=kept))
        return held + kept
    elif name == "redeem" and held:
        accounts.write(member, Change("redeem", key, held=-held, against=accounts.PROMO, exactly=-held))
        return 0
    elif name == "expire":
        expiring.expire()
    return held
