"""Rows of own goods: what lies there and what it cost, goods in, every movement, what orders cost, and counts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ItemRow(TenantOwned, Model):
    """An own offer's units and what they cost in all; the sum of its movements. Without units there is no value."""

    __tablename__ = "self_operated_items"
    __table_args__ = (
        UniqueConstraint("tenant_id", "offer_id"),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("value_minor >= 0", name="value"),
        CheckConstraint("on_hand > 0 or value_minor = 0", name="nothing_is_worth_nothing"),
    )
    offer_id: Mapped[UUID]
    currency: Mapped[str]
    on_hand: Mapped[int] = mapped_column(default=0)
    value_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class ReceiptRow(TenantOwned, Model):
    """Goods that came in. It gets its number when it is posted; `total_minor` is the lines' cost with freight.

    `is_on_shelf` says that the units are in stock already and only their cost is new.
    """

    __tablename__ = "self_operated_receipts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "external_key"),
        CheckConstraint("state in ('draft','posted','reversed')", name="state"),
        CheckConstraint("freight_minor >= 0", name="freight"),
        Index(None, "tenant_id", "state", text("id desc")),
    )
    number: Mapped[str | None]
    supplier_name: Mapped[str]
    is_person: Mapped[bool] = mapped_column(default=False)
    supplier_ref: Mapped[str] = mapped_column(default="")
    external_key: Mapped[str | None]
    is_on_shelf: Mapped[bool] = mapped_column(default=False)
    currency: Mapped[str]
    freight_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="draft")
    author_id: Mapped[UUID | None]
    author: Mapped[str] = mapped_column(default="")
    posted_by: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    posted_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ReceiptLineRow(TenantOwned, Model):
    """Units of one offer on a receipt. `landed_minor` is their cost with their share of freight."""

    __tablename__ = "self_operated_receipt_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_cost_minor >= 0", name="unit_cost"),
        Index(None, "tenant_id", "receipt_id", "position"),
    )
    receipt_id: Mapped[UUID] = ref("self_operated_receipts", ondelete="CASCADE")
    offer_id: Mapped[UUID]
    position: Mapped[int]
    quantity: Mapped[int]
    unit_cost_minor: Mapped[int] = mapped_column(BigInteger)
    landed_minor: Mapped[int] = mapped_column(BigInteger)


class MovementRow(TenantOwned, Model):
    """A change of an item's units and value, both signed; insert-only."""

    __tablename__ = "self_operated_movements"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint("kind in ('receipt','ship','restock','damage','count','reverse')", name="kind"),
        Index(None, "tenant_id", "offer_id", text("id desc")),
        Index(None, "tenant_id", "at"),
    )
    offer_id: Mapped[UUID]
    kind: Mapped[str]
    quantity: Mapped[int]
    value_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    subject_id: Mapped[UUID]
    key: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class CostRow(TenantOwned, Model):
    """What an order's units of one offer cost, and how much of that came back.

    `sold` units left; `costed` of them had a cost. `sellable` came back whole, `scrapped` broken, `lost` were paid
    back and never came. `account` is where the rest of the cost stands: shipped, or cogs.
    """

    __tablename__ = "self_operated_costs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id", "offer_id"),
        CheckConstraint("account in ('shipped','cogs')", name="account"),
        CheckConstraint("back_minor between 0 and cost_minor", name="back"),
        Index(None, "tenant_id", "offer_id"),
    )
    order_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    currency: Mapped[str]
    sold: Mapped[int] = mapped_column(default=0)
    costed: Mapped[int] = mapped_column(default=0)
    cost_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    sellable: Mapped[int] = mapped_column(default=0)
    scrapped: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    back_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    account: Mapped[str] = mapped_column(default="shipped")


class CountRow(TenantOwned, Model):
    """A stock-taking of some own offers."""

    __tablename__ = "self_operated_counts"
    __table_args__ = (
        CheckConstraint("state in ('open','submitted','approved','lapsed')", name="state"),
        Index(None, "tenant_id", "state", text("id desc")),
    )
    state: Mapped[str] = mapped_column(default="open")
    author_id: Mapped[UUID | None]
    author: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)


class CountLineRow(TenantOwned, Model):
    """An offer of a count: what the books and the shelf said when it was submitted, and what was counted.

    `is_open` keeps an offer from standing in two unfinished counts.
    """

    __tablename__ = "self_operated_count_lines"
    __table_args__ = (
        UniqueConstraint("tenant_id", "count_id", "offer_id"),
        CheckConstraint("counted >= 0", name="counted"),
        Index("uq_self_operated_count_lines_open", "tenant_id", "offer_id", unique=True,
              postgresql_where=text("is_open")),
    )  # fmt: skip
    count_id: Mapped[UUID] = ref("self_operated_counts", ondelete="CASCADE")
    offer_id: Mapped[UUID]
    expected: Mapped[int | None]
    shelf: Mapped[int | None]
    counted: Mapped[int | None]
    is_open: Mapped[bool] = mapped_column(default=True)
