"""What a merchant has earned and was not paid yet: movements of its payable account that no payout has claimed.

The journal is the truth. A payout claims postings by rows that name them; claims, and their undoing, are the only
movements that count for nothing here, because they go to and from what is in transit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from core.billing import accounts
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money, total
from core.kernel.tenancy import current_id


@dataclass(frozen=True, slots=True)
class Earning:
    """What one money event adds to a merchant's next payout; negative for what it takes, such as a refund."""

    entry_id: UUID
    kind: str
    order_id: UUID | None
    amount: Money


_SIDES = """
    sides as (
      select p.id, p.entry_id, p.amount_minor as amount from ledger_postings p
       where p.tenant_id = :tenant and p.source = :account and p.currency = :currency
         and p.destination not like 'in\\_transit:%'
      union all
      select p.id, p.entry_id, -p.amount_minor from ledger_postings p
       where p.tenant_id = :tenant and p.destination = :account and p.currency = :currency
         and p.source not like 'in\\_transit:%'),
    unpaid as (
      select s.* from sides s where not exists (
        select 1 from payout_items i where i.tenant_id = :tenant and i.posting_id = s.id and i.reopened_at is null))"""

_UNPAID = text(  # The parts are constants of this module.
    f"""
    with {_SIDES}
    select e.id as entry_id, e.kind, e.order_id, sum(u.amount)::bigint as amount
      from unpaid u join ledger_entries e on e.tenant_id = :tenant and e.id = u.entry_id
     group by e.id, e.kind, e.order_id order by e.id"""  # noqa: S608
)

_STAMP = text(
    f"""
    with {_SIDES}
    insert into payout_items (tenant_id, id, payout_id, posting_id, entry_id, amount_minor)
    select :tenant, gen_random_uuid(), :payout, u.id, u.entry_id, u.amount from unpaid u
     where u.entry_id = any(:entries) returning amount_minor"""  # noqa: S608
)

_REOPEN = text("""
    update payout_items set reopened_at = :now
     where tenant_id = :tenant and payout_id = :payout and reopened_at is null""")

_TOTALS = text("""
    with sides as (
      select p.id, p.source as account, p.amount_minor as amount from ledger_postings p
       where p.tenant_id = :tenant and p.source >= 'payable:' and p.source < 'payable;' and p.currency = :currency
         and p.destination not like 'in\\_transit:%'
      union all
      select p.id, p.destination, -p.amount_minor from ledger_postings p
       where p.tenant_id = :tenant and p.destination >= 'payable:' and p.destination < 'payable;'
         and p.currency = :currency and p.source not like 'in\\_transit:%')
    select s.account, sum(s.amount)::bigint as amount from sides s
     where not exists (
        select 1 from payout_items i where i.tenant_id = :tenant and i.posting_id = s.id and i.reopened_at is null)
     group by s.account having sum(s.amount) <> 0""")


def unpaid(merchant_id: UUID, currency: str) -> list[Earning]:
    """Return what no payout has claimed, oldest first, one row for each money event."""
    rows = session().execute(_UNPAID, _values(merchant_id, currency))
    return [
        Earning(r.entry_id, r.kind, r.order_id, Money(r.amount, currency)) for r in rows
    ]  # fmt: skip


def unpaid_of_all(currency: str) -> dict[UUID, Money]:
    """Return what each merchant was not paid yet, where that is not nothing; negative for a debt."""
    rows = session().execute(_TOTALS, {"tenant": current_id(), "currency": currency})
    return {UUID(row.account.partition(":")[2]): Money(row.amount, currency) for row in rows}


def chosen(earnings: Sequence[Earning], most: Money) -> list[Earning]:
    """Return what may be paid now: every debt, and the oldest earnings that together stay within an amount."""
    taken = {one.entry_id for one in earnings if one.amount.minor <= 0}
    so_far = total((one.amount for one in earnings if one.entry_id in taken), most.currency)
    for one in earnings:
        if one.entry_id not in taken and so_far + one.amount <= most:
            taken.add(one.entry_id)
            so_far += one.amount
    return [one for one in earnings if one.entry_id in taken]


def stamp(payout_id: UUID, merchant_id: UUID, earnings: Sequence[Earning], currency: str) -> Money:
    """Claim the postings of these events for a payout and return their sum; what another has claimed is left out."""
    session().flush()
    values = {
        **_values(merchant_id, currency),
        "payout": payout_id,
        "entries": [one.entry_id for one in earnings],
    }
    return Money(sum(session().scalars(_STAMP, values)), currency)


def reopen(payout_id: UUID) -> None:
    """Let what a payout had claimed be claimed again; the rows stay as its history."""
    session().flush()
    session().execute(_REOPEN, {"tenant": current_id(), "payout": payout_id, "now": clock.now()})


def _values(merchant_id: UUID, currency: str) -> dict[str, object]:
    return {"tenant": current_id(), "account": accounts.payable(merchant_id), "currency": currency}
