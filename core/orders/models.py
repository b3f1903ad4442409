"""Rows of purchases and orders. What is frozen at placing is never recomputed (R6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class PurchaseRow(TenantOwned, Model):
    """What a buyer placed and pays at once: one order for each shop and split key."""

    __tablename__ = "purchases"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "placing_key"),
        UniqueConstraint("tenant_id", "external_key"),
        CheckConstraint("state in ('pending','paid','cancelled','expired')", name="state"),
        Index(None, "tenant_id", "customer_id", text("id desc")),
    )
    number: Mapped[str]
    placing_key: Mapped[str | None]
    external_key: Mapped[str | None]
    customer_id: Mapped[UUID] = ref("customers")
    email: Mapped[str]
    locale: Mapped[str]
    currency: Mapped[str]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    prices_include_tax: Mapped[bool] = mapped_column(default=True)
    address: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    visit: Mapped[str | None]
    guest_digest: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="pending")
    placed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    paid_at: Mapped[datetime | None] = mapped_column(Timestamp)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)


class OrderRow(TenantOwned, Model):
    """A shop's part of a purchase. `total` is the buyer's payment share; sums over lines are kept beside them."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint(
            "state in ('pending_payment','paid','accepted','shipped','delivered','completed','cancelled')",
            name="state",
        ),
        Index(None, "tenant_id", "purchase_id"),
        Index(None, "tenant_id", "merchant_id", "state", text("id desc")),
        Index(None, "tenant_id", "state", text("id desc")),
        Index(None, "tenant_id", "merchant_id", text("placed_at desc")),
        Index(None, "tenant_id", text("placed_at desc")),
        Index(None, "tenant_id", "completed_at", postgresql_where=text("completed_at is not null")),
    )
    purchase_id: Mapped[UUID] = ref("purchases")
    merchant_id: Mapped[UUID] = ref("merchants")
    shop_id: Mapped[UUID] = ref("shops")
    customer_id: Mapped[UUID] = ref("customers")
    number: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending_payment")
    is_house: Mapped[bool] = mapped_column(default=False)
    currency: Mapped[str]
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    delivery_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    delivery_code: Mapped[str] = mapped_column(default="")
    delivery_label: Mapped[str] = mapped_column(default="")
    delivery_min_days: Mapped[int] = mapped_column(default=1)
    delivery_max_days: Mapped[int] = mapped_column(default=5)
    labels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(default="")
    cancel_reason: Mapped[str] = mapped_column(default="")
    placed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    paid_at: Mapped[datetime | None] = mapped_column(Timestamp)
    shipped_at: Mapped[datetime | None] = mapped_column(Timestamp)
    delivered_at: Mapped[datetime | None] = mapped_column(Timestamp)
    completed_at: Mapped[datetime | None] = mapped_column(Timestamp)


class LineRow(TenantOwned, Model):
    """A bought variant with every amount frozen. The buyer pays discounted - platform_discount."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("shipped between 0 and quantity", name="shipped"),
        CheckConstraint("refunded between 0 and quantity", name="refunded"),
        Index(None, "tenant_id", "order_id", "position"),
        Index(None, "tenant_id", "listing_id"),
    )
    order_id: Mapped[UUID] = ref("orders")
    listing_id: Mapped[UUID] = ref("listings")
    variant_id: Mapped[UUID] = ref("variants")
    category_id: Mapped[UUID]
    position: Mapped[int]
    title: Mapped[str]
    options: Mapped[list[str]] = mapped_column(JSON, default=list)
    sku: Mapped[str]
    picture_id: Mapped[UUID | None]
    quantity: Mapped[int]
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)
    gross_minor: Mapped[int] = mapped_column(BigInteger)
    merchant_discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    platform_discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    discounted_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    tax_bps: Mapped[int]
    currency: Mapped[str]
    shipped: Mapped[int] = mapped_column(default=0)
    refunded: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class AppliedRow(TenantOwned, Model):
    """An adjustment that counted, as its plugin said it; kept so that history needs no plugin."""

    __tablename__ = "applied_adjustments"
    __table_args__ = (Index(None, "tenant_id", "purchase_id"),)
    purchase_id: Mapped[UUID] = ref("purchases")
    line_id: Mapped[UUID | None]
    merchant_id: Mapped[UUID | None]
    plugin: Mapped[str]
    stage: Mapped[int]
    target: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    funded_by: Mapped[str]
    label: Mapped[str]
    reason: Mapped[str]


class TimelineRow(TenantOwned, Model):
    """A moment in an order's life, as buyer, merchant and operator see it. Notes of staff are not for buyers."""

    __tablename__ = "order_timeline"
    __table_args__ = (Index(None, "tenant_id", "order_id", "id"),)
    order_id: Mapped[UUID] = ref("orders")
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_kind: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class CounterRow(TenantOwned, Model):
    """The last number of a gapless series of documents or of readable order numbers."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("tenant_id", "series"),)
    series: Mapped[str]
    last: Mapped[int] = mapped_column(BigInteger, default=0)
