"""Why the rest is not paid yet: one merchant's money by where it lies, with reasons and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from core.billing import accounts
from core.billing.payouts import claiming, earnings, reading, reserves
from core.billing.payouts import terms as all_terms
from core.billing.payouts.claiming import Outlook
from core.billing.payouts.reading import Payout
from core.billing.payouts.terms import HOUR, Terms
from core.kernel import clock
from core.kernel.db import session
from core.kernel.money import Money, total
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import current, current_id
from core.ledger import balances

MOST_ORDERS = 25


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """A paid order whose money is not released; `free_on` is when it will be, None while that depends on delivery."""

    id: UUID
    number: str
    state: str
    amount: Money
    free_on: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a merchant's money lies. `next_day` is when the schedule pays next, `next_amount` what it would pay now.

    `held` belongs to orders that are not complete; `held_orders` are the first of `held_count`, those that are free
    soonest on top. `debt` is what the merchant owes. `reserve` has (moment, amount, orders) by day.
    """

    outlook: Outlook
    held: Money
    held_orders: tuple[HeldOrder, ...]
    held_count: int
    reserve: Money
    reserves: tuple[tuple[datetime, Money, int], ...]
    under_way: tuple[Payout, ...]
    debt: Money
    next_day: date | None

    @property
    def terms(self) -> Terms:
        """What was agreed with the merchant."""
        return self.outlook.terms

    @property
    def next_amount(self) -> Money:
        """What would be paid if the next payout were now; nothing below the minimum."""
        zero = Money.zero(self.outlook.amount.currency)
        return self.outlook.amount if self.outlook.is_payable(self.terms.minimum) else zero

    @property
    def is_below_minimum(self) -> bool:
        """Whether there is something to pay, but less than the least that is paid."""
        return 0 < self.outlook.amount.minor < self.terms.minimum_minor

    @property
    def waits_with_hold(self) -> Money:
        """What is not held itself, but would go over what may be paid: earnings are paid whole, row by row."""
        found, zero = self.outlook, Money.zero(self.outlook.amount.currency)
        kept = [hold.amount for hold in found.holds]
        if not kept or None in kept or found.available <= zero:
            return zero
        most = max(amount for amount in kept if amount is not None)
        return max(found.available - found.amount - most, zero)


_HELD = text("""
    select o.id, o.number, o.state, s.amount from orders o join (
      select e.order_id, sum(case when p.source = :account then p.amount_minor else -p.amount_minor end)::bigint as amount
        from ledger_postings p join ledger_entries e on e.tenant_id = :tenant and e.id = p.entry_id
       where p.tenant_id = :tenant and p.currency = :currency and (p.source = :account or p.destination = :account)
       group by e.order_id having sum(case when p.source = :account then p.amount_minor else -p.amount_minor end) <> 0) s
      on s.order_id = o.id
     where o.tenant_id = :tenant and o.merchant_id = :merchant
     order by o.delivered_at nulls last, o.shipped_at nulls last, o.id""")


def of_merchant(merchant_id: UUID) -> Standing:
    """Return where a merchant's money lies now. Raise Missing if there is no such merchant."""
    currency = current().currency
    found = claiming.outlook(merchant_id)
    orders = _held_orders(merchant_id, currency)
    open_reserves = tuple(reserves.open_of(merchant_id, currency))
    return Standing(
        outlook=found, held=-balances.balance(accounts.held(merchant_id), currency),
        held_orders=tuple(orders[:MOST_ORDERS]), held_count=len(orders),
        reserve=total((amount for _due, amount, _count in open_reserves), currency), reserves=open_reserves,
        under_way=tuple(reading.under_way(merchant_id)), debt=max(-found.available, Money.zero(currency)),
        next_day=next_day(found.terms),
    )  # fmt: skip


def next_day(terms: Terms) -> date | None:
    """Return the day on which the schedule pays next: today if its hour is still to come."""
    here = clock.now().astimezone(ZoneInfo(current().timezone))
    return terms.next_day(here.date() - timedelta(days=1) if here.hour < HOUR else here.date())


def _held_orders(merchant_id: UUID, currency: str) -> list[HeldOrder]:
    values = {
        "tenant": current_id(), "account": accounts.held(merchant_id), "currency": currency, "merchant": merchant_id,
    }  # fmt: skip
    rows = session().execute(_HELD, values).all()
    keys = [f"order.complete:{row.id}" for row in rows if row.state == "delivered"][: MOST_ORDERS * 2]
    query = select(OutboxRow.key, OutboxRow.next_at).where(OutboxRow.key.in_(keys), OutboxRow.done_at.is_(None))
    due = dict(session().execute(query).all())
    found = [
        HeldOrder(r.id, r.number, r.state, Money(r.amount, currency), due.get(f"order.complete:{r.id}")) for r in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.free_on is None, one.free_on or clock.now(), one.number))


@dataclass(frozen=True, slots=True)
class Due:
    """A merchant with something to get or to give, for the operator's list; `next_day` is when the schedule pays."""

    merchant_id: UUID
    amount: Money
    terms: Terms
    next_day: date | None


def due() -> list[Due]:
    """Return every merchant whose open balance is not zero, the largest first. Holds are judged when it is paid."""
    common, own = all_terms.of_all()
    found = [
        Due(merchant_id, amount, mine := own.get(merchant_id, common), next_day(mine))
        for merchant_id, amount in earnings.unpaid_of_all(current().currency).items()
    ]
    return sorted(found, key=lambda one: -one.amount.minor)
