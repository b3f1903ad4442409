"""The schedule: each morning of the tenant every merchant that is due, and has something to get, becomes a job."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.billing.payouts import clawbacks, earnings, terms
from core.billing.payouts.claiming import claim
from core.billing.payouts.models import RunRow
from core.billing.payouts.terms import Terms
from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current, current_id

_MOST_MISSED = 31


def run(day: date) -> int:
    """Ask for the payouts of a day and of the days that were missed before it; return how many. Twice is once."""
    last = session().scalar(select(RunRow.day).where(RunRow.day <= day).order_by(RunRow.day.desc()).limit(1))
    values = {"tenant_id": current_id(), "id": new_id(), "day": day, "at": clock.now(), "asked": 0}
    written = session().execute(insert(RunRow).values(values).on_conflict_do_nothing().returning(RunRow.id)).first()
    if written is None:
        return 0
    begin = max(last or day - timedelta(days=1), day - timedelta(days=_MOST_MISSED))
    days = [begin + timedelta(days=n) for n in range(1, (day - begin).days + 1)]
    common, own = terms.of_all()
    asked = 0
    for merchant_id, amount in sorted(earnings.unpaid_of_all(current().currency).items()):
        mine = own.get(merchant_id, common)
        if amount.minor > 0 and _is_due(mine, days):
            jobs.soon("payouts.claim", {"merchant": str(merchant_id)}, subject=f"payout:{merchant_id}")
            asked += 1
        elif amount.minor < 0 and mine.takes_back:
            clawbacks.plan(merchant_id)
    row = session().scalars(select(RunRow).where(RunRow.day == day)).one()
    row.asked = asked
    return asked


def _is_due(mine: Terms, days: list[date]) -> bool:
    return any(mine.is_due(day) for day in days)


@jobs.job("payouts.run")
def _run(_payload: jobs.Payload) -> None:
    run(terms.today())


@jobs.job("payouts.claim")
def _claim(payload: jobs.Payload) -> None:
    """Make one merchant's payout; one that has nothing to get any more is left alone."""
    claim(UUID(payload["merchant"]))
