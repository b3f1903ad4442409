"""What pages and the API read of right holders' notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core.catalogue.models import ListingRow
from core.kernel.db import session
from core.merchants.models import MerchantRow
from core.processes.rights.models import NoticeRow
from core.processes.rights.noticing import missing
from core.processes.rights.states import PUBLIC


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice; `due_at` is when the next step is due or the measure ends by itself."""

    id: UUID
    number: str
    state: str
    right_kind: str
    right_number: str
    holder: str
    email: str
    address: str
    locale: str
    text: str
    evidence: str
    listing_id: UUID
    listing: str
    slug: str
    merchant_id: UUID
    merchant: str
    question: str
    measure: str
    counter: str
    counter_evidence: str
    action_proof: str
    excused_days: int
    result: str
    received_at: datetime
    measure_at: datetime | None
    countered_at: datetime | None
    lifted_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None


def find(notice_id: UUID, *, merchant_id: UUID | None = None) -> Notice:
    """Return a notice, about a merchant's own goods if one is given. Raise Missing if there is none."""
    where = [NoticeRow.id == notice_id] + ([NoticeRow.merchant_id == merchant_id, NoticeRow.state.in_(PUBLIC)]
                                           if merchant_id else [])  # fmt: skip
    found = _many(*where)
    if not found:
        raise missing()
    return found[0]


def listed(state: str = "", *, merchant_id: UUID | None = None, only_public: bool = False,
           before: UUID | None = None, limit: int = 50) -> tuple[Notice, ...]:  # fmt: skip
    """Return notices newest first; a merchant sees those that were acted on, as everybody does."""
    where: list[ColumnElement[bool]] = [NoticeRow.state == state] if state else []
    if merchant_id:
        where.append(NoticeRow.merchant_id == merchant_id)
    if merchant_id or only_public:
        where.append(NoticeRow.state.in_(PUBLIC))
    if before:
        where.append(NoticeRow.id < before)
    return _many(*where, limit=limit)


def counts(merchant_id: UUID | None = None) -> Mapping[str, int]:
    """Count notices by state."""
    query = select(NoticeRow.state, func.count()).group_by(NoticeRow.state)
    if merchant_id:
        query = query.where(NoticeRow.merchant_id == merchant_id)
    return {row[0]: row[1] for row in session().execute(query)}


def _many(*where: ColumnElement[bool], limit: int = 50) -> tuple[Notice, ...]:
    query = (
        select(NoticeRow, MerchantRow.name, ListingRow.title, ListingRow.slug)
        .join(MerchantRow, (MerchantRow.tenant_id == NoticeRow.tenant_id) & (MerchantRow.id == NoticeRow.merchant_id))
        .join(ListingRow, (ListingRow.tenant_id == NoticeRow.tenant_id) & (ListingRow.id == NoticeRow.listing_id))
        .where(*where)
        .order_by(NoticeRow.id.desc())
        .limit(limit)
    )
    found = []
    for row, merchant, listing, slug in session().execute(query):
        joined: dict[str, Any] = {"merchant": merchant, "listing": listing, "slug": slug}
        plain = {name: getattr(row, name) for name in Notice.__slots__ if name not in joined}
        found.append(Notice(**plain, **joined))
    return tuple(found)
