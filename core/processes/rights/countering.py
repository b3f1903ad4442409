"""The merchant's statement that it infringes nothing, the fifteen days of the right holder, and the end of the measure."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.catalogue import moderation
from core.compliance import holdings
from core.compliance.calendars import CALENDARS
from core.hooks.runtime import move
from core.kernel import clock, jobs
from core.kernel.errors import Conflict, _
from core.kernel.tenancy import current
from core.processes.policies.clocks import begin_of
from core.processes.rights import noticing
from core.processes.rights.models import NoticeRow
from core.processes.rights.states import NOTICE

DAYS = 15
LIFT = "rights.lift"


def counter(notice_id: UUID, merchant_id: UUID, text: str, evidence: str) -> None:
    """State as the merchant that its goods infringe nothing; it is passed on to the right holder at once."""
    row = noticing.locked(notice_id, merchant_id=merchant_id)
    noticing.require(row, "acted")
    row.counter = noticing.said(text, "counter", _("Say why your goods infringe nothing"))
    row.counter_evidence = noticing.said(evidence, "evidence", _("Say what proves it"))[:2000]
    row.countered_at = row.arrived_at = clock.now()
    move(NOTICE, row, "countered")
    holdings.follow(noticing.SOURCE, noticing.COUNTER_RULE, row.id, row.number, row.merchant_id)
    _wait(row)
    noticing.tell(row, "countered")


def excuse(notice_id: UUID, days: int) -> None:
    """Do not count so many days that the right holder could not help. Raise Conflict unless its fifteen days run."""
    row = noticing.locked(notice_id)
    noticing.require(row, "countered")
    if not 0 <= days <= 180:
        raise Conflict("rights.days", _("Between 0 and 180 days may be excused"))
    row.excused_days = days
    _wait(row)
    holdings.changed(row.id)


def _wait(row: NoticeRow) -> None:
    """Set the clock: the day of arrival is not counted, the last day is a working day, the morning after lifts."""
    arrived = (row.arrived_at or clock.now()).astimezone(ZoneInfo(current().timezone)).date()
    last = CALENDARS["CN"].period_end(arrived, DAYS + row.excused_days)
    row.due_at = begin_of(last + timedelta(days=1))
    jobs.at(f"rights.lift:{row.id}", row.due_at, LIFT, {"notice": str(row.id)})


@jobs.job(LIFT)
def lift_when_over(payload: jobs.Payload) -> None:
    """Lift the measure in the morning after the right holder's days, unless it has proven that it acts."""
    row = noticing.locked(UUID(payload["notice"]))
    if row.state == "countered" and row.due_at is not None and row.due_at <= clock.now():
        _lift(row, _("The right holder has not proven within fifteen days that it complains or sues."))


def prove_action(notice_id: UUID, proof: str) -> None:
    """Note the right holder's proof that it complains or sues: the measure stays. Raise Conflict once the days are over."""
    row = noticing.locked(notice_id)
    noticing.require(row, "countered")
    row.action_proof = noticing.said(proof, "proof", _("Name the authority or court and the number of the case"))[:1000]
    row.action_proof_at = row.closed_at = clock.now()
    row.result, row.due_at = _("The right holder has complained or sued; the measure stays."), None
    move(NOTICE, row, "upheld")
    jobs.cancel(f"rights.lift:{row.id}")
    noticing.tell(row, "upheld")
    holdings.changed(row.id)


def uphold(notice_id: UUID) -> None:
    """Close a notice that the merchant has not countered; the measure stays."""
    row = noticing.locked(notice_id)
    noticing.require(row, "acted")
    row.result, row.closed_at = _("The merchant has not answered; the measure stays."), clock.now()
    move(NOTICE, row, "upheld")
    noticing.tell(row, "upheld")
    holdings.changed(row.id)


def lift(notice_id: UUID, reason: str) -> None:
    """Lift the measure because the right holder has withdrawn its notice, or it was wrong."""
    row = noticing.locked(notice_id)
    noticing.require(row, "acted", "countered")
    _lift(row, noticing.said(reason, "reason", _("Say why it is lifted; both sides read it"))[:1000])


def _lift(row: NoticeRow, result: str) -> None:
    row.lifted_at = row.closed_at = clock.now()
    row.result, row.due_at = result, None
    move(NOTICE, row, "lifted")
    jobs.cancel(f"rights.lift:{row.id}")
    with suppress(Conflict):  # The operator may have decided something else about the goods in the meantime.
        moderation.unblock(row.listing_id)
    noticing.tell(row, "lifted")
    holdings.changed(row.id)
