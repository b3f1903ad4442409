"""Rows of payments: one for each purchase and try, the provider's events as they came, and money sent back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class PaymentRow(TenantOwned, Model):
    """A buyer's payment of a purchase. Its state is derived from the provider's events, so their order is no matter."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("state in ('created','pending','failed','captured','cancelled','late')", name="state"),
        UniqueConstraint("tenant_id", "provider", "provider_ref"),
        UniqueConstraint("tenant_id", "purchase_id"),
    )
    purchase_id: Mapped[UUID] = ref("purchases")
    provider: Mapped[str]
    provider_ref: Mapped[str | None]
    client_secret: Mapped[str] = mapped_column(default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="created")
    method: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")
    captured_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ProviderEventRow(TenantOwned, Model):
    """A provider's event as received: stored first, worked on after. One row however often it comes."""

    __tablename__ = "provider_events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provider", "event_ref"),
        Index(None, "tenant_id", "object_ref"),
    )
    provider: Mapped[str]
    event_ref: Mapped[str]
    kind: Mapped[str]
    object_ref: Mapped[str]
    created: Mapped[datetime] = mapped_column(Timestamp)
    received_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    handled_at: Mapped[datetime | None] = mapped_column(Timestamp)


class PaymentRefundRow(TenantOwned, Model):
    """Money on its way back to the buyer; its key is the provider's idempotency key.

    `outside` says that no provider here took the payment (history, demonstration): whoever took it settles it.
    """

    __tablename__ = "payment_refunds"
    __table_args__ = (
        CheckConstraint("state in ('intended','pending','succeeded','failed','outside')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("tenant_id", "key"),
        Index(None, "tenant_id", "payment_id"),
    )
    payment_id: Mapped[UUID] = ref("payments")
    order_id: Mapped[UUID | None]
    key: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    provider_ref: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="intended")
    failure: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ProviderAccountRow(TenantOwned, Model):
    """A merchant's account at a payment provider. `needs` are the kinds of things that are still to be supplied.

    `begun_at` is when the merchant first went there to supply them; until then nothing counts as missing.
    """

    __tablename__ = "provider_accounts"
    __table_args__ = (
        CheckConstraint("state in ('new','pending','restricted','active','rejected')", name="state"),
        UniqueConstraint("tenant_id", "provider", "merchant_id"),
        UniqueConstraint("tenant_id", "provider", "ref"),
        Index(None, "tenant_id", "state", "id"),
    )
    merchant_id: Mapped[UUID] = ref("merchants")
    provider: Mapped[str]
    ref: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="new")
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    begun_at: Mapped[datetime | None] = mapped_column(Timestamp)
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp)
