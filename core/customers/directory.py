"""Buyers as the operator sees them: a list by name or address, newest first; who was erased shows no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from core.customers.models import CustomerRow
from core.kernel.db import session
from core.kernel.errors import Missing, _

KINDS = ("", "account", "guest")


@dataclass(frozen=True, slots=True)
class Buyer:
    """A buyer: with an account or a guest of one address."""

    id: UUID
    name: str
    email: str
    phone: str
    has_account: bool
    since: datetime
    erased_at: datetime | None


def _value(row: CustomerRow) -> Buyer:
    return Buyer(row.id, row.name, row.email, row.phone, row.user_id is not None, row.created_at, row.erased_at)


def _narrowed(query: Select[CustomerRow], words: str, kind: str) -> Select[CustomerRow]:
    if words.strip():
        literal = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(or_(CustomerRow.name.ilike(f"%{literal}%"), CustomerRow.email.ilike(f"{literal}%")))
    if kind == "account":
        query = query.where(CustomerRow.user_id.is_not(None))
    elif kind == "guest":
        query = query.where(CustomerRow.user_id.is_(None))
    return query


def search(
    *, words: str = "", kind: str = "", after: UUID | None = None, limit: int = 50
) -> tuple[list[Buyer], UUID | None]:
    """Return a page of buyers, newest first, and the key to go on after. Words match names and addresses' beginnings."""
    query = _narrowed(select(CustomerRow), words, kind)
    if after is not None:
        query = query.where(CustomerRow.id < after)
    rows = session().scalars(query.order_by(CustomerRow.id.desc()).limit(limit + 1)).all()
    return [_value(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def count(*, words: str = "", kind: str = "") -> int:
    """Return how many buyers a list shows."""
    found = _narrowed(select(CustomerRow), words, kind).with_only_columns(func.count(CustomerRow.id))
    return session().scalar(found) or 0


def find(customer_id: UUID) -> Buyer:
    """Return one buyer. Raise Missing if there is none."""
    row = session().scalars(select(CustomerRow).where(CustomerRow.id == customer_id)).one_or_none()
    if row is None:
        raise Missing("customers.missing", _("There is no such buyer"))
    return _value(row)
