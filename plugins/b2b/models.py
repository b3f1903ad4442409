"""Rows of companies: what they are, where they are, who buys for them, who is invited, and what was bought."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref

_ROLES = "role in ('buyer','approver','admin')"


class CompanyRow(TenantOwned, Model):
    """A company that buys. `reason` is the operator's last word; a number is registered once in a country."""

    __tablename__ = "b2b_companies"
    __table_args__ = (
        UniqueConstraint("tenant_id", "country", "reg_no"),
        CheckConstraint("state in ('applied','active','rejected','closed')", name="state"),
        Index(None, "tenant_id", "state", text("id desc")),
    )
    name: Mapped[str]
    reg_no: Mapped[str]
    tax_no: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    invoice_email: Mapped[str]
    state: Mapped[str] = mapped_column(default="applied")
    reason: Mapped[str] = mapped_column(default="")
    applied_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)


class LocationRow(TenantOwned, Model):
    """A place of a company, with the cost centre that pays for what goes there."""

    __tablename__ = "b2b_locations"
    __table_args__ = (UniqueConstraint("tenant_id", "company_id", "name"),)
    company_id: Mapped[UUID] = ref("b2b_companies", ondelete="CASCADE")
    name: Mapped[str]
    address: Mapped[str]
    cost_centre: Mapped[str] = mapped_column(default="")


class MemberRow(TenantOwned, Model):
    """A buyer who acts for a company; `order_limit_minor` is the most for one purchase, None without a limit."""

    __tablename__ = "b2b_members"
    __table_args__ = (
        UniqueConstraint("tenant_id", "company_id", "customer_id"),
        CheckConstraint(_ROLES, name="role"),
        CheckConstraint("order_limit_minor >= 0", name="limit"),
        Index(
            "uq_b2b_members_active", "tenant_id", "customer_id", unique=True, postgresql_where=text("is_active"),
        ),
    )  # fmt: skip
    company_id: Mapped[UUID] = ref("b2b_companies", ondelete="CASCADE")
    customer_id: Mapped[UUID]
    role: Mapped[str]
    order_limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class InvitationRow(TenantOwned, Model):
    """An address whose owner may join a company; it goes when it is answered or withdrawn."""

    __tablename__ = "b2b_invitations"
    __table_args__ = (
        UniqueConstraint("tenant_id", "company_id", "email_key"),
        CheckConstraint(_ROLES, name="role"),
        CheckConstraint("order_limit_minor >= 0", name="limit"),
        Index(None, "tenant_id", "email_key"),
        Index(None, "tenant_id", "expires_at"),
    )
    company_id: Mapped[UUID] = ref("b2b_companies", ondelete="CASCADE")
    email: Mapped[str]
    email_key: Mapped[str]
    role: Mapped[str]
    order_limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(Timestamp)


class BoughtRow(TenantOwned, Model):
    """A purchase that was made for a company, with the number and place that its buyer named."""

    __tablename__ = "b2b_bought"
    __table_args__ = (
        UniqueConstraint("tenant_id", "purchase_id"),
        Index(None, "tenant_id", "company_id", text("id desc")),
    )
    company_id: Mapped[UUID] = ref("b2b_companies", ondelete="CASCADE")
    member_id: Mapped[UUID] = ref("b2b_members", ondelete="CASCADE")
    purchase_id: Mapped[UUID]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    order_number: Mapped[str] = mapped_column(default="")
    location: Mapped[str] = mapped_column(default="")
    cost_centre: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
