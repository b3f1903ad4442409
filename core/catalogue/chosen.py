"""Cards of listings that are named one by one, as far as they can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, any_, bindparam

from core.catalogue.models import ListingRow
from core.catalogue.queries import CARD_COLUMNS, Card, Filters, Shape, fetch, narrowed, params_of, shape_of
from core.catalogue.visibility import Sight

_L = ListingRow.__table__.c


@lru_cache(maxsize=16)
def _statement(shape: Shape) -> Select[Any]:
    return narrowed(CARD_COLUMNS, shape).where(_L.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))


@lru_cache(maxsize=16)
def _named(shape: Shape) -> Select[Any]:
    return narrowed(CARD_COLUMNS, shape).where(_L.slug == any_(bindparam("slugs", type_=ARRAY(Text()))))


def cards(listing_ids: Sequence[UUID], sight: Sight) -> list[Card]:
    """Return the cards of these listings in their order; what the viewer may not see is left out."""
    if not listing_ids:
        return []
    filters = Filters()
    params = {**params_of(filters, sight), "ids": list(listing_ids)}
    found = {row[0]: Card(*row) for row in fetch(_statement(shape_of(filters, sight)), sight, params)}
    return [found[key] for key in listing_ids if key in found]


def by_slugs(slugs: Sequence[str], sight: Sight) -> list[Card]:
    """Return the cards of the listings with these slugs, in their order; what the viewer may not see is left out."""
    if not slugs:
        return []
    filters = Filters()
    params = {**params_of(filters, sight), "slugs": list(slugs)}
    found = {card.slug: card for card in map(Card._make, fetch(_named(shape_of(filters, sight)), sight, params))}
    return [found[slug] for slug in slugs if slug in found]
