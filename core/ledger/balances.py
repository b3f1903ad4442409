"""Balances: sums of postings, read as a snapshot of the finished past and the tail since."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from core.kernel import jobs
from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current_id


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds: debit positive, credit negative."""

    account: str
    amount: Money


_ONE = text("""
    with snapshot as (
      select upto, balance_minor from ledger_snapshots
       where tenant_id = :tenant and account = :account and currency = :currency),
    since as (select coalesce((select upto from snapshot), '0'::xid8) as txid)
    select coalesce((select balance_minor from snapshot), 0)
      + coalesce((select sum(p.amount_minor) from ledger_postings p, since where p.tenant_id = :tenant
           and p.destination = :account and p.currency = :currency and p.txid >= since.txid), 0)
      - coalesce((select sum(p.amount_minor) from ledger_postings p, since where p.tenant_id = :tenant
           and p.source = :account and p.currency = :currency and p.txid >= since.txid), 0)""")

_ALL = text("""
    select account, currency, sum(amount)::bigint as balance from (
      select destination as account, currency, amount_minor as amount from ledger_postings where tenant_id = :tenant
      union all
      select source, currency, -amount_minor from ledger_postings where tenant_id = :tenant) sides
    group by account, currency having sum(amount) <> 0 order by account, currency""")


def balance(account: str, currency: str) -> Money:
    """Return the balance of one account: debit positive, credit negative."""
    values = {"tenant": current_id(), "account": account, "currency": currency}
    return Money(int(session().execute(_ONE, values).scalar_one()), currency)


def balances() -> list[Balance]:
    """Return every account that is not zero, summed from the journal itself."""
    rows = session().execute(_ALL, {"tenant": current_id()})
    return [Balance(row.account, Money(row.balance, row.currency)) for row in rows]


_ROLL = text("""
    with mark as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as txid),
    fresh as (select p.tenant_id, a.account, p.currency, sum(a.amount)::bigint as moved
      from ledger_postings p
      cross join lateral (values (p.destination, p.amount_minor), (p.source, -p.amount_minor)) a(account, amount)
      left join ledger_snapshots s on (s.tenant_id, s.account, s.currency) = (p.tenant_id, a.account, p.currency)
      cross join mark
     where p.tenant_id = :tenant and p.txid < mark.txid and p.txid >= coalesce(s.upto, '0'::xid8)
     group by 1, 2, 3)
    insert into ledger_snapshots as s (tenant_id, id, account, currency, upto, balance_minor)
    select tenant_id, gen_random_uuid(), account, currency, mark.txid, moved from fresh, mark
    on conflict (tenant_id, account, currency)
    do update set balance_minor = s.balance_minor + excluded.balance_minor, upto = excluded.upto""")


def roll() -> None:
    """Move the snapshots up to the oldest transaction under way, so that a late commit is never missed."""
    session().execute(_ROLL, {"tenant": current_id()})


def drifted() -> list[str]:
    """Return the accounts whose snapshot plus tail differs from the sum of all postings: none, if all is well."""
    truth = {(b.account, b.amount.currency): b.amount for b in balances()}
    cached = session().execute(
        text("select account, currency from ledger_snapshots where tenant_id = :tenant"), {"tenant": current_id()}
    )
    return [
        row.account
        for row in cached
        if balance(row.account, row.currency) != truth.get((row.account, row.currency), Money.zero(row.currency))
    ]


@jobs.job("ledger.roll")
def _roll(_payload: jobs.Payload) -> None:
    roll()
