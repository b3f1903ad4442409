"""Rows of carts: what a buyer means to buy, signed in or as a guest with a cookie."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class CartRow(TenantOwned, Model):
    """A cart, found by its buyer or by the digest of the guest's token.

    `deliveries` maps a shop to its choice, `answers` a checkout question's name to what the buyer answered so far.
    """

    __tablename__ = "carts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_digest"),
        UniqueConstraint("tenant_id", "customer_id"),
    )
    token_digest: Mapped[str | None]
    customer_id: Mapped[UUID | None] = ref("customers", ondelete="CASCADE")
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    deliveries: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class CartLineRow(TenantOwned, Model):
    """A variant in a cart; its id stays with the order line. `seen_minor` is the price when it was last shown."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("tenant_id", "cart_id", "variant_id"),
        CheckConstraint("quantity between 1 and 9999", name="quantity"),
    )
    cart_id: Mapped[UUID] = ref("carts", ondelete="CASCADE")
    variant_id: Mapped[UUID] = ref("variants", ondelete="CASCADE")
    quantity: Mapped[int]
    seen_minor: Mapped[int] = mapped_column(BigInteger)
    is_selected: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
