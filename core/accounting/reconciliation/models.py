"""Rows of reconciliation: the journal's side of each subject, differences between both sides, and runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp, TransactionId
from core.kernel.tenancy import TenantOwned, ref


class SideRow(TenantOwned, Model):
    """What an entry moved on a provider's account in one currency, debit positive, and the subject that it is about.

    `fee_minor` is what of it went to the provider's costs. A copy of the journal that never goes before it: every
    entry of the provider's account has one row here, found by `subject`.
    """

    __tablename__ = "reconciliation_sides"
    __table_args__ = (
        UniqueConstraint("tenant_id", "entry_id", "provider", "currency"),
        Index(None, "tenant_id", "provider", "subject"),
        Index(None, "tenant_id", "provider", "day"),
        Index("ix_reconciliation_sides_fresh", "tenant_id", "provider", "id", postgresql_where=text("not is_compared")),
    )
    entry_id: Mapped[UUID] = ref("ledger_entries")
    provider: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    posted_at: Mapped[datetime] = mapped_column(Timestamp)
    is_compared: Mapped[bool] = mapped_column(default=False)


class MarkRow(TenantOwned, Model):
    """How far the journal has been copied to sides: every transaction before `upto` is there."""

    __tablename__ = "reconciliation_marks"
    __table_args__ = (UniqueConstraint("tenant_id", "provider"),)
    provider: Mapped[str]
    upto: Mapped[int] = mapped_column(TransactionId)


class DifferenceRow(TenantOwned, Model):
    """Both sides of a subject do not agree. `amounts` has them by currency, in minor units; `clue` the decisive word.

    `difference_minor` is what the provider has more than the journal, in `currency`. `waits_until` is until when
    it may still be on its way. A subject has one live difference at most.
    """

    __tablename__ = "reconciliation_differences"
    __table_args__ = (
        CheckConstraint("state in ('waiting','open','asked','settled','dismissed','resolved')", name="state"),
        CheckConstraint(
            "kind in ('timing','missing_in_ledger','missing_at_provider','amount','fee','currency','duplicate',"
            "'unknown_source')", name="kind",
        ),
        Index(
            "uq_reconciliation_differences_live", "tenant_id", "provider", "subject", unique=True,
            postgresql_where=text("state in ('waiting','open','asked')"),
        ),
        Index(None, "tenant_id", "provider", "subject"),
        Index(None, "tenant_id", "state", text("id desc")),
    )  # fmt: skip
    provider: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[str]
    clue: Mapped[str]
    state: Mapped[str]
    currency: Mapped[str]
    difference_minor: Mapped[int] = mapped_column(BigInteger)
    amounts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    day: Mapped[date]
    waits_until: Mapped[datetime | None] = mapped_column(Timestamp)
    found_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
    reason: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str] = mapped_column(default="")
    run_id: Mapped[UUID | None]


class RunRow(TenantOwned, Model):
    """A comparison, under way or done. `read` counts the provider's movements, `compared` the subjects of it.

    `trouble` is why it waits, "" while it goes on.
    """

    __tablename__ = "reconciliation_runs"
    __table_args__ = (
        CheckConstraint("state in ('running','done')", name="state"),
        Index(
            "uq_reconciliation_runs_running", "tenant_id", "provider", unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(None, "tenant_id", "provider", text("id desc")),
    )  # fmt: skip
    provider: Mapped[str]
    state: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    read: Mapped[int] = mapped_column(default=0)
    compared: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    resolved: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
