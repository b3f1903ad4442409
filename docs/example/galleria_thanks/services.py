"""Counts completed orders, lists regular buyers, and answers for what is held about a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from core.customers.models import CustomerRow
from core.hooks.data import DataSubject, Erasure, ExportFile
from core.hooks.events import OrderChange, OrderEvent
from core.hooks.lifecycle import Purged
from core.hooks.types import Adjustment, Basket, Stage
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, current
from galleria_thanks import rules
from galleria_thanks.models import CompletedRow
from galleria_thanks.settings import Settings


@dataclass(frozen=True, slots=True)
class Regular:
    """A buyer and how many orders they have completed."""

    customer_id: UUID
    name: str
    orders: int


def completed(customer_id: UUID) -> int:
    """Return how many orders a buyer has completed."""
    query = select(func.count()).where(CompletedRow.customer_id == customer_id)
    return session().scalar(query) or 0


def thank(tenant: Tenant, basket: Basket) -> Sequence[Adjustment]:
    """Return the discount of a buyer who came back. No query for guests, nor at other stages."""
    customer_id = basket.viewer.customer_id
    if basket.stage is not Stage.BASKET or customer_id is None:
        return ()
    return rules.discount(basket, completed(customer_id), Settings.of(tenant), gettext("Thanks for coming back"))


def remember(event: OrderEvent) -> None:
    """Count a completed order once. Guests' orders belong to nobody and do not count."""
    customer_id = event.order.customer_id
    if event.change is not OrderChange.COMPLETED or customer_id is None:
        return
    row = {"id": new_id(), "tenant_id": current().id, "order_id": event.order.id, "customer_id": customer_id,
           "completed_at": event.at}  # fmt: skip
    session().execute(insert(CompletedRow).values(row).on_conflict_do_nothing())


def regulars(least: int, *, after: tuple[int, UUID] | None = None, limit: int = 50) -> list[Regular]:
    """Return buyers with at least so many completed orders, most first; `after` is the last one of the page before."""
    orders = func.count().label("orders")
    query = (
        select(CompletedRow.customer_id, CustomerRow.name, orders)
        .outerjoin(CustomerRow, CustomerRow.id == CompletedRow.customer_id)
        .group_by(CompletedRow.customer_id, CustomerRow.name)
        .having(orders >= least)
        .order_by(orders.desc(), CompletedRow.customer_id)
        .limit(limit)
    )
    if after is not None:
        query = query.having((orders < after[0]) | ((orders == after[0]) & (CompletedRow.customer_id > after[1])))
    return [Regular(key, name or "", count) for key, name, count in session().execute(query)]


def export(subject: DataSubject) -> Sequence[ExportFile]:
    """Return the orders that count for a buyer."""
    if subject.kind != "customer":
        return ()
    query = select(CompletedRow).where(CompletedRow.customer_id == subject.id).order_by(CompletedRow.id)
    found = [{"order_id": str(row.order_id), "at": row.completed_at.isoformat()} for row in session().scalars(query)]
    return [ExportFile("thanks/completed.json", "application/json", json.dumps(found).encode())] if found else ()


def erase(subject: DataSubject) -> Sequence[Erasure]:
    """Forget a buyer: nobody else's discount depends on these rows."""
    if subject.kind != "customer":
        return ()
    gone = session().execute(delete(CompletedRow).where(CompletedRow.customer_id == subject.id)).rowcount
    return [Erasure("thanks_completed", gone)]


def purge() -> Sequence[Purged]:
    """Delete every row of the tenant."""
    return [Purged("thanks_completed", session().execute(delete(CompletedRow)).rowcount)]
