"""Rows of what parties owe each other from orders: charges with their explanation, refunds and their parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ChargeRow(TenantOwned, Model):
    """A charge as its plugin stated it at placing, frozen. `reversed` amounts grow with refunds (R4)."""

    __tablename__ = "charges"
    __table_args__ = (
        Index(None, "tenant_id", "order_id"),
        CheckConstraint("on_refund in ('proportional','keep','keep_fixed')", name="on_refund"),
    )
    order_id: Mapped[UUID] = ref("orders")
    line_id: Mapped[UUID | None] = ref("order_lines")
    merchant_id: Mapped[UUID]
    plugin: Mapped[str]
    kind: Mapped[str]
    payer: Mapped[str]
    payee: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    fixed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    basis_minor: Mapped[int] = mapped_column(BigInteger)
    rate_bps: Mapped[int | None]
    currency: Mapped[str]
    on_refund: Mapped[str]
    reason: Mapped[str]
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reversed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    reversed_tax_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class RefundRow(TenantOwned, Model):
    """Money given back for lines of an order, under the caller's key: the same key again changes nothing."""

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "at"),
    )
    order_id: Mapped[UUID] = ref("orders")
    key: Mapped[str]
    request_digest: Mapped[str]
    number: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    delivery_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by_kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class RefundLineRow(TenantOwned, Model):
    """What a refund took of each frozen amount of a line."""

    __tablename__ = "refund_lines"
    __table_args__ = (UniqueConstraint("tenant_id", "refund_id", "line_id"), Index(None, "tenant_id", "line_id"))
    refund_id: Mapped[UUID] = ref("refunds")
    line_id: Mapped[UUID] = ref("order_lines")
    quantity: Mapped[int]
    discounted_minor: Mapped[int] = mapped_column(BigInteger)
    platform_discount_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
