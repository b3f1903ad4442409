"""Rows of stock: how many of a variant lie where, what is reserved, and every movement that explains it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class LocationRow(TenantOwned, Model):
    """A place of a merchant where goods lie; the first in order serves first."""

    __tablename__ = "stock_locations"
    __table_args__ = (UniqueConstraint("tenant_id", "merchant_id", "name"),)
    merchant_id: Mapped[UUID] = ref("merchants", ondelete="CASCADE")
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class StockRow(TenantOwned, Model):
    """How many lie at a location: `available` can be sold, `reserved` is promised; on hand is their sum."""

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("tenant_id", "variant_id", "location_id"),
        CheckConstraint("available >= 0", name="available"),
        CheckConstraint("reserved >= 0", name="reserved"),
    )
    variant_id: Mapped[UUID] = ref("variants", ondelete="CASCADE")
    location_id: Mapped[UUID] = ref("stock_locations")
    available: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    low_at: Mapped[int] = mapped_column(default=0)


class MovementRow(TenantOwned, Model):
    """One change of what is on hand, signed; insert-only. The sum over a variant and location is what is on hand."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint(
            "kind in ('receipt','correction','sale','return','write_off','transfer','import')", name="kind"
        ),
        UniqueConstraint("tenant_id", "key"),
        Index(None, "tenant_id", "variant_id", "location_id", "id"),
    )
    variant_id: Mapped[UUID] = ref("variants", ondelete="CASCADE")
    location_id: Mapped[UUID] = ref("stock_locations")
    kind: Mapped[str]
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    order_id: Mapped[UUID | None]
    key: Mapped[str | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ReservationRow(TenantOwned, Model):
    """Units promised to an order line until a moment; paid ones stay until they are shipped."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("state in ('held','allocated','shipped','released')", name="state"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("uq_reservations_line", "tenant_id", "line_id", "location_id", unique=True,
              postgresql_where=text("state in ('held','allocated')")),
        Index(None, "tenant_id", "purchase_id"),
        Index("ix_reservations_open", "tenant_id", "variant_id",
              postgresql_where=text("state in ('held','allocated')")),
    )  # fmt: skip
    purchase_id: Mapped[UUID]
    order_id: Mapped[UUID]
    line_id: Mapped[UUID]
    variant_id: Mapped[UUID] = ref("variants")
    location_id: Mapped[UUID] = ref("stock_locations")
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(default="held")
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
