"""Rows of compliance: what is switched on, checked, found, proved, waived, answered, registered, asked by buyers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp, TransactionId, this_transaction
from core.kernel.tenancy import TenantOwned, ref


class PackRow(TenantOwned, Model):
    """A pack that the marketplace has switched on. `mode` is that of its rules that have none of their own."""

    __tablename__ = "compliance_packs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "pack"),
        CheckConstraint("mode in ('observe','warn','enforce')", name="mode"),
    )
    pack: Mapped[str]
    mode: Mapped[str] = mapped_column(default="observe")
    since: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class SettingRow(TenantOwned, Model):
    """What the marketplace has set of a rule: its mode and the numbers that it tightens, with the reason."""

    __tablename__ = "compliance_settings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "rule"),
        CheckConstraint("mode in ('observe','warn','enforce','')", name="mode"),
    )
    rule: Mapped[str]
    mode: Mapped[str] = mapped_column(default="")
    numbers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class CheckRow(TenantOwned, Model):
    """What a rule last said of a subject. `again_on` is the first day on which time alone may change that."""

    __tablename__ = "compliance_checks"
    __table_args__ = (
        UniqueConstraint("tenant_id", "rule", "subject_id"),
        CheckConstraint("status in ('pass','n/a','due','warn','fail','unknown')", name="status"),
        Index(None, "tenant_id", "rule", "status"),
        Index(None, "tenant_id", "subject_id"),
        Index("ix_compliance_checks_merchant", "tenant_id", "merchant_id", "status",
              postgresql_where=text("merchant_id is not null")),
        Index("ix_compliance_checks_again", "tenant_id", "again_on", postgresql_where=text("again_on is not null")),
    )  # fmt: skip
    rule: Mapped[str]
    version: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    merchant_id: Mapped[UUID | None] = ref("merchants", ondelete="CASCADE")
    label: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_on: Mapped[date | None]
    again_on: Mapped[date | None]
    checked_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    since: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class FindingRow(TenantOwned, Model):
    """Something that breaks a rule, from its discovery until it is put right. One is open for a rule and subject.

    `is_blocking` says that it holds its subject back now; `has_blocked` that it took a listing off the shelf.
    """

    __tablename__ = "compliance_findings"
    __table_args__ = (
        CheckConstraint("state in ('open','waived','closed')", name="state"),
        Index("uq_compliance_findings_open", "tenant_id", "rule", "subject_id", unique=True,
              postgresql_where=text("state <> 'closed'")),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "subject_id", "state"),
        Index("ix_compliance_findings_merchant", "tenant_id", "merchant_id", "state"),
    )  # fmt: skip
    rule: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    merchant_id: Mapped[UUID | None] = ref("merchants", ondelete="CASCADE")
    label: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    mode: Mapped[str] = mapped_column(default="observe")
    is_blocking: Mapped[bool] = mapped_column(default=False)
    has_blocked: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int] = mapped_column(default=9)
    why: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opened_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    waived_until: Mapped[date | None]


class EvidenceRow(TenantOwned, Model):
    """What a rule saw when its answer changed. Insert-only; seals chain it (see core.ledger.seals)."""

    __tablename__ = "compliance_evidence"
    __table_args__ = (
        Index(None, "tenant_id", "rule", "id"),
        Index(None, "tenant_id", "subject_id", "id"),
        Index(None, "tenant_id", "txid"),
    )
    finding_id: Mapped[UUID | None]
    rule: Mapped[str]
    version: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    merchant_id: Mapped[UUID | None]
    label: Mapped[str]
    status: Mapped[str]
    why: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Timestamp)
    txid: Mapped[int] = mapped_column(TransactionId, server_default=this_transaction())


class WaiverRow(TenantOwned, Model):
    """A rule set aside for one subject, with a reason and what is done instead, until a day; two people agree."""

    __tablename__ = "compliance_waivers"
    __table_args__ = (
        CheckConstraint("state in ('asked','granted','refused','ended')", name="state"),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "rule", "subject_id"),
    )
    rule: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    label: Mapped[str]
    reason: Mapped[str]
    measure: Mapped[str]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="asked")
    approval_id: Mapped[UUID]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)


class AnswerRow(TenantOwned, Model):
    """A fact that somebody declares because the marketplace's own records do not hold it, with its evidence."""

    __tablename__ = "compliance_answers"
    __table_args__ = (UniqueConstraint("tenant_id", "subject_id", "path"),)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    path: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON, nullable=True)
    evidence: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class RecordRow(TenantOwned, Model):
    """A single thing that a rule is about: a notice, a decision, a request.

    With a source a process of the marketplace holds it and answers for it; without, people declare what they know.
    """

    __tablename__ = "compliance_records"
    __table_args__ = (
        Index(None, "tenant_id", "rule", "id"),
        UniqueConstraint("tenant_id", "source_id", "rule"),
    )
    rule: Mapped[str]
    source_kind: Mapped[str] = mapped_column(default="")
    source_id: Mapped[UUID | None]
    title: Mapped[str]
    merchant_id: Mapped[UUID | None] = ref("merchants", ondelete="CASCADE")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ProfileRow(TenantOwned, Model):
    """What laws ask of a category: its kind of food, licences (each of the lists needs one), or that it is forbidden."""

    __tablename__ = "compliance_categories"
    __table_args__ = (UniqueConstraint("tenant_id", "category_id"),)
    category_id: Mapped[UUID] = ref("categories", ondelete="CASCADE")
    food_kind: Mapped[str] = mapped_column(default="")
    requires: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    is_banned: Mapped[bool] = mapped_column(default=False)


class LicenceRow(TenantOwned, Model):
    """A licence or filing of a merchant; without `valid_until` it is for the long term."""

    __tablename__ = "compliance_licences"
    __table_args__ = (
        CheckConstraint("state in ('submitted','verified','refused')", name="state"),
        Index(None, "tenant_id", "merchant_id"),
    )
    merchant_id: Mapped[UUID] = ref("merchants", ondelete="CASCADE")
    kind: Mapped[str]
    number: Mapped[str]
    issuer: Mapped[str] = mapped_column(default="")
    scope: Mapped[list[str]] = mapped_column(JSON, default=list)
    valid_until: Mapped[date | None]
    media_id: Mapped[UUID | None] = ref("media", ondelete="SET NULL (media_id)")
    state: Mapped[str] = mapped_column(default="submitted")
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp)


class FoodRow(TenantOwned, Model):
    """A food seller's registration: its kind, what it has stated, and what the operator has checked (twelve checks)."""

    __tablename__ = "compliance_food"
    __table_args__ = (
        UniqueConstraint("tenant_id", "merchant_id"),
        CheckConstraint("state in ('draft','submitted','approved','refused')", name="state"),
        Index(None, "tenant_id", "state"),
    )
    merchant_id: Mapped[UUID] = ref("merchants", ondelete="CASCADE")
    kind: Mapped[str]
    stated: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    checks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(default="draft")
    note: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)


class SubjectRequestRow(TenantOwned, Model):
    """A request of a buyer about their own data. `user_id` is forgotten with the account.

    `file_name` names the archive in the file store until `expires_at`; `report` says of each table what an erasure
    took and what stays for which reason.
    """

    __tablename__ = "subject_requests"
    __table_args__ = (
        CheckConstraint("kind in ('export','erasure')", name="kind"),
        CheckConstraint("state in ('asked','ready','expired','done','refused')", name="state"),
        Index(None, "tenant_id", "user_id", "id"),
    )
    kind: Mapped[str]
    user_id: Mapped[UUID | None]
    customer_id: Mapped[UUID] = ref("customers")
    state: Mapped[str] = mapped_column(default="asked")
    asked_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    file_name: Mapped[str] = mapped_column(default="")
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    report: Mapped[list[Any]] = mapped_column(JSON, default=list)
