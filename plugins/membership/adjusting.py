"""Points given or taken by hand: with a reason, and above 10,000 only by two people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.customers.models import CustomerRow
from core.identity import approvals, decisions
from core.identity.approvals import Approval, fingerprint
from core.identity.decisions import Kind, Told, by_mark
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current
from plugins.membership import accounts
from plugins.membership.accounts import Change

KIND, ALONE, MOST = "membership.adjust", 10_000, 10_000_000


def adjust(
    customer_id: UUID, points: int, reason: str, *, by: UUID | None, expires_on: date | None = None, key: str = ""
) -> Approval | None:
    """Give (or with a negative number take) points; return the open question where a second person must agree.

    `expires_on` is the last day of points given, None for the usual time. The same key again changes nothing.
    Raise Missing for an unknown buyer, Invalid by field, Conflict where more is taken than is there.
    """
    _check(customer_id, points, reason, expires_on)
    if key and accounts.is_done(f"adjust:{key}"):
        return None
    if abs(points) > ALONE:
        proposal = {"points": points, "expires_on": expires_on.isoformat() if expires_on else None}
        if by is None:
            raise Conflict("membership.nobody", _("Sign in to ask for this"))
        mark = fingerprint(customer_id, points, expires_on)
        return approvals.request(KIND, customer_id, mark, None, by=by, reason=reason, proposal=proposal)
    _carry_out(customer_id, points, reason, expires_on, by, key)
    return None


def _check(customer_id: UUID, points: int, reason: str, expires_on: date | None) -> None:
    if session().scalar(select(CustomerRow.id).where(CustomerRow.id == customer_id)) is None:
        raise Missing("membership.no_customer", _("There is no such buyer"))
    wrong = []
    if not points or abs(points) > MOST:
        wrong.append(FieldError("points", _("Give a number of points other than 0, at most 10,000,000")))
    if not reason.strip():
        wrong.append(FieldError("reason", _("Say why; the buyer and the log will show it")))
    if expires_on is not None and expires_on <= clock.today(current().timezone):
        wrong.append(FieldError("expires_on", _("The last day is after today")))
    if wrong:
        raise Invalid("membership.adjust_invalid", _("The points were not changed"), fields=tuple(wrong))


def _carry_out(
    customer_id: UUID, points: int, reason: str, expires_on: date | None, by: UUID | None, key: str = ""
) -> None:
    member = accounts.locked(customer_id)
    if points < 0 and member.points < -points:
        raise Conflict("membership.too_many", _("Only {left} points are there to take"), left=max(member.points, 0))
    if points > 0:
        accounts.give(member, points, expires_at=_end_of(expires_on) if expires_on else accounts.expiry())
    else:
        accounts.take(member, -points)
    change = Change("adjust", f"adjust:{key or new_id()}", points=points, actor_id=by, reason=reason.strip())
    accounts.write(member, change)
    audit.record("membership.adjusted", "customer", customer_id, points=points, reason=reason.strip())


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(current().timezone))


def _mark(asked: Approval) -> str:
    expires = asked.proposal.get("expires_on")
    return fingerprint(asked.subject_id, asked.proposal["points"], expires)


def _agreed(asked: Approval) -> None:
    expires = asked.proposal.get("expires_on")
    day = date.fromisoformat(str(expires)) if expires else None
    points = int(str(asked.proposal["points"]))
    _carry_out(asked.subject_id, points, asked.reason, day, asked.asked_by, f"decision:{asked.id}")


def _told(asked: Sequence[Approval]) -> Mapping[UUID, Told]:
    return {
        one.id: Told(
            _("Change a buyer's points by {points}"), {"points": int(str(one.proposal["points"]))},
            "membership_operator.member", {"customer_id": one.subject_id},
        )
        for one in asked
    }  # fmt: skip


decisions.register(Kind(KIND, _("Points"), "membership.adjust", _told, by_mark(_mark, _agreed)))
