"""Reads of own goods: units, value and average cost beside price, margin and supply, and the movements behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.tax import prices_include_tax
from core.catalogue.tokens import fold
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from plugins.self_operated import costing, offers
from plugins.self_operated.costing import Stock
from plugins.self_operated.models import CostRow, ItemRow, MovementRow
from plugins.self_operated.offers import Offer
from plugins.self_operated.options import options

PACE_DAYS = 90
"""Days whose sales say how long the stock lasts."""


@dataclass(frozen=True, slots=True)
class Item:
    """An own offer with its stock. `sold` units left in the last 90 days; `uncosted` left before they had a cost."""

    offer: Offer
    stock: Stock
    on_shelf: int
    sold: int
    uncosted: int
    low_days: int
    high_days: int
    net: Money

    @property
    def on_hand(self) -> int:
        """Units by the books."""
        return self.stock.on_hand

    @property
    def value(self) -> Money:
        """What the units cost in all."""
        return Money(self.stock.value, self.offer.price.currency)

    @property
    def average(self) -> Money | None:
        """What one unit cost; None without units."""
        return Money(self.stock.average, self.offer.price.currency) if self.on_hand else None

    @property
    def margin_bps(self) -> int | None:
        """The margin of one unit sold at today's price; None without units."""
        return costing.margin_bps(self.net.minor, self.stock.average) if self.on_hand else None

    @property
    def is_below_cost(self) -> bool:
        """Whether a unit costs more than it brings."""
        return self.average is not None and self.net < self.average

    @property
    def cover_days(self) -> int | None:
        """For how many days the units last at the pace of the last 90; None without sales."""
        return costing.days_of_cover(self.on_hand, self.sold, PACE_DAYS)

    @property
    def reorder_at(self) -> int:
        """The number of units at which to order again."""
        return costing.reorder_at(self.sold, PACE_DAYS, self.low_days)

    @property
    def is_low(self) -> bool:
        """Whether it is time to order again."""
        return self.cover_days is not None and self.cover_days < self.low_days

    @property
    def is_high(self) -> bool:
        """Whether there is more than sells in a long time."""
        return self.cover_days is not None and self.cover_days > self.high_days


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of an item; the balances are what was there right after it."""

    id: UUID
    at: datetime
    kind: str
    quantity: int
    value: Money
    balance: int
    balance_value: Money
    subject_id: UUID
    by_name: str


def listed(*, search: str = "", before: UUID | None = None, limit: int = 50) -> tuple[list[Item], UUID | None]:
    """Return own offers newest first, and the key after which the next page starts."""
    query = offers.own().where(ListingRow.state != "archived", VariantRow.is_active)
    query = query.order_by(VariantRow.id.desc()).limit(limit + 1)
    if search:
        pattern = f"%{fold(search)}%"
        query = query.where(ListingRow.title_key.like(pattern) | func.lower(VariantRow.sku).like(pattern))
    if before is not None:
        query = query.where(VariantRow.id < before)
    keys = [variant.id for variant, _listing in session().execute(query)]
    known = offers.named(keys[:limit])
    found = _items([known[key] for key in keys[:limit]])
    return found, keys[limit - 1] if len(keys) > limit else None


def find(offer_id: UUID) -> Item:
    """Return one own offer. Raise Missing if there is none."""
    known = offers.named([offer_id])
    if not known:
        raise Missing("self_operated.no_item", _("There is no such product of your own"))
    return _items(list(known.values()))[0]


def of(offer_ids: Sequence[UUID]) -> list[Item]:
    """Return own offers by key; others are left out."""
    return _items(list(offers.named(offer_ids).values()))


def _items(found: Sequence[Offer]) -> list[Item]:
    keys, chosen = [offer.id for offer in found], options()
    stocks = {
        row.offer_id: Stock(row.on_hand, row.value_minor)
        for row in session().scalars(select(ItemRow).where(ItemRow.offer_id.in_(keys)))
    }
    shelves, sold, uncosted = offers.shelves(keys), sold_since(keys), _uncosted(keys)
    inclusive = prices_include_tax()
    return [
        Item(offer, stocks.get(offer.id, Stock()), shelves.get(offer.id, 0), sold.get(offer.id, 0),
             uncosted.get(offer.id, 0), chosen.low_days, chosen.high_days, offer.net(inclusive=inclusive))
        for offer in found
    ]  # fmt: skip


def sold_since(offer_ids: Sequence[UUID], days: int = PACE_DAYS) -> Mapping[UUID, int]:
    """Return how many units left and stayed away in the last days, by offer."""
    query = (
        select(MovementRow.offer_id, -func.sum(MovementRow.quantity))
        .where(MovementRow.offer_id.in_(offer_ids), MovementRow.kind.in_(("ship", "restock", "damage")))
        .where(MovementRow.at >= clock.now() - timedelta(days=days))
        .group_by(MovementRow.offer_id)
    )
    return {key: max(0, int(units)) for key, units in session().execute(query)}


def _uncosted(offer_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    query = select(CostRow.offer_id, func.sum(CostRow.sold - CostRow.costed)).where(CostRow.offer_id.in_(offer_ids))
    return {key: int(units) for key, units in session().execute(query.group_by(CostRow.offer_id))}


def movements(offer_id: UUID, *, before: UUID | None = None, limit: int = 100) -> list[Movement]:
    """Return an offer's movements newest first, each with the balance after it."""
    window = {"order_by": (MovementRow.at, MovementRow.id)}
    every = (
        select(
            MovementRow.id.label("key"),
            func.sum(MovementRow.quantity).over(**window).label("units"),  # type: ignore[arg-type]
            func.sum(MovementRow.value_minor).over(**window).label("value"),  # type: ignore[arg-type]
        )
        .where(MovementRow.offer_id == offer_id)
        .subquery()
    )
    query = select(MovementRow, every.c.units, every.c.value).join(every, every.c.key == MovementRow.id)
    if before is not None:
        query = query.where(MovementRow.id < before)
    rows = session().execute(query.order_by(MovementRow.at.desc(), MovementRow.id.desc()).limit(limit))
    return [
        Movement(row.id, row.at, row.kind, row.quantity, Money(row.value_minor, row.currency), int(units),
                 Money(int(value), row.currency), row.subject_id, row.by_name)
        for row, units, value in rows
    ]  # fmt: skip


def broken_sums() -> list[UUID]:
    """Return the offers whose stock is not the sum of its movements; a healthy marketplace has none."""
    sums = (
        select(MovementRow.offer_id, func.sum(MovementRow.quantity).label("units"),
               func.sum(MovementRow.value_minor).label("value"))
        .group_by(MovementRow.offer_id).subquery()
    )  # fmt: skip
    query = select(ItemRow.offer_id).outerjoin(sums, sums.c.offer_id == ItemRow.offer_id)
    wrong = (ItemRow.on_hand != func.coalesce(sums.c.units, 0)) | (
        ItemRow.value_minor != func.coalesce(sums.c.value, 0)
    )
    return list(session().scalars(query.where(wrong).order_by(ItemRow.offer_id)))
