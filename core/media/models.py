"""Rows of uploaded files. The bytes lie in the store under the tenant's key and the content's hash."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned


class MediaRow(TenantOwned, Model):
    """One file. `widths` names the renditions that are ready, in pixels ("320 640 1280"); public ones need no key.

    `note` says why one failed.
    """

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("state in ('stored','ready','refused','fetching','failed')", name="state"),
        Index(None, "tenant_id", "sha256"),
    )
    merchant_id: Mapped[UUID | None]
    sha256: Mapped[str]
    media_type: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    widths: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="stored")
    source_url: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
