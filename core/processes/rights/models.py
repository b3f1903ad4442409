"""Rows of right holders' notices with the merchant's counter-statement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class NoticeRow(TenantOwned, Model):
    """A notice that goods infringe a right, the measure, and what became of it.

    `arrived_at` is when the merchant's statement reached the right holder: fifteen days run from there.
    """

    __tablename__ = "rights_notices"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("state in ('received','incomplete','acted','countered','upheld','lifted','refused')",
                        name="state"),
        CheckConstraint("right_kind in ('trademark','copyright','patent','design','other')", name="right_kind"),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "merchant_id", "id"),
        Index(None, "tenant_id", "listing_id"),
    )  # fmt: skip
    number: Mapped[str]
    state: Mapped[str] = mapped_column(default="received")
    right_kind: Mapped[str]
    right_number: Mapped[str] = mapped_column(default="")
    holder: Mapped[str]
    email: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")
    listing_id: Mapped[UUID] = ref("listings")
    merchant_id: Mapped[UUID] = ref("merchants")
    question: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")
    counter: Mapped[str] = mapped_column(default="")
    counter_evidence: Mapped[str] = mapped_column(default="")
    action_proof: Mapped[str] = mapped_column(default="")
    excused_days: Mapped[int] = mapped_column(default=0)
    result: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    measure_at: Mapped[datetime | None] = mapped_column(Timestamp)
    forwarded_at: Mapped[datetime | None] = mapped_column(Timestamp)
    published_at: Mapped[datetime | None] = mapped_column(Timestamp)
    countered_at: Mapped[datetime | None] = mapped_column(Timestamp)
    arrived_at: Mapped[datetime | None] = mapped_column(Timestamp)
    action_proof_at: Mapped[datetime | None] = mapped_column(Timestamp)
    lifted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)
