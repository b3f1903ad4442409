"""Rows of points: who has them, the lots they lie in, every change, and what orders used and earned."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref

_KINDS = "'earn','hold','redeem','return','withdraw','expire','adjust'"


class MemberRow(TenantOwned, Model):
    """A buyer's account. `points` can be used (below zero: blocked), `held` wait for a payment.

    `value_minor` is what the books owe for both; the liability account is the sum over all members.
    """

    __tablename__ = "membership_members"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("value_minor >= 0", name="value"),
    )
    customer_id: Mapped[UUID]
    points: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    value_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    since: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class LotRow(TenantOwned, Model):
    """Points that came together and expire together; `left` of them can still be used."""

    __tablename__ = "membership_lots"
    __table_args__ = (
        CheckConstraint("earned > 0", name="earned"),
        CheckConstraint("\"left\" between 0 and earned", name="left"),
        Index(None, "tenant_id", "member_id", "expires_at"),
        Index(
            "ix_membership_lots_due", "tenant_id", "expires_at",
            postgresql_where=text("\"left\" > 0 and expires_at is not null"),
        ),
    )  # fmt: skip
    member_id: Mapped[UUID] = ref("membership_members", ondelete="CASCADE")
    earned: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    order_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class EntryRow(TenantOwned, Model):
    """A change of an account, never changed itself: points can-be-used and the value the books owe, both signed."""

    __tablename__ = "membership_entries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint(f"kind in ({_KINDS})", name="kind"),
        Index(None, "tenant_id", "member_id", text("id desc")),
        Index(None, "tenant_id", "at"),
    )
    member_id: Mapped[UUID] = ref("membership_members", ondelete="CASCADE")
    kind: Mapped[str]
    points: Mapped[int] = mapped_column(BigInteger)
    value_minor: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")
    key: Mapped[str]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class UseRow(TenantOwned, Model):
    """Points that one line of an order uses, out of one lot: held until it is paid, then redeemed, or released.

    `amount_minor` is the discount that they paid for; `returned` of the points came back by refunds.
    """

    __tablename__ = "membership_uses"
    __table_args__ = (
        UniqueConstraint("tenant_id", "line_id", "lot_id"),
        CheckConstraint("state in ('held','redeemed','released')", name="state"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("returned between 0 and points", name="returned"),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "purchase_id"),
    )
    member_id: Mapped[UUID] = ref("membership_members", ondelete="CASCADE")
    lot_id: Mapped[UUID] = ref("membership_lots", ondelete="CASCADE")
    purchase_id: Mapped[UUID]
    order_id: Mapped[UUID]
    line_id: Mapped[UUID]
    points: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    returned: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(default="held")


class EarningRow(TenantOwned, Model):
    """What an order earned: `base_minor` is what its lines were worth then, refunds since withdraw in proportion."""

    __tablename__ = "membership_earnings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id"),
        CheckConstraint("withdrawn between 0 and points", name="withdrawn"),
    )
    member_id: Mapped[UUID] = ref("membership_members", ondelete="CASCADE")
    order_id: Mapped[UUID]
    points: Mapped[int] = mapped_column(BigInteger)
    base_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_before_minor: Mapped[int] = mapped_column(BigInteger)
    withdrawn: Mapped[int] = mapped_column(BigInteger, default=0)
