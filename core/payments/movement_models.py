"""Rows of what moved at payment providers, as they tell it, and how far each provider's account has been read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned


class MovementRow(TenantOwned, Model):
    """A movement at a provider: `amount` less its own `fee` is `net`, all in our minor units, in positive.

    `kind` and `category` are the provider's words. `source` is what moved the money there, `about` the payment behind
    it, `marks` what we wrote into the source. `day` is the business date in the tenant's time zone. `subject` says
    what it is here, "" until it was looked up; reconciliation writes it, and `is_compared` once it was compared.
    """

    __tablename__ = "provider_movements"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provider", "ref"),
        Index(None, "tenant_id", "provider", "subject"),
        Index(None, "tenant_id", "provider", "day"),
        Index(None, "tenant_id", "provider", "source"),
        Index("ix_provider_movements_fresh", "tenant_id", "provider", "id", postgresql_where=text("not is_compared")),
    )
    provider: Mapped[str]
    ref: Mapped[str]
    kind: Mapped[str]
    category: Mapped[str]
    source: Mapped[str]
    about: Mapped[str]
    marks: Mapped[dict[str, str]] = mapped_column(JSON)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    fees: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    day: Mapped[date]
    moved_at: Mapped[datetime] = mapped_column(Timestamp)
    available_at: Mapped[datetime] = mapped_column(Timestamp)
    subject: Mapped[str] = mapped_column(default="")
    is_compared: Mapped[bool] = mapped_column(default=False)


class ReadingRow(Model):
    """How far the account at a provider has been read; one account serves every marketplace, so this is nobody's.

    Newest come first: a walk goes down from `top_at` by pages after `after`, to what was read before. `began_at` is
    when the walk began, `done_at` when the last walk that came to its end had begun, and `read_until` its top.
    """

    __tablename__ = "provider_readings"
    provider: Mapped[str] = mapped_column(primary_key=True)
    after: Mapped[str] = mapped_column(default="")
    top_at: Mapped[datetime | None] = mapped_column(Timestamp)
    began_at: Mapped[datetime | None] = mapped_column(Timestamp)
    read_until: Mapped[datetime | None] = mapped_column(Timestamp)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
