"""What pages and the API read of disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core.kernel.db import session
from core.kernel.money import Money
from core.merchants.models import MerchantRow
from core.orders.models import OrderRow
from core.processes.conflicts import money
from core.processes.conflicts.models import BundleRow, ConflictMessageRow, ConflictRow
from core.processes.conflicts.moving import missing
from core.processes.conflicts.states import OPEN


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute as its sides see it. `is_paid` says whether what was awarded has gone back."""

    id: UUID
    number: str
    state: str
    order_id: UUID
    order_number: str
    purchase_id: UUID
    merchant_id: UUID
    merchant: str
    customer_id: UUID | None
    complaint_id: UUID | None
    opened_by: str
    text: str
    asked: Money
    awarded: Money
    extra: Money
    wants_mediation: str
    mediator_id: UUID | None
    mediator: str
    agreement: str
    decision: str
    clause: str
    is_fraud: bool
    arbitration_agreement: str
    elsewhere: str
    result: str
    is_paid: bool
    opened_at: datetime
    decided_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Message:
    """Something said; `offer` is an amount that the side offers, `offer_state` open, accepted or replaced."""

    id: UUID
    side: str
    text: str
    offer: Money | None
    offer_state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle of evidence that was made; `digest` is the SHA-256 of the archive."""

    id: UUID
    digest: str
    size: int
    made_by: str
    at: datetime


def find(conflict_id: UUID, *, merchant_id: UUID | None = None) -> Dispute:
    """Return a dispute, a merchant's own if one is given. Raise Missing if there is none."""
    where = [ConflictRow.id == conflict_id] + ([ConflictRow.merchant_id == merchant_id] if merchant_id else [])
    found = _many(*where)
    if not found:
        raise missing()
    return found[0]


def of_order(order_id: UUID) -> Dispute | None:
    """Return the dispute over an order that is open, if there is one."""
    return next(iter(_many(ConflictRow.order_id == order_id, ConflictRow.state.in_(OPEN))), None)


def listed(state: str = "", *, merchant_id: UUID | None = None, customer_ids: Sequence[UUID] = (),
           before: UUID | None = None, limit: int = 50) -> tuple[Dispute, ...]:  # fmt: skip
    """Return disputes newest first: of a stage ("open" for all that are), a merchant, or a buyer."""
    where: list[ColumnElement[bool]] = []
    if state:
        where.append(ConflictRow.state.in_(OPEN) if state == "open" else ConflictRow.state == state)
    if merchant_id:
        where.append(ConflictRow.merchant_id == merchant_id)
    if customer_ids:
        where.append(ConflictRow.customer_id.in_(customer_ids))
    if before:
        where.append(ConflictRow.id < before)
    return _many(*where, limit=limit)


def counts(merchant_id: UUID | None = None) -> Mapping[str, int]:
    """Count disputes by stage."""
    query = select(ConflictRow.state, func.count()).group_by(ConflictRow.state)
    if merchant_id:
        query = query.where(ConflictRow.merchant_id == merchant_id)
    return {row[0]: row[1] for row in session().execute(query)}


def messages(dispute: Dispute) -> tuple[Message, ...]:
    """Return what was said and offered, oldest first, at most 500."""
    query = select(ConflictMessageRow).where(ConflictMessageRow.conflict_id == dispute.id)
    currency = dispute.asked.currency
    return tuple(
        Message(row.id, row.side, row.text, None if row.offer_minor is None else Money(row.offer_minor, currency),
                row.offer_state, row.at)
        for row in session().scalars(query.order_by(ConflictMessageRow.id).limit(500))
    )  # fmt: skip


def bundles(conflict_id: UUID) -> tuple[Bundle, ...]:
    """Return the bundles of evidence that were made, newest first."""
    query = select(BundleRow).where(BundleRow.conflict_id == conflict_id).order_by(BundleRow.id.desc()).limit(50)
    return tuple(Bundle(row.id, row.digest, row.bytes, row.made_by, row.at) for row in session().scalars(query))


def _many(*where: ColumnElement[bool], limit: int = 50) -> tuple[Dispute, ...]:
    one = ConflictRow
    query = (
        select(one, MerchantRow.name, OrderRow.number)
        .join(MerchantRow, (MerchantRow.tenant_id == one.tenant_id) & (MerchantRow.id == one.merchant_id))
        .join(OrderRow, (OrderRow.tenant_id == one.tenant_id) & (OrderRow.id == one.order_id))
        .where(*where)
        .order_by(one.id.desc())
        .limit(limit)
    )
    return tuple(_value(row, merchant, order) for row, merchant, order in session().execute(query).all())


def _value(row: ConflictRow, merchant: str, order: str) -> Dispute:
    is_due = bool(row.awarded_minor) and row.refund_id is None
    return Dispute(
        row.id, row.number, row.state, row.order_id, order, row.purchase_id, row.merchant_id, merchant,
        row.customer_id, row.complaint_id, row.opened_by, row.text, Money(row.asked_minor, row.currency),
        Money(row.awarded_minor, row.currency), Money(row.extra_minor, row.currency), row.wants_mediation,
        row.mediator_id, row.mediator, row.agreement, row.decision, row.clause, row.is_fraud,
        row.arbitration_agreement, row.elsewhere, row.result, not is_due or money.found(row) is not None,
        row.opened_at, row.decided_at, row.closed_at, row.due_at,
    )  # fmt: skip
