"""Rows of after-sales: what a buyer asks for after goods were sent, what became of it, and what cannot be sent back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class AftersaleRow(TenantOwned, Model):
    """A buyer's request about units of an order.

    `asked_minor` and `offered_minor` are amounts for the buyer, `difference_minor` is what a cheaper replacement gives back. `by_law` says that a statute gives the right to send
    the goods back; `is_lessened` that less than the whole came back for units that were returned. `due_at` is when
    the case goes on by itself.
    """

    __tablename__ = "aftersale_cases"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint(
            "state in ('requested','offered','approved','refused','sent_back','received','inspected','rejected',"
            "'escalated','refunded','exchanged','repaired','closed')",
            name="state",
        ),
        CheckConstraint("kind in ('refund','return','exchange','claim','repair')", name="kind"),
        CheckConstraint("payer in ('buyer','merchant')", name="payer"),
        CheckConstraint("condition in ('unknown','resell','scrap')", name="condition"),
        CheckConstraint("difference_minor >= 0", name="difference"),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "merchant_id", "state", text("id desc")),
        Index(None, "tenant_id", "state", text("id desc")),
        Index(None, "tenant_id", text("id desc")),
    )
    order_id: Mapped[UUID] = ref("orders")
    merchant_id: Mapped[UUID] = ref("merchants")
    customer_id: Mapped[UUID] = ref("customers")
    number: Mapped[str]
    key: Mapped[str | None]
    kind: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="requested")
    text: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    asked_minor: Mapped[int | None] = mapped_column(BigInteger)
    offered_minor: Mapped[int | None] = mapped_column(BigInteger)
    difference_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    variant_id: Mapped[UUID | None] = ref("variants")
    is_sealed: Mapped[bool] = mapped_column(default=False)
    by_law: Mapped[bool] = mapped_column(default=False)
    is_lessened: Mapped[bool] = mapped_column(default=False)
    payer: Mapped[str] = mapped_column(default="buyer")
    return_address: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    label_id: Mapped[UUID | None] = ref("media")
    carrier: Mapped[str] = mapped_column(default="")
    tracking: Mapped[str] = mapped_column(default="")
    condition: Mapped[str] = mapped_column(default="unknown")
    refund_id: Mapped[UUID | None] = ref("refunds")
    parcel_id: Mapped[UUID | None] = ref("parcels")
    opened_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)


class AftersaleLineRow(TenantOwned, Model):
    """How many units of an order line a case is about."""

    __tablename__ = "aftersale_lines"
    __table_args__ = (
        UniqueConstraint("tenant_id", "case_id", "line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "tenant_id", "line_id"),
    )
    case_id: Mapped[UUID] = ref("aftersale_cases", ondelete="CASCADE")
    line_id: Mapped[UUID] = ref("order_lines")
    quantity: Mapped[int]


class AftersaleMomentRow(TenantOwned, Model):
    """A moment in a case's life, or what somebody wrote; buyer, merchant and operator read the same."""

    __tablename__ = "aftersale_moments"
    __table_args__ = (Index(None, "tenant_id", "case_id", "id"),)
    case_id: Mapped[UUID] = ref("aftersale_cases", ondelete="CASCADE")
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_kind: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class AftersalePhotoRow(TenantOwned, Model):
    """A photograph that somebody added to a case; only those whom the case concerns see it."""

    __tablename__ = "aftersale_photos"
    __table_args__ = (UniqueConstraint("tenant_id", "case_id", "media_id"),)
    case_id: Mapped[UUID] = ref("aftersale_cases", ondelete="CASCADE")
    media_id: Mapped[UUID] = ref("media")
    by_kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ReturnExclusionRow(TenantOwned, Model):
    """Goods that cannot be sent back for a change of mind: a category with all below it, or one listing.

    It counts for orders that were placed after it was made, so no right is taken away from a buyer.
    """

    __tablename__ = "return_exclusions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "category_id"),
        UniqueConstraint("tenant_id", "listing_id"),
        CheckConstraint("num_nonnulls(category_id, listing_id) = 1", name="subject"),
        CheckConstraint(
            "ground in ('custom_made','perishable','hygiene','digital','press','recordings')", name="ground"
        ),
    )
    category_id: Mapped[UUID | None] = ref("categories", ondelete="CASCADE")
    listing_id: Mapped[UUID | None] = ref("listings", ondelete="CASCADE")
    ground: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
