"""Rows of disputes: the case, what its sides say and offer, and the bundles of evidence that were made of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ConflictRow(TenantOwned, Model):
    """A dispute over an order. `awarded` is what the buyer gets by agreement or decision, `refund_id` that it was paid.

    `wants_mediation` is the side that has asked for it; it begins when the other agrees. `clause` names the rules a
    decision relies on, `elsewhere` the institution or court with the number of its case.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint(
            "state in ('negotiation','mediation','outside','arbitration','litigation','agreed','decided','concluded',"
            "'withdrawn','closed')",
            name="state",
        ),
        CheckConstraint("opened_by in ('buyer','merchant','operator')", name="opened_by"),
        CheckConstraint("wants_mediation in ('buyer','merchant','')", name="wants_mediation"),
        CheckConstraint("awarded_minor >= 0 and asked_minor >= 0 and extra_minor >= 0", name="amounts"),
        Index("uq_conflicts_open", "tenant_id", "order_id", unique=True,
              postgresql_where=text("state not in ('closed','withdrawn')")),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "merchant_id", "id"),
        Index(None, "tenant_id", "customer_id", "id"),
    )  # fmt: skip
    number: Mapped[str]
    state: Mapped[str] = mapped_column(default="negotiation")
    order_id: Mapped[UUID] = ref("orders")
    purchase_id: Mapped[UUID] = ref("purchases")
    merchant_id: Mapped[UUID] = ref("merchants")
    customer_id: Mapped[UUID | None] = ref("customers", ondelete="SET NULL (customer_id)")
    complaint_id: Mapped[UUID | None] = ref("complaints", ondelete="SET NULL (complaint_id)")
    opened_by: Mapped[str]
    text: Mapped[str]
    asked_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    awarded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    extra_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str]
    wants_mediation: Mapped[str] = mapped_column(default="")
    mediator_id: Mapped[UUID | None]
    mediator: Mapped[str] = mapped_column(default="")
    agreement: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    clause: Mapped[str] = mapped_column(default="")
    is_fraud: Mapped[bool] = mapped_column(default=False)
    arbitration_agreement: Mapped[str] = mapped_column(default="")
    elsewhere: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    refund_id: Mapped[UUID | None]
    opened_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ConflictMessageRow(TenantOwned, Model):
    """Something said, or offered without prejudice: an amount makes it an offer, which the other side may accept."""

    __tablename__ = "conflict_messages"
    __table_args__ = (
        CheckConstraint("side in ('buyer','merchant','operator')", name="side"),
        CheckConstraint("offer_state in ('open','accepted','replaced','')", name="offer_state"),
        Index(None, "tenant_id", "conflict_id", "id"),
    )
    conflict_id: Mapped[UUID] = ref("conflicts", ondelete="CASCADE")
    side: Mapped[str]
    text: Mapped[str]
    offer_minor: Mapped[int | None] = mapped_column(BigInteger)
    offer_state: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class BundleRow(TenantOwned, Model):
    """A bundle of evidence: a ZIP archive in the file store, named by the SHA-256 of its bytes. Never changed."""

    __tablename__ = "conflict_bundles"
    __table_args__ = (Index(None, "tenant_id", "conflict_id", "id"),)
    conflict_id: Mapped[UUID] = ref("conflicts", ondelete="CASCADE")
    digest: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
