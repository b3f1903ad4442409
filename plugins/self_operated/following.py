"""Orders of own goods: what left costs its average, what came back takes its share of that cost with it.

Core's own movements of stock say how many units left and came back; the counters of a cost row say how many of them
were valued. So this may run at any time and as often as one likes: it does what is left to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.catalogue import stock_models
from core.hooks.money import Posting
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.orders.models import LineRow, OrderRow
from plugins.self_operated import booking, costing
from plugins.self_operated.booking import COGS, SHIPPED, SHRINKAGE, STOCK, debit
from plugins.self_operated.costing import Moved
from plugins.self_operated.models import CostRow, ItemRow
from plugins.self_operated.options import options

_ACCOUNTS = {"shipped": SHIPPED, "cogs": COGS}


@dataclass(slots=True)
class _Seen:
    """What core knows of an order's units of one offer."""

    sales: list[tuple[datetime, int]] = field(default_factory=list)
    returned: int = 0
    scrapped: int = 0
    shipped: int = 0
    refunded_sent: int = 0

    def moved(self) -> Moved:
        sold = sum(units for _at, units in self.sales)
        lost = costing.lost(self.refunded_sent, self.returned, sold, self.shipped)
        return Moved(sold, self.returned - self.scrapped, self.scrapped, lost)


def follow(order_id: UUID) -> None:
    """Value whatever has left or come back of an own order since the last time; others are left alone."""
    order = session().scalars(select(OrderRow).where(OrderRow.id == order_id)).one_or_none()
    if order is None or not order.is_house:
        return
    session().flush()
    seen = _seen(order_id)
    items = booking.locked(seen)
    rows = _cost_rows(order, seen)
    shipped: list[Posting] = []
    returned: list[Posting] = []
    for offer_id, row in rows.items():
        shipped += _ship(row, seen[offer_id], items.get(offer_id))
        returned += _take_back(row, seen[offer_id].moved(), items)
    session().flush()
    booking.post(f"shipped:{order_id}:{new_id()}", "shipped", shipped, order_id)
    booking.post(f"returned:{order_id}:{new_id()}", "returned", returned, order_id)


def _seen(order_id: UUID) -> dict[UUID, _Seen]:
    moves = stock_models.MovementRow
    found: dict[UUID, _Seen] = {}
    query = select(moves.variant_id, moves.kind, moves.quantity, moves.at).where(
        moves.order_id == order_id, moves.variant_id.in_(_variants(order_id))
    )
    for row in session().execute(query.order_by(moves.id)):
        one = found.setdefault(row.variant_id, _Seen())
        if row.kind == "sale":
            one.sales.append((row.at, -row.quantity))
        elif row.kind == "return":
            one.returned += row.quantity
        elif row.kind == "write_off":
            one.scrapped -= row.quantity
    for line in session().scalars(select(LineRow).where(LineRow.order_id == order_id)):
        if line.variant_id in found:
            found[line.variant_id].shipped += line.shipped
            found[line.variant_id].refunded_sent += max(0, line.refunded + line.shipped - line.quantity)
    return dict(sorted(found.items()))


def _variants(order_id: UUID) -> list[UUID]:
    """Return the offers of an order with those that replaced them, so that the index by variant serves."""
    kept = stock_models.ReservationRow
    query = select(LineRow.variant_id).where(LineRow.order_id == order_id)
    purchase = select(OrderRow.purchase_id).where(OrderRow.id == order_id).scalar_subquery()
    replaced = select(kept.variant_id).where(kept.purchase_id == purchase, kept.order_id == order_id)
    return sorted({*session().scalars(query), *session().scalars(replaced)})


def _cost_rows(order: OrderRow, seen: Mapping[UUID, _Seen]) -> dict[UUID, CostRow]:
    account = "cogs" if options().at_shipment or order.state == "completed" else "shipped"
    if seen:
        rows = [
            {"tenant_id": current_id(), "id": new_id(), "order_id": order.id, "offer_id": key,
             "currency": order.currency, "sold": 0, "costed": 0, "cost_minor": 0, "sellable": 0, "scrapped": 0,
             "lost": 0, "back_minor": 0, "account": account}
            for key in seen
        ]  # fmt: skip
        session().execute(insert(CostRow).values(rows).on_conflict_do_nothing())
    query = select(CostRow).where(CostRow.order_id == order.id).order_by(CostRow.offer_id).with_for_update()
    found = session().scalars(query, execution_options={"populate_existing": True})
    return {row.offer_id: row for row in found if row.offer_id in seen}


def _ship(row: CostRow, seen: _Seen, item: ItemRow | None) -> Sequence[Posting]:
    """Take what left since the last time out of the stock at its average; goods that left uncosted cost nothing."""
    sold = seen.moved().sold
    fresh = sum(units for at, units in seen.sales if item is not None and at >= item.created_at)
    wanted = fresh - max(0, row.sold - (sold - fresh))
    new, row.sold = sold - row.sold, max(sold, row.sold)
    if item is None or new <= 0:
        return ()
    units = max(0, min(wanted, new, item.on_hand))
    after, cost = booking.stock_of(item).issue(units)
    if not units:
        return ()
    row.costed += units
    row.cost_minor += cost
    booking.moved(item, "ship", after, row.order_id, f"ship:{row.order_id}:{row.offer_id}:{row.sold}")
    return [debit(_ACCOUNTS[row.account], STOCK, cost, row.currency, "own goods sent")]


def _take_back(row: CostRow, moved: Moved, items: dict[UUID, ItemRow]) -> Sequence[Posting]:
    """Bring what came back whole into stock, and what is broken or lost into shrinkage, at its share of the cost."""
    source, postings = _ACCOUNTS[row.account], []
    whole = max(0, min(moved.sellable, moved.sold) - row.sellable)
    if whole:
        row.sellable += whole
        value = _share(row)
        item = items.get(row.offer_id) or booking.locked([row.offer_id], make=True)[row.offer_id]
        after = booking.stock_of(item).add(whole, value)
        booking.moved(item, "restock", after, row.order_id, f"restock:{row.order_id}:{row.offer_id}:{row.sellable}")
        postings.append(debit(STOCK, source, value, row.currency, "own goods came back"))
    gone = max(0, moved.scrapped - row.scrapped) + max(0, moved.lost - row.lost)
    if gone:
        row.scrapped, row.lost = max(row.scrapped, moved.scrapped), max(row.lost, moved.lost)
        value = _share(row)
        subject = f"{row.order_id}:{row.offer_id}:{row.scrapped + row.lost}"
        amount = Money(value, row.currency)
        booking.passed(row.offer_id, "restock", gone, amount, row.order_id, f"back:{subject}")
        booking.passed(row.offer_id, "damage", -gone, -amount, row.order_id, f"damage:{subject}")
        postings.append(debit(SHRINKAGE, source, value, row.currency, "own goods broken or lost"))
    return postings


def _share(row: CostRow) -> int:
    moved = Moved(row.sold, row.sellable, row.scrapped, row.lost)
    value = costing.comes_back(row.cost_minor, moved, row.back_minor)
    row.back_minor += value
    return value


def released(order_id: UUID) -> Sequence[Posting]:
    """Return what makes the cost of a completed own order its cost of goods; nothing where it is that already."""
    follow(order_id)
    query = select(CostRow).where(CostRow.order_id == order_id, CostRow.account == "shipped")
    postings = []
    for row in session().scalars(query.order_by(CostRow.offer_id).with_for_update()).all():
        row.account = "cogs"
        postings.append(debit(COGS, SHIPPED, row.cost_minor - row.back_minor, row.currency, "cost of own goods sold"))
    return postings
