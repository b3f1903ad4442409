"""What the provider has said about a payment, and what was sent back of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from core.kernel.db import session
from core.kernel.money import Money
from core.payments.models import PaymentRefundRow, PaymentRow, ProviderEventRow

_MOST = 100


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """An event as it came; `handled_at` is None while it waits."""

    reference: str
    kind: str
    object_reference: str
    created: datetime
    received_at: datetime
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SentBack:
    """Money on its way back to the buyer."""

    key: str
    order_id: UUID | None
    amount: Money
    state: str
    reference: str
    failure: str
    created_at: datetime


def events(payment_reference: str) -> list[ProviderEvent]:
    """Return the events about a payment and about what was sent back of it, newest first, at most a hundred."""
    if not payment_reference:
        return []
    refunds = (
        select(PaymentRefundRow.provider_ref)
        .join(
            PaymentRow,
            (PaymentRow.tenant_id == PaymentRefundRow.tenant_id) & (PaymentRow.id == PaymentRefundRow.payment_id),
        )
        .where(PaymentRow.provider_ref == payment_reference)
    )
    query = (
        select(ProviderEventRow)
        .where(or_(ProviderEventRow.object_ref == payment_reference, ProviderEventRow.object_ref.in_(refunds)))
        .order_by(ProviderEventRow.id.desc())
        .limit(_MOST)
    )
    return [
        ProviderEvent(r.event_ref, r.kind, r.object_ref, r.created, r.received_at, r.handled_at)
        for r in session().scalars(query)
    ]


def sent_back(payment_id: UUID) -> list[SentBack]:
    """Return what was sent back of a payment, oldest first."""
    query = select(PaymentRefundRow).where(PaymentRefundRow.payment_id == payment_id).order_by(PaymentRefundRow.id)
    return [
        SentBack(
            r.key, r.order_id, Money(r.amount_minor, r.currency), r.state, r.provider_ref or "", r.failure, r.created_at
        )
        for r in session().scalars(query)
    ]
