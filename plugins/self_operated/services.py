"""Reads of own goods: which listings and orders are the house's, and what is in stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import func, select

from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.stock_models import StockRow
from core.hooks.catalogue import Badge, ListingDraft
from core.hooks.lifecycle import Obligation
from core.hooks.money import Hold, PayoutDraft
from core.hooks.surfaces import Fragment, Page
from core.hooks.types import Viewer, Violation
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.money import Money
from core.kernel.tenancy import Tenant
from core.merchants.models import MerchantRow, ShopRow
from core.orders.models import OrderRow
from plugins.self_operated.rules import Mark

NAME = "self_operated"
BADGE = "self_operated.own"
SLOTS = frozenset({"product.seller", "cart.group", "order.seller"})
_OPEN = ("paid", "accepted", "shipped", "delivered")


@dataclass(frozen=True, slots=True)
class Goods:
    """An own listing; `available` is None when it keeps no stock."""

    listing_id: UUID
    title: str
    shop: str
    state: str
    price: Money
    price_to: Money
    available: int
    reserved: int


def mark_of(tenant: Tenant) -> Mark:
    """Return the tenant's mark."""
    stored = tenant.settings.get(NAME, {})
    return Mark(cast(str, stored.get("badge_en", Mark().en)), cast(str, stored.get("badge_zh", Mark().zh)))


def badges(tenant: Tenant, viewer: Viewer, listing_ids: Sequence[UUID]) -> Sequence[Badge]:
    """Mark those of a page's listings that are the house's, by one query."""
    query = (
        select(ListingRow.id)
        .join(MerchantRow, (MerchantRow.tenant_id == ListingRow.tenant_id) & (MerchantRow.id == ListingRow.merchant_id))
        .where(ListingRow.id.in_(listing_ids), MerchantRow.is_house)
    )
    own = set(session().scalars(query)) if listing_ids else set()
    word = mark_of(tenant).word(viewer.locale)
    return [Badge(key, BADGE, word) for key in listing_ids if key in own]


def is_house(merchant_id: UUID) -> bool:
    """Tell whether a merchant is the tenant itself."""
    found = session().scalar(select(MerchantRow.is_house).where(MerchantRow.id == merchant_id))
    return bool(found)


def fragments(tenant: Tenant, page: Page) -> Sequence[Fragment]:
    """Show the mark beside an own seller: the page's subject says `is_house`, or `merchant_id` to look up."""
    if page.slot not in SLOTS or not _is_own(page.subject):
        return ()
    locale = page.viewer.locale if page.viewer else tenant.locale
    return [Fragment("self_operated/mark.html", {"mark": mark_of(tenant).word(locale)}, position=10)]


def _is_own(subject: Mapping[str, object]) -> bool:
    if "is_house" in subject:
        return bool(subject["is_house"])
    merchant_id = subject.get("merchant_id")
    return isinstance(merchant_id, UUID) and is_house(merchant_id)


def holds(payout: PayoutDraft) -> Sequence[Hold]:
    """Hold the house's money: it is the tenant's own and is not paid out."""
    if not is_house(payout.merchant_id):
        return ()
    return [Hold(BADGE, gettext("The marketplace's own sales are not paid out."), amount=None, until=None)]


def false_marks(tenant: Tenant, listing: ListingDraft) -> Sequence[Violation]:
    """Refuse a third party's title that holds the mark of own goods."""
    if not mark_of(tenant).is_in(listing.title) or is_house(listing.merchant_id):
        return ()
    message = _("The title holds the mark of the marketplace's own goods; only the marketplace may use it")
    return [Violation("self_operated.false_mark", message, field="title")]


def obligations() -> Sequence[Obligation]:
    """Count own orders that are paid and not complete."""
    query = select(func.count()).select_from(OrderRow).where(OrderRow.is_house, OrderRow.state.in_(_OPEN))
    count = session().scalar(query) or 0
    message = gettext("Own orders that are paid and not complete")
    return [Obligation("self_operated.open_orders", count, message)] if count else ()


def goods(*, before: UUID | None = None, limit: int = 50) -> tuple[list[Goods], UUID | None]:
    """Return own listings newest first with price and stock, and the key after which the next page starts."""
    query = (
        select(ListingRow, ShopRow.name)
        .join(ShopRow, (ShopRow.tenant_id == ListingRow.tenant_id) & (ShopRow.id == ListingRow.shop_id))
        .join(MerchantRow, (MerchantRow.tenant_id == ListingRow.tenant_id) & (MerchantRow.id == ListingRow.merchant_id))
        .where(MerchantRow.is_house, ListingRow.state != "archived")
        .order_by(ListingRow.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(ListingRow.id < before)
    rows = session().execute(query).all()
    shown = rows[:limit]
    stock = _stock([row.id for row, _shop in shown])
    found = [_goods(row, shop, stock.get(row.id, (0, 0))) for row, shop in shown]
    return found, shown[-1][0].id if len(rows) > limit else None


def _goods(row: ListingRow, shop: str, stock: tuple[int, int]) -> Goods:
    low, high = Money(row.price_from_minor, row.currency), Money(row.price_to_minor, row.currency)
    return Goods(row.id, row.title, shop, row.state, low, high, *stock)


def _stock(listing_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    query = (
        select(VariantRow.listing_id, func.sum(StockRow.available), func.sum(StockRow.reserved))
        .join(StockRow, (StockRow.tenant_id == VariantRow.tenant_id) & (StockRow.variant_id == VariantRow.id))
        .where(VariantRow.listing_id.in_(listing_ids))
        .group_by(VariantRow.listing_id)
    )
    return {key: (int(available), int(reserved)) for key, available, reserved in session().execute(query)}
