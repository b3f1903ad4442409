"""The way of a notice: received, completed if something is missing, acted on, passed on, published, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core.catalogue import moderation
from core.catalogue.models import ListingRow
from core.compliance import holdings
from core.compliance.calendars import CALENDARS
from core.hooks.runtime import move
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.orders.numbers import next_number
from core.processes.policies.clocks import begin_of, today
from core.processes.rights.models import NoticeRow
from core.processes.rights.states import NOTICE, RIGHTS

SOURCE, RULE, COUNTER_RULE = "rights_notice", "cn.ecl.42.1", "cn.ecl.43.1"
CHANGED = "messages.notice_changed"
LONGEST = 4000
_ACT_DAYS = 2
"""Working days to act on a notice; what a rule has been tightened to is checked by the rule itself."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a right holder sends. `is_true` is its statement that all of it is true and that it may speak for the right."""

    listing_id: UUID
    right_kind: str
    holder: str
    email: str
    text: str
    right_number: str = ""
    address: str = ""
    evidence: str = ""
    locale: str = ""
    is_true: bool = False


def send(notice: Notice) -> UUID:
    """Take a notice in. Raise Invalid for what is missing, Missing for goods that are not there."""
    _check(notice)
    listing = session().scalars(select(ListingRow).where(ListingRow.id == notice.listing_id)).one_or_none()
    if listing is None:
        raise Missing("catalogue.no_listing", _("There is no such listing"))
    row = NoticeRow(
        id=new_id(), number=f"N{next_number('rights_notice')}", state="received", right_kind=notice.right_kind,
        right_number=notice.right_number.strip()[:120], holder=notice.holder.strip()[:200],
        email=notice.email.strip()[:254], address=notice.address.strip()[:500], locale=notice.locale[:10],
        text=notice.text.strip(), evidence=notice.evidence.strip()[:2000], listing_id=listing.id,
        merchant_id=listing.merchant_id, received_at=clock.now(), due_at=_act_by(),
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("rights_notice.received", "rights_notice", row.id, number=row.number)
    holdings.follow(SOURCE, RULE, row.id, row.number, row.merchant_id)
    tell(row, "received")
    return row.id


def _act_by() -> datetime:
    return begin_of(CALENDARS["CN"].add(today(), _ACT_DAYS) + timedelta(days=1))


def _check(notice: Notice) -> None:
    rules = (
        ("right_kind", _("Say which kind of right it is"), notice.right_kind in RIGHTS),
        ("holder", _("Name the right holder"), bool(notice.holder.strip())),
        ("email", _("Give the address to which we answer"), "@" in notice.email),
        ("text", _("Tell how the goods infringe the right, in 20 to 4,000 characters"),
         20 <= len(notice.text.strip()) <= LONGEST),
        ("is_true", _("State that what you send is true"), notice.is_true),
    )  # fmt: skip
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("rights.wrong", _("Some of this cannot be right"), fields=wrong)


def locked(notice_id: UUID, *, merchant_id: UUID | None = None) -> NoticeRow:
    """Lock a notice, about a merchant's own goods if one is given. Raise Missing if there is none."""
    rows = lock(NoticeRow, [notice_id])
    if not rows or (merchant_id is not None and rows[0].merchant_id != merchant_id):
        raise missing()
    return rows[0]


def missing() -> Missing:
    """Return the refusal for a notice that is not there, or another's."""
    return Missing("rights.missing", _("There is no such notice"))


def require(row: NoticeRow, *states: str) -> None:
    """Raise Conflict unless the notice is in one of the states."""
    if row.state not in states:
        raise Conflict("rights.not_now", _("This cannot be done with the notice as it stands; look again"))


def said(text: str, path: str, message: str) -> str:
    """Return a text that must be there. Raise Invalid at its field otherwise."""
    if not 0 < len(text.strip()) <= LONGEST:
        raise Invalid("rights.text", message, fields=(FieldError(path, message),))
    return text.strip()


def tell(row: NoticeRow, what: str) -> None:
    """Have the right holder and the merchant told what became of a notice."""
    jobs.soon(CHANGED, {"notice": str(row.id), "what": what})


def ask(notice_id: UUID, question: str) -> None:
    """Ask the sender for what is missing; no measure is taken meanwhile."""
    row = locked(notice_id)
    row.question = said(question, "question", _("Say what is missing"))
    move(NOTICE, row, "incomplete")
    row.due_at = None
    tell(row, "incomplete")
    holdings.changed(row.id)


def complete(notice_id: UUID, evidence: str) -> None:
    """Send what was missing, as the right holder; the clock starts with it."""
    row = locked(notice_id)
    require(row, "incomplete")
    row.evidence = "\n\n".join(part for part in (row.evidence, said(evidence, "evidence", _("Send what is asked for")))
                               if part)[:LONGEST]  # fmt: skip
    row.received_at, row.due_at = clock.now(), _act_by()
    move(NOTICE, row, "received")
    holdings.changed(row.id)


def act(notice_id: UUID, measure: str) -> None:
    """Take the goods off the shelf, pass the notice on to the merchant, and publish it: all at once."""
    row = locked(notice_id)
    require(row, "received")
    row.measure = said(measure, "measure", _("Say what is done and why; merchant and right holder read it"))[:1000]
    state = session().scalar(select(ListingRow.state).where(ListingRow.id == row.listing_id))
    if state not in ("blocked", "archived"):
        moderation.block(row.listing_id, row.measure)
    row.measure_at = row.forwarded_at = row.published_at = clock.now()
    row.due_at = None
    move(NOTICE, row, "acted")
    tell(row, "acted")
    holdings.changed(row.id)


def refuse(notice_id: UUID, reason: str) -> None:
    """Refuse a notice that shows no infringement at first sight, or whose sender does not answer."""
    row = locked(notice_id)
    row.result = said(reason, "reason", _("Give the reason; the sender reads it"))[:1000]
    row.closed_at, row.due_at = clock.now(), None
    move(NOTICE, row, "refused")
    tell(row, "refused")
    holdings.changed(row.id)
