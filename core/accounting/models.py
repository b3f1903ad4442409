"""Rows of accounting: runs and statements, fiscal documents, manual entries, and the accountant's chart of accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class StatementRunRow(TenantOwned, Model):
    """The issuing of a month's statements: closing while it runs, then issued. `month` is its first day."""

    __tablename__ = "statement_runs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "month"),
        CheckConstraint("state in ('closing','issued')", name="state"),
    )
    month: Mapped[date]
    state: Mapped[str] = mapped_column(default="closing")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    issued_at: Mapped[datetime | None] = mapped_column(Timestamp)


class StatementRow(TenantOwned, Model):
    """What a merchant's accounts held before and after a month, credit positive: written once, with a hash over it all.

    `minor` amounts without a prefix are of the payable account; `held` and `reserve` are of the two others.
    """

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("tenant_id", "merchant_id", "currency", "month"),
        UniqueConstraint("tenant_id", "number"),
        Index(None, "tenant_id", "run_id", "id"),
    )
    run_id: Mapped[UUID] = ref("statement_runs")
    merchant_id: Mapped[UUID] = ref("merchants")
    month: Mapped[date]
    currency: Mapped[str]
    number: Mapped[str]
    opening_minor: Mapped[int] = mapped_column(BigInteger)
    closing_minor: Mapped[int] = mapped_column(BigInteger)
    held_opening_minor: Mapped[int] = mapped_column(BigInteger)
    held_closing_minor: Mapped[int] = mapped_column(BigInteger)
    reserve_opening_minor: Mapped[int] = mapped_column(BigInteger)
    reserve_closing_minor: Mapped[int] = mapped_column(BigInteger)
    seller: Mapped[dict[str, Any]] = mapped_column(JSON)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSON)
    issued_at: Mapped[datetime] = mapped_column(Timestamp)
    hash: Mapped[str]


class StatementLineRow(TenantOwned, Model):
    """A total of a statement: what `rows` postings of one section moved on one account, credit positive."""

    __tablename__ = "statement_lines"
    __table_args__ = (UniqueConstraint("tenant_id", "statement_id", "pot", "section"),)
    statement_id: Mapped[UUID] = ref("statements")
    pot: Mapped[str]
    section: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int]


class FiscalDocumentRow(TenantOwned, Model):
    """An invoice or credit note as it was issued; `key` names what it is for, so that it is issued once.

    `series` is of one issuer and kind and has no gap. `lines` and `taxes` are the printed rows, in minor units.
    """

    __tablename__ = "fiscal_documents"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        UniqueConstraint("tenant_id", "series", "number"),
        CheckConstraint("kind in ('fee_invoice','fee_credit','invoice','credit_note','payment_request')", name="kind"),
        Index(None, "tenant_id", "merchant_id", text("id desc")),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "statement_id"),
    )
    key: Mapped[str]
    kind: Mapped[str]
    series: Mapped[str]
    number: Mapped[str]
    merchant_id: Mapped[UUID] = ref("merchants")
    statement_id: Mapped[UUID | None] = ref("statements")
    order_id: Mapped[UUID | None] = ref("orders")
    corrects_id: Mapped[UUID | None] = ref("fiscal_documents")
    issued_on: Mapped[date]
    supplied_on: Mapped[date]
    currency: Mapped[str]
    seller: Mapped[dict[str, Any]] = mapped_column(JSON)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSON)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    taxes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    settled_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[str]


class ManualEntryRow(TenantOwned, Model):
    """An entry that one person has drafted and another posts or turns down."""

    __tablename__ = "manual_entries"
    __table_args__ = (CheckConstraint("state in ('waiting','posted','rejected')", name="state"),)
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str]
    effective_on: Mapped[date]
    postings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    entry_id: Mapped[UUID | None]
    drafted_by: Mapped[UUID]
    drafted_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ChartAccountRow(TenantOwned, Model):
    """What the tenant's accountant calls an account of the journal; `account` is its address without the owner."""

    __tablename__ = "chart_accounts"
    __table_args__ = (UniqueConstraint("tenant_id", "account"),)
    account: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
