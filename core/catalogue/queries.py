"""Hot reads of the storefront: pages of cards and one listing in full, each in one statement that is built once.

A statement is made for each shape (order, which filters, how many) and compiled to text; only values differ between
calls, so neither the ORM nor a compiler takes part in a request. Conditions of plugins are added as they come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Select, Text, Uuid, any_, bindparam, func, literal_column, select, text, tuple_
from sqlalchemy.dialects.postgresql import dialect as postgresql

from core.catalogue import tokens
from core.catalogue.keyset import Place, Sort, micros
from core.catalogue.models import FacetRow, ListingRow
from core.catalogue.visibility import Sight
from core.kernel.db import connection, fetched
from core.kernel.fresh import Fresh
from core.kernel.money import Money
from core.kernel.tenancy import current_id

PAGE = 24
COUNT_CAP = 1_000
_COUNT_SECONDS = 60.0
_L = ListingRow.__table__.c
_F = FacetRow.__table__
_DIALECT = postgresql(paramstyle="pyformat")  # type: ignore[no-untyped-call]
Params = Mapping[str, Any]
CARD_COLUMNS = (
    _L.id, _L.slug, _L.title, _L.shop_id, _L.currency, _L.price_from_minor, _L.price_to_minor, _L.was_minor,
    _L.picture_id, _L.is_available, _L.sold_count, _L.published_at,
)  # fmt: skip


class Card(NamedTuple):
    """A listing as lists show it. Prices are over its variants, in minor units of `currency`."""

    id: UUID
    slug: str
    title: str
    shop_id: UUID
    currency: str
    price_from_minor: int
    price_to_minor: int
    was_minor: int | None
    picture_id: UUID | None
    is_available: bool
    sold_count: int
    published_at: datetime

    @property
    def price(self) -> Money:
        """The lowest price of its variants."""
        return Money(self.price_from_minor, self.currency)

    @property
    def was(self) -> Money | None:
        """The price before a reduction."""
        return Money(self.was_minor, self.currency) if self.was_minor else None

    @property
    def has_range(self) -> bool:
        """Whether variants differ in price."""
        return self.price_to_minor > self.price_from_minor


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to. `categories` are keys with all below; facets are (code, values), ANDed.

    Values of one facet are ORed, and all facets hold within one variant. Prices are minor units, both ends included.
    """

    categories: tuple[UUID, ...] = ()
    shop_id: UUID | None = None
    merchant_id: UUID | None = None
    price_from: int | None = None
    price_to: int | None = None
    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    available_only: bool = False
    on_sale: bool = False
    words: str = ""

    def without_facets(self) -> Filters:
        """Return the same filters, not narrowed by facets: the ground on which their options are counted."""
        return replace(self, facets=())


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are; with `is_capped` at least so many."""

    number: int
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of cards; `next` is the cursor of the following one."""

    cards: tuple[Card, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides a statement's text; the values are bound."""

    has_shut: bool
    has_category: bool
    has_categories: bool
    has_shop: bool
    has_merchant: bool
    has_low: bool
    has_high: bool
    facets: int
    available_only: bool
    on_sale: bool
    has_words: bool


def shape_of(filters: Filters, sight: Sight) -> Shape:
    """Return the shape of a query."""
    return Shape(
        bool(sight.shut), len(filters.categories) == 1, len(filters.categories) > 1, filters.shop_id is not None, filters.merchant_id is not None,
        filters.price_from is not None, filters.price_to is not None, len(filters.facets), filters.available_only,
        filters.on_sale, bool(filters.words),
    )  # fmt: skip


def params_of(filters: Filters, sight: Sight) -> dict[str, Any]:
    """Return the values of a query."""
    params: dict[str, Any] = {
        "tenant": current_id(), "plugins": list(sight.plugins), "shut": list(sight.shut),
        "category": filters.categories[0] if filters.categories else None,
        "categories": list(filters.categories), "shop": filters.shop_id, "merchant": filters.merchant_id,
        "low": filters.price_from, "high": filters.price_to,
        "words": tokens.query(filters.words) if filters.words else "",
    }  # fmt: skip
    for number, (code, values) in enumerate(filters.facets):
        params[f"code{number}"], params[f"values{number}"] = code, list(values)
    return params


def _uuids(name: str) -> Any:
    return bindparam(name, type_=ARRAY(Uuid()))


def narrowed(columns: Sequence[Any], shape: Shape) -> Select[Any]:
    """Return the query of visible listings that match a shape's filters."""
    query = select(*columns).where(
        _L.tenant_id == bindparam("tenant", type_=Uuid()),
        _L.state == literal_column("'live'"),
        _L.plugin.is_(None) | (_L.plugin == any_(bindparam("plugins", type_=ARRAY(Text())))),
    )
    optional = (
        (shape.has_shut, lambda: ~(_L.shop_id == any_(_uuids("shut")))),
        # One category is looked up by itself: its indexes then give the rows in order, and a page reads what it shows.
        (shape.has_category, lambda: _L.category_id == bindparam("category", type_=Uuid())),
        (shape.has_categories, lambda: _L.category_id == any_(_uuids("categories"))),
        (shape.has_shop, lambda: _L.shop_id == bindparam("shop", type_=Uuid())),
        (shape.has_merchant, lambda: _L.merchant_id == bindparam("merchant", type_=Uuid())),
        (shape.has_low, lambda: _L.price_from_minor >= bindparam("low", type_=_L.price_from_minor.type)),
        (shape.has_high, lambda: _L.price_from_minor <= bindparam("high", type_=_L.price_from_minor.type)),
        (shape.available_only, lambda: _L.is_available),
        (shape.on_sale, lambda: _L.was_minor.is_not(None)),
        (shape.has_words, lambda: text("listings.search @@ cast(:words as tsquery)")),
        (shape.facets > 0, lambda: _within_one_variant(shape.facets)),
    )
    return query.where(*(make() for wanted, make in optional if wanted))


def _within_one_variant(count: int) -> Any:
    """Return the condition that some one variant has a wanted value of every facet.

    A scalar subquery with a limit is looked up for each row in the order of the list (13 us); an EXISTS may be turned
    into a join of whole facets, which takes 1.5 s at 100,000 listings where this takes 1 ms.
    """
    rows = [_F.alias(f"facet{number}") for number in range(count)]
    first = rows[0].c
    conditions = [first.tenant_id == _L.tenant_id, first.listing_id == _L.id]
    for number, row in enumerate(rows):
        conditions += [
            row.c.code == bindparam(f"code{number}", type_=Text()),
            row.c.value == any_(bindparam(f"values{number}", type_=ARRAY(Text()))),
        ]
        if number:
            conditions += [row.c.tenant_id == first.tenant_id, row.c.listing_id == first.listing_id,
                           row.c.variant_id == first.variant_id]  # fmt: skip
    found = select(literal_column("true", Boolean())).where(*conditions).limit(literal_column("1"))
    return found.correlate(ListingRow.__table__).scalar_subquery().is_(True)


@lru_cache(maxsize=2048)
def _page_statement(shape: Shape, sort: Sort, limit: int, after: bool) -> Select[Any]:
    value = {
        Sort.NEWEST: _L.published_at,
        Sort.POPULAR: _L.sold_count,
        Sort.BEST: _L.sold_count,
        Sort.PRICE_UP: _L.price_from_minor,
        Sort.PRICE_DOWN: _L.price_from_minor,
    }[sort]
    query = narrowed(CARD_COLUMNS, shape).limit(literal_column(str(limit)))
    place = tuple_(bindparam("value", type_=value.type), bindparam("last", type_=Uuid()))
    if sort is Sort.PRICE_UP:
        query = query.order_by(value, _L.id)
        return query.where(tuple_(value, _L.id) > place) if after else query
    query = query.order_by(value.desc(), _L.id.desc())
    return query.where(tuple_(value, _L.id) < place) if after else query


@lru_cache(maxsize=2048)
def _count_statement(shape: Shape) -> Select[Any]:
    return _capped(narrowed([literal_column("1")], shape))


def _capped(matches: Select[Any]) -> Select[Any]:
    inner = matches.limit(literal_column(str(COUNT_CAP + 1))).subquery()
    return select(func.count()).select_from(inner)


@lru_cache(maxsize=4096)
def _written(query: Select[Any]) -> str:
    return str(query.compile(dialect=_DIALECT))


def fetch(query: Select[Any], sight: Sight, params: Params) -> Sequence[Any]:
    """Run a prepared query with the sight's rules; the rows are plain tuples."""
    if sight.rules:
        return connection().execute(query.where(*sight.rules), params).all()
    return run(query, params)


def run(query: Select[Any], params: Params) -> Sequence[Any]:
    """Run a prepared query as it is. Raise the driver's own errors, which core.http.errors knows."""
    return fetched(_written(query), params)


def value_of(card: Card, sort: Sort) -> int:
    """Return a card's value in an order."""
    if sort is Sort.NEWEST:
        return micros(card.published_at)
    return card.price_from_minor if sort in (Sort.PRICE_UP, Sort.PRICE_DOWN) else card.sold_count


def page(
    filters: Filters, sight: Sight, sort: Sort = Sort.NEWEST, *, after: Place | None = None, limit: int = PAGE
) -> CardPage:
    """Return a page of cards in one statement. `after` is the last place of the page before."""
    params = params_of(filters, sight)
    if after is not None:
        params["value"] = after.moment() if sort is Sort.NEWEST else after.value
        params["last"] = after.id
    query = _page_statement(shape_of(filters, sight), sort, limit + 1, after is not None)
    cards = [Card._make(row) for row in fetch(query, sight, params)]
    more = len(cards) > limit
    cards = cards[:limit]
    following = Place(sort, value_of(cards[-1], sort), cards[-1].id).cursor() if more else None
    return CardPage(tuple(cards), following)


_counts: Fresh[Total] = Fresh(_COUNT_SECONDS, most=50_000)


def count(filters: Filters, sight: Sight) -> Total:
    """Return how many match, exactly up to 1,000 and at most a minute old."""

    def read() -> Total:
        shape, params = shape_of(filters, sight), params_of(filters, sight)
        if sight.rules:
            matches = narrowed([literal_column("1")], shape).where(*sight.rules)
            found = connection().execute(_capped(matches), params).scalar_one()
        else:
            found = run(_count_statement(shape), params)[0][0]
        return Total(min(found, COUNT_CAP), found > COUNT_CAP)

    return _counts.get((filters, sight.key()), read)
