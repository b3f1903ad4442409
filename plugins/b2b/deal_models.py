"""Rows of what a company agrees on before it orders: baskets that somebody else approves, and quotes of merchants."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class RequisitionRow(TenantOwned, Model):
    """A basket that its author may not buy alone. `lines` are as they were asked for, each with its gross amount.

    `expires_at` is the end of the present state: of waiting, then of the approval.
    """

    __tablename__ = "b2b_requisitions"
    __table_args__ = (
        CheckConstraint("state in ('waiting','approved','rejected','withdrawn','lapsed','placed')", name="state"),
        CheckConstraint("total_minor >= 0", name="total"),
        Index(None, "tenant_id", "company_id", "state", text("id desc")),
        Index(
            "ix_b2b_requisitions_due", "tenant_id", "expires_at",
            postgresql_where=text("state in ('waiting','approved')"),
        ),
    )  # fmt: skip
    company_id: Mapped[UUID] = ref("b2b_companies", ondelete="CASCADE")
    author_id: Mapped[UUID] = ref("b2b_members", ondelete="CASCADE")
    approver_id: Mapped[UUID | None]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting")
    purchase_id: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)


class QuoteRow(TenantOwned, Model):
    """A merchant's quote for a company. `expires_at` is the end of the present state; `is_held` keeps the units aside."""

    __tablename__ = "b2b_quotes"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("state in ('asked','offered','accepted','declined','withdrawn','expired')", name="state"),
        Index(None, "tenant_id", "company_id", text("id desc")),
        Index(None, "tenant_id", "merchant_id", "state", text("id desc")),
        Index(
            "ix_b2b_quotes_due", "tenant_id", "expires_at", postgresql_where=text("state in ('asked','offered')"),
        ),
    )  # fmt: skip
    number: Mapped[str]
    company_id: Mapped[UUID] = ref("b2b_companies", ondelete="CASCADE")
    author_id: Mapped[UUID] = ref("b2b_members", ondelete="CASCADE")
    merchant_id: Mapped[UUID]
    shop_id: Mapped[UUID]
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="asked")
    currency: Mapped[str]
    is_held: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    purchase_id: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)


class RevisionRow(TenantOwned, Model):
    """What one side wrote: its lines (with prices when the merchant wrote them), the delivery, its words. Never changed."""

    __tablename__ = "b2b_quote_revisions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "quote_id", "revision"),
        CheckConstraint("side in ('company','merchant')", name="side"),
        CheckConstraint("freight_minor >= 0", name="freight"),
    )
    quote_id: Mapped[UUID] = ref("b2b_quotes", ondelete="CASCADE")
    revision: Mapped[int]
    side: Mapped[str]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    freight_minor: Mapped[int | None] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
