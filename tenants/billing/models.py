"""Rows of the platform's business with its marketplaces. All stand on the platform's own ground (tenant zero).

`customer_id` is the marketplace that is billed. Row-level security keeps every marketplace out of these tables, its own
rows included: pages of a marketplace step onto the platform's ground and ask for one customer alone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class PlanVersionRow(TenantOwned, Model):
    """What a plan offers from a day on, as `terms.Terms` writes it; written once, a change is another version."""

    __tablename__ = "billing_plan_versions"
    __table_args__ = (UniqueConstraint("tenant_id", "plan_code", "version"),)
    plan_code: Mapped[str] = mapped_column(ForeignKey("plans.code"))
    version: Mapped[int]
    effective_on: Mapped[date]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class CompanyRow(TenantOwned, Model):
    """The platform's legal entity that issues invoices; the newest row issues, each has a series of its own.

    `tax_rates` maps a country to basis points, `tax_bps` is the rate of every other. `remind_days` are days after the
    due day on which a reminder is sent; `propose_days` after it a suspension is proposed.
    """

    __tablename__ = "billing_companies"
    __table_args__ = (UniqueConstraint("tenant_id", "series"),)
    series: Mapped[int]
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    tax_number: Mapped[str] = mapped_column(default="")
    registration_number: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    tax_bps: Mapped[int]
    tax_rates: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    due_days: Mapped[int]
    remind_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    propose_days: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class AccountRow(TenantOwned, Model):
    """How a marketplace is billed: to whom, how it pays, what was granted to it.

    `collection` is "charge" (its saved card) or "send" (an invoice to be paid). `provider_ref` and `method_ref` are the
    payment provider's names of the customer and its card; `card` shows it.
    """

    __tablename__ = "billing_accounts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id"),
        CheckConstraint("collection in ('charge','send')", name="collection"),
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    tax_number: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    collection: Mapped[str] = mapped_column(default="charge")
    provider_ref: Mapped[str] = mapped_column(default="")
    setup_ref: Mapped[str] = mapped_column(default="")
    method_ref: Mapped[str] = mapped_column(default="")
    card: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    discount_bps: Mapped[int] = mapped_column(default=0)
    discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    discount_currency: Mapped[str] = mapped_column(default="")
    discount_until: Mapped[date | None]
    trial_until: Mapped[date | None]
    patience_until: Mapped[date | None]


class SpanRow(TenantOwned, Model):
    """The days on which a marketplace has one version of a plan: `from_on` until before `until_on`, None for ever.

    `anchor_on` is the day on which years of a yearly cycle begin.
    """

    __tablename__ = "billing_spans"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id", "from_on"),
        CheckConstraint("cycle in ('monthly','yearly')", name="cycle"),
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    plan_code: Mapped[str] = mapped_column(ForeignKey("plans.code"))
    version: Mapped[int]
    cycle: Mapped[str] = mapped_column(default="monthly")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    anchor_on: Mapped[date]


class PeriodRow(TenantOwned, Model):
    """A month of a marketplace that is closed: what was measured, and what is carried into the next. Never changed.

    `carried` maps a currency to minor units, negative: a credit that the month's charges did not use up.
    """

    __tablename__ = "billing_periods"
    __table_args__ = (UniqueConstraint("tenant_id", "customer_id", "month"),)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    month: Mapped[date]
    usage: Mapped[dict[str, Any]] = mapped_column(JSON)
    carried: Mapped[dict[str, int]] = mapped_column(JSON)
    closed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class InvoiceRow(TenantOwned, Model):
    """An invoice to a marketplace. Up to `draft` nothing is numbered; once issued what is printed is frozen by `hash`.

    To be paid: net + tax + rounding - settled, where `settled` was set off against the customer's credit.
    `credited_minor` is what credit notes took back of the gross.
    """

    __tablename__ = "billing_invoices"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id", "month", "currency"),
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("state in ('draft','open','paid','void','uncollectible')", name="state"),
        Index(None, "tenant_id", "customer_id", text("id desc")),
        Index(None, "tenant_id", "state", text("id desc")),
        Index(None, "tenant_id", "provider_ref"),
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    month: Mapped[date]
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    number: Mapped[str | None]
    issued_on: Mapped[date | None]
    due_on: Mapped[date | None]
    seller: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    tax_kind: Mapped[str] = mapped_column(default="")
    tax_bps: Mapped[int] = mapped_column(default=0)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    rounding_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    settled_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    credited_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[str] = mapped_column(default="")
    paid_at: Mapped[datetime | None] = mapped_column(Timestamp)
    paid_by: Mapped[str] = mapped_column(default="")
    paid_reference: Mapped[str] = mapped_column(default="")
    provider_ref: Mapped[str] = mapped_column(default="")
    provider_href: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(default="")
    reminders: Mapped[int] = mapped_column(default=0)
    proposed_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class CreditNoteRow(TenantOwned, Model):
    """What was taken back of an invoice, as issued: written once. `kind` says what became of the money.

    "void" undoes an invoice that was not paid; "credit" is set off against the next invoices of the marketplace.
    """

    __tablename__ = "billing_credit_notes"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("kind in ('void','credit')", name="kind"),
        Index(None, "tenant_id", "invoice_id"),
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    invoice_id: Mapped[UUID] = ref("billing_invoices")
    kind: Mapped[str]
    number: Mapped[str]
    issued_on: Mapped[date]
    reason: Mapped[str]
    currency: Mapped[str]
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    rounding_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[str]
