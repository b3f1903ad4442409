"""The journal: entries of postings under a key, written once and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.hooks.money import Posting
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger.models import EntryRow, PostingRow


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is to be written."""

    key: str
    kind: str
    postings: Sequence[Posting]
    order_id: UUID | None
    effective_on: date


def post_many(drafts: Sequence[Draft]) -> int:
    """Write many entries at once and return how many were new; otherwise as `post` would have written each."""
    moved = {new_id(): draft for draft in drafts if any(posting.amount for posting in draft.postings)}
    if not moved:
        return 0
    rows = [
        {"tenant_id": current().id, "id": key, "key": draft.key, "kind": draft.kind, "order_id": draft.order_id,
         "reverses_id": None, "effective_on": draft.effective_on, "posted_at": clock.now()}
        for key, draft in moved.items()
    ]  # fmt: skip
    query = insert(EntryRow).on_conflict_do_nothing().returning(EntryRow.id)
    written = session().scalars(query, rows).all()
    postings = [
        _row(key, number, posting)
        for key in written
        for number, posting in enumerate(posting for posting in moved[key].postings if posting.amount)
    ]
    if postings:
        session().execute(insert(PostingRow), postings)
    return len(written)


def post(
    key: str,
    kind: str,
    postings: Iterable[Posting],
    *,
    order_id: UUID | None = None,
    effective_on: date | None = None,
    reverses_id: UUID | None = None,
) -> UUID | None:
    """Write an entry under a key and return its id; None if the key was used before, then nothing changes.

    Postings of nothing are left out; an entry that moves nothing is not written. Amounts are positive.
    Raise Conflict if the entry to reverse is reversed already.
    """
    moved = [posting for posting in postings if posting.amount]
    if not moved:
        return None
    entry_id = new_id()
    values = {
        "tenant_id": current().id,
        "id": entry_id,
        "key": key,
        "kind": kind,
        "order_id": order_id,
        "reverses_id": reverses_id,
        "effective_on": effective_on or clock.today(current().timezone),
        "posted_at": clock.now(),
    }
    written = session().execute(insert(EntryRow).values(values).on_conflict_do_nothing().returning(EntryRow.id))
    if written.first() is None:
        if reverses_id is not None and not is_posted(key):
            raise Conflict("ledger.reversed_already", _("This entry has been reversed already"))
        return None
    session().execute(insert(PostingRow), [_row(entry_id, n, posting) for n, posting in enumerate(moved)])
    return entry_id


def _row(entry_id: UUID, number: int, posting: Posting) -> dict[str, object]:
    return {
        "tenant_id": current().id,
        "id": new_id(),
        "entry_id": entry_id,
        "number": number,
        "source": posting.source,
        "destination": posting.destination,
        "amount_minor": posting.amount.minor,
        "currency": posting.amount.currency,
        "memo": posting.memo,
    }


def is_posted(key: str) -> bool:
    """Tell whether an entry of this key exists."""
    return session().scalars(select(EntryRow.id).where(EntryRow.key == key)).first() is not None


def entry_of(key: str) -> UUID | None:
    """Return the entry of a key; None if there is none."""
    return session().scalars(select(EntryRow.id).where(EntryRow.key == key)).one_or_none()


def reverse(entry_id: UUID, key: str) -> UUID | None:
    """Undo an entry by one that swaps the ends of each posting. Raise Missing or Conflict (reversed already)."""
    entry = session().scalars(select(EntryRow).where(EntryRow.id == entry_id)).one_or_none()
    if entry is None:
        raise Missing("ledger.no_entry", _("There is no such entry"))
    swapped = [
        Posting(source=p.destination, destination=p.source, amount=p.amount, memo=p.memo) for p in postings_of(entry_id)
    ]
    return post(key, f"{entry.kind}.reversed", swapped, order_id=entry.order_id, reverses_id=entry_id)


def postings_of(entry_id: UUID) -> Sequence[Posting]:
    """Return the postings of an entry in their order."""
    query = select(PostingRow).where(PostingRow.entry_id == entry_id).order_by(PostingRow.number)
    return [
        Posting(r.source, r.destination, Money(r.amount_minor, r.currency), r.memo) for r in session().scalars(query)
    ]
