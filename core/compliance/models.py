"""Rows of what buyers ask about their own data: a copy of it, or that it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class SubjectRequestRow(TenantOwned, Model):
    """A request of a buyer about their own data. `user_id` is forgotten with the account.

    `file_name` names the archive in the file store until `expires_at`; `report` says of each table what an erasure
    took and what stays for which reason.
    """

    __tablename__ = "subject_requests"
    __table_args__ = (
        CheckConstraint("kind in ('export','erasure')", name="kind"),
        CheckConstraint("state in ('asked','ready','expired','done','refused')", name="state"),
        Index(None, "tenant_id", "user_id", "id"),
    )
    kind: Mapped[str]
    user_id: Mapped[UUID | None]
    customer_id: Mapped[UUID] = ref("customers")
    state: Mapped[str] = mapped_column(default="asked")
    asked_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    file_name: Mapped[str] = mapped_column(default="")
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    report: Mapped[list[Any]] = mapped_column(JSON, default=list)
