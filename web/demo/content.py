"""Value types of the demo content; texts are in the marketplace's own language."""

from dataclasses import dataclass
from enum import StrEnum


class AttributeType(StrEnum):
    """How an attribute is entered and filtered."""

    SELECT = "select"
    TEXT = "text"


class Funding(StrEnum):
    """Who bears a coupon."""

    PLATFORM = "platform"
    MERCHANT = "merchant"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that an attribute may take."""

    code: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """A filterable property of the listings in a category."""

    code: str
    name_en: str
    name_zh: str
    type: AttributeType
    unit: str = ""
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A branch of the catalogue; `parent` is a slug or empty at the top."""

    slug: str
    name_en: str
    name_zh: str
    parent: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way to receive an order; `free_over_minor` is None where it is never free."""

    code: str
    label: str
    price_minor: int
    free_over_minor: int | None
    days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant's shop; `own` marks the marketplace's own; `hue` is its brand colour as hex."""

    slug: str
    name: str
    story: str
    city: str
    own: bool
    verified: bool
    delivery: tuple[Delivery, ...]
    returns: str
    hours: str
    hue: str
    monogram: str


@dataclass(frozen=True, slots=True)
class Option:
    """What a buyer chooses between the variants of a listing."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """A thing that can be put into the cart; `values` follow the listing's options."""

    sku: str
    values: tuple[str, ...]
    price_minor: int
    was_minor: int | None
    stock: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Arguments for `art.draw` and `art.raster`."""

    kind: str
    colour: tuple[str, str]
    background: str
    view: str
    alt: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A product page; `attributes` pairs attribute codes with choice codes."""

    slug: str
    shop: str
    category: str
    title: str
    description: str
    tags: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    options: tuple[Option, ...]
    variants: tuple[Variant, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `region` is a county or province."""

    street: str
    city: str
    region: str
    postcode: str
    country: str
    phone: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """A person with an account."""

    name: str
    email: str
    city: str
    address: Address


@dataclass(frozen=True, slots=True)
class Coupon:
    """Money off: either `amount_minor` or `percent_bps` is above zero; `platform_share_bps` of it is ours."""

    code: str
    label: str
    funded_by: Funding
    amount_minor: int = 0
    percent_bps: int = 0
    minimum_minor: int = 0
    cap_minor: int | None = None
    shop: str = ""
    platform_share_bps: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """A commission rate for categories (all, if none are named)."""

    name: str
    categories: tuple[str, ...]
    percent_bps: int
    floor_minor: int | None = None
    cap_minor: int | None = None
    per_unit_minor: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """A published text: delivery, returns, privacy, terms or imprint; the body is Markdown."""

    code: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Marketplace:
    """Everything that one demo tenant starts with."""

    slug: str
    name: str
    tagline: str
    country: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    preset: str
    brand_hex: str
    categories: tuple[Category, ...]
    shops: tuple[Shop, ...]
    listings: tuple[Listing, ...]
    buyers: tuple[Buyer, ...]
    coupons: tuple[Coupon, ...]
    rates: tuple[Rate, ...]
    policies: tuple[Policy, ...]
