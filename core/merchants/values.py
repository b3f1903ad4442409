"""Merchants, shops and what belongs to them, as frozen values for pages, the API and other parts of core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.kernel.money import Money
from core.merchants.models import DocumentRow, MerchantRow, ShopRow

ADDRESS_FIELDS = ("name", "line1", "line2", "postcode", "city", "region", "country", "phone")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
POLICIES = ("returns", "delivery", "privacy", "imprint")


@dataclass(frozen=True, slots=True)
class Merchant:
    """A seller. `kind` is person, company or promoter; `country` ISO 3166 alpha-2; `note` the operator's last word."""

    id: UUID
    name: str
    kind: str
    country: str
    email: str
    phone: str
    registration_number: str
    tax_number: str
    address: Mapping[str, str]
    state: str
    is_house: bool
    note: str
    created_at: datetime
    applied_at: datetime | None
    approved_at: datetime | None
    has_dismissed_setup: bool = False

    @property
    def may_sell(self) -> bool:
        """Whether the operator lets it sell now."""
        return self.state == "approved"


@dataclass(frozen=True, slots=True)
class Document:
    """What was handed in against a requirement; without `media_id` it is a statement that was agreed to."""

    id: UUID
    requirement: str
    media_id: UUID | None
    state: str
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop window. `hours` by day ("mon": "09:00-17:30"); `policies` are Markdown by POLICIES' names."""

    id: UUID
    merchant_id: UUID
    slug: str
    name: str
    story: str
    city: str
    state: str
    holiday_note: str
    holiday_until: datetime | None
    logo_id: UUID | None
    banner_id: UUID | None
    policies: Mapping[str, str]
    return_address: Mapping[str, str]
    hours: Mapping[str, str]
    return_days: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    """A way of delivery of a shop. `free_from` makes it free from that value of goods; days are working days."""

    id: UUID
    shop_id: UUID
    code: str
    label: str
    price: Money
    free_from: Money | None
    min_days: int
    max_days: int
    position: int
    is_active: bool

    def price_for(self, goods_minor: int) -> Money:
        """Return what delivery of goods of this value costs; minor units of the option's own currency."""
        is_free = self.free_from is not None and goods_minor >= self.free_from.minor
        return Money.zero(self.price.currency) if is_free else self.price


def merchant_of(row: MerchantRow) -> Merchant:
    """Return a merchant's row as a value."""
    return Merchant(
        row.id, row.name, row.kind, row.country, row.email, row.phone, row.registration_number, row.tax_number,
        dict(row.address), row.state, row.is_house, row.note, row.created_at, row.applied_at, row.approved_at,
        bool(row.facts.get("setup_dismissed")),
    )  # fmt: skip


def document_of(row: DocumentRow) -> Document:
    """Return a document's row as a value."""
    return Document(row.id, row.requirement, row.media_id, row.state, row.note, row.created_at)


def shop_of(row: ShopRow) -> Shop:
    """Return a shop's row as a value."""
    return Shop(
        row.id, row.merchant_id, row.slug, row.name, row.story, row.city, row.state, row.holiday_note,
        row.holiday_until, row.logo_id, row.banner_id, dict(row.policies), dict(row.return_address), dict(row.hours),
        row.return_days, row.created_at,
    )  # fmt: skip


def option_of(row: Any) -> DeliveryOption:
    """Return a delivery option's row, or a tuple with its columns' names, as a value."""
    free_from = None if row.free_from_minor is None else Money(row.free_from_minor, row.currency)
    return DeliveryOption(
        row.id, row.shop_id, row.code, row.label, Money(row.price_minor, row.currency), free_from,
        row.min_days, row.max_days, row.position, row.is_active,
    )  # fmt: skip
