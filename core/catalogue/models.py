"""Rows of the catalogue: categories, attributes, tags, listings, their variants, pictures and price history."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import clock
from core.kernel.db import Model, Timestamp
from core.kernel.tenancy import TenantOwned, ref


class CategoryRow(TenantOwned, Model):
    """A node of the tree. `path` is the slugs from the root ("home/kitchen"); names are by language."""

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        UniqueConstraint("tenant_id", "path"),
        Index(None, "tenant_id", "parent_id", "position"),
    )
    parent_id: Mapped[UUID | None] = ref("categories")
    slug: Mapped[str]
    path: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class AttributeRow(TenantOwned, Model):
    """A typed property that listings of a category and below have. Options are (code, names by language)."""

    __tablename__ = "attributes"
    __table_args__ = (
        UniqueConstraint("tenant_id", "category_id", "code"),
        CheckConstraint("kind in ('text','number','choice','yes_no')", name="kind"),
    )
    category_id: Mapped[UUID] = ref("categories", ondelete="CASCADE")
    code: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    kind: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)
    is_facet: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class ListingRow(TenantOwned, Model):
    """What a shop offers. Prices over its variants, picture and stock are kept here for lists to read in one go.

    `plugin` names the plugin that a special kind of listing belongs to: it sells only while that is enabled.
    """

    __tablename__ = "listings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        UniqueConstraint("tenant_id", "shop_id", "external_key"),
        ForeignKeyConstraint(  # a listing cannot stand in another merchant's shop
            ["tenant_id", "merchant_id", "shop_id"],
            ["shops.tenant_id", "shops.merchant_id", "shops.id"],
            name="fk_listings_shop_of_merchant",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("state in ('draft','review','live','hidden','blocked','archived')", name="state"),
        CheckConstraint("tax_bps between 0 and 10000", name="tax"),
        Index("ix_listings_newest", "tenant_id", text("published_at desc"), text("id desc"),
              postgresql_where=text("state = 'live'")),
        Index("ix_listings_cheapest", "tenant_id", "price_from_minor", "id", postgresql_where=text("state = 'live'")),
        Index("ix_listings_popular", "tenant_id", text("sold_count desc"), text("id desc"),
              postgresql_where=text("state = 'live'")),
        Index("ix_listings_category", "tenant_id", "category_id", text("published_at desc"), text("id desc"),
              postgresql_where=text("state = 'live'")),
        Index("ix_listings_category_cheapest", "tenant_id", "category_id", "price_from_minor", "id",
              postgresql_where=text("state = 'live'")),
        Index("ix_listings_category_popular", "tenant_id", "category_id", text("sold_count desc"), text("id desc"),
              postgresql_where=text("state = 'live'")),
        Index("ix_listings_shop_popular", "tenant_id", "shop_id", text("sold_count desc"), text("id desc"),
              postgresql_where=text("state = 'live'")),
        Index("ix_listings_shop", "tenant_id", "shop_id", "state", text("id desc")),
        Index("ix_listings_merchant", "tenant_id", "merchant_id", "state", text("id desc")),
        Index("ix_listings_search", "tenant_id", "search", postgresql_using="gin"),
        Index("ix_listings_title_trgm", "tenant_id", text("title_key gin_trgm_ops"), postgresql_using="gin"),
    )  # fmt: skip
    merchant_id: Mapped[UUID] = ref("merchants")
    shop_id: Mapped[UUID] = ref("shops")
    category_id: Mapped[UUID] = ref("categories")
    slug: Mapped[str]
    title: Mapped[str]
    title_key: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    brand: Mapped[str] = mapped_column(default="")
    attributes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    option_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    tax_bps: Mapped[int]
    currency: Mapped[str]
    price_from_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    price_to_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    was_minor: Mapped[int | None] = mapped_column(BigInteger)
    picture_id: Mapped[UUID | None]
    is_available: Mapped[bool] = mapped_column(default=False)
    sold_count: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="draft")
    blocked_reason: Mapped[str] = mapped_column(default="")
    plugin: Mapped[str | None]
    external_key: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=clock.now)
    published_at: Mapped[datetime | None] = mapped_column(Timestamp)
    publish_at: Mapped[datetime | None] = mapped_column(Timestamp)
    unpublish_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(default=1)
    search: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)


class VariantRow(TenantOwned, Model):
    """One thing that can be bought: an offer with its own price and stock."""

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("tenant_id", "listing_id", "option_key"),
        UniqueConstraint("tenant_id", "merchant_id", "sku"),
        CheckConstraint("price_minor >= 0", name="price"),
        Index(None, "tenant_id", "listing_id", "position"),
    )
    listing_id: Mapped[UUID] = ref("listings", ondelete="CASCADE")
    merchant_id: Mapped[UUID] = ref("merchants")
    sku: Mapped[str]
    options: Mapped[list[str]] = mapped_column(JSON, default=list)
    option_key: Mapped[str] = mapped_column(default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    was_minor: Mapped[int | None] = mapped_column(BigInteger)
    barcode: Mapped[str] = mapped_column(default="")
    weight_g: Mapped[int] = mapped_column(default=0)
    picture_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class FacetRow(TenantOwned, Model):
    """A value of one facet of one variant, so that a filter over several facets matches within one variant."""

    __tablename__ = "listing_facets"
    __table_args__ = (
        UniqueConstraint("tenant_id", "variant_id", "code", "value"),
        Index(None, "tenant_id", "code", "value", "listing_id"),
        Index(None, "tenant_id", "listing_id"),
    )
    listing_id: Mapped[UUID] = ref("listings", ondelete="CASCADE")
    variant_id: Mapped[UUID] = ref("variants", ondelete="CASCADE")
    category_id: Mapped[UUID]
    code: Mapped[str]
    value: Mapped[str]


class PictureRow(TenantOwned, Model):
    """A picture of a listing, in its place in the gallery."""

    __tablename__ = "listing_pictures"
    __table_args__ = (UniqueConstraint("tenant_id", "listing_id", "position"),)
    listing_id: Mapped[UUID] = ref("listings", ondelete="CASCADE")
    media_id: Mapped[UUID] = ref("media")
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")


class TagRow(TenantOwned, Model):
    """A free word on a listing; a tenant's setting limits how many."""

    __tablename__ = "listing_tags"
    __table_args__ = (UniqueConstraint("tenant_id", "listing_id", "tag"), Index(None, "tenant_id", "tag"))
    listing_id: Mapped[UUID] = ref("listings", ondelete="CASCADE")
    tag: Mapped[str]


class PriceRow(TenantOwned, Model):
    """What a variant cost from a moment on; insert-only but for the end."""

    __tablename__ = "price_history"
    __table_args__ = (Index(None, "tenant_id", "variant_id", "since"),)
    variant_id: Mapped[UUID] = ref("variants", ondelete="CASCADE")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    since: Mapped[datetime] = mapped_column(Timestamp)
    until: Mapped[datetime | None] = mapped_column(Timestamp)


class SearchMissRow(TenantOwned, Model):
    """How often a search found nothing, by day: what buyers want and no shop has."""

    __tablename__ = "search_misses"
    __table_args__ = (UniqueConstraint("tenant_id", "day", "words"),)
    day: Mapped[datetime] = mapped_column(Timestamp)
    words: Mapped[str]
    count: Mapped[int] = mapped_column(default=1)
