"""What pages and the API show of points; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text

from core.customers.models import CustomerRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current, current_id
from core.ledger.balances import balance
from core.orders.models import OrderRow
from plugins.membership import accounts, rules
from plugins.membership.accounts import LIABILITY
from plugins.membership.models import EntryRow, LotRow, MemberRow
from plugins.membership.settings import Settings


@dataclass(frozen=True, slots=True)
class Account:
    """A buyer's points: usable ones (below zero: blocked), those that wait for a payment, and what expires next."""

    customer_id: UUID
    points: int
    held: int
    worth: Money
    next_expiry: datetime | None
    next_points: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as history shows it; `purchase_id` and `number` are those of its order, if it is about one."""

    id: UUID
    kind: str
    points: int
    at: datetime
    reason: str
    order_id: UUID | None
    purchase_id: UUID | None
    number: str


@dataclass(frozen=True, slots=True)
class Member:
    """A buyer with points, for lists."""

    customer_id: UUID
    name: str
    email: str
    points: int
    held: int
    worth: Money


@dataclass(frozen=True, slots=True)
class Month:
    """What happened to the liability in a month, by cause, in minor units; `closing` is its balance at the end."""

    month: str
    opening: int
    earned: int
    used: int
    returned: int
    withdrawn: int
    expired: int
    adjusted: int
    closing: int


@dataclass(frozen=True, slots=True)
class Liability:
    """The months, the sum over all accounts, and what the books say: the three agree."""

    months: tuple[Month, ...]
    accounts: Money
    ledger: Money


def _money(minor: int) -> Money:
    return Money(minor, current().currency)


def account(customer_id: UUID) -> Account:
    """Return a buyer's account; an empty one for somebody who has none yet."""
    row = accounts.find(customer_id)
    if row is None:
        return Account(customer_id, 0, 0, _money(0), None, 0)
    query = (
        select(LotRow.expires_at, func.sum(LotRow.left))
        .where(LotRow.member_id == row.id, LotRow.left > 0, LotRow.expires_at > clock.now())
        .group_by(LotRow.expires_at).order_by(LotRow.expires_at).limit(1)
    )  # fmt: skip
    soonest = session().execute(query).first()
    worth = _money(rules.worth(row.points, Settings.of(current())))
    at, points = (soonest[0], int(soonest[1])) if soonest else (None, 0)
    return Account(customer_id, row.points, row.held, worth, at, points)


def history(customer_id: UUID, before: UUID | None = None, limit: int = 50) -> tuple[list[Entry], UUID | None]:
    """Return changes of a buyer's points, newest first, and the key after which the next page starts."""
    query = (
        select(EntryRow, OrderRow.purchase_id, OrderRow.number)
        .join(MemberRow, (MemberRow.tenant_id == EntryRow.tenant_id) & (MemberRow.id == EntryRow.member_id))
        .outerjoin(OrderRow, (OrderRow.tenant_id == EntryRow.tenant_id) & (OrderRow.id == EntryRow.order_id))
        .where(MemberRow.customer_id == customer_id, EntryRow.points != 0)
        .order_by(EntryRow.id.desc()).limit(limit + 1)
    )  # fmt: skip
    if before is not None:
        query = query.where(EntryRow.id < before)
    rows = session().execute(query).all()
    found = [
        Entry(row.id, row.kind, row.points, row.at, row.reason, row.order_id, purchase_id, number or "")
        for row, purchase_id, number in rows[:limit]
    ]
    return found, found[-1].id if len(rows) > limit else None


def members(search: str = "", before: UUID | None = None, limit: int = 50) -> tuple[list[Member], UUID | None]:
    """Return buyers with an account, newest account first, found by name or e-mail, and the next page's key."""
    query = (
        select(MemberRow, CustomerRow.name, CustomerRow.email)
        .join(CustomerRow, (CustomerRow.tenant_id == MemberRow.tenant_id) & (CustomerRow.id == MemberRow.customer_id))
        .order_by(MemberRow.id.desc()).limit(limit + 1)
    )  # fmt: skip
    if search:
        query = query.where(
            CustomerRow.name.icontains(search, autoescape=True) | CustomerRow.email.icontains(search, autoescape=True)
        )
    if before is not None:
        query = query.where(MemberRow.id < before)
    rows = session().execute(query).all()
    settings = Settings.of(current())
    found = [
        Member(m.customer_id, name, email, m.points, m.held, _money(rules.worth(m.points, settings)))
        for m, name, email in rows[:limit]
    ]
    return found, rows[limit - 1][0].id if len(rows) > limit else None


def member(customer_id: UUID) -> Member:
    """Return one buyer, with or without points. Raise Missing if there is none."""
    row = session().scalars(select(CustomerRow).where(CustomerRow.id == customer_id)).one_or_none()
    if row is None:
        raise Missing("membership.no_customer", _("There is no such buyer"))
    held = account(customer_id)
    return Member(customer_id, row.name, row.email, held.points, held.held, held.worth)


_MONTHS = text("""
    select to_char(at at time zone :zone, 'YYYY-MM') as month, kind, sum(value_minor) as moved
      from membership_entries where tenant_id = :tenant group by 1, 2 order by 1""")
_COLUMNS = {"earn": "earned", "redeem": "used", "return": "returned", "withdraw": "withdrawn", "expire": "expired"}


def liability() -> Liability:
    """Return what is owed in points, month by month, and the proof that accounts and books agree."""
    rows = session().execute(_MONTHS, {"zone": current().timezone, "tenant": current_id()})
    moved: dict[str, dict[str, int]] = {}
    for month, kind, minor in rows:
        column = _COLUMNS.get(kind, "adjusted")
        by = moved.setdefault(month, {})
        by[column] = by.get(column, 0) + int(minor)
    owed = session().scalar(select(func.coalesce(func.sum(MemberRow.value_minor), 0)))
    return Liability(tuple(_rolled(moved)), _money(int(owed or 0)), -balance(LIABILITY, current().currency))


def _rolled(moved: dict[str, dict[str, int]]) -> Iterable[Month]:
    opening = 0
    for month, by in moved.items():
        closing = opening + sum(by.values())
        names: Sequence[str] = ("earned", "used", "returned", "withdrawn", "expired", "adjusted")
        earned, used, returned, withdrawn, expired, adjusted = (by.get(name, 0) for name in names)
        yield Month(month, opening, earned, used, returned, withdrawn, expired, adjusted, closing)
        opening = closing
