"""Rows of the lists of rates: versions that are written once and never changed, the draft, and runs over the past."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ListRow(TenantOwned, Model):
    """A version of the list. Of those whose moment has come the latest counts; a withdrawn one never does."""

    __tablename__ = "commission_lists"
    __table_args__ = (
        UniqueConstraint("tenant_id", "version"),
        Index(None, "tenant_id", "effective_at", "version"),
    )
    version: Mapped[int]
    author_id: Mapped[UUID | None]
    approver_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    effective_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Timestamp)


class RateRow(TenantOwned, Model):
    """A rate at its place in a version. Conditions map a kind to what it wants, amounts a currency to minor units."""

    __tablename__ = "commission_rates"
    __table_args__ = (
        UniqueConstraint("tenant_id", "list_id", "position"),
        CheckConstraint("percent_bps between 0 and 10000", name="percent"),
        CheckConstraint("base in ('net','gross')", name="base"),
        CheckConstraint("on_refund in ('proportional','keep','keep_fixed')", name="on_refund"),
        CheckConstraint("tier_mode in ('marginal','whole')", name="tier_mode"),
        CheckConstraint("tax_bps between 0 and 10000", name="tax"),
    )
    list_id: Mapped[UUID] = ref("commission_lists", ondelete="CASCADE")
    position: Mapped[int]
    name: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    percent_bps: Mapped[int]
    per_unit: Mapped[dict[str, int]] = mapped_column(JSON)
    per_line: Mapped[dict[str, int]] = mapped_column(JSON)
    floor: Mapped[dict[str, int]] = mapped_column(JSON)
    cap: Mapped[dict[str, int]] = mapped_column(JSON)
    base: Mapped[str]
    on_refund: Mapped[str]
    tiers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    tier_mode: Mapped[str] = mapped_column(default="marginal")
    with_delivery: Mapped[bool] = mapped_column(default=False)
    tax_bps: Mapped[int | None]


class DraftRow(TenantOwned, Model):
    """The list that is being worked on: at most one at a time. `revision` grows with each change.

    `effective_on` is the day from which it is to count; None is the moment of its release.
    """

    __tablename__ = "commission_drafts"
    __table_args__ = (
        CheckConstraint("state in ('open','asked','released','discarded')", name="state"),
        Index(
            "uq_commission_drafts_live", "tenant_id", unique=True, postgresql_where=text("state in ('open','asked')")
        ),
    )
    state: Mapped[str] = mapped_column(default="open")
    rates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    based_on: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="")
    effective_on: Mapped[date | None]
    author_id: Mapped[UUID | None]
    author: Mapped[str] = mapped_column(default="")
    released_version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class RunRow(TenantOwned, Model):
    """A list tried on past orders (simulation), or past charges worked out again (replay), piece by piece.

    `tally` is what is known after `done` of `most` orders; `mark` is where the next piece begins.
    """

    __tablename__ = "commission_runs"
    __table_args__ = (
        CheckConstraint("kind in ('simulation','replay')", name="kind"),
        CheckConstraint("state in ('running','done','failed')", name="state"),
        Index(None, "tenant_id", "kind", "id"),
    )
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="running")
    start_on: Mapped[date]
    end_on: Mapped[date]
    rates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    tally: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    mark: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    most: Mapped[int] = mapped_column(default=0)
    author: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
