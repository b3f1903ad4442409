"""Reads of orders: lists for merchants, operators and buyers, and the frozen lines of some orders at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from core.hooks.types import Stage, Target
from core.kernel.db import fetched, session
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.merchants.models import ShopRow
from core.orders.models import AppliedRow, LineRow, OrderRow, PurchaseRow

Ts = TypeVarTuple("Ts")
TABS: Mapping[str, tuple[str, ...]] = {
    "to_accept": ("paid",),
    "to_ship": ("accepted",),
    "shipped": ("shipped", "delivered"),
    "done": ("completed", "cancelled"),
    "all": (),
}
"""Which states stand in which tab of an order list; none means every state."""
PAGE = 25


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as lists show it; `buyer` is the name on the address, `title` that of its first line."""

    id: UUID
    number: str
    state: str
    purchase_id: UUID
    merchant_id: UUID
    shop_id: UUID
    shop_name: str
    buyer: str
    title: str
    units: int
    total: Money
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseSummary:
    """A purchase as its buyer's list shows it, with its orders."""

    id: UUID
    number: str
    state: str
    buyer: str
    email: str
    total: Money
    placed_at: datetime
    orders: tuple[OrderSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders a list shows. `words` match a number or the buyer's name; `before` is the last row's key.

    `since` and `until` are moments, half-open. With `is_oldest_first` the list goes the other way.
    """

    merchant_id: UUID | None = None
    tab: str = "all"
    words: str = ""
    before: UUID | None = None
    limit: int = PAGE
    since: datetime | None = None
    until: datetime | None = None
    is_oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its frozen amounts. `applied` says why the buyer paid less or more: (label, reason, amount)."""

    id: UUID
    order_id: UUID
    listing_id: UUID
    variant_id: UUID
    title: str
    options: tuple[str, ...]
    sku: str
    picture_id: UUID | None
    quantity: int
    shipped: int
    refunded: int
    tax_bps: int
    unit_price: Money
    gross: Money
    merchant_discount: Money
    platform_discount: Money
    discounted: Money
    net: Money
    tax: Money
    applied: tuple[tuple[str, str, Money], ...] = ()

    @property
    def paid(self) -> Money:
        """What the buyer paid for it, tax included."""
        return self.net + self.tax - self.platform_discount

    @property
    def to_send(self) -> int:
        """Units that still go out."""
        return max(self.quantity - self.shipped - self.refunded, 0)

    @property
    def refundable(self) -> int:
        """Units whose money can still go back."""
        return self.quantity - self.refunded


_BUYER = PurchaseRow.address["name"].as_string()


def _first_line(column: Any) -> Any:
    query = select(column).where(LineRow.tenant_id == OrderRow.tenant_id, LineRow.order_id == OrderRow.id)
    return query.order_by(LineRow.position).limit(1).correlate(OrderRow).scalar_subquery()


def _units() -> Any:
    query = select(func.coalesce(func.sum(LineRow.quantity), 0))
    query = query.where(LineRow.tenant_id == OrderRow.tenant_id, LineRow.order_id == OrderRow.id)
    return query.correlate(OrderRow).scalar_subquery()


def _summaries() -> Select[*tuple[Any, ...]]:
    return (
        select(
            OrderRow.id, OrderRow.number, OrderRow.state, OrderRow.purchase_id, OrderRow.merchant_id, OrderRow.shop_id,
            OrderRow.currency, OrderRow.total_minor, OrderRow.placed_at, ShopRow.name.label("shop_name"),
            _BUYER.label("buyer"), _first_line(LineRow.title).label("title"), _units().label("units"),
        )
        .join(PurchaseRow, (PurchaseRow.tenant_id == OrderRow.tenant_id) & (PurchaseRow.id == OrderRow.purchase_id))
        .join(ShopRow, (ShopRow.tenant_id == OrderRow.tenant_id) & (ShopRow.id == OrderRow.shop_id))
    )  # fmt: skip


def _summary(row: Any) -> OrderSummary:
    return OrderSummary(
        row.id, row.number, row.state, row.purchase_id, row.merchant_id, row.shop_id, row.shop_name, row.buyer or "",
        row.title or "", int(row.units), Money(row.total_minor, row.currency), row.placed_at,
    )  # fmt: skip


def orders(wanted: Wanted) -> tuple[list[OrderSummary], UUID | None]:
    """Return a page of orders, newest first unless asked, and the key to go on from; None on the last page."""
    query = _narrowed(_summaries(), wanted).limit(wanted.limit + 1)
    if wanted.before is not None:
        before = wanted.before
        query = query.where(OrderRow.id > before if wanted.is_oldest_first else OrderRow.id < before)
    query = query.order_by(OrderRow.id.asc() if wanted.is_oldest_first else OrderRow.id.desc())
    found = [_summary(row) for row in session().execute(query)]
    return found[: wanted.limit], found[wanted.limit - 1].id if len(found) > wanted.limit else None


def count(wanted: Wanted) -> int:
    """Return how many orders there are of what a list shows."""
    query = select(func.count(OrderRow.id)).join(
        PurchaseRow, (PurchaseRow.tenant_id == OrderRow.tenant_id) & (PurchaseRow.id == OrderRow.purchase_id)
    )
    return session().scalar(_narrowed(query, wanted)) or 0


def _narrowed(query: Select[*Ts], wanted: Wanted) -> Select[*Ts]:
    states = TABS.get(wanted.tab, ())
    if wanted.merchant_id is not None:
        query = query.where(OrderRow.merchant_id == wanted.merchant_id)
    if states:
        query = query.where(OrderRow.state.in_(states))
    if wanted.words.strip():
        query = query.where(_matches(wanted.words.strip()))
    if wanted.since is not None:
        query = query.where(OrderRow.placed_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(OrderRow.placed_at < wanted.until)
    return query


def _matches(words: str) -> ColumnElement[bool]:
    literal = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(OrderRow.number.ilike(f"{literal}%"), _BUYER.ilike(f"%{literal}%"))


def counts(merchant_id: UUID | None = None) -> dict[str, int]:
    """Return how many orders wait in the tabs that ask for work."""
    waiting = [state for tab in ("to_accept", "to_ship") for state in TABS[tab]]
    query = select(OrderRow.state, func.count()).where(OrderRow.state.in_(waiting)).group_by(OrderRow.state)
    if merchant_id is not None:
        query = query.where(OrderRow.merchant_id == merchant_id)
    by_state = {row[0]: row[1] for row in session().execute(query)}
    return {tab: sum(by_state.get(state, 0) for state in TABS[tab]) for tab in ("to_accept", "to_ship")}


def orders_of_purchases(purchase_ids: Sequence[UUID]) -> dict[UUID, list[OrderSummary]]:
    """Return the orders of purchases, by purchase, in the order of their numbers."""
    found: dict[UUID, list[OrderSummary]] = {key: [] for key in purchase_ids}
    query = _summaries().where(OrderRow.purchase_id.in_(found)).order_by(OrderRow.id)
    for row in session().execute(query):
        found[row.purchase_id].append(_summary(row))
    return found


def purchases(
    *, customer_ids: Sequence[UUID] | None = None, words: str = "", before: UUID | None = None, limit: int = PAGE
) -> tuple[list[PurchaseSummary], UUID | None]:
    """Return a page of purchases with their orders, newest first; of some buyers only where they are named."""
    query = select(PurchaseRow).order_by(PurchaseRow.id.desc()).limit(limit + 1)
    if customer_ids is not None:
        query = query.where(PurchaseRow.customer_id.in_(customer_ids))
    if words.strip():
        literal = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(or_(PurchaseRow.number.ilike(f"{literal}%"), _BUYER.ilike(f"%{literal}%"),
                                PurchaseRow.email.ilike(f"{literal}%")))  # fmt: skip
    if before is not None:
        query = query.where(PurchaseRow.id < before)
    rows = session().scalars(query).all()
    parts = orders_of_purchases([row.id for row in rows[:limit]])
    shown = [_purchase(row, tuple(parts[row.id])) for row in rows[:limit]]
    return shown, shown[-1].id if len(rows) > limit else None


def _purchase(row: PurchaseRow, orders: tuple[OrderSummary, ...]) -> PurchaseSummary:
    return PurchaseSummary(
        row.id, row.number, row.state, row.address.get("name", ""), row.email, Money(row.total_minor, row.currency),
        row.placed_at, orders,
    )  # fmt: skip


_BRIEF = """
    select p.id, p.number, p.state, p.email, p.total_minor, p.currency, p.customer_id, p.guest_digest,
           o.number, o.total_minor, s.name
      from purchases p
      join orders o on o.tenant_id = p.tenant_id and o.purchase_id = p.id
      join shops s on s.tenant_id = o.tenant_id and s.id = o.shop_id
     where p.tenant_id = %(tenant)s and p.id = %(purchase)s order by o.id"""


@dataclass(frozen=True, slots=True)
class Brief:
    """A purchase as the pages of paying show it; `parts` are its orders: shop, number, amount."""

    id: UUID
    number: str
    state: str
    email: str
    total: Money
    customer_id: UUID
    guest_digest: str
    parts: tuple[tuple[str, str, Money], ...]


def brief(purchase_id: UUID) -> Brief | None:
    """Return a purchase and its orders' amounts in one statement; None if there is none."""
    rows = fetched(_BRIEF, {"tenant": current_id(), "purchase": purchase_id})
    if not rows:
        return None
    key, number, state, email, minor, currency, customer_id, guest = rows[0][:8]
    parts = tuple((shop, part, Money(amount, currency)) for *_same, part, amount, shop in rows)
    return Brief(key, number, state, email, Money(minor, currency), customer_id, guest, parts)


def numbers(order_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the numbers of orders by key, in one query."""
    wanted = set(order_ids)
    if not wanted:
        return {}
    query = select(OrderRow.id, OrderRow.number).where(OrderRow.id.in_(wanted))
    return {row[0]: row[1] for row in session().execute(query)}


def numbers_of(order_ids: Iterable[UUID], *, merchant_id: UUID) -> dict[UUID, str]:
    """Return the numbers of those of the orders that are a merchant's, by key; no query for none."""
    wanted = set(order_ids)
    if not wanted:
        return {}
    query = select(OrderRow.id, OrderRow.number).where(OrderRow.id.in_(wanted), OrderRow.merchant_id == merchant_id)
    return {row[0]: row[1] for row in session().execute(query)}


def keys(wanted: Wanted, *, limit: int) -> Sequence[UUID]:
    """Return the keys of the orders of a list, the oldest first, at most so many."""
    query = select(OrderRow.id).join(
        PurchaseRow, (PurchaseRow.tenant_id == OrderRow.tenant_id) & (PurchaseRow.id == OrderRow.purchase_id)
    )
    return session().scalars(_narrowed(query, wanted).order_by(OrderRow.id).limit(limit)).all()


def deliveries(order_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """Return what delivery of orders cost, by order, in one query."""
    columns = (OrderRow.id, OrderRow.delivery_minor, OrderRow.currency)
    rows = session().execute(select(*columns).where(OrderRow.id.in_(set(order_ids))))
    return {key: Money(minor, currency) for key, minor, currency in rows}


def numbered(number: str, *, merchant_id: UUID | None = None) -> UUID | None:
    """Return the order of a number, of a merchant if one is named."""
    query = select(OrderRow.id).where(OrderRow.number == number.strip().upper())
    if merchant_id is not None:
        query = query.where(OrderRow.merchant_id == merchant_id)
    return session().scalar(query)


def purchase_for_guest(number: str, email: str) -> UUID | None:
    """Return the purchase of a number (its own or one of its orders') and the address that was given with it."""
    purchase_number = number.strip().upper().split("-")[0]
    query = select(PurchaseRow.id).where(
        PurchaseRow.number == purchase_number, func.lower(PurchaseRow.email) == email.strip().lower()
    )
    return session().scalar(query)


def lines(order_ids: Sequence[UUID]) -> dict[UUID, list[LineView]]:
    """Return the lines of orders in their order, by order, with the adjustments that counted."""
    found: dict[UUID, list[LineView]] = {key: [] for key in order_ids}
    rows = session().scalars(
        select(LineRow).where(LineRow.order_id.in_(order_ids)).order_by(LineRow.order_id, LineRow.position)
    )
    kept = list(rows)
    applied = _applied([row.id for row in kept])
    for row in kept:
        found[row.order_id].append(_line(row, applied.get(row.id, ())))
    return found


def _applied(line_ids: Sequence[UUID]) -> dict[UUID, tuple[tuple[str, str, Money], ...]]:
    found: dict[UUID, tuple[tuple[str, str, Money], ...]] = {}
    query = select(AppliedRow).where(
        AppliedRow.line_id.in_(line_ids), AppliedRow.target == Target.GOODS, AppliedRow.stage > int(Stage.LIST)
    )
    query = query.order_by(AppliedRow.stage, AppliedRow.id)
    for row in session().scalars(query):
        entry = (row.label, row.reason, Money(row.amount_minor, row.currency))
        if row.line_id is not None:
            found[row.line_id] = (*found.get(row.line_id, ()), entry)
    return found


def _line(row: LineRow, applied: tuple[tuple[str, str, Money], ...]) -> LineView:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return LineView(
        id=row.id, order_id=row.order_id, listing_id=row.listing_id, variant_id=row.variant_id, title=row.title,
        options=tuple(row.options), sku=row.sku, picture_id=row.picture_id, quantity=row.quantity,
        shipped=row.shipped, refunded=row.refunded, tax_bps=row.tax_bps, unit_price=money(row.unit_price_minor),
        gross=money(row.gross_minor), merchant_discount=money(row.merchant_discount_minor),
        platform_discount=money(row.platform_discount_minor), discounted=money(row.discounted_minor),
        net=money(row.net_minor), tax=money(row.tax_minor), applied=applied,
    )  # fmt: skip
