"""Rows of parcels: what left when, with whom, and where it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ParcelRow(TenantOwned, Model):
    """A parcel of an order, with the carrier's tracking."""

    __tablename__ = "parcels"
    __table_args__ = (
        CheckConstraint("state in ('shipped','delivered','lost','returned')", name="state"),
        Index(None, "tenant_id", "order_id"),
    )
    order_id: Mapped[UUID] = ref("orders")
    carrier: Mapped[str]
    tracking: Mapped[str] = mapped_column(default="")
    tracking_url: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="shipped")
    shipped_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    delivered_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ParcelLineRow(TenantOwned, Model):
    """How many of an order line a parcel holds."""

    __tablename__ = "parcel_lines"
    __table_args__ = (
        UniqueConstraint("tenant_id", "parcel_id", "line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )
    parcel_id: Mapped[UUID] = ref("parcels", ondelete="CASCADE")
    line_id: Mapped[UUID] = ref("order_lines")
    quantity: Mapped[int]
