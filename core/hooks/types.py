"""Value types shared by several hook areas. Frozen, made of plain data, safe to store and to replay."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import TypeAlias
from uuid import UUID

from core.kernel.money import Money

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""Data that is stored as JSON and read back equal. No floats: amounts are minor units, rates basis points."""


class Surface(StrEnum):
    """Where people meet the marketplace."""

    STORE = "store"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    PLATFORM = "platform"
    API = "api"


class Party(StrEnum):
    """Who pays, is paid, or funds a discount."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"


class Stage(IntEnum):
    """When an adjustment counts. Core asks once per stage, in this order, with the amounts so far."""

    LIST = 10  # replaces the unit price: member price, price list, group price
    LINE = 20  # changes one line: flash sale, second at half price
    BASKET = 30  # over several lines, spread by largest remainder: coupon, bundle, points
    POINTS = 35  # over what the basket's discounts left, spread alike: points
    FEE = 40  # added for the buyer: buyer protection, packaging


class Target(StrEnum):
    """What an adjustment changes."""

    GOODS = "goods"
    DELIVERY = "delivery"


class BasketKind(StrEnum):
    """Why prices are asked for."""

    QUOTE = (
        "quote"  # prices of a page of listings: each line is judged alone, stages BASKET, POINTS and FEE are skipped
    )
    CART = "cart"  # lines that are bought together


@dataclass(frozen=True, slots=True)
class Violation:
    """A reason to refuse.

    `code` is stable and dotted ("<plugin>.<reason>"); `field` names the input at fault. `message` is an English
    template over `facts`, marked with `_` of core.kernel.errors; it is translated where it is shown.
    """

    code: str
    message: str
    field: str | None = None
    line_id: UUID | None = None
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: anonymous when `customer_id` is None.

    `country` is ISO 3166 alpha-2. `visit` is the first-party key of a visit that consented to be known, and
    is stored on the purchase. `labels` are those that core.customers holds for the customer
    ("membership.gold").
    """

    customer_id: UUID | None
    locale: str
    country: str
    visit: str | None = None
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on staff pages and through the API.

    With `merchant_id`, only that merchant's rows are theirs.
    """

    user_id: UUID
    merchant_id: UUID | None
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open [start, end) in the tenant's timezone."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of one offer. The id is kept from basket to order.

    `weight_g` (grams) and `volume_cm3` are of one unit, 0 when unknown. `plugin` is the one that the
    listing belongs to, None for ordinary goods. `labels` are the line's split keys, plugin to value, once
    they are known. `shop_id` is the shop that offers it; None only in values stored before it was kept.
    """

    id: UUID
    listing_id: UUID
    offer_id: UUID
    merchant_id: UUID
    category_id: UUID
    quantity: int
    unit_price: Money
    tags: frozenset[str] = frozenset()
    weight_g: int = 0
    volume_cm3: int = 0
    plugin: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    shop_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines of one currency at one moment. `at` is aware, UTC: the only clock that a price may read.

    `stage` is the stage that is asked for. `amounts` has each line's goods and `delivery` each merchant's
    delivery price after the earlier stages; at LIST they are quantity x unit price and the chosen options'
    prices. `answers` are those to checkout fields; read them by `answer`.
    """

    lines: tuple[Line, ...]
    viewer: Viewer
    currency: str
    at: datetime
    kind: BasketKind = BasketKind.CART
    stage: Stage = Stage.LIST
    amounts: Mapping[UUID, Money] = field(default_factory=dict)
    delivery: Mapping[UUID, Money] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, name: str, line_id: UUID | None = None) -> str | None:
        """Return the answer to a checkout field, or to a line's field; None when nothing was answered."""
        return self.answers.get(answer_key(name, line_id))


def answer_key(name: str, line_id: UUID | None = None) -> str:
    """Return the key under which an answer is stored: "name", or "name:<line id>" for a line's field."""
    return name if line_id is None else f"{name}:{line_id}"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A signed amount (negative: the buyer pays less) on a line, or on the basket when `line_id` is None.

    `reason` is "<plugin>:<rule id>" and kept with the order. `funded_by` decides whose share shrinks: it
    drives charges and ledger postings; a discount funded by two is two rows of one reason.

    Of one `exclusive` group the best *reason* for the buyer counts, by the sum of its rows
    (core.hooks.contest has the rule). A row that counts and `closes` keeps its line (all lines when
    `line_id` is None) from later goods adjustments up to POINTS; fees still apply. With target DELIVERY,
    `merchant_id` names whose delivery price changes (all of them when None); it is spread and refunded by
    the same rules. A FEE must meet charges of the same
    reason whose payer is the buyer and whose amounts and taxes sum to it, or placing fails.
    """

    stage: Stage
    amount: Money
    label: str
    reason: str
    funded_by: Party
    line_id: UUID | None = None
    exclusive: str | None = None
    target: Target = Target.GOODS
    merchant_id: UUID | None = None
    closes: bool = False


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line's amounts as frozen at placing; nothing recomputes them (R6).

    `gross` is quantity x unit price before discounts, tax in it or not as the order says. The discounts are
    positive. `discounted` = gross - merchant_discount; `net` and `tax` are of it: a discount that the platform
    funds lowers neither. The buyer pays discounted - platform_discount for the goods.
    `delivery` is the line's share of the order's delivery price.
    """

    gross: Money
    merchant_discount: Money
    platform_discount: Money
    discounted: Money
    net: Money
    tax: Money
    delivery: Money


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """An order as it was placed. One purchase has an order per merchant and split key.

    `amounts` has an entry for every line's id. `labels` holds the split keys, plugin to value ("o2o":
    "pickup"). `applied` are the adjustments that counted, for this order's lines; `visit` is the viewer's,
    if consented. `is_house` says that the tenant itself sells.
    """

    id: UUID
    purchase_id: UUID
    merchant_id: UUID
    customer_id: UUID | None
    placed_at: datetime  # aware, UTC
    lines: tuple[Line, ...]
    amounts: Mapping[UUID, LineAmounts]
    goods: Money  # after merchant-funded discounts, before tax and delivery: the sum of the lines' net
    delivery: Money
    tax: Money
    total: Money  # what the buyer pays
    tax_inclusive: bool = True
    is_house: bool = False  # the tenant's own goods
    labels: Mapping[str, str] = field(default_factory=dict)
    applied: tuple[Adjustment, ...] = ()
    visit: str | None = None
