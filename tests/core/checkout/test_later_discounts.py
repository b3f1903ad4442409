"""Points are asked for after the basket's discounts; answers stay with the cart until they are used."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import pytest

from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.checkout.prices import price
from core.hooks.types import Adjustment, Basket, Line, Party, Stage, Viewer
from core.kernel import clock
from core.kernel.errors import Conflict
from core.kernel.money import Money
from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction


def test_points_see_what_coupons_left() -> None:
    line = Line(uuid4(), uuid4(), uuid4(), uuid4(), uuid4(), 1, Money(10_000, "EUR"))
    seen: dict[Stage, int] = {}

    def ask(basket: Basket) -> Sequence[tuple[str, Adjustment]]:
        seen[basket.stage] = basket.amounts[line.id].minor
        off = {Stage.BASKET: -3_000, Stage.POINTS: -basket.amounts[line.id].minor // 10}.get(basket.stage)
        if off is None:
            return []
        return [("p", Adjustment(basket.stage, Money(off, "EUR"), "off", f"p:{off}", Party.PLATFORM, line.id))]

    basket = Basket((line,), Viewer(None, "en", "IE"), "EUR", clock.now())
    prices = price(basket, {line.id: 0}, ["p"], ask, tax_inclusive=True)
    assert (seen[Stage.BASKET], seen[Stage.POINTS]) == (10_000, 7_000)
    assert prices.total == Money(6_300, "EUR")


def test_answers_are_kept_taken_back_and_bounded(tenant: Tenant) -> None:
    with transaction():
        cart, guest = carts.open_cart(Owner())
        carts.answer(cart, {"a.b": "x", "a.c": "y"})
        carts.answer(cart, {"a.b": ""})
        assert cart.answers == {"a.c": "y"}
        with pytest.raises(Conflict):
            carts.answer(cart, {f"a.{n}": "x" for n in range(60)})
        assert cart.answers == {"a.c": "y"}
        carts.take_out(cart, [])
        found = carts.find(Owner(token=guest))
        assert found is not None
        assert (found.id, found.answers) == (cart.id, {})


@pytest.mark.parametrize(
    ("funder", "amount", "gross", "platform"),
    [
        (Party.MERCHANT, -1_000, 9_000, 0),
        (Party.PLATFORM, -1_000, 10_000, 1_000),
        (Party.PLATFORM, -12_000, 10_000, 10_000),
        (Party.PLATFORM, 500, 10_500, 0),
    ],
)
def test_a_list_price_is_lowered_at_the_cost_of_who_pays_for_it(
    funder: Party, amount: int, gross: int, platform: int
) -> None:
    line = Line(uuid4(), uuid4(), uuid4(), uuid4(), uuid4(), 2, Money(5_000, "EUR"))

    def ask(basket: Basket) -> Sequence[tuple[str, Adjustment]]:
        change = Adjustment(Stage.LIST, Money(amount, "EUR"), "list", "p:list", funder, line.id)
        return [("p", change)] if basket.stage is Stage.LIST else []

    basket = Basket((line,), Viewer(None, "en", "IE"), "EUR", clock.now())
    prices = price(basket, {line.id: 2_000}, ["p"], ask, tax_inclusive=True)
    (priced,) = prices.lines
    assert (priced.gross, priced.platform_discount) == (Money(gross, "EUR"), Money(platform, "EUR"))
    assert prices.total == Money(10_000 + max(amount, -10_000), "EUR")
