"""What the journal comes to: trial balance as of a day, profit and loss by month, taxes by rate; all by business dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from core.accounting import months
from core.accounting.documents import stated_rate
from core.billing import accounts
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.ledger.balances import Balance

INCOME = (accounts.FEE, accounts.OWN_SALES)
EXPENSES = (accounts.PROMO, accounts.PSP_COST, accounts.WRITTEN_OFF)
_TAXED_BY = 4
"""Taxes that one posting may be the sum of, at most as a rule."""


@dataclass(frozen=True, slots=True)
class Profit:
    """A month of the platform in one currency: income positive, expenses negative, by account."""

    month: date
    currency: str
    amounts: dict[str, Money]

    @property
    def result(self) -> Money:
        """What is left."""
        return sum(self.amounts.values(), Money.zero(self.currency))


@dataclass(frozen=True, slots=True)
class Tax:
    """Tax that the platform owes of a month: of fees or own goods, at one rate (None: no one rate explains it)."""

    source: str
    currency: str
    rate_bps: int | None
    net: Money
    tax: Money


_TRIAL = text("""
    select account, currency, sum(amount)::bigint as balance from (
      select p.destination as account, p.currency, p.amount_minor as amount
        from ledger_postings p join ledger_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
       where p.tenant_id = :tenant and e.effective_on <= :day
      union all
      select p.source, p.currency, -p.amount_minor
        from ledger_postings p join ledger_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
       where p.tenant_id = :tenant and e.effective_on <= :day) sides
    group by account, currency having sum(amount) <> 0 order by account, currency""")

_MOVED = text("""
    select date_trunc('month', e.effective_on)::date as month, a.account, p.currency, sum(a.amount)::bigint as amount,
           count(*)::int as rows
      from ledger_entries e join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id
     cross join lateral (values (p.source, p.amount_minor), (p.destination, -p.amount_minor)) a(account, amount)
     where e.tenant_id = :tenant and e.effective_on >= :start and e.effective_on < :end and a.account = any(:accounts)
     group by 1, 2, 3 order by 1, 3, 2""")


def trial(day: date) -> list[Balance]:
    """Return every account that is not zero at the end of a day: debit positive."""
    session().execute(text("set local statement_timeout = '60s'"))
    rows = session().execute(_TRIAL, {"tenant": current_id(), "day": day})
    return [Balance(row.account, Money(row.balance, row.currency)) for row in rows]


def profit(start: date, end: date) -> list[Profit]:
    """Return the months from one to another, both included, newest first; months without movements are left out."""
    given = {"tenant": current_id(), "start": start, "end": months.following(end), "accounts": [*INCOME, *EXPENSES]}
    found: dict[tuple[date, str], Profit] = {}
    for row in session().execute(_MOVED, given):
        one = found.setdefault((row.month, row.currency), Profit(row.month, row.currency, {}))
        one.amounts[row.account] = Money(row.amount, row.currency)
    return sorted(found.values(), key=lambda one: (one.month, one.currency), reverse=True)


_OWN = text(
    """
    with released as (
      select e.order_id, e.effective_on from ledger_entries e join orders o on o.tenant_id = e.tenant_id
         and o.id = e.order_id where e.tenant_id = :tenant and e.kind = 'order.released' and o.is_house),
    taken as (
      select l.tax_bps, l.currency, l.net_minor, l.tax_minor from released r
        join order_lines l on l.tenant_id = :tenant and l.order_id = r.order_id
       where r.effective_on >= :start and r.effective_on < :end
      union all
      select l.tax_bps, l.currency, -p.net_minor, -p.tax_minor from released r
        join refunds f on f.tenant_id = :tenant and f.order_id = r.order_id
        join ledger_entries e on e.tenant_id = :tenant and e.key = 'refund:' || f.id
        join refund_lines p on p.tenant_id = :tenant and p.refund_id = f.id
        join order_lines l on l.tenant_id = :tenant and l.id = p.line_id
       where greatest(e.effective_on, r.effective_on) >= :start and greatest(e.effective_on, r.effective_on) < :end)
    select tax_bps, currency, sum(net_minor)::bigint as net, sum(tax_minor)::bigint as tax from taken
     group by 1, 2 order by 2, 1 desc""".replace("'refund:'", r"'refund\:'")
)


def taxes(month: date) -> list[Tax]:
    """Return the tax on fees and on own goods of a month by rate; what no order explains has no rate."""
    given = {"tenant": current_id(), "start": month, "end": months.following(month)}
    names = [accounts.FEE, accounts.FEE_TAX, accounts.OWN_SALES, accounts.OWN_TAX]
    moved: dict[tuple[str, str], tuple[Money, int]] = {}
    for row in session().execute(_MOVED, given | {"accounts": names}):
        moved[row.account, row.currency] = (Money(row.amount, row.currency), row.rows)
    own = [
        Tax(accounts.OWN_TAX, row.currency, row.tax_bps, Money(row.net, row.currency), Money(row.tax, row.currency))
        for row in session().execute(_OWN, given)
    ]
    found: list[Tax] = []
    for currency in sorted({currency for _account, currency in moved}):
        found += _of_fees(moved, currency)
        mine = [one for one in own if one.currency == currency]
        found += mine + _unexplained(moved, mine, currency)
    return found


def _of_fees(moved: dict[tuple[str, str], tuple[Money, int]], currency: str) -> list[Tax]:
    none = (Money.zero(currency), 0)
    net, tax = moved.get((accounts.FEE, currency), none), moved.get((accounts.FEE_TAX, currency), none)
    if not net[0] and not tax[0]:
        return []
    return [Tax(accounts.FEE_TAX, currency, stated_rate(net[0], tax[0], tax[1] * _TAXED_BY), net[0], tax[0])]


def _unexplained(moved: dict[tuple[str, str], tuple[Money, int]], own: list[Tax], currency: str) -> list[Tax]:
    """Return what the journal has of tax on own goods beyond the orders' lines: nothing, but for entries by hand."""
    zero = Money.zero(currency)
    rest = moved.get((accounts.OWN_TAX, currency), (zero, 0))[0] - sum((one.tax for one in own), zero)
    return [Tax(accounts.OWN_TAX, currency, None, zero, rest)] if rest else []
