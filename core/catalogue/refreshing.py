"""Keeps what lists and search read in one go in step with the rows it comes from; the one place that does.

Prices over a listing's variants, its first picture, whether it can be bought, its facets and its search vector are
worked out for many listings at once, a few statements for each five hundred. Whoever writes listings in bulk calls
`refresh` with their keys afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Row, select, text

from core.catalogue import pinyin, tokens
from core.catalogue.models import AttributeRow, CategoryRow, ListingRow, PictureRow, TagRow, VariantRow
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

_CHUNK = 500


@dataclass(slots=True)
class _Place:
    """What a listing inherits from its category: words to be found by, and the attributes by code."""

    names: list[str] = field(default_factory=list)
    attributes: dict[str, AttributeRow] = field(default_factory=dict)


def following(after: UUID | None) -> Sequence[UUID]:
    """Return the next 500 listings of the marketplace by key, for refreshing all of them piece by piece."""
    query = select(ListingRow.id).order_by(ListingRow.id).limit(_CHUNK)
    return session().scalars(query.where(ListingRow.id > after) if after else query).all()


def refresh(listing_ids: Iterable[UUID]) -> None:
    """Recompute prices, was, picture, availability, facets and search of listings. Unknown keys are left out."""
    ids = sorted(set(listing_ids))
    session().flush()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        session().execute(_FIGURES, {"tenant": current_id(), "ids": chunk})
        _refresh_words(chunk)
    _forget(set(ids))


_FIGURES = text("""
    update listings l
       set price_from_minor = coalesce(a.low, 0), price_to_minor = coalesce(a.high, 0), was_minor = a.was,
           is_available = coalesce(a.has, false), picture_id = p.media_id
      from unnest(cast(:ids as uuid[])) as i(id)
      left join lateral (
           select min(v.price_minor) as low, max(v.price_minor) as high,
                  (array_agg(v.was_minor order by v.price_minor, v.position))[1] as was,
                  bool_or(exists (select 1 from stock s where s.tenant_id = :tenant and s.variant_id = v.id
                                     and s.available > 0)) as has
             from variants v where v.tenant_id = :tenant and v.listing_id = i.id and v.is_active) a on true
      left join lateral (
           select g.media_id from listing_pictures g join media m on m.tenant_id = :tenant and m.id = g.media_id
            where g.tenant_id = :tenant and g.listing_id = i.id and m.state in ('stored', 'ready')
            order by g.position limit 1) p on true
     where l.tenant_id = :tenant and l.id = i.id""")

_WORDS = text("""
    update listings l set title_key = i.title_key, search = cast(i.search as tsvector)
      from unnest(cast(:ids as uuid[]), cast(:keys as text[]), cast(:vectors as text[])) as i(id, title_key, search)
     where l.tenant_id = :tenant and l.id = i.id""")

_DROP_FACETS = text("delete from listing_facets where tenant_id = :tenant and listing_id = any(cast(:ids as uuid[]))")

_ADD_FACETS = text("""
    insert into listing_facets (tenant_id, id, listing_id, variant_id, category_id, code, value)
    select :tenant, i.* from unnest(cast(:keys as uuid[]), cast(:listings as uuid[]), cast(:variants as uuid[]),
           cast(:categories as uuid[]), cast(:codes as text[]), cast(:values as text[])) as i
    on conflict do nothing""")


_Listing: TypeAlias = "Row[UUID, UUID, str, str, str, dict[str, str], list[str]]"


def _refresh_words(ids: Sequence[UUID]) -> None:
    listings = session().execute(
        select(
            ListingRow.id, ListingRow.category_id, ListingRow.title, ListingRow.brand, ListingRow.description,
            ListingRow.attributes, ListingRow.option_names,
        ).where(ListingRow.id.in_(ids))
    ).all()  # fmt: skip
    places = _places({row.category_id for row in listings})
    tags, variants = _tags(ids), _variants(ids)
    vectors = [_vector(row, places[row.category_id], tags[row.id], variants[row.id]) for row in listings]
    given = {"tenant": current_id(), "ids": [row.id for row in listings], "vectors": vectors}
    session().execute(_WORDS, {**given, "keys": [tokens.title_key(row.title) for row in listings]})
    session().execute(_DROP_FACETS, {"tenant": current_id(), "ids": list(ids)})
    facets = [facet for row in listings for facet in _facets(row, places[row.category_id], variants[row.id])]
    if facets:
        names = ("listings", "variants", "categories", "codes", "values")
        columns: dict[str, object] = dict(zip(names, map(list, zip(*facets, strict=True)), strict=True))
        session().execute(_ADD_FACETS, {"tenant": current_id(), "keys": [new_id() for _ in facets], **columns})


def _places(category_ids: set[UUID]) -> Mapping[UUID, _Place]:
    paths = dict(
        session().execute(select(CategoryRow.id, CategoryRow.path).where(CategoryRow.id.in_(category_ids))).all()
    )
    lines = {
        key: ["/".join(path.split("/")[: n + 1]) for n in range(path.count("/") + 1)] for key, path in paths.items()
    }
    wanted = {path for line in lines.values() for path in line}
    rows = {row.path: row for row in session().scalars(select(CategoryRow).where(CategoryRow.path.in_(wanted)))}
    declared = defaultdict(list)
    above = select(AttributeRow).where(AttributeRow.category_id.in_([row.id for row in rows.values()]))
    for attribute in session().scalars(above):
        declared[attribute.category_id].append(attribute)
    places: dict[UUID, _Place] = defaultdict(_Place)
    for key, line in lines.items():
        for path in line:
            places[key].names += rows[path].names.values()
            places[key].attributes |= {attribute.code: attribute for attribute in declared[rows[path].id]}
    return places


def _tags(ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for listing_id, tag in session().execute(select(TagRow.listing_id, TagRow.tag).where(TagRow.listing_id.in_(ids))):
        found[listing_id].append(tag)
    return found


def _variants(ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[UUID, list[str]]]]:
    query = select(VariantRow.listing_id, VariantRow.id, VariantRow.options)
    query = query.where(VariantRow.listing_id.in_(ids), VariantRow.is_active).order_by(VariantRow.position)
    found: dict[UUID, list[tuple[UUID, list[str]]]] = defaultdict(list)
    for listing_id, variant_id, options in session().execute(query):
        found[listing_id].append((variant_id, options))
    return found


def _vector(row: _Listing, place: _Place, tags: list[str], variants: list[tuple[UUID, list[str]]]) -> str:
    options = dict.fromkeys(value for _id, values in variants for value in values)
    said = [word for code, value in row.attributes.items() for word in _said(place.attributes.get(code), value)]
    parts = tokens.document(row.title, row.brand, tags, place.names, [*said, *options], row.description)
    return tokens.vector_sql([*parts, ("D", list(pinyin.sounds(row.title)))])


def _said(attribute: AttributeRow | None, value: str) -> Iterator[str]:
    """Yield the words that a value is found by: a choice's names in every language, else the value itself."""
    if attribute is None or attribute.kind == "yes_no":
        return
    if attribute.kind == "choice":
        yield from (
            name for option in attribute.options if option["code"] == value for name in option["names"].values()
        )
    else:
        yield value


def _facets(row: _Listing, place: _Place, variants: list[tuple[UUID, list[str]]]) -> Iterator[tuple[object, ...]]:
    fixed = {code: value for code, value in row.attributes.items()
             if code in place.attributes and place.attributes[code].is_facet}  # fmt: skip
    if row.brand:
        fixed["brand"] = row.brand
    codes = [facet_code(name, place.attributes.values()) for name in row.option_names]
    for variant_id, options in variants:
        for code, value in {**fixed, **dict(zip(codes, options, strict=False))}.items():
            yield row.id, variant_id, row.category_id, code, value


def facet_code(option_name: str, attributes: Iterable[AttributeRow]) -> str:
    """Return the facet that an option belongs to: the attribute of that code or name, else the folded name itself."""
    wanted = tokens.fold(option_name)
    for attribute in attributes:
        if wanted == attribute.code or wanted in {tokens.fold(name) for name in attribute.names.values()}:
            return attribute.code
    return wanted


@jobs.job("catalogue.picture_came")
def _picture_came(payload: jobs.Payload) -> None:
    """Show a picture that was fetched from elsewhere, now that it is here."""
    query = select(PictureRow.listing_id).where(PictureRow.media_id == UUID(payload["media_id"]))
    refresh(session().scalars(query).all())


def _forget(ids: set[UUID]) -> None:
    """Have the session read refreshed listings again: the statements above wrote past it."""
    for row in list(session().identity_map.values()):
        if isinstance(row, ListingRow) and row.id in ids:
            session().expire(row)
