"""Shops as buyers see them: values read many at once and remembered for a few seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.kernel.db import fetched
from core.kernel.errors import Missing, _
from core.kernel.fresh import Fresh, mark_of
from core.kernel.money import Money
from core.kernel.tenancy import current_id

PAGE = 24
_FRESH_SECONDS = 5.0
# Written by hand: one text serves every way to look shops up, and the delivery options come along.
_SHOPS = """
select s.id, s.slug, s.name, s.story, s.city, s.state, s.holiday_note, s.holiday_until, s.logo_id, s.banner_id,
       s.policies, s.hours, s.return_days, s.merchant_id, m.name, m.is_house, m.kind, m.country,
       (select coalesce(json_agg(json_build_array(d.code, d.label, d.price_minor, d.currency, d.free_from_minor,
                 d.min_days, d.max_days) order by d.position, d.code), cast('[]' as json))
          from shop_deliveries d where d.tenant_id = s.tenant_id and d.shop_id = s.id and d.is_active)
  from shops s join merchants m on m.tenant_id = s.tenant_id and m.id = s.merchant_id
 where s.tenant_id = %(tenant)s and s.state in ('open', 'holiday') and m.state = 'approved' and """
_BY_IDS = f"{_SHOPS} s.id = any(%(ids)s)"
_BY_SLUG = f"{_SHOPS} s.slug = %(slug)s"
_BY_SLUGS = f"{_SHOPS} s.slug = any(%(slugs)s)"
_BY_NAME = f"{_SHOPS} s.name ilike %(part)s order by s.name limit 3"
_IN_ORDER = f"{_SHOPS} (s.name, s.id) > (%(name)s, %(last)s) order by s.name, s.id limit %(most)s"
_LATEST = f"{_SHOPS} true order by s.id desc limit %(most)s"
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way of delivery: days from, days to; free from so much of the shop's goods where `free_from` is given."""

    code: str
    label: str
    price: Money
    free_from: Money | None
    min_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that is open or on holiday, of an approved merchant. `is_house` marks the marketplace's own.

    `mark` is the same while nothing of it changes.
    """

    id: UUID
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
    hours: Mapping[str, str]
    return_days: int
    merchant_id: UUID
    merchant_name: str
    is_house: bool
    merchant_kind: str
    country: str
    deliveries: tuple[Delivery, ...]
    mark: str

    @property
    def is_on_holiday(self) -> bool:
        """Whether it sells nothing for the moment."""
        return self.state == "holiday"


_known: Fresh[Shop | None] = Fresh(_FRESH_SECONDS)
_slugs: Fresh[UUID | None] = Fresh(_FRESH_SECONDS)
_house: Fresh[UUID | None] = Fresh(300.0)


def forget() -> None:
    """Drop the remembered shops of this process; call it after a commit that changed one."""
    _known.forget()
    _slugs.forget()


def shops(ids: Iterable[UUID]) -> Mapping[UUID, Shop]:
    """Return visible shops by key, in one query for those not remembered; the others are absent."""
    wanted = set(ids)
    found = _known.find_all(wanted)
    if len(found) < len(wanted):
        missing = [key for key in wanted if key not in found]
        read = {shop.id: shop for shop in _read(_BY_IDS, ids=missing)}
        found |= {key: _known.put(key, read.get(key)) for key in missing}
    return {key: shop for key, shop in found.items() if shop is not None}


def by_slug(slug: str) -> Shop:
    """Return a visible shop by its name in addresses. Raise Missing if there is none."""
    found = _read(_BY_SLUG, slug=slug)
    if not found:
        raise Missing("merchants.no_shop", _("There is no such shop, or it is closed"))
    return _known.put(found[0].id, found[0]) or found[0]


def by_slugs(slugs: Sequence[str]) -> tuple[Shop, ...]:
    """Return the visible shops among some names in addresses, in their order."""
    found = {shop.slug: shop for shop in _read(_BY_SLUGS, slugs=list(slugs))}
    return tuple(found[slug] for slug in slugs if slug in found)


def like(part: str) -> tuple[Shop, ...]:
    """Return at most three shops whose names contain some letters."""
    plain = part.replace("\\", "").replace("%", "").replace("_", "")
    return _read(_BY_NAME, part=f"%{plain}%") if plain else ()


def latest(most: int) -> tuple[Shop, ...]:
    """Return the newest shops, newest first."""
    return _read(_LATEST, most=most)


def listed(after_name: str = "", after_id: UUID = _FIRST, *, most: int = PAGE) -> tuple[Shop, ...]:
    """Return shops by name, those behind a place; ask for one more than is shown to know whether there are more."""
    return _read(_IN_ORDER, name=after_name, last=after_id, most=most)


def house_id() -> UUID | None:
    """Return the merchant that is the marketplace itself."""

    def read() -> UUID | None:
        query = "select id from merchants where tenant_id = %(tenant)s and is_house"
        found = fetched(query, {"tenant": current_id()})
        return found[0][0] if found else None

    return _house.get("", read)


def _read(query: str, **params: object) -> tuple[Shop, ...]:
    return tuple(_shop(list(row)) for row in fetched(query, {"tenant": current_id(), **params}))


def _shop(values: list[Any]) -> Shop:
    mark = mark_of(values)
    values[-1:] = [tuple(_delivery(*each) for each in values[-1]), mark]
    return Shop(*values)


def _delivery(
    code: str, label: str, price: int, currency: str, free_from: int | None, min_days: int, max_days: int
) -> Delivery:
    free = None if free_from is None else Money(free_from, currency)
    return Delivery(code, label, Money(price, currency), free, min_days, max_days)
