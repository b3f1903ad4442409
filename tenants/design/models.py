"""Rows of the storefront's design: what is published and drafted now, and every version that was ever published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned


class DesignRow(TenantOwned, Model):
    """A part of the design. `number` is the published version's, 0 before the first; without a draft it is None.

    `version` grows with each change, so that two people do not overwrite each other unseen.
    """

    __tablename__ = "design_parts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "part"),
        CheckConstraint("part in ('theme','front','menus')", name="part"),
    )
    part: Mapped[str]
    published: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    number: Mapped[int] = mapped_column(default=0)
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class DesignVersionRow(TenantOwned, Model):
    """What was published, insert-only. `number` counts from 1 for each part."""

    __tablename__ = "design_versions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "part", "number"),
        CheckConstraint("part in ('theme','front','menus')", name="part"),
    )
    part: Mapped[str]
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_by: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
