"""Rows of buyers: guests and registered ones, where they live, what they consented to, how they are labelled."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class CustomerRow(TenantOwned, Model):
    """A buyer. A guest has no user; registering with the same verified address joins the two."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        UniqueConstraint("tenant_id", "external_key"),
        Index(None, "tenant_id", "email_key"),
    )
    user_id: Mapped[UUID | None] = ref("users", ondelete="SET NULL (user_id)")
    email: Mapped[str]
    email_key: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    external_key: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    erased_at: Mapped[datetime | None] = mapped_column(Timestamp)


class AddressRow(TenantOwned, Model):
    """A place to deliver to. `fields` holds name, line1, line2, postcode, city, region, country, phone."""

    __tablename__ = "addresses"
    __table_args__ = (Index(None, "tenant_id", "customer_id"),)
    customer_id: Mapped[UUID] = ref("customers", ondelete="CASCADE")
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    is_default: Mapped[bool] = mapped_column(default=False)


class ConsentRow(TenantOwned, Model):
    """A buyer's yes or no to one purpose, with the words that were shown. Insert-only: the newest counts."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "tenant_id", "customer_id", "purpose", "id"),)
    customer_id: Mapped[UUID] = ref("customers", ondelete="CASCADE")
    purpose: Mapped[str]
    is_given: Mapped[bool]
    wording: Mapped[str]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)


class LabelRow(TenantOwned, Model):
    """A named audience that a plugin has put a buyer in, until a moment."""

    __tablename__ = "customer_labels"
    __table_args__ = (UniqueConstraint("tenant_id", "customer_id", "label", "plugin"),)
    customer_id: Mapped[UUID] = ref("customers", ondelete="CASCADE")
    label: Mapped[str]
    plugin: Mapped[str]
    until: Mapped[datetime | None] = mapped_column(Timestamp)


class SavedRow(TenantOwned, Model):
    """A listing that a buyer keeps for later."""

    __tablename__ = "saved_listings"
    __table_args__ = (UniqueConstraint("tenant_id", "customer_id", "listing_id"),)
    customer_id: Mapped[UUID] = ref("customers", ondelete="CASCADE")
    listing_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
