"""A person begins a merchant: the draft, the ownership, and the session that works for it from now on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from core.identity.models import MembershipRow, SessionRow, UserRow
from core.kernel.db import session
from core.kernel.errors import Denied, _
from core.kernel.locks import lock_name
from core.merchants import applying
from core.merchants.models import MerchantRow


def begin(user_id: UUID | None, session_id: UUID | None) -> UUID:
    """Return the merchant that a signed-in person applies with: an own one that is still a draft, or a new one.

    The person owns it, and the session works for it. Raise Denied for an API key or while applications are closed.
    """
    user = session().scalars(select(UserRow).where(UserRow.id == user_id, UserRow.realm == "merchant")).one_or_none()
    if user is None:
        raise Denied("merchants.no_person", _("Only a person can apply"))
    lock_name(f"merchants.founding:{user.id}")
    merchant_id = _draft_of(user.id) or _new(user)
    if session_id is not None:
        mine = (SessionRow.id == session_id) & (SessionRow.user_id == user.id)
        session().execute(update(SessionRow).where(mine).values(merchant_id=merchant_id))
    return merchant_id


def _draft_of(user_id: UUID) -> UUID | None:
    query = (
        select(MerchantRow.id)
        .join(
            MembershipRow,
            (MembershipRow.tenant_id == MerchantRow.tenant_id) & (MembershipRow.merchant_id == MerchantRow.id),
        )
        .where(MembershipRow.user_id == user_id, MembershipRow.role_id.is_(None), MerchantRow.state == "draft")
        .limit(1)
    )
    return session().scalars(query).first()


def _new(user: UserRow) -> UUID:
    merchant_id = applying.start(name=user.name, email=user.email)
    session().add(MembershipRow(user_id=user.id, merchant_id=merchant_id))
    session().flush()
    return merchant_id
