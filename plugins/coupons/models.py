"""Rows of coupons and of what became of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class CouponRow(TenantOwned, Model):
    """A code. `merchant_id` is whose it is, None for the operator's; `used` counts the redemptions that stand."""

    __tablename__ = "coupons_coupons"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint("(amount_minor is null) <> (percent_bps is null)", name="one_value"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("percent_bps between 1 and 10000", name="percent"),
        CheckConstraint("platform_bps between 0 and 10000", name="platform"),
        CheckConstraint("used >= 0", name="used"),
        Index(None, "tenant_id", "merchant_id", text("id desc")),
    )
    code: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    percent_bps: Mapped[int | None]
    minimum_minor: Mapped[int | None] = mapped_column(BigInteger)
    merchant_id: Mapped[UUID | None]
    shop_id: Mapped[UUID | None]
    platform_bps: Mapped[int]
    starts_at: Mapped[datetime | None] = mapped_column(Timestamp)
    ends_at: Mapped[datetime | None] = mapped_column(Timestamp)
    total_uses: Mapped[int | None]
    uses_per_customer: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class RedemptionRow(TenantOwned, Model):
    """A use of a coupon by a purchase; given back once when every order of the purchase is cancelled."""

    __tablename__ = "coupons_redemptions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "coupon_id", "purchase_id"),
        Index(None, "tenant_id", "purchase_id"),
        Index(None, "tenant_id", "customer_id"),
    )
    coupon_id: Mapped[UUID] = ref("coupons_coupons", ondelete="CASCADE")
    purchase_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    released_at: Mapped[datetime | None] = mapped_column(Timestamp)
