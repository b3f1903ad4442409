"""The platform's staff looking at a marketplace's console: for a reason, for half an hour, without changing anything."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.identity import tokens
from core.identity.models import MembershipRow, SessionRow, UserRow
from core.identity.principals import Realm
from core.identity.sessions import Opened
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest

LASTS = timedelta(minutes=30)
_REASON = (5, 300)


def grant(visitor: str, reason: str) -> str:
    """Return a link's secret that opens one visit of the bound marketplace within two minutes.

    `visitor` names who comes. The marketplace's own log keeps who and why. Raise Invalid without a reason, Conflict
    while nobody runs the marketplace: a visit sees what its owner would see.
    """
    reason = reason.strip()
    if not _REASON[0] <= len(reason) <= _REASON[1]:
        message = _("Say why, in 5 to 300 characters; the marketplace reads it in its log")
        raise Invalid("visits.no_reason", message, fields=(FieldError("reason", message),))
    of_user = (MembershipRow.tenant_id == UserRow.tenant_id) & (MembershipRow.user_id == UserRow.id)
    query = select(UserRow.id).join(MembershipRow, of_user).where(
        UserRow.realm == Realm.OPERATOR.value, UserRow.state == "active", MembershipRow.role_id.is_(None),
        MembershipRow.merchant_id.is_(None),
    )  # fmt: skip
    owner = session().scalars(query.order_by(UserRow.id).limit(1)).one_or_none()
    if owner is None:
        raise Conflict("visits.nobody_there", _("Nobody runs this marketplace yet; name an operator first"))
    audit.record("visit.granted", "user", owner, visitor=visitor, reason=reason)
    return tokens.issue(tokens.VISIT, Realm.OPERATOR, owner, {"visitor": visitor, "reason": reason})


def enter(secret: str) -> Opened:
    """Open the visit of a link. Raise Invalid if the link is used, too old or unknown."""
    found = tokens.take(tokens.VISIT, Realm.OPERATOR, secret)
    if found.user_id is None:
        raise Missing("visits.nobody_there", _("Nobody runs this marketplace yet; name an operator first"))
    fresh, until = token(), clock.now() + LASTS
    visitor, reason = str(found.facts["visitor"]), str(found.facts["reason"])
    row = SessionRow(
        id=new_id(), user_id=found.user_id, token_digest=digest(fresh), expires_at=until, agent="Galleria",
        visitor=visitor, visit_reason=reason,
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("visit.begun", "user", found.user_id, visitor=visitor, reason=reason)
    return Opened(fresh, found.user_id, until)
