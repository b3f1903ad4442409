"""Puts things on sale for tests of what buyers see: one call, one live listing with its variants and facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import cast, select, update
from sqlalchemy.dialects.postgresql import TSVECTOR

from core.catalogue import tokens, tree, visibility
from core.catalogue.models import AttributeRow, CategoryRow, FacetRow, ListingRow, VariantRow
from core.catalogue.stock_models import LocationRow, StockRow
from core.kernel.db import session
from core.merchants import shopfronts
from core.merchants.models import MerchantRow, ShopRow

_numbers = count(1)
_START = datetime(2026, 1, 1, tzinfo=UTC)


def shop(name: str = "Kiln", *, merchant_state: str = "approved", state: str = "open") -> ShopRow:
    """Write a merchant, its stock location and its shop."""
    number = next(_numbers)
    merchant = MerchantRow(name=name, kind="company", country="IE", email="m@example.test", state=merchant_state)
    session().add(merchant)
    session().flush()
    made = ShopRow(merchant_id=merchant.id, slug=f"shop-{number}", name=name, state=state)
    session().add_all([made, LocationRow(merchant_id=merchant.id, name="Main")])
    session().flush()
    return made


def category(slug: str, parent: CategoryRow | None = None, facets: Sequence[str] = ()) -> CategoryRow:
    """Write a category and its facets."""
    path = f"{parent.path}/{slug}" if parent else slug
    made = CategoryRow(slug=slug, path=path, names={"en": slug.title()}, parent_id=parent.id if parent else None)
    session().add(made)
    session().flush()
    for code in facets:
        session().add(AttributeRow(category_id=made.id, code=code, names={"en": code}, kind="choice", is_facet=True))
    session().flush()
    return made


def listing(
    title: str, of: ShopRow, under: CategoryRow, variants: Sequence[Mapping[str, str]] = ({},), *,
    price: int = 1000, state: str = "live", plugin: str | None = None, sold: int = 0,
) -> UUID:  # fmt: skip
    """Write a listing whose variants have these facet values, five of each in stock."""
    number = next(_numbers)
    row = ListingRow(
        merchant_id=of.merchant_id, shop_id=of.id, category_id=under.id, slug=f"listing-{number}", title=title,
        title_key=tokens.title_key(title), tax_bps=0, currency="EUR", price_from_minor=price, price_to_minor=price,
        is_available=True, state=state, plugin=plugin, sold_count=sold, published_at=_START + timedelta(hours=number),
    )  # fmt: skip
    session().add(row)
    session().flush()
    vector = tokens.vector_sql(tokens.document(title))
    session().execute(update(ListingRow).where(ListingRow.id == row.id).values(search=cast(vector, TSVECTOR)))
    place = session().scalars(select(LocationRow).where(LocationRow.merchant_id == of.merchant_id)).one()
    for position, values in enumerate(variants):
        variant = VariantRow(listing_id=row.id, merchant_id=of.merchant_id, sku=f"{number}-{position}", currency="EUR",
                             price_minor=price, position=position, option_key=str(position),
                             options=list(values.values()))  # fmt: skip
        session().add(variant)
        session().flush()
        session().add(StockRow(variant_id=variant.id, location_id=place.id, available=5))
        for code, value in values.items():
            session().add(FacetRow(listing_id=row.id, variant_id=variant.id, category_id=under.id, code=code,
                                   value=value))  # fmt: skip
    session().flush()
    return row.id


def seen_anew() -> None:
    """Drop what this process remembers of the bound marketplace."""
    tree.forget()
    visibility.forget()
    shopfronts.forget()
