"""The reserve: a share of each release is kept back for some days, against refunds; closing does not free it earlier."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core.billing import accounts
from core.billing.payouts import terms
from core.billing.payouts.models import ReserveRow
from core.hooks.money import Posting
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.ledger import journal


def keep_back(merchant_id: UUID, order_id: UUID, released: Money) -> None:
    """Keep back the agreed share of what a release made the merchant's, and set the timer that frees it."""
    mine = terms.of_merchant(merchant_id)
    amount = released.share(mine.reserve_bps)
    if amount.minor <= 0 or mine.reserve_days == 0:
        return
    posting = Posting(accounts.reserve(merchant_id), accounts.payable(merchant_id), amount, "reserve kept back")
    if journal.post(f"order:{order_id}:reserve", "reserve.held", [posting], order_id=order_id) is None:
        return
    now = clock.now()
    row = ReserveRow(
        id=new_id(), merchant_id=merchant_id, order_id=order_id, amount_minor=amount.minor, currency=amount.currency,
        rate_bps=mine.reserve_bps, held_at=now, due_at=now + timedelta(days=mine.reserve_days),
    )  # fmt: skip
    session().add(row)
    jobs.at(f"reserve:{row.id}", row.due_at, "payouts.free_reserve", {"reserve": str(row.id)})


@jobs.job("payouts.free_reserve")
def free(payload: jobs.Payload) -> None:
    """Make a reserve the merchant's again; a second time nothing happens."""
    for row in lock(ReserveRow, [UUID(payload["reserve"])]):
        amount = Money(row.amount_minor, row.currency)
        posting = Posting(accounts.payable(row.merchant_id), accounts.reserve(row.merchant_id), amount, "reserve freed")
        journal.post(f"order:{row.order_id}:reserve_freed", "reserve.released", [posting], order_id=row.order_id)
        row.released_at = row.released_at or clock.now()


def open_of(merchant_id: UUID, currency: str) -> list[tuple[datetime, Money, int]]:
    """Return what is kept back of a merchant by the day on which it is free: (moment, amount, orders), the next first."""
    day = func.date_trunc("day", ReserveRow.due_at)
    query = (
        select(func.max(ReserveRow.due_at), func.sum(ReserveRow.amount_minor), func.count())
        .where(ReserveRow.merchant_id == merchant_id, ReserveRow.currency == currency,
               ReserveRow.released_at.is_(None))
        .group_by(day).order_by(day).limit(100)
    )  # fmt: skip
    return [(due, Money(int(minor), currency), count) for due, minor, count in session().execute(query)]
