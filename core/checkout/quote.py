"""The quote: a cart priced, grouped by shop, with every problem that stands in the way, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.checkout import cart as carts
from core.checkout import goods
from core.checkout.cart import Cart, CartLine
from core.checkout.goods import Good
from core.checkout.models import CartRow
from core.checkout.prices import PricedLine, Prices, price
from core.hooks.checkout import CheckoutField, PurchaseDraft, PurchaseStage, check_purchase, checkout_fields
from core.hooks.fulfilment import ParcelDraft, fulfilment_options
from core.hooks.orders import split_keys
from core.hooks.pricing import price_adjustments
from core.hooks.runtime import plugins
from core.hooks.types import Adjustment, Basket, Line, Viewer, Violation
from core.kernel import clock
from core.kernel.errors import _
from core.kernel.money import Money, spread
from core.kernel.tenancy import current
from core.merchants import delivery as deliveries


@dataclass(frozen=True, slots=True)
class Choice:
    """A way of delivery on offer for one shop's lines, priced for this cart. Days are working days from payment."""

    code: str
    label: str
    price: Money
    min_days: int
    max_days: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line as the cart shows it. `problem` is empty where it can be bought; `was_seen` is a price that changed."""

    id: UUID
    good: Good
    quantity: int
    is_selected: bool
    priced: PricedLine | None
    was_seen: Money | None
    problem: str


@dataclass(frozen=True, slots=True)
class ShopQuote:
    """One shop's part: its lines, the ways of delivery, the price of the chosen one."""

    shop_id: UUID
    merchant_id: UUID
    name: str
    slug: str
    is_house: bool
    lines: tuple[QuoteLine, ...]
    choices: tuple[Choice, ...]
    delivery: Money
    goods: Money

    @property
    def chosen(self) -> Choice | None:
        """The way of delivery that counts."""
        return next((choice for choice in self.choices if choice.is_chosen), None)


@dataclass(frozen=True, slots=True)
class Reason:
    """An amount between the goods and the total, and where it comes from."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole cart at one moment. `violations` must be empty to place it."""

    shops: tuple[ShopQuote, ...]
    basket: Basket
    prices: Prices
    reasons: tuple[Reason, ...]
    violations: tuple[Violation, ...]
    fields: tuple[CheckoutField, ...]
    codes: tuple[str, ...]
    splits: Mapping[UUID, Mapping[str, str]]

    @property
    def total(self) -> Money:
        """What the buyer would pay."""
        return self.prices.total

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in the cart at all."""
        return not self.shops

    @property
    def units(self) -> int:
        """How many units are chosen for buying."""
        return sum(line.quantity for line in self.basket.lines)

    @property
    def can_place(self) -> bool:
        """Whether nothing stands in the way."""
        return bool(self.basket.lines) and not self.violations


def ask_prices(basket: Basket) -> Sequence[tuple[str, Adjustment]]:
    """Ask the tenant's plugins for one stage's adjustments."""
    return plugins().attributed(price_adjustments, tenant=current(), basket=basket)


def tax_inclusive() -> bool:
    """Tell whether the tenant's prices include tax."""
    return bool(current().setting("prices_include_tax", True))


def quote(cart: CartRow | Cart | None, viewer: Viewer, answers: Mapping[str, str] | None = None) -> Quote:
    """Price a cart for a viewer with its answers, over which those given count; nothing is written."""
    rows = carts.lines_of(cart) if cart is not None else []
    found = goods.find(row.variant_id for row in rows)
    rows = [row for row in rows if row.variant_id in found]
    buying = [row for row in rows if row.is_selected and not _problem(row, found[row.variant_id])]
    codes = tuple(cart.codes) if cart is not None else ()
    lines = tuple(_line(row, found[row.variant_id]) for row in buying)
    offered = _choices(rows, found, lines, viewer, cart.deliveries if cart is not None else {})
    basket = Basket(
        lines=lines,
        viewer=viewer,
        currency=current().currency,
        at=clock.now(),
        delivery=_delivery_by_merchant(offered, rows, found),
        codes=codes,
        answers={**(cart.answers if cart is not None else {}), **(answers or {})},
    )
    tax = {row.id: found[row.variant_id].tax_bps for row in buying}
    prices = price(basket, tax, plugins().order, ask_prices, tax_inclusive=tax_inclusive())
    return _assembled(rows, found, offered, basket, prices)


def _problem(row: CartLine, good: Good) -> str:
    if good.reason:
        return good.reason
    return "too_few" if row.quantity > good.available else ""


def _line(row: CartLine, good: Good) -> Line:
    return Line(
        id=row.id,
        listing_id=good.listing_id,
        offer_id=good.variant_id,
        merchant_id=good.merchant_id,
        category_id=good.category_id,
        quantity=row.quantity,
        unit_price=good.price,
        weight_g=good.weight_g,
        plugin=good.plugin,
        shop_id=good.shop_id,
    )


def _choices(
    rows: Sequence[CartLine],
    found: Mapping[UUID, Good],
    lines: Sequence[Line],
    viewer: Viewer,
    chosen: Mapping[str, str],
) -> dict[UUID, tuple[Choice, ...]]:
    """Return each shop's ways of delivery, its own and the plugins', with the chosen one (else the first) marked."""
    shop_of = {row.id: found[row.variant_id].shop_id for row in rows}
    shops = list(dict.fromkeys(shop_of[row.id] for row in rows))
    own = deliveries.options_for(shops)
    result = {}
    for shop_id in shops:
        part = tuple(line for line in lines if shop_of[line.id] == shop_id)
        worth = sum(line.unit_price.minor * line.quantity for line in part)
        offers = [(o.code, o.label, o.price_for(worth), o.min_days, o.max_days) for o in own.get(shop_id, ())]
        offers += _plugins_options(part, viewer)
        wanted = chosen.get(str(shop_id))
        pick = wanted if any(code == wanted for code, *_rest in offers) else (offers[0][0] if offers else None)
        result[shop_id] = tuple(Choice(*offer, is_chosen=offer[0] == pick) for offer in offers)
    return result


def _plugins_options(lines: tuple[Line, ...], viewer: Viewer) -> list[tuple[str, str, Money, int, int]]:
    if not lines or not plugins().implementers(fulfilment_options, current()):
        return []
    parcel = ParcelDraft(lines[0].merchant_id, lines, viewer, None, current().country)
    today = clock.today(current().timezone)
    return [
        (o.code, o.label, o.price, (o.earliest - today) // timedelta(days=1), (o.latest - today) // timedelta(days=1))
        for o in plugins().collect(fulfilment_options, tenant=current(), parcel=parcel)
    ]


def _delivery_by_merchant(
    offered: Mapping[UUID, tuple[Choice, ...]], rows: Sequence[CartLine], found: Mapping[UUID, Good]
) -> dict[UUID, Money]:
    sums: dict[UUID, Money] = {}
    for shop_id, merchant_id in _buying_shops(rows, found).items():
        chosen = next((c for c in offered[shop_id] if c.is_chosen), None)
        zero = Money.zero(current().currency)
        sums[merchant_id] = sums.get(merchant_id, zero) + (chosen.price if chosen else zero)
    return sums


def _buying_shops(rows: Sequence[CartLine], found: Mapping[UUID, Good]) -> dict[UUID, UUID]:
    """Return the shops that would get an order, each with its merchant."""
    buying = [found[row.variant_id] for row in rows if row.is_selected and not _problem(row, found[row.variant_id])]
    return {good.shop_id: good.merchant_id for good in buying}


def _assembled(
    rows: Sequence[CartLine],
    found: Mapping[UUID, Good],
    offered: Mapping[UUID, tuple[Choice, ...]],
    basket: Basket,
    prices: Prices,
) -> Quote:
    priced = {line.line.id: line for line in prices.lines}
    delivery = _delivery_by_shop(offered, rows, found, prices)
    shops = tuple(
        _shop(shop_id, [row for row in rows if found[row.variant_id].shop_id == shop_id], found, priced,
              offered[shop_id], delivery.get(shop_id, Money.zero(basket.currency)))
        for shop_id in offered
    )  # fmt: skip
    draft = PurchaseDraft(stage=PurchaseStage.BASKET, basket=basket, total=prices.total)
    violations = list(plugins().collect(check_purchase, tenant=current(), draft=draft)) if basket.lines else []
    violations += [v for shop in shops for v in _shop_violations(shop)]
    return Quote(
        shops=shops,
        basket=basket,
        prices=prices,
        reasons=_reasons(prices),
        violations=tuple(violations),
        fields=tuple(plugins().collect(checkout_fields, tenant=current(), basket=basket)) if basket.lines else (),
        codes=basket.codes,
        splits=_splits(basket),
    )


def _splits(basket: Basket) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for split in plugins().collect(split_keys, tenant=current(), basket=basket) if basket.lines else ():
        plugin, value = split.label
        found.setdefault(split.line_id, {})[plugin] = value
    return found


def _delivery_by_shop(
    offered: Mapping[UUID, tuple[Choice, ...]],
    rows: Sequence[CartLine],
    found: Mapping[UUID, Good],
    prices: Prices,
) -> dict[UUID, Money]:
    """Split a merchant's delivery, as adjusted, over its shops by their own prices."""
    by_merchant: dict[UUID, list[UUID]] = {}
    for shop_id, merchant_id in _buying_shops(rows, found).items():
        by_merchant.setdefault(merchant_id, []).append(shop_id)
    result: dict[UUID, Money] = {}
    for merchant_id, shops in by_merchant.items():
        chosen = [next((c.price.minor for c in offered[shop] if c.is_chosen), 0) for shop in shops]
        result.update(zip(shops, spread(prices.delivery[merchant_id], chosen), strict=True))
    return result


def _shop(
    shop_id: UUID,
    rows: Sequence[CartLine],
    found: Mapping[UUID, Good],
    priced: Mapping[UUID, PricedLine],
    choices: tuple[Choice, ...],
    delivery: Money,
) -> ShopQuote:
    first = found[rows[0].variant_id]
    lines = tuple(_quote_line(row, found[row.variant_id], priced.get(row.id)) for row in rows)
    # At the shop's own prices: a price list is one of the reasons between these and the total.
    worth = sum(line.good.price.minor * line.quantity for line in lines if line.priced)
    return ShopQuote(
        shop_id, first.merchant_id, first.shop_name, first.shop_slug, first.is_house, lines, choices, delivery,
        Money(worth, first.price.currency),
    )  # fmt: skip


def _quote_line(row: CartLine, good: Good, priced: PricedLine | None) -> QuoteLine:
    seen = Money(row.seen_minor, good.price.currency) if row.seen_minor != good.price.minor else None
    return QuoteLine(row.id, good, row.quantity, row.is_selected, priced, seen, _problem(row, good))


def _shop_violations(shop: ShopQuote) -> list[Violation]:
    buying = [line for line in shop.lines if line.priced]
    if buying and shop.chosen is None:
        message = _("{shop} offers no delivery at the moment; take its goods out of the cart")
        return [Violation("checkout.no_delivery", message, field="delivery", facts={"shop": shop.name})]
    return []


def _reasons(prices: Prices) -> tuple[Reason, ...]:
    """Sum the adjustments that counted by what they are called, in the order of counting."""
    sums: dict[str, Money] = {}
    for _plugin, row in prices.applied:
        sums[row.label] = sums[row.label] + row.amount if row.label in sums else row.amount
    return tuple(Reason(label, amount) for label, amount in sums.items())
