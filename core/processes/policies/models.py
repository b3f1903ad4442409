"""Rows of policies: versions, comments on them, who accepted or objected, and merchants that leave."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class VersionRow(TenantOwned, Model):
    """One version of one policy. Texts are by language; `digest` is over what was published.

    `is_weighty` says that the change touches many or major interests: it is published for longer.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "number"),
        CheckConstraint(
            "state in ('draft','review','comment','closed','approved','published','in_force','superseded','withdrawn')",
            name="state",
        ),
        CheckConstraint("number > 0", name="number"),
        Index("uq_policy_versions_open", "tenant_id", "kind", unique=True,
              postgresql_where=text("state in ('draft','review','comment','closed','approved','published')")),
        Index("uq_policy_versions_in_force", "tenant_id", "kind", unique=True,
              postgresql_where=text("state = 'in_force'")),
        Index(None, "tenant_id", "state", "kind"),
    )  # fmt: skip
    kind: Mapped[str]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    summaries: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    is_weighty: Mapped[bool] = mapped_column(default=True)
    weight_reason: Mapped[str] = mapped_column(default="")
    adaptation_days: Mapped[int] = mapped_column(default=0)
    commented_texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    correction: Mapped[str] = mapped_column(default="")
    withdrawal: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    comment_opens_at: Mapped[datetime | None] = mapped_column(Timestamp)
    comment_closes_at: Mapped[datetime | None] = mapped_column(Timestamp)
    answers_published_at: Mapped[datetime | None] = mapped_column(Timestamp)
    published_at: Mapped[datetime | None] = mapped_column(Timestamp)
    notified_at: Mapped[datetime | None] = mapped_column(Timestamp)
    effective_at: Mapped[datetime | None] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)


class CommentRow(TenantOwned, Model):
    """What somebody says of a version before it is final, and the marketplace's answer, both public."""

    __tablename__ = "policy_comments"
    __table_args__ = (
        CheckConstraint("outcome in ('taken','partly','not_taken','')", name="outcome"),
        Index(None, "tenant_id", "version_id", "id"),
        Index(None, "tenant_id", "customer_id"),
    )
    version_id: Mapped[UUID] = ref("policy_versions", ondelete="CASCADE")
    merchant_id: Mapped[UUID | None] = ref("merchants", ondelete="SET NULL (merchant_id)")
    customer_id: Mapped[UUID | None] = ref("customers", ondelete="SET NULL (customer_id)")
    name: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    outcome: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)


class AcceptanceRow(TenantOwned, Model):
    """What a merchant or a buyer says to a version. `told_at` is when it was told by mail, of a merchant."""

    __tablename__ = "policy_acceptances"
    __table_args__ = (
        UniqueConstraint("tenant_id", "version_id", "merchant_id"),
        UniqueConstraint("tenant_id", "version_id", "customer_id"),
        CheckConstraint("state in ('pending','accepted','objected','silent')", name="state"),
        CheckConstraint("merchant_id is null or customer_id is null", name="one"),
        Index(None, "tenant_id", "merchant_id", "state"),
        Index(None, "tenant_id", "customer_id"),
        Index(None, "tenant_id", "version_id", "state", "id"),
    )
    version_id: Mapped[UUID] = ref("policy_versions", ondelete="CASCADE")
    merchant_id: Mapped[UUID | None] = ref("merchants", ondelete="CASCADE")
    customer_id: Mapped[UUID | None] = ref("customers", ondelete="CASCADE")
    state: Mapped[str] = mapped_column(default="pending")
    told_at: Mapped[datetime | None] = mapped_column(Timestamp)
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)
    by_id: Mapped[UUID | None]


class ExitRow(TenantOwned, Model):
    """A merchant that leaves because it does not accept a version; the version before governs, and it costs nothing."""

    __tablename__ = "policy_exits"
    __table_args__ = (
        CheckConstraint("state in ('leaving','left','stayed')", name="state"),
        Index("uq_policy_exits_leaving", "tenant_id", "merchant_id", unique=True,
              postgresql_where=text("state = 'leaving'")),
        Index(None, "tenant_id", "state", "id"),
    )  # fmt: skip
    merchant_id: Mapped[UUID] = ref("merchants", ondelete="CASCADE")
    version_id: Mapped[UUID] = ref("policy_versions")
    objected_number: Mapped[int]
    governing_number: Mapped[int]
    state: Mapped[str] = mapped_column(default="leaving")
    requested_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    settle_by: Mapped[date]
    settled_at: Mapped[datetime | None] = mapped_column(Timestamp)
