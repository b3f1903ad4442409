"""Rows of disputes, and of each order's share in one with the merchant's answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class DisputeRow(TenantOwned, Model):
    """A buyer's bank took a payment back; one payment may be of several shops. `fee` grows to what the provider took.

    `asked` is what was sent for to the provider and not confirmed yet: "submit" or "accept".
    """

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint("state in ('open','submitted','won','lost')", name="state"),
        UniqueConstraint("tenant_id", "provider", "ref"),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "purchase_id"),
    )
    payment_id: Mapped[UUID] = ref("payments")
    purchase_id: Mapped[UUID] = ref("purchases")
    provider: Mapped[str]
    ref: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    asked: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)
    opened_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    submitted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)


class DisputeShareRow(TenantOwned, Model):
    """What of a dispute falls to one order, by what the buyer paid for it (R2), and what its merchant answers."""

    __tablename__ = "dispute_shares"
    __table_args__ = (
        UniqueConstraint("tenant_id", "dispute_id", "order_id"),
        Index(None, "tenant_id", "merchant_id", "id"),
    )
    dispute_id: Mapped[UUID] = ref("disputes")
    order_id: Mapped[UUID] = ref("orders")
    merchant_id: Mapped[UUID] = ref("merchants")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    media_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)
