"""Points whose time is over lapse, and the books follow a changed value of a point."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.kernel import clock, jobs
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import Tenant, current
from plugins.membership import accounts, rules
from plugins.membership.accounts import BREAKAGE, Change
from plugins.membership.models import LotRow, MemberRow
from plugins.membership.settings import Settings

_AT_ONCE = 200


def nightly(tenant: Tenant) -> None:
    """Let what is due lapse, and let the books follow the value of a point."""
    expire()
    revalue()


def expire(limit: int = _AT_ONCE) -> int:
    """Let due lots lapse, a bounded number at a time; the rest follows in a job of its own. Return how many accounts."""
    due = (
        select(LotRow.member_id).where(LotRow.left > 0, LotRow.expires_at <= clock.now())
        .distinct().order_by(LotRow.member_id).limit(limit)
    )  # fmt: skip
    members = list(session().scalars(due))
    for member_id in members:
        _lapse(member_id)
    if len(members) == limit:
        jobs.soon("membership.expire_points", {})
    return len(members)


def _lapse(member_id: UUID) -> None:
    member = accounts.locked_by_id(member_id)
    query = select(LotRow).where(LotRow.member_id == member_id, LotRow.left > 0, LotRow.expires_at <= clock.now())
    lots = list(session().scalars(query.order_by(LotRow.id), execution_options={"populate_existing": True}))
    points = sum(lot.left for lot in lots)
    for lot in lots:
        lot.left = 0
    if points:
        accounts.write(member, Change("expire", f"expire:{new_id()}", points=-points, against=BREAKAGE))


def revalue() -> None:
    """Post what a changed value of a point makes of every account; nothing where all stand right."""
    settings = Settings.of(current())
    query = select(MemberRow.id, MemberRow.points, MemberRow.held, MemberRow.value_minor).order_by(MemberRow.id)
    for member_id, points, held, value in session().execute(query).all():
        if rules.worth(points + held, settings) != value:
            accounts.write(accounts.locked_by_id(member_id), Change("adjust", f"revalue:{new_id()}", reason="value"))


def lapse_all() -> None:
    """Let everything lapse that nobody has used when the plugin goes; what is held stays until it is paid."""
    for member_id in session().scalars(select(MemberRow.id).where(MemberRow.points > 0).order_by(MemberRow.id)).all():
        member = accounts.locked_by_id(member_id)
        for lot in accounts.lots(member_id):
            lot.left = 0
        if member.points > 0:
            change = Change("expire", f"expire:{new_id()}", points=-member.points, against=BREAKAGE, reason="closed")
            accounts.write(member, change)
