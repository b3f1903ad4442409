"""Listings that buyers keep for later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from core.customers.models import CustomerRow, SavedRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

MOST = 500


def save(customer_id: UUID, listing_id: UUID) -> None:
    """Keep a listing; again changes nothing. Raise Conflict when there are very many."""
    query = select(func.count()).select_from(SavedRow).where(SavedRow.customer_id == customer_id)
    if (session().scalar(query) or 0) >= MOST and not is_saved(customer_id, listing_id):
        raise Conflict("saved.too_many", _("You have saved {most} things; take one out first"), most=MOST)
    row = {"tenant_id": current_id(), "id": new_id(), "customer_id": customer_id, "listing_id": listing_id,
           "at": clock.now()}  # fmt: skip
    session().execute(insert(SavedRow).values(row).on_conflict_do_nothing())


def remove(customer_id: UUID, listing_ids: Iterable[UUID]) -> None:
    """Keep listings no longer; again changes nothing."""
    mine = SavedRow.customer_id == customer_id
    session().execute(delete(SavedRow).where(mine, SavedRow.listing_id.in_(list(listing_ids))))


def is_saved(customer_id: UUID, listing_id: UUID) -> bool:
    """Tell whether a buyer keeps a listing."""
    query = select(SavedRow.id).where(SavedRow.customer_id == customer_id, SavedRow.listing_id == listing_id)
    return session().scalar(query) is not None


def ids_of_account(user_id: UUID) -> frozenset[UUID]:
    """Return all that the buyer of an account keeps, in one small statement for a whole page."""
    query = select(SavedRow.listing_id).join(
        CustomerRow, (CustomerRow.tenant_id == SavedRow.tenant_id) & (CustomerRow.id == SavedRow.customer_id)
    )
    return frozenset(session().scalars(query.where(CustomerRow.user_id == user_id)))


def page(customer_id: UUID, *, before: UUID | None = None, limit: int = 24) -> tuple[Sequence[UUID], UUID | None]:
    """Return a page of kept listings, the latest first, and where the next page goes on."""
    query = select(SavedRow.id, SavedRow.listing_id).where(SavedRow.customer_id == customer_id)
    if before is not None:
        query = query.where(SavedRow.id < before)
    rows = session().execute(query.order_by(SavedRow.id.desc()).limit(limit + 1)).all()
    return [row.listing_id for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None
