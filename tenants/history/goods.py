"""Products become archived listings, one for each seller that sold them, in categories by their English names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import CategoryRow, ListingRow, VariantRow
from core.catalogue.slugs import slugify
from core.catalogue.tax import default_bps
from core.catalogue.tokens import title_key
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.merchants.models import MerchantRow
from tenants.history import people
from tenants.history.reader import Product
from tenants.history.rows import Values, write

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sold:
    """A product as one seller sold it: its last price, how many units, and when the first."""

    seller: str
    product: Product
    price: Money
    units: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Good:
    """Where a sold product is here."""

    listing_id: UUID
    variant_id: UUID
    category_id: UUID
    title: str
    sku: str


def category_slug(category: str, names: Mapping[str, str]) -> str:
    """Return the address of a category: the source's key; "other" for none or one without a translation."""
    return slugify(category.replace("_", "-")) if names.get(category) else OTHER


def category_name(category: str, names: Mapping[str, str]) -> str:
    """Return a category's English name, such as "Health beauty"."""
    return names.get(category, OTHER).replace("_", " ").capitalize()[:60]


def add_categories(wanted: Iterable[str], names: Mapping[str, str]) -> None:
    """Add the categories that are not here yet, at the root, by name."""
    by_slug = {category_slug(category, names): category_name(category, names) for category in wanted}
    there = set(session().scalars(select(CategoryRow.slug)))
    rows: list[Values] = [
        {"id": new_id(), "parent_id": None, "slug": slug, "path": slug, "names": {"en": name}, "position": 100 + place}
        for place, (slug, name) in enumerate(sorted(by_slug.items(), key=lambda pair: pair[1]))
        if slug not in there
    ]
    write(CategoryRow, rows)


def add_listings(sold: Sequence[Sold], names: Mapping[str, str]) -> None:
    """Add the listings that are not here yet: archived, with one variant, so that nothing of the past is for sale."""
    seats = people.seats(entry.seller for entry in sold)
    there = find((entry.seller, entry.product.key) for entry in sold)
    fresh = [entry for entry in sold if (entry.seller, entry.product.key) not in there]
    categories = dict(session().execute(select(CategoryRow.slug, CategoryRow.id)).all())
    ids = {(entry.seller, entry.product.key): new_id() for entry in fresh}
    tax_bps = default_bps()
    listings, variants = [], []
    for entry in fresh:
        seat, row_id = seats[entry.seller], ids[entry.seller, entry.product.key]
        category_id = categories[category_slug(entry.product.category, names)]
        listings.append(_listing(entry, seat, row_id, category_id, names) | {"tax_bps": tax_bps})
        variants.append(_variant(entry, seat, row_id))
    write(ListingRow, listings)
    write(VariantRow, variants)


def _listing(entry: Sold, seat: people.Seat, row_id: UUID, category_id: UUID, names: Mapping[str, str]) -> Values:
    name = category_name(entry.product.category, names)
    title = f"{name} {entry.product.key[:6].upper()}"
    return {
        "id": row_id, "merchant_id": seat.merchant_id, "shop_id": seat.shop_id, "category_id": category_id,
        "slug": f"{slugify(name, 30)}-{entry.product.key[:10]}-{entry.seller[:8]}", "title": title,
        "title_key": title_key(title), "currency": entry.price.currency, "price_from_minor": entry.price.minor,
        "price_to_minor": entry.price.minor, "sold_count": entry.units, "state": "archived",
        "external_key": entry.product.key, "created_at": entry.since,
    }  # fmt: skip


def _variant(entry: Sold, seat: people.Seat, listing_id: UUID) -> Values:
    return {
        "id": new_id(), "listing_id": listing_id, "merchant_id": seat.merchant_id, "sku": entry.product.key[:16].upper(),
        "price_minor": entry.price.minor, "currency": entry.price.currency, "weight_g": entry.product.weight_g,
    }  # fmt: skip


def find(keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Good]:
    """Return sold products by seller and product.

    Step by step, each by an index: right after an import the planner has no figures yet, and a join of the three
    tables was seen to take longer than a statement may.
    """
    wanted = set(keys)
    sellers = _merchants(sorted({seller for seller, _product in wanted}))
    listings = {
        row.id: row
        for row in session().scalars(select(ListingRow).where(ListingRow.merchant_id.in_(sorted(sellers))))
        if (sellers[row.merchant_id], row.external_key) in wanted
    }
    variants = select(VariantRow.listing_id, VariantRow.id, VariantRow.sku).where(
        VariantRow.listing_id.in_(sorted(listings))
    )
    found = {}
    for listing_id, variant_id, sku in session().execute(variants):
        row = listings[listing_id]
        key = (sellers[row.merchant_id], row.external_key or "")
        found[key] = Good(listing_id, variant_id, row.category_id, row.title, sku)
    return found


def _merchants(keys: list[str]) -> dict[UUID, str]:
    """Return the merchants of sellers, each with its seller's key."""
    query = select(MerchantRow.id, MerchantRow.external_key).where(MerchantRow.external_key.in_(keys))
    return {merchant_id: key for merchant_id, key in session().execute(query) if key}
