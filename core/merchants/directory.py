"""Finds merchants: one, by state and words, and which of many may sell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select

from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.merchants.models import MerchantRow, ShopRow
from core.merchants.values import Merchant, merchant_of

_WAITING = case((MerchantRow.state == "applied", 0), (MerchantRow.state == "info_asked", 1), else_=2)


def row_of(merchant_id: UUID | None) -> MerchantRow:
    """Return a merchant's row for the services of this package. Raise Missing if there is none."""
    row = session().scalars(select(MerchantRow).where(MerchantRow.id == merchant_id)).one_or_none()
    if row is None:
        raise Missing("merchants.missing", _("There is no such merchant"))
    return row


def find(merchant_id: UUID | None) -> Merchant:
    """Return one merchant. Raise Missing if there is none."""
    return merchant_of(row_of(merchant_id))


def found(merchant_ids: Iterable[UUID]) -> Mapping[UUID, Merchant]:
    """Return merchants by key, in one query; unknown keys are left out."""
    rows = session().scalars(select(MerchantRow).where(MerchantRow.id.in_(list(merchant_ids))))
    return {row.id: merchant_of(row) for row in rows}


def search(
    *, state: str | None = None, words: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[Merchant, ...]:
    """Return merchants but the house and those still in draft, newest first; the words match names and addresses."""
    query = select(MerchantRow).where(MerchantRow.is_house.is_(False))
    query = query.where(MerchantRow.state == state) if state else query.where(MerchantRow.state != "draft")
    if words.strip():
        query = query.where(_matches(words.strip()))
    if before:
        query = query.where(MerchantRow.id < before)
    rows = session().scalars(query.order_by(MerchantRow.id.desc()).limit(limit))
    return tuple(merchant_of(row) for row in rows)


def _matches(words: str) -> ColumnElement[bool]:
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    shops = select(ShopRow.merchant_id).where(ShopRow.name.ilike(pattern))
    return or_(MerchantRow.name.ilike(pattern), MerchantRow.email.ilike(pattern), MerchantRow.id.in_(shops))


def waiting(limit: int = 50) -> tuple[Merchant, ...]:
    """Return applications that wait for the operator, then those that wait for the applicant; oldest first."""
    query = (
        select(MerchantRow)
        .where(MerchantRow.state.in_(("applied", "info_asked")))
        .order_by(_WAITING, MerchantRow.applied_at, MerchantRow.id)
        .limit(limit)
    )
    return tuple(merchant_of(row) for row in session().scalars(query))


def counts() -> Mapping[str, int]:
    """Return how many merchants there are in each state, the house left out."""
    query = select(MerchantRow.state, func.count()).where(MerchantRow.is_house.is_(False)).group_by(MerchantRow.state)
    return {state: int(count) for state, count in session().execute(query)}


def sellable_merchants(merchant_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the merchants that may sell now: approved, neither suspended nor closed."""
    query = select(MerchantRow.id).where(MerchantRow.id.in_(list(merchant_ids)), MerchantRow.state == "approved")
    return frozenset(session().scalars(query))
