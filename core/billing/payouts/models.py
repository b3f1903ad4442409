"""Rows of settlement: payouts with the journal's postings that they pay, terms, holds, reserves, debts, clawbacks."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class PayoutRow(TenantOwned, Model):
    """Money that a merchant is paid at once. Its id is the provider's key; `account` is the merchant's place there.

    `leaves_from` is the journal's account that it leaves. `asked_at` is when the provider was first asked, after
    which it is never called off by us. `trouble` is what a person has to look at.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint(
            "state in ('awaiting_approval','claimed','sent','paid','failed','returned','cancelled')", name="state"
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("taken_back_minor between 0 and amount_minor", name="taken_back"),
        UniqueConstraint("tenant_id", "number"),
        Index(None, "tenant_id", "merchant_id", text("id desc")),
        Index(None, "tenant_id", "state", text("id desc")),
    )
    merchant_id: Mapped[UUID] = ref("merchants")
    number: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    adapter: Mapped[str]
    account: Mapped[str]
    leaves_from: Mapped[str]
    state: Mapped[str]
    by_kind: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    provider_ref: Mapped[str] = mapped_column(default="")
    bank_ref: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")
    trouble: Mapped[str] = mapped_column(default="")
    taken_back_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    asked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ItemRow(TenantOwned, Model):
    """A posting on a merchant's payable account that a payout pays: the claim itself. One open claim for a posting.

    `amount_minor` is what it adds to the payout, negative for what the merchant owes. A payout that comes back
    reopens its rows: they stay as its history and may be claimed again.
    """

    __tablename__ = "payout_items"
    __table_args__ = (
        Index(
            "uq_payout_items_claim", "tenant_id", "posting_id", unique=True,
            postgresql_where=text("reopened_at is null"),
        ),
        Index(None, "tenant_id", "payout_id", "entry_id"),
    )  # fmt: skip
    payout_id: Mapped[UUID] = ref("payouts")
    posting_id: Mapped[UUID] = ref("ledger_postings")
    entry_id: Mapped[UUID]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reopened_at: Mapped[datetime | None] = mapped_column(Timestamp)


class TermsRow(TenantOwned, Model):
    """How merchants are paid: the marketplace's own terms without a merchant, and what differs for one with it."""

    __tablename__ = "payout_terms"
    __table_args__ = (
        CheckConstraint("every in ('daily','weekly','monthly','manual')", name="every"),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("month_day between 1 and 28", name="month_day"),
        CheckConstraint("reserve_bps between 0 and 10000", name="reserve"),
        CheckConstraint("reserve_days between 0 and 365", name="reserve_days"),
        UniqueConstraint("tenant_id", "merchant_id", postgresql_nulls_not_distinct=True),
    )
    merchant_id: Mapped[UUID | None] = ref("merchants")
    every: Mapped[str]
    weekday: Mapped[int]
    month_day: Mapped[int]
    minimum_minor: Mapped[int] = mapped_column(BigInteger)
    reserve_bps: Mapped[int]
    reserve_days: Mapped[int]
    adapter: Mapped[str]
    approval_above_minor: Mapped[int | None] = mapped_column(BigInteger)
    takes_back: Mapped[bool] = mapped_column(default=False)


class HoldRow(TenantOwned, Model):
    """A person's, or another part of the system's, reason to keep money back: all of it, or an amount, for a time.

    `key` names it for who set it by program, so that it can be lifted the same way.
    """

    __tablename__ = "payout_holds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("uq_payout_holds_key", "tenant_id", "key", unique=True, postgresql_where=text("lifted_at is null")),
        Index(None, "tenant_id", "merchant_id"),
    )
    merchant_id: Mapped[UUID] = ref("merchants")
    key: Mapped[str | None]
    message: Mapped[str]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str]
    until: Mapped[datetime | None] = mapped_column(Timestamp)
    by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    lifted_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ReserveRow(TenantOwned, Model):
    """What is kept back of one order's released money until a moment, against refunds to come."""

    __tablename__ = "reserves"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("tenant_id", "order_id"),
        Index("ix_reserves_open", "tenant_id", "merchant_id", "due_at", postgresql_where=text("released_at is null")),
    )
    merchant_id: Mapped[UUID] = ref("merchants")
    order_id: Mapped[UUID] = ref("orders")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    rate_bps: Mapped[int]
    held_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(Timestamp)
    released_at: Mapped[datetime | None] = mapped_column(Timestamp)


class RunRow(TenantOwned, Model):
    """A day on which the schedule was worked through, once; the next run also makes up for days that were missed."""

    __tablename__ = "payout_runs"
    __table_args__ = (UniqueConstraint("tenant_id", "day"),)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    asked: Mapped[int] = mapped_column(default=0)


class ClawbackRow(TenantOwned, Model):
    """Money to be taken back of payouts, because refunds left the merchant in debt; `taken_minor` grows with each."""

    __tablename__ = "clawbacks"
    __table_args__ = (
        CheckConstraint(
            "state in ('planned','reversed','partly_reversed','failed','carried','written_off')", name="state"
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("taken_minor between 0 and amount_minor", name="taken"),
        Index(None, "tenant_id", "merchant_id", text("id desc")),
    )
    merchant_id: Mapped[UUID] = ref("merchants")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    taken_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str]
    tries: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="planned")
    failure: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class DebtRow(TenantOwned, Model):
    """What a merchant owes that is not waited for: asked of it by an invoice, or written off by two persons."""

    __tablename__ = "merchant_debts"
    __table_args__ = (
        CheckConstraint("state in ('invoiced','paid','asked','written_off','rejected')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("tenant_id", "number"),
        Index(None, "tenant_id", "merchant_id", text("id desc")),
    )
    merchant_id: Mapped[UUID] = ref("merchants")
    number: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    clawback_id: Mapped[UUID | None] = ref("clawbacks")
    by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
