"""Rows of the edge: answers given under an idempotency key, kept for a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned


class IdempotencyRow(TenantOwned, Model):
    """What was answered to a principal's key. A null status means that the first request is still under way."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("tenant_id", "principal", "key"),)
    principal: Mapped[str]
    key: Mapped[str]
    request_digest: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
