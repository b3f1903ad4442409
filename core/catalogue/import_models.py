"""Rows of imports: a product file, how it is mapped, how far it has come and what was wrong with which row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class ImportRow(TenantOwned, Model):
    """One run over a file. `done` products of `total` are finished; a run that is taken up again goes on from there.

    `mapping` says which category a product's type or tag means; `report` lists what was wrong, row by row.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        CheckConstraint("kind in ('dry_run','run')", name="kind"),
        CheckConstraint("state in ('waiting','running','done','failed')", name="state"),
        Index(None, "tenant_id", "merchant_id", "id"),
    )
    merchant_id: Mapped[UUID] = ref("merchants", ondelete="CASCADE")
    shop_id: Mapped[UUID]
    media_id: Mapped[UUID] = ref("media")
    file_name: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    is_trusted: Mapped[bool] = mapped_column(default=False)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
