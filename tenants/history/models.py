"""Rows of history imports from the browser: the file, how far it has come, and what it came to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned


class HistoryRunRow(TenantOwned, Model):
    """One run. `next_chunk` is where it goes on; the upload is forgotten at its end, the report stays.

    `totals` holds the last figures, `problem` why it stopped for good.
    """

    __tablename__ = "history_runs"
    __table_args__ = (CheckConstraint("state in ('waiting','running','done','failed')", name="state"),)
    file_name: Mapped[str]
    blob: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    next_chunk: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    report: Mapped[str] = mapped_column(default="")
    totals: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problem: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
