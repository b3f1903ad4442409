"""The plugin's one table: which orders of whom were completed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned


class CompletedRow(TenantOwned, Model):
    """An order that a buyer has completed. An order counts once, however often the event comes."""

    __tablename__ = "thanks_completed"
    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id"),
        Index(None, "tenant_id", "customer_id"),
    )
    order_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    completed_at: Mapped[datetime] = mapped_column(Timestamp)
