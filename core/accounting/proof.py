"""Compares statements with the journal: each closing balance, each chain of months, each sum of totals."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from core.kernel.db import session
from core.kernel.tenancy import current_id


@dataclass(frozen=True, slots=True)
class Proof:
    """How many statements there are, of how many merchants, and how many do not agree: none, if all is well."""

    statements: int
    merchants: int
    unbalanced: int
    broken_chains: int
    unlike_journal: int

    @property
    def is_clean(self) -> bool:
        """Whether every statement agrees with itself, the one before, and the journal."""
        return not (self.unbalanced or self.broken_chains or self.unlike_journal)


_COUNTS = text("""
    with s as (select * from statements where tenant_id = :tenant),
    lines as (
      select statement_id, coalesce(sum(amount_minor) filter (where pot = 'payable'), 0) as payable,
             coalesce(sum(amount_minor) filter (where pot = 'held'), 0) as held,
             coalesce(sum(amount_minor) filter (where pot = 'reserve'), 0) as reserve
        from statement_lines where tenant_id = :tenant group by 1),
    chain as (
      select s.*, lag(closing_minor) over w as payable_before, lag(held_closing_minor) over w as held_before,
             lag(reserve_closing_minor) over w as reserve_before
        from s window w as (partition by merchant_id, currency order by month))
    select (select count(*) from s) as statements, (select count(distinct merchant_id) from s) as merchants,
           (select count(*) from s left join lines l on l.statement_id = s.id
             where s.opening_minor + coalesce(l.payable, 0) <> s.closing_minor
                or s.held_opening_minor + coalesce(l.held, 0) <> s.held_closing_minor
                or s.reserve_opening_minor + coalesce(l.reserve, 0) <> s.reserve_closing_minor) as unbalanced,
           (select count(*) from chain
             where opening_minor <> coalesce(payable_before, 0) or held_opening_minor <> coalesce(held_before, 0)
                or reserve_opening_minor <> coalesce(reserve_before, 0)) as broken_chains""")

_UNLIKE = text("""
    with done as (select stated_until from ledger_books where tenant_id = :tenant),
    entries as (
      select e.id from ledger_entries e, done
       where e.tenant_id = :tenant and coalesce(e.stated_on, e.effective_on) < done.stated_until),
    sides as (
      select p.source as account, p.currency, p.amount_minor as amount from ledger_postings p
        join entries e on e.id = p.entry_id where p.tenant_id = :tenant
      union all
      select p.destination, p.currency, -p.amount_minor from ledger_postings p
        join entries e on e.id = p.entry_id where p.tenant_id = :tenant),
    truth as (
      select s.account, s.currency, sum(s.amount) as amount
        from sides s join merchants m on m.tenant_id = :tenant and not m.is_house
         and s.account in ('payable:' || m.id, 'held:' || m.id, 'reserve:' || m.id) group by 1, 2),
    last as (
      select distinct on (merchant_id, currency) * from statements where tenant_id = :tenant
       order by merchant_id, currency, month desc),
    told as (
      select 'payable:' || merchant_id as account, currency, closing_minor as amount from last
      union all select 'held:' || merchant_id, currency, held_closing_minor from last
      union all select 'reserve:' || merchant_id, currency, reserve_closing_minor from last)
    select count(*) from truth full join told using (account, currency)
     where coalesce(truth.amount, 0) <> coalesce(told.amount, 0)""")


def prove() -> Proof:
    """Recompute what every statement says from the journal's postings and count what differs."""
    session().execute(text("set local statement_timeout = '120s'"))
    given = {"tenant": current_id()}
    row = session().execute(_COUNTS, given).one()
    unlike = session().execute(_UNLIKE, given).scalar_one()
    return Proof(row.statements, row.merchants, row.unbalanced, row.broken_chains, unlike)
