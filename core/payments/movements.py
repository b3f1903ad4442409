"""What moved at payment providers: read page by page from each account, once, and given to the marketplace it is of.

One account serves every marketplace. A walk goes down from the newest movement to what was read before, less some
days, since providers may bring movements late; where it stands is kept with each page, so it goes on after a crash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import bind, current_id
from core.kernel.tx import platform_transaction

OVERLAP = timedelta(days=3)
"""How far before what was read already a walk looks again."""
NOBODY = UUID(int=0)
"""The platform itself, on whose ground lies what is of no marketplace."""


@dataclass(frozen=True, slots=True)
class Fee:
    """A part of what the provider takes for a movement."""

    kind: str
    description: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as a provider tells it; `amount` less `fee` is what its balance changes by.

    `kind` and `category` are its words; `source` moved the money there, `about` is the payment or transfer behind
    it, `marks` what we wrote into the source.
    """

    ref: str
    kind: str
    category: str
    amount: Money
    fee: Money
    moved_at: datetime
    available_at: datetime
    source: str = ""
    about: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    fees: tuple[Fee, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of movements, newest first."""

    movements: tuple[Movement, ...]
    has_more: bool


class Source(Protocol):
    """A provider that lists what moved on its account."""

    name: str

    def page(self, after: str, since: datetime | None) -> Page:
        """Return the movements before one, or the newest; none older than a moment. Raise Unavailable or Conflict."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the reading of an account stands; `since` is how far down the present walk goes."""

    after: str
    since: datetime | None
    done_at: datetime | None


_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Make a provider's list of movements known by the provider's name."""
    _sources[source.name] = source
    return source


def names() -> tuple[str, ...]:
    """Return the names of the providers that list their movements."""
    return tuple(_sources)


def read_page(provider: str, asked_at: datetime) -> int | None:
    """Read one more page; return how many new movements are the bound tenant's, None if all is read.

    All is read when a walk has come to its end that began since `asked_at`. Opens transactions of its own: what is read is stored for every marketplace, with where the walk stands. Raise
    Unavailable or Conflict as the provider does.
    """
    now, tenant_id = clock.now(), current_id()
    with bind(None), platform_transaction():
        reading = _reading(provider)
    if reading.done_at is not None and reading.done_at >= asked_at:
        return None
    page = _sources[provider].page(reading.after, reading.since)
    with bind(None), platform_transaction():
        # Another worker may have read the same page: then its place has moved on, and this one counts for nothing.
        if _reading(provider, is_to_change=True) != reading:
            return 0
        stored = _store(provider, page.movements).count(tenant_id)
        _advance(provider, reading, page, now)
    return stored


_READ = "select after, read_until, done_at from provider_readings where provider = :provider"


def _reading(provider: str, *, is_to_change: bool = False) -> Reading:
    session().execute(
        text("insert into provider_readings (provider, after) values (:provider, '') on conflict do nothing"),
        {"provider": provider},
    )
    query = text(f"{_READ} for update" if is_to_change else _READ)
    row = session().execute(query, {"provider": provider}).one()
    return Reading(row.after, row.read_until - OVERLAP if row.read_until else None, row.done_at)


_BEGIN = text("update provider_readings set began_at = :now, top_at = :top where provider = :provider")
_GO_ON = text("update provider_readings set after = :after where provider = :provider")
_END = text("""
    update provider_readings set after = '', done_at = began_at, read_until = coalesce(top_at, read_until)
     where provider = :provider""")


def _advance(provider: str, reading: Reading, page: Page, now: datetime) -> None:
    given = {"provider": provider}
    if not reading.after:
        top = page.movements[0].moved_at if page.movements else None
        session().execute(_BEGIN, given | {"now": now, "top": top})
    if page.has_more and page.movements:
        session().execute(_GO_ON, given | {"after": page.movements[-1].ref})
    else:
        session().execute(_END, given)


_STORE = text("""
    insert into provider_movements (tenant_id, id, provider, ref, kind, category, source, about, marks, amount_minor,
           fee_minor, net_minor, currency, fees, day, moved_at, available_at, subject, is_compared)
    values (:tenant, :id, :provider, :ref, :kind, :category, :source, :about, :marks, :amount, :fee, :net, :currency,
           :fees, :day, :moved_at, :available_at, '', false)
    on conflict do nothing""")


def _store(provider: str, found: Sequence[Movement]) -> list[UUID]:
    """Keep the movements that are new; return whose each of them is."""
    owners = _owners(provider, found)
    zones = _zones(set(owners.values()))
    new = []
    for one in found:
        done = session().execute(_STORE, _row(provider, one, owners[one.ref], zones))
        if done.rowcount:  # type: ignore[attr-defined]
            new.append(owners[one.ref])
    return new


def _row(provider: str, one: Movement, tenant: UUID, zones: Mapping[UUID, str]) -> dict[str, object]:
    fees = [{"kind": fee.kind, "description": fee.description, "amount_minor": fee.amount.minor} for fee in one.fees]
    return {
        "tenant": tenant, "id": new_id(), "provider": provider, "ref": one.ref, "kind": one.kind,
        "category": one.category, "source": one.source, "about": one.about, "marks": json.dumps(dict(one.marks)),
        "amount": one.amount.minor, "fee": one.fee.minor, "net": one.amount.minor - one.fee.minor,
        "currency": one.amount.currency, "fees": json.dumps(fees), "moved_at": one.moved_at,
        "available_at": one.available_at, "day": one.moved_at.astimezone(ZoneInfo(zones.get(tenant, "UTC"))).date(),
    }  # fmt: skip


_ZONES = text("select id, timezone from tenants where id = any(:ids)")
_ALONE = text("select id from tenants where state <> 'closed' and id <> :nobody limit 2")
_BY_PAYMENT = text("""
    select t.id, p.provider_ref as ref from tenants t join payments p on p.tenant_id = t.id
       and p.provider = :provider and p.provider_ref = any(:refs)""")
_BY_TRANSFER = text("""
    select t.id, m.source as ref from tenants t join provider_movements m on m.tenant_id = t.id
       and m.provider = :provider and m.source = any(:refs) where t.id <> :nobody""")


def _zones(ids: set[UUID]) -> dict[UUID, str]:
    return {row.id: row.timezone for row in session().execute(_ZONES, {"ids": list(ids)})}


def _owners(provider: str, found: Sequence[Movement]) -> dict[str, UUID]:
    """Return whose each movement is: by our mark, else by the payment or transfer behind it, else the only one there is.

    What is of none lies on the platform's own ground.
    """
    marked = {one.ref: _uuid(one.marks.get("galleria_tenant", "")) for one in found}
    known = set(_zones(set(marked.values()))) - {NOBODY}
    behind = {one.ref: one.about for one in found if marked[one.ref] not in known and one.about}
    given = {"provider": provider, "refs": list(set(behind.values())), "nobody": NOBODY}
    queries = (_BY_TRANSFER, _BY_PAYMENT) if behind else ()
    by_ref: dict[str, UUID] = {row.ref: row.id for query in queries for row in session().execute(query, given)}
    alone: list[UUID] = list(session().execute(_ALONE, {"nobody": NOBODY}).scalars())
    rest = alone[0] if len(alone) == 1 else NOBODY
    return {ref: tenant if tenant in known else by_ref.get(behind.get(ref, ""), rest) for ref, tenant in marked.items()}


def _uuid(said: str) -> UUID:
    """Return a key that was written as text, nobody's if it is none."""
    try:
        return UUID(said)
    except ValueError:
        return NOBODY
