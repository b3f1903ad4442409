"""Values that go into the catalogue and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.kernel.money import Money

OPTION_LIMIT = 3
VARIANT_LIMIT = 250
PICTURE_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Seller:
    """For whom a listing is written: the caller has found the shop to be the merchant's.

    `is_trusted` listings go on the shelf without review (the house's own); only an approved merchant may publish.
    """

    merchant_id: UUID
    shop_id: UUID
    is_approved: bool = True
    is_trusted: bool = False


@dataclass(frozen=True, slots=True)
class VariantInput:
    """One row of the options matrix. Without an id the variant is found again by its options, else by its SKU.

    An empty SKU is made up. `weight_g` is in grams.
    """

    options: tuple[str, ...]
    price: Money
    sku: str = ""
    was: Money | None = None
    weight_g: int = 0
    barcode: str = ""
    id: UUID | None = None
    picture_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PictureInput:
    """A picture in its place; `alt` says what is to be seen."""

    media_id: UUID
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ListingInput:
    """What a merchant says of a listing. The description is Markdown.

    `tax_bps` None takes the marketplace's standard rate. An attribute's value is text by its kind: a choice's code,
    a decimal number without unit, or "yes" and "no".
    """

    title: str
    category_id: UUID
    description: str = ""
    brand: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    tax_bps: int | None = None
    publish_at: datetime | None = None
    unpublish_at: datetime | None = None
    external_key: str | None = None
    plugin: str | None = None


class AttributeKind(StrEnum):
    """What an attribute's value is."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an attribute of kind choice."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AttributeInput:
    """What the operator says of an attribute. `unit` is of numbers ("cm")."""

    code: str
    names: Mapping[str, str]
    kind: AttributeKind
    unit: str = ""
    options: tuple[Option, ...] = ()
    is_required: bool = False
    is_facet: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a category; `is_inherited` says that a category above has it."""

    id: UUID
    category_id: UUID
    code: str
    names: Mapping[str, str]
    kind: AttributeKind
    unit: str
    options: tuple[Option, ...]
    is_required: bool
    is_facet: bool
    position: int
    is_inherited: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the tree; `depth` is 0 at the root. `path` is the slugs from the root."""

    id: UUID
    parent_id: UUID | None
    slug: str
    path: str
    names: Mapping[str, str]
    position: int
    is_active: bool
    depth: int

    def name(self, language: str) -> str:
        """Return the name in a language, else in whatever there is."""
        return named(self.names, language)


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant as the console and the API show it; `available` is over all locations."""

    id: UUID
    sku: str
    options: tuple[str, ...]
    price: Money
    was: Money | None
    weight_g: int
    barcode: str
    position: int
    is_active: bool
    available: int
    picture_id: UUID | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a listing; `state` is that of its file."""

    media_id: UUID
    alt: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing in full, for those who write it."""

    id: UUID
    merchant_id: UUID
    shop_id: UUID
    category_id: UUID
    slug: str
    title: str
    description: str
    brand: str
    attributes: Mapping[str, str]
    tags: tuple[str, ...]
    option_names: tuple[str, ...]
    tax_bps: int
    currency: str
    state: str
    blocked_reason: str
    is_available: bool
    price_from: Money
    price_to: Money
    created_at: datetime
    published_at: datetime | None
    publish_at: datetime | None
    unpublish_at: datetime | None
    external_key: str | None
    version: int
    variants: tuple[Variant, ...]
    pictures: tuple[Picture, ...]


def named(names: Mapping[str, str], language: str) -> str:
    """Return the name in a language, else English, else any, else nothing."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "")
