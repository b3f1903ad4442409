"""Exchanges: which variants may be sent instead, and what comes back to the buyer where one costs less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select

from core.aftersales.eligible import Article
from core.catalogue.models import VariantRow
from core.catalogue.stock_models import StockRow
from core.kernel.db import session
from core.kernel.money import Money, round_half_up
from core.orders.aftersale_models import AftersaleLineRow, AftersaleRow

_MOST = 100


@dataclass(frozen=True, slots=True)
class Replacement:
    """A variant that may be sent instead at no further cost; `available` units lie on the shelves.

    `less` is what comes back to the buyer with it, for all units that were chosen; nothing at the same price.
    """

    variant_id: UUID
    options: tuple[str, ...]
    sku: str
    available: int
    less: Money


@dataclass(frozen=True, slots=True)
class Held:
    """What a buyer has of a line: `price` of one unit by today's list, and what `units` of them were `paid` together."""

    price_minor: int
    units: int
    paid: Money

    def difference(self, units: int, price_minor: int) -> Money:
        """Return what comes back when units at another price are sent instead; rounded once, for all of them together.

        The buyer has paid a share of the price, less or more by discounts and tax, and pays the same share of the other
        one's.
        """
        if not self.price_minor or not self.units:
            return Money.zero(self.paid.currency)
        share = Fraction(self.price_minor - price_minor, self.price_minor)
        return Money(round_half_up(Fraction(self.paid.minor * units, self.units) * share), self.paid.currency)


def replacements(article: Article, units: int) -> tuple[Replacement, ...]:
    """Return the variants of the listing that cost no more than what the buyer has; that itself is among them."""
    own = session().scalars(select(VariantRow).where(VariantRow.id == article.line.variant_id)).one_or_none()
    if own is None:
        return ()
    held = _held(article, units, own)
    query = (
        select(VariantRow, func.coalesce(func.sum(StockRow.available), 0))
        .outerjoin(StockRow, (StockRow.tenant_id == VariantRow.tenant_id) & (StockRow.variant_id == VariantRow.id))
        .where(VariantRow.listing_id == own.listing_id, VariantRow.price_minor <= held.price_minor)
        .where(VariantRow.is_active | (VariantRow.id == own.id))
        .group_by(VariantRow.tenant_id, VariantRow.id)
        .order_by(VariantRow.position, VariantRow.id)
        .limit(_MOST)
    )
    return tuple(
        Replacement(row.id, tuple(row.options), row.sku, int(available), held.difference(units, row.price_minor))
        for row, available in session().execute(query).all()
    )


def _held(article: Article, units: int, own: VariantRow) -> Held:
    """Return what the buyer has: the line's own variant as long as there are units that were never exchanged.

    Beyond those it is the cheapest that was sent instead, or an exchange and another back would be a gift.
    """
    sent = _exchanged(article.line.id)
    left_units = article.line.quantity - article.line.refunded
    given_back = sum(minor for _units, minor, _price in sent)
    if units <= left_units - sum(count for count, _minor, _price in sent):
        paid = Money(article.left.minor + given_back, article.left.currency)
        return Held(own.price_minor, left_units, paid)
    return Held(min([own.price_minor, *(price for _units, _minor, price in sent)]), left_units, article.left)


def _exchanged(line_id: UUID) -> Sequence[tuple[int, int, int]]:
    """Return the exchanges of a line by which another variant was sent: units, what came back, its price of today."""
    query = (
        select(AftersaleLineRow.quantity, AftersaleRow.difference_minor, VariantRow.price_minor)
        .join(AftersaleRow, (AftersaleRow.tenant_id == AftersaleLineRow.tenant_id)
              & (AftersaleRow.id == AftersaleLineRow.case_id))
        .join(VariantRow, (VariantRow.tenant_id == AftersaleRow.tenant_id) & (VariantRow.id == AftersaleRow.variant_id))
        .where(AftersaleLineRow.line_id == line_id, AftersaleRow.state == "exchanged")
        .order_by(AftersaleRow.id)
    )  # fmt: skip
    return [(row.quantity, row.difference_minor, row.price_minor) for row in session().execute(query)]
