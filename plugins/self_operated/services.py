"""What own goods mean to the rest of the marketplace: marks, refusals, held payouts, unfinished business, the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

import structlog
from flask_babel import gettext
from sqlalchemy import delete, func, select

from core.catalogue.models import ListingRow, VariantRow
from core.catalogue.stock_models import MovementRow
from core.hooks.catalogue import Badge, ListingDraft
from core.hooks.compliance import ComplianceSubject, Finding, Severity
from core.hooks.lifecycle import Obligation, Purged
from core.hooks.money import Hold, PayoutDraft
from core.hooks.surfaces import Fragment, Page
from core.hooks.types import Viewer, Violation
from core.kernel import clock
from core.kernel.db import fetched, session
from core.kernel.errors import _
from core.kernel.tenancy import Tenant, current_id
from core.merchants.models import MerchantRow, ShopRow
from core.orders.models import OrderRow
from plugins.self_operated import counts, following, items
from plugins.self_operated.models import (
    CostRow,
    CountLineRow,
    CountRow,
    ItemRow,
    ReceiptLineRow,
    ReceiptRow,
)
from plugins.self_operated.models import MovementRow as OwnMovementRow
from plugins.self_operated.options import NAME, options
from plugins.self_operated.rules import Mark

log = structlog.get_logger()
BADGE = "self_operated.own"
SLOTS = frozenset({"product.seller", "cart.group", "order.seller"})
_SWEPT = timedelta(days=120)
"""How far back the nightly sweep looks for orders that an event has missed."""
_OPEN = ("paid", "accepted", "shipped", "delivered")


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


_IS_HOUSE = "select is_house from merchants where tenant_id = %(tenant)s and id = %(merchant)s"


def is_house(merchant_id: UUID) -> bool:
    """Tell whether a merchant is the tenant itself."""
    found = fetched(_IS_HOUSE, {"tenant": current_id(), "merchant": merchant_id})
    return bool(found and found[0][0])


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


def below_cost(tenant: Tenant, listing: ListingDraft) -> Sequence[Violation]:
    """Refuse an own listing of which a variant sells below its average cost, where the settings say so."""
    if not options(tenant).blocks_below_cost or not is_house(listing.merchant_id):
        return ()
    query = select(VariantRow.id).where(VariantRow.listing_id == listing.id, VariantRow.is_active)
    found = items.of(session().scalars(query).all())
    if not any(item.is_below_cost for item in found):
        return ()
    return [
        Violation("self_operated.below_cost", _("The price before tax is below what the goods cost"), field="price")
    ]


def findings(tenant: Tenant, subject: ComplianceSubject) -> Sequence[Finding]:
    """Find a third party's shop, or listing, whose name holds the mark of own goods (cn.ecl.37.1)."""
    if not _name_holds_mark(mark_of(tenant), subject):
        return ()
    message = gettext("The name holds the mark of the marketplace's own goods; only the marketplace may use it")
    return [Finding("self_operated.false_mark", Severity.BLOCK, message)]


def _name_holds_mark(mark: Mark, subject: ComplianceSubject) -> bool:
    if subject.kind == "shop":
        name = (
            session().execute(select(ShopRow.name, ShopRow.merchant_id).where(ShopRow.id == subject.id)).one_or_none()
        )
    elif subject.kind == "listing":
        name = (
            session()
            .execute(select(ListingRow.title, ListingRow.merchant_id).where(ListingRow.id == subject.id))
            .one_or_none()
        )
    else:
        return False
    return name is not None and mark.is_in(name[0]) and not is_house(name[1])


def obligations() -> Sequence[Obligation]:
    """Count own orders that are paid and not complete, receipts in draft and counts that are not finished."""
    return [
        Obligation(code, count, gettext(message))
        for code, message, query in (
            ("self_operated.open_orders", _("Own orders that are paid and not complete"),
             select(func.count()).select_from(OrderRow).where(OrderRow.is_house, OrderRow.state.in_(_OPEN))),
            ("self_operated.drafts", _("Goods receipts that are not posted"),
             select(func.count()).select_from(ReceiptRow).where(ReceiptRow.state == "draft")),
            ("self_operated.open_counts", _("Counts that are not finished"),
             select(func.count()).select_from(CountRow).where(CountRow.state.in_(("open", "submitted")))),
        )
        if (count := session().scalar(query) or 0)
    ]  # fmt: skip


def sweep() -> None:
    """End old counts, value what an event has missed, and say so if a stock is not the sum of its movements."""
    counts.lapse()
    since = clock.now() - _SWEPT
    query = select(MovementRow.order_id).join(OrderRow, OrderRow.id == MovementRow.order_id)
    moved = query.where(OrderRow.is_house, OrderRow.placed_at >= since).distinct()
    for order_id in session().scalars(moved.order_by(MovementRow.order_id)).all():
        if order_id is not None:
            following.follow(order_id)
    if broken := items.broken_sums():
        log.error("own goods are not the sum of their movements", offers=[str(key) for key in broken])


def purge() -> Sequence[Purged]:
    """Delete every own row of the tenant, children first."""
    tables = (CountLineRow, CountRow, CostRow, OwnMovementRow, ReceiptLineRow, ReceiptRow, ItemRow)
    return [
        Purged(table.__tablename__, session().execute(delete(table)).rowcount)  # type: ignore[attr-defined]
        for table in tables
    ]
