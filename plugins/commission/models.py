"""Rows of the lists of rates. A version and its rates are written once and never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ListRow(TenantOwned, Model):
    """A version of the list; the highest is the one that counts."""

    __tablename__ = "commission_lists"
    __table_args__ = (UniqueConstraint("tenant_id", "version"),)
    version: Mapped[int]
    author_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class RateRow(TenantOwned, Model):
    """A rate at its place in a version. Conditions map a kind to keys, amounts map a currency to minor units."""

    __tablename__ = "commission_rates"
    __table_args__ = (
        UniqueConstraint("tenant_id", "list_id", "position"),
        CheckConstraint("percent_bps between 0 and 10000", name="percent"),
        CheckConstraint("base in ('net','gross')", name="base"),
        CheckConstraint("on_refund in ('proportional','keep','keep_fixed')", name="on_refund"),
    )
    list_id: Mapped[UUID] = ref("commission_lists", ondelete="CASCADE")
    position: Mapped[int]
    name: Mapped[str]
    conditions: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    percent_bps: Mapped[int]
    per_unit: Mapped[dict[str, int]] = mapped_column(JSON)
    per_line: Mapped[dict[str, int]] = mapped_column(JSON)
    floor: Mapped[dict[str, int]] = mapped_column(JSON)
    cap: Mapped[dict[str, int]] = mapped_column(JSON)
    base: Mapped[str]
    on_refund: Mapped[str]
