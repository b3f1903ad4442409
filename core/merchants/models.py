"""Rows of merchants, what they have proved, and their shops."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class MerchantRow(TenantOwned, Model):
    """A seller: a person or company that the operator has let in. `is_house` is the tenant itself.

    `note` is the last word of the operator to the merchant: what was asked, why it was rejected or suspended.
    `facts` holds small choices of the merchant's own, such as a dismissed checklist.
    """

    __tablename__ = "merchants"
    __table_args__ = (
        CheckConstraint(
            "state in ('draft','applied','info_asked','approved','rejected','suspended','closed')", name="state"
        ),
        CheckConstraint("kind in ('person','company','promoter')", name="kind"),
        Index("uq_merchants_house", "tenant_id", unique=True, postgresql_where=text("is_house")),
        Index(None, "tenant_id", "state", "id"),
        UniqueConstraint("tenant_id", "external_key"),
    )
    name: Mapped[str]
    kind: Mapped[str]
    country: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    registration_number: Mapped[str] = mapped_column(default="")
    tax_number: Mapped[str] = mapped_column(default="")
    address: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(default="draft")
    is_house: Mapped[bool] = mapped_column(default=False)
    external_key: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    applied_at: Mapped[datetime | None] = mapped_column(Timestamp)
    approved_at: Mapped[datetime | None] = mapped_column(Timestamp)


class DocumentRow(TenantOwned, Model):
    """What a merchant has handed in against a requirement: a file, or (without one) a statement that it agrees to."""

    __tablename__ = "merchant_documents"
    __table_args__ = (
        CheckConstraint("state in ('submitted','accepted','refused')", name="state"),
        Index(None, "tenant_id", "merchant_id"),
    )
    merchant_id: Mapped[UUID] = ref("merchants", ondelete="CASCADE")
    requirement: Mapped[str]
    media_id: Mapped[UUID | None] = ref("media")
    state: Mapped[str] = mapped_column(default="submitted")
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ShopRow(TenantOwned, Model):
    """A shop window of a merchant."""

    __tablename__ = "shops"
    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        UniqueConstraint("tenant_id", "merchant_id", "id"),
        CheckConstraint("state in ('open','holiday','closed')", name="state"),
        Index(None, "tenant_id", "merchant_id"),
    )
    merchant_id: Mapped[UUID] = ref("merchants")
    slug: Mapped[str]
    name: Mapped[str]
    story: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    holiday_note: Mapped[str] = mapped_column(default="")
    holiday_until: Mapped[datetime | None] = mapped_column(Timestamp)
    logo_id: Mapped[UUID | None] = ref("media", ondelete="SET NULL (logo_id)")
    banner_id: Mapped[UUID | None] = ref("media", ondelete="SET NULL (banner_id)")
    policies: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    return_address: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    hours: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    return_days: Mapped[int] = mapped_column(default=14)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class DeliveryRow(TenantOwned, Model):
    """A way of delivery that a shop offers itself. `free_from_minor` makes it free from that value of goods."""

    __tablename__ = "shop_deliveries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "shop_id", "code"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("min_days >= 0 and max_days >= min_days", name="days"),
    )
    shop_id: Mapped[UUID] = ref("shops", ondelete="CASCADE")
    code: Mapped[str]
    label: Mapped[str]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    free_from_minor: Mapped[int | None] = mapped_column(BigInteger)
    min_days: Mapped[int] = mapped_column(default=1)
    max_days: Mapped[int] = mapped_column(default=5)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
