"""The list that is being worked on, from the first change to its release by a second person.

A marketplace has at most one draft. What merchants live with changes only when it is released; then it becomes the
next version, which counts at once or from a day on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core.hooks.runtime import move
from core.identity import approvals
from core.identity.approvals import Approval
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.machine import machine
from core.kernel.tenancy import current
from plugins.commission import documents, notices, services
from plugins.commission.checking import check
from plugins.commission.choices import Settings
from plugins.commission.documents import RateDraft
from plugins.commission.models import DraftRow
from plugins.commission.values import Rate
from plugins.commission.volumes import midnight

MACHINE = machine(
    "commission.draft", open="asked released discarded", asked="open released discarded", released="", discarded=""
)
KIND = "commission.list"
"""What approvals of a draft are called; their subject is the draft."""
_LIVE = ("open", "asked")


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft as pages and the API show it."""

    id: UUID
    state: str
    rates: tuple[RateDraft, ...]
    based_on: int
    revision: int
    reason: str
    effective_on: date | None
    author: str
    changed_at: datetime

    def listed(self) -> tuple[Rate, ...]:
        """Return its rates as they would be tried."""
        settings = Settings.of(current())
        return tuple(documents.rate_of(rate, settings) for rate in self.rates)


def found() -> Draft | None:
    """Return the marketplace's draft, if there is one."""
    row = _row()
    return _value(row) if row is not None else None


def require() -> Draft:
    """Return the draft. Raise Missing if there is none."""
    return _value(_live())


def _row() -> DraftRow | None:
    return session().scalars(select(DraftRow).where(DraftRow.state.in_(_LIVE))).one_or_none()


def _live() -> DraftRow:
    row = _row()
    if row is None:
        raise Missing("commission.no_draft", _("There is no draft; change a rate to begin one"))
    return row


def _value(row: DraftRow) -> Draft:
    rates = tuple(documents.from_data(rate) for rate in row.rates)
    return Draft(row.id, row.state, rates, row.based_on, row.revision, row.reason, row.effective_on, row.author,
                 row.changed_at)  # fmt: skip


def present() -> Draft:
    """Return the draft, or what it would begin with: the rates that count last, revision 0."""
    draft = found()
    if draft is not None:
        return draft
    rates = tuple(documents.draft_of(rate) for rate in services.standing().rates)
    return Draft(UUID(int=0), "open", rates, services.newest(), 0, "", None, "", clock.now())


def change(rates: Sequence[RateDraft], *, expected: int | None = None) -> Draft:
    """Write the draft's list; begin one if there is none. What was asked for has to be asked for again.

    `expected` is the revision that the writer saw. Raise Conflict if another has changed it, Invalid by field.
    """
    lock_name("commission.draft")
    check(rates)
    row = _row()
    if expected is not None and expected != (row.revision if row else 0):
        raise Conflict("commission.draft_changed", _("Someone has changed the draft meanwhile; look at it again"))
    if row is None:
        row = DraftRow(id=new_id(), state="open", based_on=services.newest(), revision=0, rates=[],
                       created_at=clock.now())  # fmt: skip
        session().add(row)
        session().flush()
    elif row.state == "asked":
        move(MACHINE, row, "open")
    row.rates = [documents.as_data(rate) for rate in rates]
    row.revision += 1
    row.author_id, row.author, row.changed_at = audit.actor().id, audit.actor().name, clock.now()
    session().flush()
    audit.record("commission.drafted", "commission.draft", row.id, revision=row.revision, rates=len(rates))
    return _value(row)


def discard() -> None:
    """Throw the draft away; versions stay as they are."""
    lock_name("commission.draft")
    move(MACHINE, _live(), "discarded")


def take_over() -> None:
    """Say that the draft is meant to follow the newest version, which was released after it was begun."""
    lock_name("commission.draft")
    row = _live()
    row.based_on = services.newest()
    row.revision += 1


def earliest(rates: Sequence[Rate]) -> date | None:
    """Return the first day from which a list may count, so that its merchants have notice; None for at once."""
    days = Settings.of(current()).notice_days
    if not days or not services.newest() or not notices.concerns_anyone(services.standing().rates, rates):
        return None
    return clock.today(current().timezone) + timedelta(days=days)


def needs_second_person() -> bool:
    """Tell whether another person must release; the first list of a marketplace concerns nobody yet."""
    return Settings.of(current()).second_person and services.newest() > 0


def submit(effective_on: date | None, reason: str, *, by: UUID, expected: int | None = None) -> Draft:
    """Ask for the draft's release from a day on, None for at once; release it if no second person is needed.

    Raise Invalid for a day that leaves merchants too little notice, Conflict if the list changes nothing or another
    version was released meanwhile.
    """
    lock_name("commission.draft")
    row = _live()
    if expected is not None and expected != row.revision:
        raise Conflict("commission.draft_changed", _("Someone has changed the draft meanwhile; look at it again"))
    draft = _value(row)
    check(draft.rates)
    _check_news(draft)
    _check_day(effective_on, draft.listed())
    row.effective_on, row.reason = effective_on, reason.strip()[:200]
    session().flush()
    if not needs_second_person():
        _publish(row, None)
        return _value(row)
    approvals.request(KIND, row.id, _mark(row), None, by=by, reason=row.reason)
    if row.state == "open":
        move(MACHINE, row, "asked")
    return _value(row)


def _check_news(draft: Draft) -> None:
    newest = services.newest()
    if draft.based_on != newest:
        raise Conflict(
            "commission.changed",
            _("Someone has saved version {version} meanwhile; look at it before you save yours"),
            version=newest,
        )
    if newest and not notices.differs(services.standing().rates, draft.listed()):
        raise Conflict("commission.no_change", _("The draft is the same as the newest version; change something first"))


def _check_day(effective_on: date | None, rates: Sequence[Rate]) -> None:
    first = earliest(rates)
    today = clock.today(current().timezone)
    if first is not None and (effective_on is None or effective_on < first):
        wrong = _("Merchants must have notice of {days} days: choose a day from {first} on")
        raise Invalid(
            "commission.notice", wrong, days=Settings.of(current()).notice_days, first=first.isoformat(),
            fields=(FieldError("effective_on", _("This day is too near")),),
        )  # fmt: skip
    if effective_on is not None and effective_on < today:
        raise Invalid("commission.past_day", _("This day is over; choose today or a later one"),
                      fields=(FieldError("effective_on", _("This day is over; choose today or a later one")),))  # fmt: skip


def _mark(row: DraftRow) -> str:
    told = json.dumps(row.rates, sort_keys=True)
    return approvals.fingerprint(KIND, row.id, row.revision, row.based_on, row.effective_on or "", told)


def asked() -> Approval | None:
    """Return what waits for a second person, if the draft does."""
    row = _row()
    if row is None or row.state != "asked":
        return None
    return next((one for one in approvals.waiting(KIND) if one.subject_id == row.id), None)


def release(*, by: UUID) -> int:
    """Release the draft that was asked for as a second person; return the version that it became.

    Raise Denied for the one who asked, Conflict if nothing waits or it has changed, Invalid if its day has come too
    near meanwhile.
    """
    lock_name("commission.draft")
    row, waiting = _live(), asked()
    if waiting is None:
        raise Conflict("commission.not_asked", _("Nobody has asked for a release of this draft"))
    _check_news(_value(row))
    _check_day(row.effective_on, _value(row).listed())
    approvals.approve(waiting.id, _mark(row), by=by)
    return _publish(row, by)


def send_back(reason: str, *, by: UUID) -> None:
    """Refuse the release as a second person; the draft can be changed and asked for again."""
    lock_name("commission.draft")
    row, waiting = _live(), asked()
    if waiting is None:
        raise Conflict("commission.not_asked", _("Nobody has asked for a release of this draft"))
    approvals.reject(waiting.id, by=by, reason=reason)
    move(MACHINE, row, "open")


def publish_alone(
    rates: Sequence[RateDraft], effective_on: date | None, *, expected: int | None = None, reason: str = ""
) -> int:
    """Release a list without a draft, where nobody else must agree; return its version.

    Raise Invalid for a day that leaves merchants too little notice, and as `services.publish` does.
    """
    check(rates)
    settings = Settings.of(current())
    _check_day(effective_on, [documents.rate_of(rate, settings) for rate in rates])
    before = services.standing().version
    moment = midnight(effective_on) if effective_on else None
    version = services.publish(rates, expected=expected, reason=reason, effective_at=moment)
    if before:
        _notify(version, before)
    return version


def _publish(row: DraftRow, approver_id: UUID | None) -> int:
    rates = [documents.from_data(rate) for rate in row.rates]
    moment = midnight(row.effective_on) if row.effective_on else None
    before = services.standing().version
    version = services.publish(
        rates, expected=row.based_on, reason=row.reason, effective_at=moment, approver_id=approver_id
    )
    row.released_version = version
    move(MACHINE, row, "released", version=version)
    _notify(version, before)
    return version


def _notify(version: int, before: int) -> None:
    """Have merchants told, unless they lived under no list before."""
    if before:
        jobs.soon("commission.notify", {"version": version, "before": before})
