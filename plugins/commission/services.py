"""Reads and writes the versions of the list: which counts when, each kept as it was."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import delete, func, select

from core.hooks.lifecycle import Purged
from core.hooks.money import OnRefund
from core.identity.models import UserRow
from core.kernel import audit, clock, jobs
from core.kernel.db import fetched, session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.locks import Asked, lock, lock_name
from core.kernel.tenancy import current
from plugins.commission import documents
from plugins.commission.checking import check
from plugins.commission.choices import Settings
from plugins.commission.documents import RateDraft, draft_of
from plugins.commission.models import DraftRow, ListRow, RateRow, RunRow
from plugins.commission.values import Base, Condition, Rate, RateList, TierMode

__all__ = ["RateDraft", "Settings", "draft_of"]
LOCK = "commission.list"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the history shows it; `since` is when it counts or counted from."""

    version: int
    at: datetime
    author: str
    reason: str
    rates: int
    since: datetime
    is_withdrawn: bool


def active() -> RateList:
    """Return the list that counts now; version 0 without rates before the first is written."""
    return read(fetched(*counting(clock.now())))


def counting(at: datetime) -> Asked:
    """Return what to ask for the list that counted at a moment, or, before the first one, that counts now.

    Of those whose moment had come the latest counts, of two for one moment the newer. `read` takes the answer.
    """
    return _COUNTING, {"tenant": current().id, "at": at, "now": clock.now()}


_COUNTING = """
    select id, version from commission_lists
     where tenant_id = %(tenant)s and withdrawn_at is null and effective_at <= greatest(%(at)s, %(now)s::timestamptz)
     order by effective_at <= %(at)s desc, effective_at desc, version desc limit 1"""


def read(head: Sequence[tuple[UUID, int]]) -> RateList:
    """Return the list that `counting` has found; version 0 without rates if none was."""
    return RateList(head[0][1], _kept_rates(current().id, head[0][0])) if head else RateList(0, ())


@lru_cache(maxsize=4096)
def _kept_rates(_tenant_id: UUID, list_id: UUID) -> tuple[Rate, ...]:
    """Return a list's rates: rows that are written once and never changed."""
    return _rates([list_id])[list_id]


def upcoming() -> list[tuple[datetime, RateList]]:
    """Return the lists that are to count later with their moments, the next one first."""
    query = select(ListRow).where(ListRow.effective_at > clock.now(), ListRow.withdrawn_at.is_(None))
    rows = session().scalars(query.order_by(ListRow.effective_at, ListRow.version).limit(20)).all()
    rates = _rates([row.id for row in rows])
    return [(row.effective_at, RateList(row.version, rates[row.id])) for row in rows]


def of_version(version: int) -> RateList | None:
    """Return the list of a version; None if there is none."""
    return of_versions([version]).get(version)


def of_versions(wanted: Sequence[int]) -> dict[int, RateList]:
    """Return the lists of some versions, by version."""
    found = session().execute(select(ListRow.id, ListRow.version).where(ListRow.version.in_(wanted))).all()
    rates = _rates([row.id for row in found])
    return {row.version: RateList(row.version, rates[row.id]) for row in found}


def standing() -> RateList:
    """Return the list that counts last of all that are written and not withdrawn: today's, or the last to come."""
    query = select(ListRow.id, ListRow.version).where(ListRow.withdrawn_at.is_(None))
    row = session().execute(query.order_by(ListRow.effective_at.desc(), ListRow.version.desc()).limit(1)).first()
    return RateList(row.version, _rates([row.id])[row.id]) if row else RateList(0, ())


def eras() -> list[tuple[datetime, RateList]]:
    """Return every list that counted or is to count, by the moment from which it does, oldest first."""
    query = select(ListRow.id, ListRow.version, ListRow.effective_at).where(ListRow.withdrawn_at.is_(None))
    rows = session().execute(query.order_by(ListRow.effective_at, ListRow.version)).all()
    rates = _rates([row.id for row in rows])
    return [(row.effective_at, RateList(row.version, rates[row.id])) for row in rows]


def of_era(lists: Sequence[tuple[datetime, RateList]], at: datetime) -> RateList:
    """Return the list of these that counted at a moment; an empty one before the first."""
    place = bisect_right(lists, at, key=lambda era: era[0])
    return lists[place - 1][1] if place else RateList(0, ())


def newest() -> int:
    """Return the number of the version that was written last; 0 before the first."""
    return session().scalar(select(func.coalesce(func.max(ListRow.version), 0))) or 0


def _rates(list_ids: Sequence[UUID]) -> dict[UUID, tuple[Rate, ...]]:
    found: dict[UUID, list[Rate]] = {key: [] for key in list_ids}
    query = select(RateRow).where(RateRow.list_id.in_(list_ids)).order_by(RateRow.position)
    for row in session().scalars(query) if list_ids else ():
        found[row.list_id].append(_rate(row))
    return {key: tuple(rates) for key, rates in found.items()}


def _rate(row: RateRow) -> Rate:
    return Rate(
        id=row.id,
        name=row.name,
        conditions=documents.keys_of(row.conditions),
        percent_bps=row.percent_bps,
        per_unit=row.per_unit,
        per_line=row.per_line,
        floor=row.floor,
        cap=row.cap,
        base=Base(row.base),
        on_refund=OnRefund(row.on_refund),
        bands=documents.bands_of(row.conditions),
        period=documents.period_of(row.conditions),
        models=frozenset(row.conditions.get("model", ())),
        tiers=documents.tiers_of(row.tiers),
        tier_mode=TierMode(row.tier_mode),
        with_delivery=row.with_delivery,
        tax_bps=row.tax_bps,
    )


def category_targets(rate: Rate) -> frozenset[UUID]:
    """Return the categories that a rate asks for."""
    return rate.conditions.get(Condition.CATEGORY, frozenset())


def versions() -> list[Version]:
    """Return every version, newest first, with who wrote it."""
    counts = select(RateRow.list_id, func.count().label("rates")).group_by(RateRow.list_id).subquery()
    query = (
        select(ListRow, UserRow.name, func.coalesce(counts.c.rates, 0))
        .outerjoin(UserRow, (UserRow.tenant_id == ListRow.tenant_id) & (UserRow.id == ListRow.author_id))
        .outerjoin(counts, counts.c.list_id == ListRow.id)
        .order_by(ListRow.version.desc())
    )
    return [
        Version(
            row.version, row.created_at, name or "", row.reason, rates, row.effective_at, row.withdrawn_at is not None
        )
        for row, name, rates in session().execute(query)
    ]  # fmt: skip


def publish(
    drafts: Sequence[RateDraft],
    *,
    expected: int | None = None,
    reason: str = "",
    effective_at: datetime | None = None,
    approver_id: UUID | None = None,
) -> int:
    """Write the whole list as a new version and return its number; it counts from a moment on, now unless given.

    `expected` is the version that the writer saw. Raise Conflict if it is no longer the newest, Invalid by field for an
    unknown condition, a missing target or amounts that do not hold together. Orders that are being placed are kept
    waiting until the commit, so that each falls under one list.
    """
    lock_name(LOCK)
    before = newest()
    if expected is not None and expected != before:
        raise Conflict(
            "commission.changed",
            _("Someone has saved version {version} meanwhile; look at it before you save yours"),
            version=before,
        )
    check(drafts)
    settings = Settings.of(current())
    now = clock.now()
    row = ListRow(
        version=before + 1, author_id=audit.actor().id, approver_id=approver_id, reason=reason.strip(), created_at=now,
        effective_at=max(effective_at or now, now),
    )  # fmt: skip
    session().add(row)
    session().flush()
    session().add_all(_row(row.id, place, draft, settings) for place, draft in enumerate(drafts))
    session().flush()
    audit.record(
        "commission.published", "commission.list", row.id, version=row.version, rates=len(drafts),
        effective_at=row.effective_at.isoformat(),
    )  # fmt: skip
    return row.version


def _row(list_id: UUID, place: int, draft: RateDraft, settings: Settings) -> RateRow:
    amounts: Mapping[str, dict[str, int]] = {name: dict(getattr(draft, name)) for name in documents.AMOUNTS}
    return RateRow(
        list_id=list_id,
        position=place,
        name=draft.name.strip(),
        conditions=documents.when(draft),
        percent_bps=draft.percent_bps,
        per_unit=amounts["per_unit"],
        per_line=amounts["per_line"],
        floor=amounts["floor"],
        cap=amounts["cap"],
        base=draft.base or settings.base.value,
        on_refund=draft.on_refund or settings.on_refund.value,
        tiers=documents.tiers(draft),
        tier_mode=draft.tier_mode,
        with_delivery=draft.with_delivery,
        tax_bps=draft.tax_bps,
    )


def withdraw(version: int) -> None:
    """Take back a version before it counts; merchants are told. Raise Missing if there is none, Conflict once its moment has come."""
    lock_name(LOCK)
    key = session().scalar(select(ListRow.id).where(ListRow.version == version))
    rows = lock(ListRow, [key]) if key else []
    if not rows:
        raise Missing("commission.no_version", _("There is no such version"))
    if rows[0].withdrawn_at is None:
        if rows[0].effective_at <= clock.now():
            raise Conflict("commission.counts_already", _("This version counts already; release another list instead"))
        rows[0].withdrawn_at = clock.now()
        jobs.soon("commission.notify", {"version": version, "before": active().version, "withdrawn": True})
        audit.record("commission.withdrawn", "commission.list", rows[0].id, version=version)


def purge() -> Sequence[Purged]:
    """Delete every version of the tenant's list, its drafts and its runs."""
    tables = (RateRow, ListRow, DraftRow, RunRow)
    return [
        Purged(table.__tablename__, session().execute(delete(table)).rowcount)  # type: ignore[attr-defined]
        for table in tables
    ]
