"""A period at a provider and in the journal: opening, movements, closing, and each cent between both closings explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, text

from core.accounting.reconciliation.models import SideRow
from core.billing import accounts
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.payments.movement_models import MovementRow

MOST_DAYS = 400
LATER, UNREAD = "later", "unread"
"""Explanations that are no difference: the other side has it after the period; not compared yet."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if not 0 <= (self.end - self.start).days < MOST_DAYS:
            message = _("Choose a period that begins before it ends and has at most 400 days")
            raise Invalid("reconciliation.period", message, fields=(FieldError("to", message),))


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved at the provider in one of its categories: amounts, its fees, and how many movements."""

    category: str
    amount: Money
    fee: Money
    rows: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A part of the difference between both closings. `state` is a difference's, or LATER or UNREAD; `kind` its kind.

    `rows` is how many subjects it is of, `difference_id` names the difference where there is just one.
    """

    state: str
    kind: str
    amount: Money
    rows: int
    difference_id: UUID | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A period in one currency: `closing` is the provider's, `ledger_closing` the journal's at the end of it.

    The parts of `explained` sum to what the provider has more.
    """

    currency: str
    opening: Money
    moved: tuple[Moved, ...]
    closing: Money
    ledger_opening: Money
    ledger_closing: Money
    explained: tuple[Explained, ...]

    @property
    def difference(self) -> Money:
        """What the provider has more than the journal at the end of the period."""
        return self.closing - self.ledger_closing

    @property
    def unexplained(self) -> Money:
        """What no line explains: nothing."""
        return self.difference - sum((one.amount for one in self.explained), Money.zero(self.currency))

    @property
    def is_clean(self) -> bool:
        """Whether both sides agree but for what is on its way."""
        return not self.unexplained and all(one.state in (LATER, "waiting") for one in self.explained)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in one currency: what both sides moved, and what the provider has more at the end of it."""

    day: date
    provider: Money
    ledger: Money
    difference: Money


_CURRENCIES = text("""
    select currency from provider_movements where tenant_id = :tenant and provider = :provider group by 1
    union select currency from ledger_postings where tenant_id = :tenant and source = :account group by 1
    union select currency from ledger_postings where tenant_id = :tenant and destination = :account group by 1
    order by 1""")
_THERE = text("""
    select coalesce(sum(net_minor) filter (where day < :start), 0)::bigint as opening,
           coalesce(sum(net_minor), 0)::bigint as closing
      from provider_movements
     where tenant_id = :tenant and provider = :provider and currency = :currency and day <= :end""")
_CATEGORIES = text("""
    select category, sum(amount_minor)::bigint as amount, sum(fee_minor)::bigint as fee, count(*)::int as rows
      from provider_movements
     where tenant_id = :tenant and provider = :provider and currency = :currency and day between :start and :end
     group by 1 order by 1""")
_HERE = text("""
    select coalesce(sum(moved) filter (where e.effective_on < :start), 0)::bigint as opening,
           coalesce(sum(moved), 0)::bigint as closing
      from (select entry_id, amount_minor as moved from ledger_postings
             where tenant_id = :tenant and destination = :account and currency = :currency
             union all
            select entry_id, -amount_minor from ledger_postings
             where tenant_id = :tenant and source = :account and currency = :currency) p
      join ledger_entries e on e.tenant_id = :tenant and e.id = p.entry_id and e.effective_on <= :end""")
# A subject that does not agree at the end has a live or dismissed difference, or something that came after it.
_REST = text("""
    with candidates as (
      select subject from reconciliation_differences where tenant_id = :tenant and provider = :provider
         and state in ('waiting','open','asked','dismissed')
       union select subject from provider_movements where tenant_id = :tenant and provider = :provider and day > :end
       union select subject from reconciliation_sides where tenant_id = :tenant and provider = :provider and day > :end),
    rest as (
      select subject, sum(moved)::bigint as amount from (
        select subject, net_minor as moved from provider_movements where tenant_id = :tenant and provider = :provider
           and currency = :currency and day <= :end and subject in (select subject from candidates)
        union all
        select subject, -amount_minor from reconciliation_sides where tenant_id = :tenant and provider = :provider
           and currency = :currency and day <= :end and subject in (select subject from candidates)) both_sides
       where subject <> '' group by 1 having sum(moved) <> 0),
    named as (
      select r.amount, coalesce(d.state, 'later') as state, coalesce(d.kind, '') as kind, d.id
        from rest r left join lateral (
          select state, kind, id from reconciliation_differences d where d.tenant_id = :tenant
             and d.provider = :provider and d.subject = r.subject
             and d.state in ('waiting','open','asked','dismissed') order by d.id desc limit 1) d on true)
    select state, kind, sum(amount)::bigint as amount, count(*)::int as rows, min(id::text)::uuid as id
      from named group by 1, 2 order by 1, 2""")


def summaries(provider: str, period: Period) -> list[Summary]:
    """Return a period by currency."""
    session().execute(text("set local statement_timeout = '60s'"))
    return [_summary(provider, period, currency) for currency in currencies(provider)]


def currencies(provider: str) -> Sequence[str]:
    """Return the currencies in which something ever moved on either side."""
    return session().execute(_CURRENCIES, _given(provider)).scalars().all()


def _given(provider: str) -> dict[str, object]:
    return {"tenant": current_id(), "provider": provider, "account": accounts.provider(provider)}


def _summary(provider: str, period: Period, currency: str) -> Summary:
    given = _given(provider) | {"currency": currency, "start": period.start, "end": period.end}
    there, here = session().execute(_THERE, given).one(), session().execute(_HERE, given).one()
    moved = tuple(
        Moved(row.category, Money(row.amount, currency), Money(row.fee, currency), row.rows)
        for row in session().execute(_CATEGORIES, given)
    )
    explained = [
        Explained(row.state, row.kind, Money(row.amount, currency), row.rows, row.id if row.rows == 1 else None)
        for row in session().execute(_REST, given)
    ]
    rest = there.closing - here.closing - sum(one.amount.minor for one in explained)
    if rest and (unread := _unread(provider, given)) == rest:
        explained.append(Explained(UNREAD, "", Money(unread, currency), 0, None))
    return Summary(
        currency, Money(there.opening, currency), moved, Money(there.closing, currency),
        Money(here.opening, currency), Money(here.closing, currency), tuple(explained),
    )  # fmt: skip


_UNREAD = text("""
    select (select coalesce(sum(net_minor), 0) from provider_movements where tenant_id = :tenant
               and provider = :provider and currency = :currency and day <= :end and subject = '')::bigint
         - coalesce(sum(p.moved), 0)::bigint as amount
      from (select entry_id, amount_minor as moved from ledger_postings
             where tenant_id = :tenant and destination = :account and currency = :currency
             union all
            select entry_id, -amount_minor from ledger_postings
             where tenant_id = :tenant and source = :account and currency = :currency) p
      join ledger_entries e on e.tenant_id = :tenant and e.id = p.entry_id and e.effective_on <= :end
     where not exists (select 1 from reconciliation_sides s where s.tenant_id = :tenant and s.entry_id = p.entry_id
                          and s.provider = :provider)""")


def _unread(provider: str, given: dict[str, object]) -> int:
    """Return what came since the last comparison, at the provider and in the journal."""
    return int(session().execute(_UNREAD, given).scalar_one())


_DAYS = text("""
    select day, sum(there)::bigint as there, sum(here)::bigint as here from (
      select day, net_minor as there, 0 as here from provider_movements
       where tenant_id = :tenant and provider = :provider and currency = :currency and day between :start and :end
      union all
      select e.effective_on, 0, p.moved
        from (select entry_id, amount_minor as moved from ledger_postings
               where tenant_id = :tenant and destination = :account and currency = :currency
               union all
              select entry_id, -amount_minor from ledger_postings
               where tenant_id = :tenant and source = :account and currency = :currency) p
        join ledger_entries e on e.tenant_id = :tenant and e.id = p.entry_id
         and e.effective_on between :start and :end) both_sides
     group by 1 order by 1""")


def days(provider: str, period: Period, found: Summary) -> list[Day]:
    """Return the days of a period on which something moved on either side, oldest first."""
    given = _given(provider) | {"currency": found.currency, "start": period.start, "end": period.end}
    apart, result = found.opening - found.ledger_opening, []
    for row in session().execute(_DAYS, given):
        there, here = Money(row.there, found.currency), Money(row.here, found.currency)
        apart += there - here
        result.append(Day(row.day, there, here, apart))
    return result


@dataclass(frozen=True, slots=True)
class Line:
    """A movement or an entry of a period, as it is exported: one of both sides is empty."""

    day: date
    subject: str
    side: str
    name: str
    reference: str
    amount: Money
    fee: Money


def lines(provider: str, period: Period, *, most: int) -> list[Line]:
    """Return everything that moved in a period on either side, by day and subject, at most so many of each side."""
    moved = select(MovementRow).where(
        MovementRow.provider == provider, MovementRow.day.between(period.start, period.end)
    )
    posted = select(SideRow).where(SideRow.provider == provider, SideRow.day.between(period.start, period.end))
    found = [
        Line(row.day, row.subject, "provider", row.category, row.ref, Money(row.net_minor, row.currency),
             Money(row.fee_minor, row.currency))
        for row in session().scalars(moved.order_by(MovementRow.day, MovementRow.id).limit(most))
    ] + [
        Line(row.day, row.subject, "journal", row.kind, str(row.entry_id), Money(row.amount_minor, row.currency),
             Money(row.fee_minor, row.currency))
        for row in session().scalars(posted.order_by(SideRow.day, SideRow.id).limit(most))
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.day, one.subject, one.side))
