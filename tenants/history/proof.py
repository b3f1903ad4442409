"""What an import has come to, read back from the tables: counts, sums, and whether journal and orders agree."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from core.kernel.db import session
from core.kernel.money import Money
from core.kernel.tenancy import current_id
from core.ledger.balances import balances
from tenants.history.orders import PROVIDER
from tenants.history.reader import CURRENCY, Fault


@dataclass(frozen=True, slots=True)
class Totals:
    """Orders count as the source counts them; goods and freight are over all imported items, paid or not."""

    orders: int
    items: int
    merchants: int
    goods: Money
    freight: Money
    balanced: bool

    def plain(self) -> dict[str, object]:
        """Return the figures for JSON, amounts as decimals."""
        return {
            "orders": self.orders, "items": self.items, "merchants": self.merchants, "goods": str(self.goods.decimal),
            "freight": str(self.freight.decimal), "balanced": self.balanced,
        }  # fmt: skip


_TOTALS = text("""
    with mine as (
      select o.* from orders o join purchases p on p.tenant_id = o.tenant_id and p.id = o.purchase_id
       where o.tenant_id = :tenant and p.external_key = any(:keys))
    select (select count(distinct purchase_id) from mine) as orders,
           (select count(distinct merchant_id) from mine) as merchants,
           (select coalesce(sum(delivery_minor), 0)::bigint from mine) as freight,
           coalesce(sum(l.quantity), 0) as items, coalesce(sum(l.gross_minor), 0)::bigint as goods
      from order_lines l where l.tenant_id = :tenant and l.order_id in (select id from mine)""")

# An order and its entries: captured is what came from its provider, released is what left the held money unrefunded.
_DIFFERENT = text("""
    with mine as (
      select o.id, o.merchant_id, case when o.paid_at is null then 0 else o.total_minor end as paid,
             case when o.completed_at is null or exists (
                    select 1 from refunds r where r.tenant_id = o.tenant_id and r.order_id = o.id)
                  then null else o.total_minor end as due
        from orders o join purchases p on p.tenant_id = o.tenant_id and p.id = o.purchase_id
       where o.tenant_id = :tenant and p.external_key = any(:keys)),
    moved as (
      select e.order_id, sum(case when e.kind = 'payment.captured' and p.destination = :psp
                                  then p.amount_minor else 0 end) as captured,
             sum(case when e.kind = 'order.released' and p.source like 'held:%' then p.amount_minor
                      when e.kind = 'order.released' and p.destination like 'held:%' then p.amount_minor
                      else 0 end) as released
        from ledger_entries e join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id
       where e.tenant_id = :tenant and e.order_id in (select id from mine) group by e.order_id)
    select count(*) from mine left join moved on moved.order_id = mine.id
     where mine.paid <> coalesce(captured, 0) or (mine.due is not null and mine.due <> coalesce(released, 0))""")


_AT_ONCE = 500
"""How many purchases are compared by one statement: however long the history, none runs into its time limit."""


def _different(keys: Sequence[str]) -> Iterator[int]:
    """Count the orders of these purchases that the journal has otherwise, some purchases at a time."""
    for first in range(0, len(keys), _AT_ONCE):
        some = list(keys[first : first + _AT_ONCE])
        given = {"tenant": current_id(), "keys": some, "psp": f"psp:{PROVIDER}"}
        yield int(session().execute(_DIFFERENT, given).scalar_one())


def totals(keys: Sequence[str]) -> Totals:
    """Sum what came from these keys of the source, and compare each order with the journal to the cent."""
    row = session().execute(_TOTALS, {"tenant": current_id(), "keys": list(keys)}).one()
    trial: dict[str, int] = {}
    for account in balances():
        trial[account.amount.currency] = trial.get(account.amount.currency, 0) + account.amount.minor
    return Totals(
        row.orders, int(row.items), row.merchants, Money(row.goods, CURRENCY), Money(row.freight, CURRENCY),
        balanced=not any(_different(keys)) and not any(trial.values()),
    )  # fmt: skip


def report(faults: Sequence[Fault]) -> str:
    """Return the rows that were left out, and why, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["file", "line", "key", "reason"])
    writer.writerows([fault.file, fault.line, fault.key, fault.reason] for fault in faults)
    return out.getvalue()
