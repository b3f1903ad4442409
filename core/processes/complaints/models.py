"""Rows of complaints: the case, what was said in it, and the marketplace's templates for replies."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ComplaintRow(TenantOwned, Model):
    """A complaint or report. `merchant_id` is whom it is about, of a business user's own the one who complains.

    `due_at` is when the next step is due; `about_on` is the day of the decision that a business user objects to.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("kind in ('consumer','business','illegal','privacy')", name="kind"),
        CheckConstraint(
            "state in ('filed','acknowledged','with_merchant','answered','settled','platform_decides','decided',"
            "'remedied','closed','withdrawn','disputed')",
            name="state",
        ),
        CheckConstraint("offer in ('refund','exchange','repair','reduction','explanation','refusal','')", name="offer"),
        CheckConstraint("outcome in ('upheld','partly','rejected','')", name="outcome"),
        CheckConstraint("remedy in ('none','refund','exchange','repair','reduction','other','')", name="remedy"),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "merchant_id", "id"),
        Index(None, "tenant_id", "customer_id", "id"),
        Index(None, "tenant_id", "order_id"),
        Index("ix_complaints_due", "tenant_id", "due_at", postgresql_where=text("due_at is not null")),
    )
    number: Mapped[str]
    kind: Mapped[str]
    topic: Mapped[str]
    state: Mapped[str] = mapped_column(default="filed")
    channel: Mapped[str] = mapped_column(default="page")
    order_id: Mapped[UUID | None] = ref("orders")
    listing_id: Mapped[UUID | None] = ref("listings", ondelete="SET NULL (listing_id)")
    merchant_id: Mapped[UUID | None] = ref("merchants")
    customer_id: Mapped[UUID | None] = ref("customers", ondelete="SET NULL (customer_id)")
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    wish: Mapped[str] = mapped_column(default="")
    about_on: Mapped[date | None]
    owner_id: Mapped[UUID | None]
    owner_name: Mapped[str] = mapped_column(default="")
    offer: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    clause: Mapped[str] = mapped_column(default="")
    remedy: Mapped[str] = mapped_column(default="")
    proof: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(default="")
    filed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Timestamp)
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)
    remedied_at: Mapped[datetime | None] = mapped_column(Timestamp)
    measure_at: Mapped[datetime | None] = mapped_column(Timestamp)
    reported_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ComplaintMessageRow(TenantOwned, Model):
    """Something said in a complaint. `side` is complainant, merchant or operator; an internal note is staff's alone."""

    __tablename__ = "complaint_messages"
    __table_args__ = (
        CheckConstraint("side in ('complainant','merchant','operator')", name="side"),
        Index(None, "tenant_id", "complaint_id", "id"),
    )
    complaint_id: Mapped[UUID] = ref("complaints", ondelete="CASCADE")
    side: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    is_internal: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ReplyRow(TenantOwned, Model):
    """A template for replies of the marketplace, by language."""

    __tablename__ = "complaint_replies"
    __table_args__ = (UniqueConstraint("tenant_id", "title"),)
    title: Mapped[str]
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
