"""Takes all goods of a merchant that may not sell off sale, and puts the same ones back when it may again.

This is the one place that writes `listings.state` besides the machine: a merchant may have thousands of listings,
so they move in one statement with one record in the audit log, and keep what they were by `blocked_reason`.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from core.catalogue.models import ListingRow
from core.kernel import audit, jobs
from core.kernel.db import session

REASON = "merchant"
"""The `blocked_reason` of a listing that is hidden because its merchant may not sell: nobody else may show it."""


def withhold(merchant_id: UUID) -> int:
    """Hide every live listing of a merchant; return how many. Doing it again changes nothing."""
    return _move(merchant_id, "live", "", "hidden", REASON, "listing.withheld")


def release(merchant_id: UUID) -> int:
    """Show again what was withheld, and only that; return how many."""
    return _move(merchant_id, "hidden", REASON, "live", "", "listing.released")


@jobs.job("catalogue.merchant_changed")
def _merchant_changed(payload: jobs.Payload) -> None:
    merchant_id = UUID(payload["merchant"])
    if payload["sells"]:
        release(merchant_id)
    else:
        withhold(merchant_id)


def _move(merchant_id: UUID, source: str, marked: str, target: str, mark: str, action: str) -> int:
    statement = (
        update(ListingRow)
        .where(ListingRow.merchant_id == merchant_id, ListingRow.state == source)
        .values(state=target, blocked_reason=mark, version=ListingRow.version + 1)
        .execution_options(synchronize_session=False)
    )
    if marked:
        statement = statement.where(ListingRow.blocked_reason == marked)
    count = int(session().execute(statement).rowcount)  # type: ignore[attr-defined]
    if count:
        audit.record(action, "merchant", merchant_id, by="merchant", count=count)
    return count
