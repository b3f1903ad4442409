"""Writes movements of own goods and their postings; every writer locks its items first, in the order of offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.hooks.money import Posting
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current, current_id
from core.ledger import journal
from plugins.self_operated.costing import Stock
from plugins.self_operated.models import ItemRow, MovementRow

STOCK, RECEIVED, SHIPPED = "self_operated:stock", "self_operated:received", "self_operated:shipped"
COGS, SHRINKAGE = "self_operated:cogs", "self_operated:shrinkage"


def locked(offer_ids: Iterable[UUID], *, make: bool = False) -> dict[UUID, ItemRow]:
    """Lock the items of offers and return them by offer; `make` opens those that are missing."""
    wanted = sorted(set(offer_ids))
    if make and wanted:
        rows = [
            {"tenant_id": current_id(), "id": new_id(), "offer_id": key, "currency": current().currency, "on_hand": 0,
             "value_minor": 0, "created_at": clock.now()}
            for key in wanted
        ]  # fmt: skip
        session().execute(insert(ItemRow).values(rows).on_conflict_do_nothing())
    query = select(ItemRow).where(ItemRow.offer_id.in_(wanted)).order_by(ItemRow.offer_id).with_for_update()
    found = session().scalars(query, execution_options={"populate_existing": True})
    return {row.offer_id: row for row in found}


def stock_of(item: ItemRow) -> Stock:
    """Return an item's units and value."""
    return Stock(item.on_hand, item.value_minor)


def moved(item: ItemRow, kind: str, after: Stock, subject_id: UUID, key: str) -> None:
    """Bring a locked item to another stock and write the movement that explains it."""
    row = MovementRow(
        id=new_id(), offer_id=item.offer_id, kind=kind, quantity=after.on_hand - item.on_hand,
        value_minor=after.value - item.value_minor, currency=item.currency, subject_id=subject_id, key=key,
        by_name=audit.actor().name, at=clock.now(),
    )  # fmt: skip
    item.on_hand, item.value_minor = after.on_hand, after.value
    session().add(row)


def passed(offer_id: UUID, kind: str, quantity: int, value: Money, subject_id: UUID, key: str) -> None:
    """Write a movement beside the stock, in or out, which another one balances; the item stays as it is."""
    session().add(MovementRow(
        id=new_id(), offer_id=offer_id, kind=kind, quantity=quantity, value_minor=value.minor, currency=value.currency,
        subject_id=subject_id, key=key, by_name=audit.actor().name, at=clock.now(),
    ))  # fmt: skip


def post(key: str, kind: str, postings: Sequence[Posting], order_id: UUID | None = None) -> None:
    """Post to the ledger under a key of own goods; a negative amount goes the other way."""
    signed = [p if p.amount.minor >= 0 else Posting(p.destination, p.source, -p.amount, p.memo) for p in postings]
    journal.post(f"self_operated:{key}", f"self_operated.{kind}", signed, order_id=order_id)


def debit(account: str, credit: str, minor: int, currency: str, memo: str) -> Posting:
    """Return the posting "Dr account / Cr credit"."""
    return Posting(credit, account, Money(minor, currency), memo)
