"""What a buyer may ask about their own data: a copy of everything, and that it goes.

Both run as jobs. A copy is a ZIP archive that its owner alone can fetch for a week. An erasure is refused while
orders are open; it runs in one transaction with every plugin that holds rows, the switched off ones too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core.compliance import holdings
from core.compliance.models import SubjectRequestRow
from core.compliance.parts import Person
from core.customers import buyers
from core.identity import accounts, sessions
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.media.store import files
from core.orders.models import OrderRow

SOURCE = "subject_request"
_RULES = ("cn.pipl.45.1", "eu.gdpr.12.3")
_A_DAY = 5
_OPEN_ORDERS = ("pending_payment", "paid", "accepted", "shipped", "delivered")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its owner sees it. `size` is the archive's in bytes."""

    id: UUID
    kind: str
    state: str
    asked_at: datetime
    done_at: datetime | None
    expires_at: datetime | None
    size: int
    report: Sequence[Mapping[str, object]]


def person(user_id: UUID) -> Person:
    """Return the buyer of an account with all its customer rows. Raise Missing if there is none."""
    mine = buyers.customer_ids_of(user_id)
    if not mine:
        raise Missing("customers.none", _("There is no such customer"))
    return Person(user_id, mine, accounts.get(user_id).email)


def requests(user_id: UUID) -> list[Request]:
    """Return a buyer's requests, newest first."""
    query = select(SubjectRequestRow).where(SubjectRequestRow.user_id == user_id)
    return [_value(row) for row in session().scalars(query.order_by(SubjectRequestRow.id.desc()).limit(20))]


def all_requests(*, before: UUID | None = None, limit: int = 50) -> list[Request]:
    """Return every buyer's requests, newest first, before a key; for the operator, who must show that they are met."""
    query = select(SubjectRequestRow).order_by(SubjectRequestRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(SubjectRequestRow.id < before)
    return [_value(row) for row in session().scalars(query)]


def find(user_id: UUID, request_id: UUID) -> Request:
    """Return one of a buyer's own requests. Raise Missing for any other."""
    return _value(_mine(user_id, request_id))


def ask_export(user_id: UUID) -> Request:
    """Ask for a copy of everything; while one is being made, asking again changes nothing. Raise Conflict if often."""
    who = person(user_id)
    lock_name(f"own data:{user_id}")
    waiting = _waiting(user_id, "export")
    if waiting is not None:
        return _value(waiting)
    since = clock.now() - timedelta(days=1)
    query = select(func.count()).where(SubjectRequestRow.user_id == user_id, SubjectRequestRow.asked_at > since)
    if (session().scalar(query) or 0) >= _A_DAY:
        raise Conflict("privacy.too_often", _("You have asked for several copies today; take one of those"))
    row = _asked(who, "export")
    jobs.soon("privacy.export", {"request": str(row.id)})
    return _value(row)


def open_orders(who: Person) -> int:
    """Count a buyer's orders that are neither completed nor cancelled."""
    query = select(func.count()).where(OrderRow.customer_id.in_(who.customer_ids), OrderRow.state.in_(_OPEN_ORDERS))
    return session().scalar(query) or 0


def ask_erasure(user_id: UUID) -> Request:
    """Ask that the account and all that is personal goes; the caller has proven the password. Signs out everywhere.

    Raise Conflict while orders are open.
    """
    who = person(user_id)
    lock_name(f"own data:{user_id}")
    waiting = _waiting(user_id, "erasure")
    if waiting is not None:
        return _value(waiting)
    _require_nothing_open(who)
    row = _asked(who, "erasure")
    sessions.sign_out_everywhere(user_id)
    jobs.soon("privacy.erase", {"request": str(row.id)})
    return _value(row)


def _require_nothing_open(who: Person) -> None:
    count = open_orders(who)
    if count:
        message = _("{count} of your orders are not completed yet; ask again once they are")
        raise Conflict("privacy.open_orders", message, count=count)


def archive(user_id: UUID, request_id: UUID) -> bytes:
    """Return a copy that is ready. Raise Missing for another's, and for one that has expired or is not made yet."""
    row = _mine(user_id, request_id)
    content = files().read(row.file_name) if row.state == "ready" and row.file_name else None
    if content is None:
        raise Missing("privacy.no_file", _("This copy is not there any more; ask for a new one"))
    return content


def _asked(who: Person, kind: str) -> SubjectRequestRow:
    row = SubjectRequestRow(id=new_id(), kind=kind, user_id=who.user_id, customer_id=who.customer_ids[0],
                            state="asked", asked_at=clock.now(), report=[], file_name="", bytes=0)  # fmt: skip
    session().add(row)
    session().flush()
    for rule in _RULES:
        holdings.follow(SOURCE, rule, row.id, f"{kind} {row.asked_at:%Y-%m-%d}")
    audit.record(f"privacy.{kind}_asked", "customer", who.customer_ids[0], request=str(row.id))
    return row


def _waiting(user_id: UUID, kind: str) -> SubjectRequestRow | None:
    query = select(SubjectRequestRow).where(
        SubjectRequestRow.user_id == user_id, SubjectRequestRow.kind == kind, SubjectRequestRow.state == "asked"
    )
    return session().scalars(query.limit(1)).first()


def _row(request_id: UUID) -> SubjectRequestRow | None:
    return session().scalars(select(SubjectRequestRow).where(SubjectRequestRow.id == request_id)).one_or_none()


def _mine(user_id: UUID, request_id: UUID) -> SubjectRequestRow:
    row = _row(request_id)
    if row is None or row.user_id != user_id:
        raise Missing("privacy.no_request", _("There is no such request"))
    return row


def _value(row: SubjectRequestRow) -> Request:
    return Request(row.id, row.kind, row.state, row.asked_at, row.done_at, row.expires_at, row.bytes, row.report)
