"""Rows of prices for companies: lists of merchants, whom they are for, their bands, and what units are sold in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Model
from core.kernel.tenancy import TenantOwned, ref


class PriceListRow(TenantOwned, Model):
    """A merchant's prices for companies; both days count. `is_for_all` holds for every approved company."""

    __tablename__ = "b2b_price_lists"
    __table_args__ = (
        UniqueConstraint("tenant_id", "merchant_id", "name"),
        Index(None, "tenant_id", "merchant_id", text("id desc")),
    )
    merchant_id: Mapped[UUID]
    name: Mapped[str]
    currency: Mapped[str]
    is_for_all: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class ListCompanyRow(TenantOwned, Model):
    """A company that a list is for."""

    __tablename__ = "b2b_list_companies"
    __table_args__ = (UniqueConstraint("tenant_id", "list_id", "company_id"), Index(None, "tenant_id", "company_id"))
    list_id: Mapped[UUID] = ref("b2b_price_lists", ondelete="CASCADE")
    company_id: Mapped[UUID] = ref("b2b_companies", ondelete="CASCADE")


class PriceRow(TenantOwned, Model):
    """What a unit costs from so many units on; all units of the quantity cost the same."""

    __tablename__ = "b2b_prices"
    __table_args__ = (
        UniqueConstraint("tenant_id", "list_id", "variant_id", "from_quantity"),
        CheckConstraint("from_quantity >= 1", name="from_quantity"),
        CheckConstraint("unit_minor >= 0", name="unit"),
        Index(None, "tenant_id", "variant_id"),
    )
    list_id: Mapped[UUID] = ref("b2b_price_lists", ondelete="CASCADE")
    variant_id: Mapped[UUID]
    from_quantity: Mapped[int]
    unit_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]


class QuantityRow(TenantOwned, Model):
    """The fewest units of a variant that a company buys, and what they are multiples of."""

    __tablename__ = "b2b_quantity_rules"
    __table_args__ = (
        UniqueConstraint("tenant_id", "variant_id"),
        CheckConstraint("minimum >= 1", name="minimum"),
        CheckConstraint("step >= 1", name="step"),
        Index(None, "tenant_id", "merchant_id"),
    )
    merchant_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    minimum: Mapped[int]
    step: Mapped[int]
