"""What pages and the API read of complaints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core.catalogue.models import ListingRow
from core.kernel import clock
from core.kernel.db import session
from core.merchants.models import MerchantRow
from core.orders.models import OrderRow
from core.processes.complaints.models import ComplaintMessageRow, ComplaintRow
from core.processes.complaints.moving import missing
from core.processes.complaints.states import CLOSED

VIEWS: Mapping[str, tuple[str, ...]] = {
    "to_decide": ("platform_decides",),
    "with_merchant": ("with_merchant",),
    "answered": ("answered",),
    "remedy": ("settled", "decided", "remedied"),
    "closed": CLOSED,
    "": (),
}
"""Lists by who is next; "" is all."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as its sides see it; whoever may not know the complainant's address does not get it shown."""

    id: UUID
    number: str
    kind: str
    topic: str
    state: str
    channel: str
    order_id: UUID | None
    order_number: str
    listing_id: UUID | None
    listing: str
    merchant_id: UUID | None
    merchant: str
    customer_id: UUID | None
    name: str
    email: str
    locale: str
    text: str
    wish: str
    about_on: date | None
    owner_id: UUID | None
    owner_name: str
    offer: str
    answer: str
    outcome: str
    decision: str
    clause: str
    remedy: str
    proof: str
    cause: str
    receipt: str
    filed_at: datetime
    answered_at: datetime | None
    decided_at: datetime | None
    remedied_at: datetime | None
    measure_at: datetime | None
    reported_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in CLOSED

    @property
    def is_late(self) -> bool:
        """Whether the next step is overdue."""
        return self.due_at is not None and self.due_at < clock.now()


@dataclass(frozen=True, slots=True)
class Message:
    """Something said; `side` is complainant, merchant or operator."""

    side: str
    name: str
    text: str
    is_internal: bool
    at: datetime


def find(complaint_id: UUID, *, merchant_id: UUID | None = None) -> Complaint:
    """Return a complaint, a merchant's own if one is given. Raise Missing if there is none."""
    where = [ComplaintRow.id == complaint_id] + ([ComplaintRow.merchant_id == merchant_id] if merchant_id else [])
    found = _many(*where)
    if not found:
        raise missing()
    return found[0]


def messages(complaint_id: UUID, *, with_internal: bool = False) -> tuple[Message, ...]:
    """Return what was said, oldest first, at most 500."""
    query = select(ComplaintMessageRow).where(ComplaintMessageRow.complaint_id == complaint_id)
    if not with_internal:
        query = query.where(ComplaintMessageRow.is_internal.is_(False))
    rows = session().scalars(query.order_by(ComplaintMessageRow.id).limit(500))
    return tuple(Message(row.side, row.name, row.text, row.is_internal, row.at) for row in rows)


def listed(view: str = "", *, kind: str = "", merchant_id: UUID | None = None, customer_ids: Sequence[UUID] = (),
           before: UUID | None = None, limit: int = 50) -> tuple[Complaint, ...]:  # fmt: skip
    """Return complaints newest first: of a view, a class, a merchant, or a buyer."""
    where: list[ColumnElement[bool]] = []
    if states := VIEWS.get(view, ()):
        where.append(ComplaintRow.state.in_(states))
    if kind:
        where.append(ComplaintRow.kind == kind)
    if merchant_id:
        where.append(ComplaintRow.merchant_id == merchant_id)
    if customer_ids:
        where.append(ComplaintRow.customer_id.in_(customer_ids))
    if before:
        where.append(ComplaintRow.id < before)
    return _many(*where, limit=limit)


def counts(merchant_id: UUID | None = None) -> Mapping[str, int]:
    """Count complaints by state."""
    query = select(ComplaintRow.state, func.count()).group_by(ComplaintRow.state)
    if merchant_id:
        query = query.where(ComplaintRow.merchant_id == merchant_id, ComplaintRow.kind == "consumer")
    return {row[0]: row[1] for row in session().execute(query)}


def _many(*where: ColumnElement[bool], limit: int = 50) -> tuple[Complaint, ...]:
    one = ComplaintRow
    query = (
        select(one, MerchantRow.name, OrderRow.number, ListingRow.title)
        .outerjoin(MerchantRow, (MerchantRow.tenant_id == one.tenant_id) & (MerchantRow.id == one.merchant_id))
        .outerjoin(OrderRow, (OrderRow.tenant_id == one.tenant_id) & (OrderRow.id == one.order_id))
        .outerjoin(ListingRow, (ListingRow.tenant_id == one.tenant_id) & (ListingRow.id == one.listing_id))
        .where(*where)
        .order_by(one.id.desc())
        .limit(limit)
    )
    found = []
    for row, merchant, order, listing in session().execute(query):
        joined: dict[str, Any] = {"merchant": merchant or "", "order_number": order or "", "listing": listing or ""}
        plain = {name: getattr(row, name) for name in Complaint.__slots__ if name not in joined}
        found.append(Complaint(**plain, **joined))
    return tuple(found)
