"""Reads of payouts: lists, one in full with its rows down to postings and order lines, and who is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, text

from core.billing.payouts.models import PayoutRow
from core.billing.payouts.sending import STUCK_AFTER
from core.hooks.money import Posting
from core.identity import approvals
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.payments import adapters

PAGE = 25
ROWS = 50
TABS: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "to_approve": ("awaiting_approval",),
    "under_way": ("claimed", "sent"),
    "paid": ("paid",),
    "came_back": ("failed", "returned", "cancelled"),
}
"""Which states stand in which tab of a list; none means every state."""


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout as lists and pages show it. `needs_hand` says that a person makes the transfer and says what came of it.

    `approved_once` is who has agreed already to one that waits for a second person.
    """

    id: UUID
    merchant_id: UUID
    number: str
    amount: Money
    taken_back: Money
    state: str
    adapter: str
    leaves_from: str
    provider_ref: str
    bank_ref: str
    failure: str
    trouble: str
    by_kind: str
    by_name: str
    created_at: datetime
    asked_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None
    needs_hand: bool
    is_stuck: bool
    approved_once: UUID | None = None

    @property
    def is_cancellable(self) -> bool:
        """Whether the provider was never asked for it."""
        return self.state in ("awaiting_approval", "claimed") and self.asked_at is None


@dataclass(frozen=True, slots=True)
class Item:
    """One money event that a payout pays: its accounting day, what it adds, and the postings that it came from."""

    entry_id: UUID
    kind: str
    order_id: UUID | None
    on: date
    amount: Money
    postings: tuple[tuple[Posting, Money], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payouts a list shows; `before` is the last row's key."""

    merchant_id: UUID | None = None
    tab: str = "all"
    before: UUID | None = None
    limit: int = PAGE


def payouts(wanted: Wanted) -> tuple[list[Payout], UUID | None]:
    """Return a page of payouts, newest first, and the key to go on from; None on the last page."""
    query = select(PayoutRow).order_by(PayoutRow.id.desc()).limit(wanted.limit + 1)
    if wanted.merchant_id is not None:
        query = query.where(PayoutRow.merchant_id == wanted.merchant_id)
    if TABS.get(wanted.tab):
        query = query.where(PayoutRow.state.in_(TABS[wanted.tab]))
    if wanted.before is not None:
        query = query.where(PayoutRow.id < wanted.before)
    rows = session().scalars(query).all()
    agreed = _agreed(rows)
    found = [_value(row, agreed) for row in rows[: wanted.limit]]
    return found, found[-1].id if len(rows) > wanted.limit else None


def counts(merchant_id: UUID | None = None) -> dict[str, int]:
    """Return how many payouts stand in each tab."""
    query = select(PayoutRow.state, func.count()).group_by(PayoutRow.state)
    if merchant_id is not None:
        query = query.where(PayoutRow.merchant_id == merchant_id)
    states = {state: int(count) for state, count in session().execute(query)}
    return {tab: sum(states.get(name, 0) for name in names or states) for tab, names in TABS.items()}


def find(payout_id: UUID, *, merchant_id: UUID | None = None) -> Payout:
    """Return one payout, of a merchant if one is named. Raise Missing if there is none."""
    query = select(PayoutRow).where(PayoutRow.id == payout_id)
    if merchant_id is not None:
        query = query.where(PayoutRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("payouts.none", _("There is no such payout"))
    return _value(row, _agreed([row]))


def under_way(merchant_id: UUID) -> list[Payout]:
    """Return a merchant's payouts that are made and have not arrived, oldest first."""
    query = select(PayoutRow).where(
        PayoutRow.merchant_id == merchant_id, PayoutRow.state.in_(["awaiting_approval", "claimed", "sent"])
    )
    rows = session().scalars(query.order_by(PayoutRow.id).limit(100)).all()
    return [_value(row, {}) for row in rows]


def last_paid(merchant_id: UUID) -> Payout | None:
    """Return the last payout that a merchant has got."""
    query = select(PayoutRow).where(PayoutRow.merchant_id == merchant_id, PayoutRow.state == "paid")
    row = session().scalars(query.order_by(PayoutRow.id.desc()).limit(1)).one_or_none()
    return _value(row, {}) if row else None


def attention() -> list[Payout]:
    """Return the payouts that a person must look at: stuck, or with words of the provider that do not fit."""
    query = select(PayoutRow).where(
        (PayoutRow.trouble != "")
        | (
            (PayoutRow.state == "claimed")
            & (PayoutRow.provider_ref == "")
            & (PayoutRow.created_at < clock.now() - STUCK_AFTER)
        )
    )
    return [_value(row, {}) for row in session().scalars(query.order_by(PayoutRow.id).limit(100))]


_ITEMS = text("""
    select i.entry_id, e.kind, e.order_id, e.effective_on, sum(i.amount_minor)::bigint as amount
      from payout_items i join ledger_entries e on e.tenant_id = :tenant and e.id = i.entry_id
     where i.tenant_id = :tenant and i.payout_id = :payout
       and (cast(:after as uuid) is null or i.entry_id > cast(:after as uuid))
     group by i.entry_id, e.kind, e.order_id, e.effective_on order by i.entry_id limit :most""")

_PARTS = text("""
    select i.entry_id, i.amount_minor, p.source, p.destination, p.amount_minor as moved, p.currency, p.memo
      from payout_items i join ledger_postings p on p.tenant_id = :tenant and p.id = i.posting_id
     where i.tenant_id = :tenant and i.payout_id = :payout and i.entry_id = any(:entries) order by p.id""")

_SUMS = text("""
    select p.memo, sum(i.amount_minor)::bigint as amount, count(*) as times
      from payout_items i join ledger_postings p on p.tenant_id = :tenant and p.id = i.posting_id
     where i.tenant_id = :tenant and i.payout_id = :payout group by p.memo
     order by sum(i.amount_minor) < 0, abs(sum(i.amount_minor)) desc, p.memo""")


def items(payout: Payout, *, after: UUID | None = None, limit: int = ROWS) -> tuple[list[Item], UUID | None]:
    """Return a page of what a payout pays, oldest first, and the key to go on from; None on the last page."""
    values = {"tenant": current_id(), "payout": payout.id, "after": after, "most": limit + 1}
    rows = session().execute(_ITEMS, values).all()
    parts = _parts(payout, [row.entry_id for row in rows[:limit]])
    currency = payout.amount.currency
    found = [
        Item(r.entry_id, r.kind, r.order_id, r.effective_on, Money(r.amount, currency), tuple(parts[r.entry_id]))
        for r in rows[:limit]
    ]
    return found, found[-1].entry_id if len(rows) > limit else None


def _parts(payout: Payout, entries: Sequence[UUID]) -> dict[UUID, list[tuple[Posting, Money]]]:
    found: dict[UUID, list[tuple[Posting, Money]]] = {key: [] for key in entries}
    values = {"tenant": current_id(), "payout": payout.id, "entries": list(entries)}
    for row in session().execute(_PARTS, values):
        posting = Posting(row.source, row.destination, Money(row.moved, row.currency), row.memo)
        found[row.entry_id].append((posting, Money(row.amount_minor, row.currency)))
    return found


def sums(payout: Payout) -> list[tuple[str, Money, int]]:
    """Return what a payout is made of by reason: (memo, amount, postings), what adds first; they sum to its amount."""
    rows = session().execute(_SUMS, {"tenant": current_id(), "payout": payout.id})
    return [(row.memo, Money(row.amount, payout.amount.currency), int(row.times)) for row in rows]


def _agreed(rows: Sequence[PayoutRow]) -> dict[UUID, UUID]:
    if not any(row.state == "awaiting_approval" for row in rows):
        return {}
    return {one.subject_id: one.asked_by for one in approvals.waiting("payout")}


def _value(row: PayoutRow, agreed: Mapping[UUID, UUID]) -> Payout:
    adapter = adapters.find(row.adapter)
    needs_hand = adapter is not None and not adapter.capabilities.confirms_itself
    is_silent = row.state == "claimed" and not row.provider_ref
    return Payout(
        id=row.id, merchant_id=row.merchant_id, number=row.number, amount=Money(row.amount_minor, row.currency),
        taken_back=Money(row.taken_back_minor, row.currency), state=row.state, adapter=row.adapter,
        leaves_from=row.leaves_from, provider_ref=row.provider_ref, bank_ref=row.bank_ref, failure=row.failure,
        trouble=row.trouble, by_kind=row.by_kind, by_name=row.by_name, created_at=row.created_at,
        asked_at=row.asked_at, sent_at=row.sent_at, ended_at=row.ended_at, needs_hand=needs_hand,
        is_stuck=is_silent and row.created_at < clock.now() - STUCK_AFTER, approved_once=agreed.get(row.id),
    )  # fmt: skip
