"""The one place where points move: the account is locked, lots and an entry change, and the books follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.hooks.money import Posting
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.kernel.tenancy import current, current_id
from core.ledger import journal
from plugins.membership import rules
from plugins.membership.models import EntryRow, LotRow, MemberRow
from plugins.membership.rules import Lot
from plugins.membership.settings import Settings

LIABILITY, PROMO = "liability:points", "promo_expense"
EXPENSE, BREAKAGE = "membership:points_expense", "membership:breakage"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an account: usable and held points, signed; the key makes a repeat harmless.

    `against` is the account that bears it. With `exactly` that one bears this much (minor units, signed as the
    liability's change), and what rounding leaves goes to the expense of points.
    """

    kind: str
    key: str
    points: int = 0
    held: int = 0
    against: str = EXPENSE
    exactly: int | None = None
    order_id: UUID | None = None
    actor_id: UUID | None = None
    reason: str = ""


def find(customer_id: UUID) -> MemberRow | None:
    """Return a buyer's account, if there is one."""
    return session().scalars(select(MemberRow).where(MemberRow.customer_id == customer_id)).one_or_none()


def locked(customer_id: UUID) -> MemberRow:
    """Return a buyer's account under lock, made at the first call."""
    session().execute(
        insert(MemberRow)
        .values(tenant_id=current_id(), id=new_id(), customer_id=customer_id, points=0, held=0, value_minor=0,
                since=clock.now())
        .on_conflict_do_nothing()
    )  # fmt: skip
    found = find(customer_id)
    if found is None:
        raise LookupError(f"no account of {customer_id}")
    return locked_by_id(found.id)


def locked_by_id(member_id: UUID) -> MemberRow:
    """Return an account under lock, fresh."""
    return lock(MemberRow, [member_id])[0]


def is_done(key: str) -> bool:
    """Tell whether a change of this key was written."""
    return session().scalar(select(EntryRow.id).where(EntryRow.key == key)) is not None


def write(member: MemberRow, change: Change) -> None:
    """Change a locked account and post what the books owe for it now, less what they owed before."""
    settings, before = Settings.of(current()), member.value_minor
    stood = rules.worth(member.points + member.held, settings)
    member.points += change.points
    member.held += change.held
    member.value_minor = rules.worth(member.points + member.held, settings)
    moved, by_change = member.value_minor - before, member.value_minor - stood
    session().add(
        EntryRow(
            member_id=member.id, kind=change.kind, points=change.points, value_minor=moved, order_id=change.order_id,
            actor_id=change.actor_id, reason=change.reason[:500], key=change.key, at=clock.now(),
        )
    )  # fmt: skip
    session().flush()
    borne = by_change if change.exactly is None else change.exactly
    postings = [*_posted(change.against, borne, change.kind), *_posted(EXPENSE, moved - borne, "rounding of points")]
    journal.post(f"membership:{change.key}", f"membership.points_{change.kind}", postings, order_id=change.order_id)


def _posted(account: str, rise: int, memo: str) -> list[Posting]:
    """Return the postings by which the liability rises (or falls, below zero) against an account."""
    if not rise:
        return []
    amount = Money(abs(rise), current().currency)
    source, destination = (LIABILITY, account) if rise > 0 else (account, LIABILITY)
    return [Posting(source, destination, amount, f"points: {memo}")]


def lots(member_id: UUID) -> list[LotRow]:
    """Return an account's lots that have points left."""
    return list(session().scalars(select(LotRow).where(LotRow.member_id == member_id, LotRow.left > 0)))


def values(rows: list[LotRow]) -> list[Lot]:
    """Return lots as the rules see them."""
    return [Lot(row.id, row.left, row.expires_at, row.at) for row in rows]


def take(member: MemberRow, points: int, first: UUID | None = None) -> dict[UUID, int]:
    """Take points out of a locked account's lots, as far as they reach, and return how many of each."""
    rows = lots(member.id)
    given = rules.take(values(rows), points, first)
    for row in rows:
        row.left -= given.get(row.id, 0)
    session().flush()
    return given


def give(member: MemberRow, points: int, *, order_id: UUID | None = None, expires_at: datetime | None = None) -> None:
    """Add a lot to a locked account, before the change is written: what fills a hole below zero is not left in it."""
    left = max(min(points, member.points + points), 0)
    session().add(
        LotRow(member_id=member.id, earned=points, left=left, expires_at=expires_at, order_id=order_id, at=clock.now())
    )
    session().flush()


def give_back(member: MemberRow, points: Mapping[UUID, int]) -> None:
    """Put points back into lots of a locked account, before the change is written; a lapsed lot reopens for 30 days."""
    room = max(min(sum(points.values()), member.points + sum(points.values())), 0)
    for row in lock(LotRow, points):
        back = min(points[row.id], room)
        room -= back
        row.left += back
        if back and row.expires_at is not None and row.expires_at <= clock.now():
            row.expires_at = clock.now() + rules.REOPENED
    session().flush()


def expiry() -> datetime | None:
    """Return when points that are given now expire, by the marketplace's clock and rules."""
    return rules.expires_at(clock.now().astimezone(ZoneInfo(current().timezone)), Settings.of(current()))


def lot_of(member_id: UUID, order_id: UUID) -> UUID | None:
    """Return the lot that an order brought."""
    query = select(LotRow.id).where(LotRow.member_id == member_id, LotRow.order_id == order_id)
    return session().scalars(query.limit(1)).first()
