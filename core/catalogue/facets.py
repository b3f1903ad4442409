"""How many listings each option of a facet would give, counted over a bounded sample that is kept for a minute.

The rows of one ground (a category, a shop, a search) are read once; every selection of facets is then counted from
them in the process. An option is counted with all other facets applied but not its own, and always within one variant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, any_, bindparam, literal_column, select

from core.catalogue.models import FacetRow, ListingRow
from core.catalogue.queries import Filters, Shape, fetch, narrowed, params_of, shape_of
from core.catalogue.tree import Facet
from core.catalogue.visibility import Sight
from core.kernel.fresh import Fresh

SAMPLE = 1_000
_MOST_CHOICES = 200
_SAMPLE_SECONDS = 60.0
Chosen = tuple[tuple[str, tuple[str, ...]], ...]
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant's values: (code, value) pairs."""

    listing_id: UUID
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """How many listings each option would give; with `is_capped` at least so many. It equals only itself."""

    by_option: Counts
    is_capped: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Variants of at most 1,000 listings; counts without any choice are made at once, others at their first use.

    With `is_capped` there are more listings than were looked at, so that a count means "at least".
    """

    variants: tuple[Variant, ...]
    plain: Counted
    is_capped: bool
    chosen: dict[Chosen, Counted] = field(default_factory=dict)

    def counted(self, chosen: Chosen) -> Counted:
        """Return the counts under some choices."""
        if not chosen:
            return self.plain
        found = self.chosen.get(chosen)
        if found is None:
            if len(self.chosen) >= _MOST_CHOICES:
                self.chosen.clear()
            found = self.chosen[chosen] = Counted(count_options(self.variants, chosen), self.is_capped)
        return found


def count_options(variants: Iterable[Variant], chosen: Chosen) -> Counts:
    """Return for each facet and value how many listings have a variant with it that meets all other choices."""
    wanted = {code: frozenset(values) for code, values in chosen}
    found: dict[str, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for variant in variants:
        unmet = _unmet(variant, wanted)
        if len(unmet) > 1:
            continue
        for code, value in variant.values:
            if not unmet or code in unmet:
                found[code][value].add(variant.listing_id)
    return {code: {value: len(ids) for value, ids in values.items()} for code, values in found.items()}


def _unmet(variant: Variant, wanted: Mapping[str, frozenset[str]]) -> set[str]:
    met = {code for code, value in variant.values if value in wanted.get(code, ())}
    return wanted.keys() - met


_NOTHING = Counted({}, False)
_samples: Fresh[Sample] = Fresh(_SAMPLE_SECONDS, most=500)


def counts(filters: Filters, sight: Sight, facets: tuple[Facet, ...]) -> Counted:
    """Return the counts of these facets' options under the filters, at most a minute old."""
    if not facets:
        return _NOTHING
    ground, codes = filters.without_facets() if filters.facets else filters, tuple(facet.code for facet in facets)
    sample = _samples.get((ground, codes, sight.key()), lambda: _read(ground, sight, codes))
    return sample.counted(filters.facets)


@lru_cache(maxsize=512)
def _statement(shape: Shape) -> Select[Any]:
    return narrowed([ListingRow.__table__.c.id], shape).limit(literal_column(str(SAMPLE)))


def _read(ground: Filters, sight: Sight, codes: tuple[str, ...]) -> Sample:
    params = params_of(ground, sight)
    ids = [row[0] for row in fetch(_statement(shape_of(ground, sight)), sight, params)]
    by_variant: dict[tuple[UUID, UUID], list[tuple[str, str]]] = defaultdict(list)
    for listing_id, variant_id, code, value in fetch(
        _values_statement(), Sight((), ()), {**params, "ids": ids, "codes": list(codes)}
    ):
        by_variant[listing_id, variant_id].append((code, value))
    variants = tuple(Variant(listing, tuple(values)) for (listing, _variant), values in by_variant.items())
    is_capped = len(ids) == SAMPLE
    return Sample(variants, Counted(count_options(variants, ()), is_capped), is_capped)


@lru_cache(maxsize=1)
def _values_statement() -> Select[Any]:
    c = FacetRow.__table__.c
    return select(c.listing_id, c.variant_id, c.code, c.value).where(
        c.tenant_id == bindparam("tenant", type_=c.tenant_id.type),
        c.listing_id == any_(bindparam("ids", type_=ARRAY(c.listing_id.type))),
        c.code == any_(bindparam("codes", type_=ARRAY(Text()))),
    )
