"""Rows of what a company agrees on before it orders: baskets that somebody else approves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, text
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
