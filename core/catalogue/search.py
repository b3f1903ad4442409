"""Finding listings by words: exact tokens first, spelling second, and a note of what nobody could find.

Few matches are ranked by where the words stand; of many, the popular come first and the list is a plain sorted one,
so that neither reads more than it shows. Fewer than three hits are filled up with titles that look alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, Uuid, bindparam, func, literal_column, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from core.catalogue import keyset, pinyin, queries, tokens
from core.catalogue.keyset import Place, Sort
from core.catalogue.models import ListingRow, SearchMissRow
from core.catalogue.queries import CARD_COLUMNS, Card, CardPage, Filters, Shape, Total
from core.catalogue.tree import Node, tree
from core.catalogue.visibility import Sight
from core.kernel import clock
from core.kernel.db import connection
from core.kernel.fresh import Fresh
from core.kernel.ids import new_id
from core.kernel.tenancy import current, current_id

RANKED = 200
_FEW = 3
_ALIKE = 24
_LONGEST_MISS = 80
_RANK = "cast(ts_rank('{0.1,0.3,0.6,1}', listings.search, cast(:words as tsquery)) * 1000000 as integer) as rank"
_broad: Fresh[bool] = Fresh(60.0, most=50_000)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives. `by_category` counts the ranked matches; `spelling` says that titles only look alike."""

    page: CardPage
    total: Total
    by_category: Mapping[UUID, int]
    spelling: bool = False


def find(
    filters: Filters, sight: Sight, sort: Sort = Sort.BEST, *, cursor: str = "", limit: int = queries.PAGE
) -> Found:
    """Return a page of what the filters' words find. Raise Invalid for a cursor of another order."""
    if not tokens.query(filters.words):
        return Found(CardPage(()), Total(0), {})
    if sort is not Sort.BEST:
        after = keyset.read(cursor, sort) if cursor else None
        return Found(queries.page(filters, sight, sort, after=after, limit=limit), queries.count(filters, sight), {})
    after = keyset.read(cursor, Sort.BEST, Sort.POPULAR) if cursor else None
    if after is not None and after.sort is Sort.POPULAR:
        return _many(filters, sight, after, limit)
    return _ranked(filters, sight, after, limit)


def _many(filters: Filters, sight: Sight, after: Place | None, limit: int) -> Found:
    page = queries.page(filters, sight, Sort.POPULAR, after=after, limit=limit)
    return Found(page, queries.count(filters, sight), {})


@lru_cache(maxsize=512)
def _pool_statement(shape: Shape, limit: int, after: bool) -> Select[Any]:
    """Return the query of the best of at most 201 matches, with how many those are and in which categories."""
    return _best_of(
        queries.narrowed((*CARD_COLUMNS, ListingRow.__table__.c.category_id, text(_RANK)), shape), limit, after
    )


def _best_of(matches: Select[Any], limit: int, after: bool) -> Select[Any]:
    pool = matches.limit(literal_column(str(RANKED + 1))).cte("pool")
    rank = literal_column("pool.rank", Integer())
    sums = select(pool.c.category_id, func.count().label("number")).group_by(pool.c.category_id).subquery("sums")
    by_category = select(func.json_object_agg(sums.c.category_id, sums.c.number)).scalar_subquery()
    number = select(func.count()).select_from(pool).scalar_subquery()
    columns = [pool.c[column.name] for column in CARD_COLUMNS]
    query = select(*columns, rank, number, by_category).order_by(rank.desc(), pool.c.id.desc())
    query = query.limit(literal_column(str(limit)))
    if after:
        place = tuple_(bindparam("value", type_=Integer()), bindparam("last", type_=Uuid()))
        query = query.where(tuple_(rank, pool.c.id) < place)
    return query


def _ranked(filters: Filters, sight: Sight, after: Place | None, limit: int) -> Found:
    key = (filters, sight.key())
    if after is None and _broad.find(key):
        return _many(filters, sight, None, limit)
    params = queries.params_of(filters, sight)
    if after is not None:
        params |= {"value": after.value, "last": after.id}
    rows = _fetch(filters, sight, params, limit + 1, after is not None)
    number: int = rows[0][-2] if rows else 0
    if number > RANKED and after is None:
        _broad.put(key, True)
        return _many(filters, sight, None, limit)
    if number < _FEW and after is None:
        return _with_alike(filters, sight, [Card._make(row[:-3]) for row in rows])
    shown = rows[:limit]
    following = Place(Sort.BEST, shown[-1][-3], shown[-1][0]).cursor() if len(rows) > limit else None
    by_category = {UUID(category): count for category, count in (rows[0][-1] if rows else {}).items()}
    return Found(CardPage(tuple(Card._make(row[:-3]) for row in shown), following), Total(number), by_category)


def _fetch(filters: Filters, sight: Sight, params: queries.Params, limit: int, after: bool) -> Sequence[Any]:
    shape = queries.shape_of(filters, sight)
    if not sight.rules:
        return queries.fetch(_pool_statement(shape, limit, after), sight, params)
    matches = queries.narrowed((*CARD_COLUMNS, ListingRow.__table__.c.category_id, text(_RANK)), shape).where(
        *sight.rules
    )
    return connection().execute(_best_of(matches, limit, after), params).all()


@lru_cache(maxsize=256)
def _alike_statement(shape: Shape) -> Select[Any]:
    alike = text("cast(:key as text) <% listings.title_key")
    likeness = text("word_similarity(cast(:key as text), listings.title_key) desc, listings.id desc")
    query = queries.narrowed(CARD_COLUMNS, replace(shape, has_words=False)).where(alike)
    return query.order_by(likeness).limit(literal_column(str(_ALIKE)))


def _with_alike(filters: Filters, sight: Sight, exact: list[Card]) -> Found:
    """Fill up few hits with titles that look like the words, as of a second ago at most; hits stand first."""
    found = _alike.get((filters, sight.key()), lambda: _read_alike(filters, sight))
    seen = {card.id for card in exact}
    alike = [card for card in found if card.id not in seen]
    cards = tuple([*exact, *alike][:_ALIKE])
    return Found(CardPage(cards), Total(len(cards)), {}, spelling=bool(alike))


_alike: Fresh[tuple[Card, ...]] = Fresh(1.0)


def _read_alike(filters: Filters, sight: Sight) -> tuple[Card, ...]:
    params = queries.params_of(filters, sight) | {"key": tokens.title_key(filters.words)}
    rows = queries.fetch(_alike_statement(queries.shape_of(filters, sight)), sight, params)
    return tuple(Card._make(row) for row in rows)


def suggest(words: str, sight: Sight, language: str, *, most: int = 6) -> tuple[tuple[Card, ...], tuple[Node, ...]]:
    """Return listings and categories for half-typed words, the listings best first."""
    found = find(Filters(words=words), sight, limit=most).page.cards[:most] if len(words) > 1 else ()
    key = tokens.fold(words)
    names = ((node, node.name(language)) for node in tree().nodes.values())
    nodes = [node for node, name in names if key and (key in tokens.fold(name) or pinyin.begins(name, key))]
    return found, tuple(nodes[:3])


def note_miss(words: str) -> None:
    """Count a search that found nothing, by business day, for the operator to see."""
    key = tokens.fold(words)[:_LONGEST_MISS]
    if not key:
        return
    zone = ZoneInfo(current().timezone)
    day = datetime.combine(clock.today(current().timezone), time(), zone)
    row = {"tenant_id": current_id(), "id": new_id(), "day": day, "words": key, "count": 1}
    written = insert(SearchMissRow.__table__).values(row)  # type: ignore[arg-type]
    once_more = {"count": SearchMissRow.__table__.c.count + 1}
    connection().execute(written.on_conflict_do_update(index_elements=["tenant_id", "day", "words"], set_=once_more))
