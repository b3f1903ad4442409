"""What a buyer may still ask for about an order: units, kinds and until when, each refusal with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from core.aftersales import exclusions, terms
from core.aftersales.reasons import CHANGED_MIND, NOT_RECEIVED, REASONS, UNLESS_SEALED, Ground, Kind
from core.aftersales.terms import Windows
from core.billing.parts import left_of
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, _
from core.kernel.money import Money, total
from core.merchants.models import ShopRow
from core.orders import queries
from core.orders.aftersale_models import AftersaleLineRow, AftersaleRow
from core.orders.models import LineRow, OrderRow, PurchaseRow
from core.orders.queries import LineView
from core.orders.states import AFTERSALE_OPEN

_SENT = frozenset({"paid", "accepted", "shipped", "delivered", "completed"})


@dataclass(frozen=True, slots=True)
class Article:
    """A line of an order: `free` units may be asked about, `left` of what was paid for it can still go back."""

    line: LineView
    free: int
    left: Money
    ground: Ground | None


@dataclass(frozen=True, slots=True)
class Eligible:
    """What may be asked for about an order now."""

    order_id: UUID
    state: str
    articles: tuple[Article, ...]
    windows: Windows

    @property
    def is_any(self) -> bool:
        """Whether anything may be asked for: something was sent, and a window is open."""
        has_units = any(article.free for article in self.articles)
        until = self.windows.fault_until
        return has_units and (until is None or clock.now() < until)


def of_order(order: OrderRow) -> Eligible:
    """Return what may be asked for about one order."""
    return of_orders([order])[order.id]


def of_purchase(purchase_id: UUID) -> dict[UUID, Eligible]:
    """Return what may be asked for about the orders of a purchase, by order."""
    query = select(OrderRow).where(OrderRow.purchase_id == purchase_id).order_by(OrderRow.id)
    return of_orders(session().scalars(query).all())


def of_orders(orders: Sequence[OrderRow]) -> dict[UUID, Eligible]:
    """Return what may be asked for about orders of one purchase, in a fixed number of statements."""
    ids = [order.id for order in orders]
    lines, rows = queries.lines(ids), session().scalars(select(LineRow).where(LineRow.order_id.in_(ids))).all()
    busy, left = _busy(ids), left_of(rows)
    listings = {row.listing_id: row.category_id for row in rows}
    grounds = exclusions.grounds(listings, orders[0].placed_at) if orders else {}
    countries, return_days = _countries(orders), _return_days(orders)
    found = {}
    for order in orders:
        articles = tuple(
            Article(line, _free(order, line, busy), left[line.id], grounds.get(line.listing_id))
            for line in lines[order.id]
        )
        open_for = terms.windows(countries[order.purchase_id], return_days[order.shop_id], order.delivered_at)
        found[order.id] = Eligible(order.id, order.state, articles, open_for)
    return found


def _free(order: OrderRow, line: LineView, busy: Mapping[UUID, int]) -> int:
    if order.state not in _SENT or line.to_send or not line.shipped:
        return 0
    return max(line.quantity - line.refunded - busy.get(line.id, 0), 0)


def _busy(order_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return units that an open case is about, or that went back for less than their price, by line."""
    query = (
        select(AftersaleLineRow.line_id, func.sum(AftersaleLineRow.quantity))
        .join(AftersaleRow, (AftersaleRow.tenant_id == AftersaleLineRow.tenant_id)
              & (AftersaleRow.id == AftersaleLineRow.case_id))
        .where(AftersaleRow.order_id.in_(order_ids))
        .where(or_(AftersaleRow.state.in_(AFTERSALE_OPEN), AftersaleRow.is_lessened))
        .group_by(AftersaleLineRow.line_id)
    )  # fmt: skip
    return {line_id: int(units) for line_id, units in session().execute(query).all()}


def _countries(orders: Sequence[OrderRow]) -> dict[UUID, str]:
    query = select(PurchaseRow).where(PurchaseRow.id.in_({order.purchase_id for order in orders}))
    return {row.id: row.address.get("country", "") for row in session().scalars(query)}


def _return_days(orders: Sequence[OrderRow]) -> dict[UUID, int]:
    query = select(ShopRow.id, ShopRow.return_days).where(ShopRow.id.in_({order.shop_id for order in orders}))
    return {key: days for key, days in session().execute(query).all()}


def country_of(order: OrderRow) -> str:
    """Return the country in which the buyer is; empty where it is not known."""
    return _countries([order])[order.purchase_id]


def chosen(found: Eligible, units: Mapping[UUID, int]) -> list[tuple[Article, int]]:
    """Return the articles of lines with their units. Raise Invalid (none, or not of the order) or Conflict."""
    articles = {article.line.id: article for article in found.articles}
    if not units or not set(units) <= articles.keys() or any(quantity < 1 for quantity in units.values()):
        raise Invalid("aftersales.nothing", _("Choose what it is about"))
    picked = [(articles[key], quantity) for key, quantity in units.items()]
    for article, quantity in picked:
        if quantity > article.free:
            raise Conflict("aftersales.too_many", _("Only {left} of {title} can be asked about now"),
                           left=article.free, title=article.line.title)  # fmt: skip
    return picked


def check_reason(found: Eligible, picked: Sequence[tuple[Article, int]], reason: str, *, is_sealed: bool) -> None:
    """Raise Invalid for an unknown reason, Conflict when its window is over or the goods are excluded."""
    if reason not in REASONS:
        raise Invalid("aftersales.no_reason", _("Say what the reason is"))
    if reason == NOT_RECEIVED and found.state not in ("shipped", "delivered", "completed"):
        raise Conflict("aftersales.not_sent", _("The goods are not all on their way yet"))
    now = clock.now()
    if reason == CHANGED_MIND:
        until = found.windows.no_reason_until
        if until is not None and now >= until:
            raise Conflict("aftersales.window_over", _("The {days} days for a change of mind are over"),
                           days=found.windows.no_reason_days)  # fmt: skip
        _check_grounds(picked, is_sealed=is_sealed)
    elif found.windows.fault_until is not None and now >= found.windows.fault_until:
        raise Conflict("aftersales.window_over", _("The {days} days for reporting a fault are over"),
                       days=found.windows.fault_days)  # fmt: skip


def _check_grounds(picked: Sequence[tuple[Article, int]], *, is_sealed: bool) -> None:
    for article, _quantity in picked:
        if article.ground in UNLESS_SEALED and not is_sealed:
            raise Conflict("aftersales.unsealed", _("{title} can be sent back only while its seal is unbroken"),
                           title=article.line.title)  # fmt: skip
        if article.ground is not None and article.ground not in UNLESS_SEALED:
            raise Conflict("aftersales.excluded", _("{title} cannot be sent back for a change of mind"),
                           title=article.line.title)  # fmt: skip


def kinds(picked: Sequence[tuple[Article, int]], reason: str) -> tuple[Kind, ...]:
    """Return what may be asked for because of a reason: no money where none is left, one article for an exchange."""
    has_money = bool(total((article.left for article, _units in picked), picked[0][0].left.currency))
    return tuple(
        kind
        for kind in REASONS[reason]
        if (has_money or kind in (Kind.EXCHANGE, Kind.REPAIR)) and (kind is not Kind.EXCHANGE or len(picked) == 1)
    )
